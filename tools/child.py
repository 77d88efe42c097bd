"""Become another program that dies with its parent: ``child.py PARENT SIGNAL USER PROGRAM …``.

PARENT is the pid to be bound to (0: none), SIGNAL what the kernel sends when it dies, USER the
account to change to (-: stay). Run with ``python -I -S``, so nothing of ours is imported here.

Order matters: the kernel forgets the bond when a process changes its user, so the rights are
dropped first; and a parent that died before the bond was made is noticed by asking for the
parent's pid after it.
"""

import ctypes
import os
import pwd
import signal
import sys

PR_SET_PDEATHSIG = 1


def main() -> None:
    parent, number, user = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    program = sys.argv[4:]
    # A shell that started us in the background has us ignore SIGINT; that must not be inherited.
    for each in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        try:
            signal.signal(each, signal.SIG_DFL)
        except OSError:
            continue
    signal.pthread_sigmask(signal.SIG_SETMASK, set())
    if user != "-":
        account = pwd.getpwnam(user)
        os.setgroups([])
        os.setgid(account.pw_gid)
        os.setuid(account.pw_uid)
    if parent:
        if sys.platform == "linux":
            ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:
            sys.exit(f"{program[0]}: the process that asked for it is gone")
    try:
        os.execvp(program[0], program)  # noqa: S606 (becoming the program is the point)
    except OSError as error:
        sys.exit(f"{program[0]}: {error.strerror}")


main()

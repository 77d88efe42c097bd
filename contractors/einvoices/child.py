"""The process that reads one file: bytes on stdin, a result as JSON on stdout, nothing else.

It bounds itself before the first byte is looked at; whoever started it bounds its time as well.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable

from contractors.einvoices import codec, lifecycle_reading, reading_cii, reading_ubl
from contractors.einvoices.checking import check
from contractors.einvoices.lifecycle import ReadLifecycle
from contractors.einvoices.opening import open_invoice
from contractors.einvoices.profiles import CII, profile_of, syntax_of
from contractors.einvoices.refusals import MAX_FILE, Refused, refusal
from contractors.einvoices.results import Checked, Refusal

CPU_SECONDS = 30
# While the file is opened, and while the rules are applied to what was in it.
OPENING_BYTES = 400 * 1024 * 1024
DATA_BYTES = 1024 * 1024 * 1024
OUTPUT_BYTES = 64 * 1024 * 1024
FILES = 64


def bound() -> None:
    """Bound processor time, memory, output and open files.

    Memory by RLIMIT_DATA: the schematron processor reserves far more addresses than it uses.
    """
    for what, limit in (
        (resource.RLIMIT_FSIZE, OUTPUT_BYTES),
        (resource.RLIMIT_NOFILE, FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (limit, limit))
    resource.setrlimit(resource.RLIMIT_DATA, (OPENING_BYTES, DATA_BYTES))
    # At the first limit it ends by SIGXCPU, which says why; the second one can't be ignored.
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))


def _take_more_memory() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))


def examine(data: bytes) -> Checked | Refusal:
    """Open, read and check a file in this very process; check_file() is for everybody else."""
    try:
        root = open_invoice(data)
        reading = reading_cii if syntax_of(root.tag) == CII else reading_ubl
        profile = profile_of(root.tag, reading.guideline_of(root))
    except Refused as refused:
        return refusal(refused.rule, refused.place)
    except (MemoryError, RecursionError):
        return refusal("NX-MEMORY")
    _take_more_memory()
    invoice = reading.read(root)
    found = check(root, profile, invoice)
    return Checked(profile.name, invoice, tuple(found.errors), tuple(found.warnings))


def examine_lifecycle(data: bytes) -> ReadLifecycle | Refusal:
    """Open and read a message of the life cycle; read_lifecycle() is for everybody else."""
    try:
        return lifecycle_reading.read(open_invoice(data))
    except Refused as refused:
        return refusal(refused.rule, refused.place)
    except (MemoryError, RecursionError):
        return refusal("NX-MEMORY")


def main(what: str) -> None:
    """Answer about the file on stdin, which is to be an "invoice" or a "message"."""
    bound()
    result: codec.Result
    try:
        result = _READERS[what](sys.stdin.buffer.read(MAX_FILE + 1))
    except MemoryError:
        result = refusal("NX-MEMORY")
    sys.stdout.write(codec.encode(result))


_READERS: dict[str, Callable[[bytes], codec.Result]] = {
    "invoice": examine,
    "message": examine_lifecycle,
}

if __name__ == "__main__":
    main(sys.argv[1])

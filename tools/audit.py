"""``make audit``: known weaknesses of packages, packages unused or missing, unsafe settings.

Ends with 1 when something was found. An advisory service that can't be reached is said loudly and
finds nothing: where it matters, look at the output too (``--strict`` makes it an error).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tools.base import BIN, ROOT, run_main, say

SETTINGS = {
    # What a real site must say; the checks ask whether it holds together, not whether it is there.
    "DJANGO_SETTINGS_MODULE": "nexxio.settings.prod",
    "SECRET_KEY": "audit-" + "kR7-" * 15,
    "DATABASE_URL": "postgresql://nexxio_site:x@db.invalid/nexxio",
    "DATABASE_SYSTEM_URL": "postgresql://nexxio_system:x@db.invalid/nexxio",
    "DATABASE_OWNER_URL": "postgresql://nexxio_owner:x@db.invalid/nexxio",
    "REDIS_URL": "redis://broker.invalid",
    "NEXXIO_SITE_URL": "https://nexxio.invalid",
    "NEXXIO_ADMIN_URL": "https://admin.nexxio.invalid",
    "NEXXIO_ALLOWED_HOSTS": "nexxio.invalid,admin.nexxio.invalid",
    "NEXXIO_MAIL_URL": "smtp+tls://login:x@mail.invalid:587",
    "NEXXIO_MAIL_FROM": "Nexxio <ne-pas-repondre@nexxio.invalid>",
}
UNREACHABLE = (
    "ConnectionError",
    "Could not connect",
    "Failed to resolve",
    "Max retries exceeded",
    "NewConnectionError",
    "ServiceError",
    "Name or service not known",
    "timed out",
    "Tunnel connection failed",
    "403 Client Error",
    "404 Client Error",
    "407 Client Error",
    "502 Server Error",
    "503 Server Error",
)


def known_weaknesses(service: str) -> tuple[str, str]:
    """Ask one advisory service about the lock. Returns "clean", "found", "unreachable" or
    "broken", and what to tell."""
    done = subprocess.run(
        [
            *(str(BIN / "pip-audit"), "--requirement", str(ROOT / "requirements" / "run.txt")),
            *("--disable-pip", "--no-deps", "--require-hashes", "--progress-spinner", "off"),
            *("--vulnerability-service", service, "--format", "json", "--timeout", "15"),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return verdict(done.returncode, done.stdout, done.stderr)


def verdict(status: int, output: str, errors: str) -> tuple[str, str]:
    """Read what pip-audit answered."""
    try:
        packages = json.loads(output)["dependencies"]
    except (ValueError, KeyError, TypeError):
        last = errors.strip().splitlines()[-1:] or ["no answer"]
        known = any(word in errors for word in UNREACHABLE)
        return ("unreachable" if known else "broken"), f"{last[0][:300]} (status {status})"
    asked = [package for package in packages if "skip_reason" not in package]
    lines = [
        f"{package['name']} {package['version']}: {weakness['id']}"
        f" (mended in {', '.join(weakness['fix_versions']) or 'no version'})"
        for package in asked
        for weakness in package["vulns"]
    ]
    if lines:
        return "found", "\n".join(lines)
    if len(asked) < len(packages):
        # A mirror of the registry may answer for none of them: that is no clean bill.
        text = f"it knows {len(asked)} of {len(packages)} packages"
        return "unreachable", text
    return "clean", f"{len(asked)} packages asked about"


def audit_packages(*, strict: bool) -> bool:
    """Ask the advisory services, the second when the first can't be reached. True when all is well."""
    for service in ("pypi", "osv"):
        state, text = known_weaknesses(service)
        if state == "clean":
            say(f"advisories ({service}): none known, {text}.")
            return True
        if state == "found":
            say(f"advisories ({service}): KNOWN WEAKNESSES\n{text}")
            return False
        say(
            f"advisories ({service}): {'NOT REACHABLE' if state == 'unreachable' else 'FAILED'}: {text}"
        )
    say("advisories: NOTHING WAS CHECKED. Run it again where pypi.org or osv.dev can be reached.")
    return not strict


def command(name: str, *words: str, env: dict[str, str] | None = None) -> bool:
    """Run one of the other checks. True when it found nothing."""
    done = subprocess.run(
        list(words),
        cwd=ROOT,
        env={**os.environ, **(env or {})},
        capture_output=True,
        text=True,
        check=False,
    )
    text = (done.stdout + done.stderr).strip()
    say(f"{name}: {'clean' if done.returncode == 0 else 'FOUND'}")
    if done.returncode:
        say(text[-4000:])
    return done.returncode == 0


def main() -> int:
    """Run all, and end with 1 when one of them found something."""
    well = [
        audit_packages(strict="--strict" in sys.argv[1:]),
        command("deptry", str(BIN / "deptry"), "."),
        *(
            command(
                f"check --deploy ({login})",
                *(str(BIN / "python"), "manage.py", "check", "--deploy"),
                *("--fail-level", "WARNING"),
                env={**SETTINGS, "NEXXIO_LOGIN": login},
            )
            for login in ("site", "system")
        ),
    ]
    return 0 if all(well) else 1


if __name__ == "__main__":
    run_main(main)

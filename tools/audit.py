"""``manage.py check --deploy`` under the settings of a deployment, with values of no other use.

Nothing is connected to: the checks read settings only. A warning is a failure.
"""

from __future__ import annotations

import os
import secrets
import subprocess

from tools.base import PYTHON, ROOT

_ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "nexxio.settings.prod",
    "DATABASE_URL": "postgresql://audit@localhost/audit",
    "REDIS_URL": "redis://localhost",
    "NEXXIO_MAIL_URL": "smtp+tls://audit@mail.example:587",
    "NEXXIO_SITE_URL": "https://nexxio.example",
}


def main() -> int:
    """Run the check and return its exit code."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NEXXIO_")}
    done = subprocess.run(
        [PYTHON, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env={**kept, **_ENVIRONMENT, "SECRET_KEY": secrets.token_urlsafe(60)},
        check=False,
    )
    return done.returncode


if __name__ == "__main__":
    raise SystemExit(main())

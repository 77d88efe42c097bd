"""SQL of the database roles: applied to the embedded server, printed for other servers."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

SQL = Path(__file__).with_name("sql")
LOGINS = ("nexxio_owner", "nexxio_site", "nexxio_system")
TEST_LOGIN = "nexxio_test"


def script(passwords: Mapping[str, str], *, test: bool) -> str:
    """Give a psql script that makes the roles with these passwords, by name of login."""
    files = ["roles.sql", "test_roles.sql"] if test else ["roles.sql"]
    settings = [rf"\set {login} '{password}'" for login, password in passwords.items()]
    return "\n".join([*settings, *((SQL / name).read_text(encoding="utf-8") for name in files)])


def main() -> None:
    """Print the script with placeholders: ``make -s roles | psql -U postgres``."""
    placeholders = {login: f"put-a-password-of-{login}-here" for login in LOGINS}
    sys.stdout.write(script(placeholders, test=False))


if __name__ == "__main__":
    main()

"""What the two ordinary roles may do, given again after each migration by the owner."""

from typing import Any

from django.db import connections

from nexxio.core.db.roles import SITE_ROLE, SYSTEM_ROLE

_GRANTS = f"""
GRANT USAGE ON SCHEMA public TO {SITE_ROLE}, {SYSTEM_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {SITE_ROLE}, {SYSTEM_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {SITE_ROLE}, {SYSTEM_ROLE};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {SITE_ROLE}, {SYSTEM_ROLE};
REVOKE INSERT, UPDATE, DELETE ON core_rate FROM {SITE_ROLE};
REVOKE UPDATE, DELETE ON core_event FROM {SITE_ROLE}, {SYSTEM_ROLE};
"""


def grant(*, using: str, **_kwargs: Any) -> None:
    """Give the site and the system role their rights on every table. Idempotent."""
    with connections[using].cursor() as cursor:
        cursor.execute(_GRANTS)

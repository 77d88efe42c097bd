"""What the two ordinary roles may do, given again after each migration by the owner."""

from typing import Any

from django.db import connections

from nexxio.core.db.roles import SITE_ROLE, SYSTEM_ROLE

# Whoever may do what is decided by platform staff, as the system: nothing in the site writes these
# tables, so that no mistake there can make somebody staff, or a member, or a partner. A service
# that comes to need more gets it here, by column; the policies stand.
_READ_ONLY = (
    "core_user",
    "core_user_groups",
    "core_user_user_permissions",
    "auth_group",
    "auth_group_permissions",
    "django_admin_log",
    "core_organisation",
    "core_membership",
    "core_partnership",
    "orders_trade",
)
# A right to some column is also what locking a row takes.
# What a person changes of his own account by logging in or choosing a password.
_OWN_ACCOUNT = ("password", "last_login", "first_name", "last_name")

_GRANTS = f"""
GRANT USAGE ON SCHEMA public TO {SITE_ROLE}, {SYSTEM_ROLE};
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {SITE_ROLE}, {SYSTEM_ROLE};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {SITE_ROLE}, {SYSTEM_ROLE};
REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {SITE_ROLE}, {SYSTEM_ROLE};
REVOKE UPDATE, DELETE ON core_event FROM {SITE_ROLE}, {SYSTEM_ROLE};
REVOKE INSERT, UPDATE, DELETE ON {", ".join(_READ_ONLY)} FROM {SITE_ROLE};
GRANT UPDATE ({", ".join(_OWN_ACCOUNT)}) ON core_user TO {SITE_ROLE};
GRANT UPDATE (phone) ON core_membership TO {SITE_ROLE};
"""


def grant(*, using: str, **_kwargs: Any) -> None:
    """Give the site and the system role their rights on every table. Idempotent."""
    with connections[using].cursor() as cursor:
        cursor.execute(_GRANTS)

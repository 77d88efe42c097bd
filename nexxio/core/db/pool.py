"""What happens to a pooled connection between two borrowers."""

from typing import Any

from nexxio.core.db.roles import SETTINGS

_CLEAR = "SELECT set_config('role', 'none', false), " + ", ".join(
    f"set_config('nexxio.{name}', '', false)" for name in SETTINGS
)


def reset_connection(connection: Any) -> None:
    """Clear role and scope of a psycopg connection that goes back to the pool.

    It is outside any transaction here: clearing inside one that rolls back would restore the
    former borrower's scope.
    """
    autocommit = connection.autocommit
    connection.autocommit = True
    connection.execute(_CLEAR)
    connection.autocommit = autocommit

"""Operations that need the owner of the schema."""

from typing import Any

from django.db.backends.postgresql import operations
from typing_extensions import override

from nexxio.core.scoping import owner_scope


class DatabaseOperations(operations.DatabaseOperations):
    """Flush runs as the owner; a login that may not become the owner is refused by PostgreSQL."""

    @override
    def execute_sql_flush(self, sql_list: Any) -> None:
        with owner_scope():
            super().execute_sql_flush(sql_list)

"""PostgreSQL backend that carries the current scope to the database (the second wall).

The scope is applied lazily: right before a cursor is made, and only if it differs from what this
connection has. It is forgotten whenever PostgreSQL may have restored older settings: rollback,
rollback to a savepoint, close.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus
from typing_extensions import override

from nexxio.core.db.backend.operations import DatabaseOperations
from nexxio.core.db.roles import OWNER_ROLE, SETTINGS, SITE_ROLE, SYSTEM_ROLE
from nexxio.core.scoping import Scope, ScopeKind, current_scope_or_none

_APPLY = "SELECT set_config('role', %s, false), " + ", ".join(
    f"set_config('nexxio.{name}', %s, false)" for name in SETTINGS
)


def _wanted(scope: Scope | None) -> tuple[str, ...]:
    if scope is None:
        role = "none" if settings.LOGIN == "owner" else SITE_ROLE
        return (role, *("" for _ in SETTINGS))
    if scope.kind is ScopeKind.OWNER:
        role = "none" if settings.LOGIN == "owner" else OWNER_ROLE
    elif scope.kind is ScopeKind.SYSTEM:
        role = SYSTEM_ROLE
    else:
        role = SITE_ROLE
    return (role, *scope.database_settings())


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL wrapper plus the scope."""

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._applied: tuple[str, ...] | None = None

    @override
    def get_new_connection(self, conn_params: Any) -> Any:
        self._applied = None
        return super().get_new_connection(conn_params)

    @override
    def create_cursor(self, name: Any = None) -> Any:
        self._apply_scope()
        return super().create_cursor(name)

    def _apply_scope(self) -> None:
        if self.alias != "default":
            return  # the connection that creates and drops the test database
        wanted = _wanted(current_scope_or_none())
        if wanted == self._applied:
            return
        raw: Any = self.connection
        if self.needs_rollback or raw.info.transaction_status == TransactionStatus.INERROR:
            return  # nothing but a rollback will be accepted, and that forgets the scope
        with raw.cursor() as cursor:
            cursor.execute(_APPLY, wanted)
        self._applied = wanted

    def _rollback(self) -> Any:
        self._applied = None
        return super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        self._applied = None
        super()._savepoint_rollback(sid)  # type: ignore[misc]

    def _close(self) -> Any:
        self._applied = None
        return super()._close()  # type: ignore[misc]

"""The current scope: whose rows this piece of work may see.

Nothing is read from a scoped table without one (`ScopeMissing`), and the database enforces the
same rule by its policies (core/db).
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

logger = logging.getLogger(__name__)


class ScopeMissing(RuntimeError):
    """A scoped table was asked without a scope."""


class ScopeKind(StrEnum):
    """For whom we look."""

    LANDLORD = "landlord"
    CONTRACTOR = "contractor"
    TENANT = "tenant"
    LINK = "link"
    PAPER = "paper"
    USER = "user"
    SYSTEM = "system"
    OWNER = "owner"


@dataclass(frozen=True)
class Scope:
    """What one actor may see: exactly one of the party ids, beside the user who is logged in.

    via_id: the landlord through whom a tenant, a link or a paper comes; it lets them read that
    organisation's name, nothing else. order_id: the one order that a contractor's paper opens.
    entry_id: platform staff look in; nothing is written then.
    """

    kind: ScopeKind
    landlord_id: UUID | None = None
    contractor_id: UUID | None = None
    tenant_id: UUID | None = None
    case_id: UUID | None = None
    order_id: UUID | None = None
    via_id: UUID | None = None
    user_id: UUID | None = None
    entry_id: UUID | None = None
    reason: str = ""

    def value_for(self, kind: str) -> UUID | None:
        """Id that this scope holds for a kind of rule (`Rule`'s names)."""
        return {
            "landlord": self.landlord_id,
            "contractor": self.contractor_id,
            "tenant": self.tenant_id,
            "link": self.case_id,
            "user": self.user_id,
            "paper": self.order_id,
        }[kind]

    def database_settings(self) -> tuple[str, ...]:
        """Values in the order of `db.roles.SETTINGS`."""
        ids = (
            self.landlord_id,
            self.contractor_id,
            self.tenant_id,
            self.case_id,
            self.via_id,
            self.user_id,
            self.order_id,
            self.entry_id,
        )
        return tuple("" if value is None else str(value) for value in ids)


_current: ContextVar[Scope | None] = ContextVar("nexxio_scope", default=None)


def current_scope() -> Scope:
    """Return the current scope; raise ScopeMissing when there is none."""
    scope = _current.get()
    if scope is None:
        raise ScopeMissing("No scope is open: use scope_of(actor) or system_scope(reason).")
    return scope


def current_scope_or_none() -> Scope | None:
    """Return the current scope, or None."""
    return _current.get()


@contextmanager
def open_scope(scope: Scope | None) -> Iterator[None]:
    """Work inside `scope` (None: inside no scope, where scoped tables answer nothing)."""
    token = _current.set(scope)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def system_scope(reason: str) -> Iterator[None]:
    """Work across organisations, as the system's role.

    The only escape from the walls: named modules only (tools/semgrep), each use logged with
    its reason. A process that logged in as the site is refused by PostgreSQL at its first query.
    """
    logger.debug("system scope: %s", reason)
    with open_scope(Scope(kind=ScopeKind.SYSTEM, reason=reason)):
        yield


@contextmanager
def owner_scope() -> Iterator[None]:
    """Work as the schema's owner: migrations and the tests' flush, never a request."""
    with open_scope(Scope(kind=ScopeKind.OWNER)):
        yield

"""Row-level security: one declaration, two faces.

A `Rule` says for each kind of scope which rows it may read and write. `ScopedQuerySet` makes the
explicit filter of it (it finds the index), `protect()` the policies (they guard).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.db.models import Q

from nexxio.core.db.roles import SITE_ROLE, SYSTEM_ROLE
from nexxio.core.scoping import Scope, ScopeKind


def setting(name: str) -> str:
    """SQL that reads a scope setting once per query, null when it is not set."""
    return f"(select nullif(current_setting('nexxio.{name}', true), '')::uuid)"


@dataclass(frozen=True)
class Custom:
    """A rule that is more than one column: the same condition as SQL and as a Q."""

    sql: str
    q: Callable[[Scope], Q]


@dataclass(frozen=True)
class Rule:
    """Which scopes see a row. Each value is a column holding the scope's id, or a `Custom`.

    read_only: kinds that may read but neither insert, update nor delete.
    checks: what rows that a kind writes must fulfil beside the rule (SQL, by kind).
    insert: condition under which the site may insert rows it can't read back (outbox).
    """

    landlord: str | Custom | None = None
    contractor: str | Custom | None = None
    tenant: str | Custom | None = None
    link: str | Custom | None = None
    user: str | Custom | None = None
    paper: str | Custom | None = None
    read_only: frozenset[str] = frozenset()
    insert: str = ""
    checks: Mapping[str, str] = field(default_factory=dict)
    kinds: tuple[str, ...] = field(
        default=("landlord", "contractor", "tenant", "link", "user", "paper"), init=False
    )

    def q(self, scope: Scope) -> Q | None:
        """Filter for `scope`; None when it may see all rows; matches nothing by default."""
        if scope.kind in (ScopeKind.SYSTEM, ScopeKind.OWNER):
            return None
        found = Q(pk__in=())
        for kind in self.kinds:
            condition = getattr(self, kind)
            value = scope.value_for(kind)
            if condition is None or value is None:
                continue
            q = condition.q(scope) if isinstance(condition, Custom) else Q(**{condition: value})
            found = q if found == Q(pk__in=()) else found | q
        return found


_SETTING_OF = {
    "landlord": "landlord",
    "contractor": "contractor",
    "tenant": "tenant",
    "link": "case",
    "user": "user",
    "paper": "paper",
}


def _guard(sql: str) -> str:
    """Wrap a policy's condition so that the planner doesn't count with it.

    It multiplies the selectivity of the policies with that of the explicit filter, which says the
    same, and then takes a plan for a handful of rows. Of a CASE it assumes half of the rows. The
    explicit filter finds the index, so no policy has to.
    """
    return f"CASE WHEN {sql} THEN true ELSE false END"


def policies(table: str, rule: Rule) -> dict[str, str]:
    """Name → CREATE POLICY statement of every policy that `rule` asks for."""
    made: dict[str, str] = {}
    for kind in rule.kinds:
        condition = getattr(rule, kind)
        if condition is None:
            continue
        sql = (
            condition.sql
            if isinstance(condition, Custom)
            else f"{condition} = {setting(_SETTING_OF[kind])}"
        )
        sql = _guard(sql)
        name = f"{table}_{kind}"
        if kind in rule.read_only:
            made[name] = f"CREATE POLICY {name} ON {table} FOR SELECT TO {SITE_ROLE} USING ({sql})"
        else:
            check = f"{sql} AND {rule.checks[kind]}" if kind in rule.checks else sql
            made[name] = (
                f"CREATE POLICY {name} ON {table} TO {SITE_ROLE} USING ({sql}) WITH CHECK ({check})"
            )
    if rule.insert:
        name = f"{table}_insert"
        made[name] = (
            f"CREATE POLICY {name} ON {table} FOR INSERT TO {SITE_ROLE} WITH CHECK ({rule.insert})"
        )
    name = f"{table}_system"
    made[name] = f"CREATE POLICY {name} ON {table} TO {SYSTEM_ROLE} USING (true) WITH CHECK (true)"
    return made

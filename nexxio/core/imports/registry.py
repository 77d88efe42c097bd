"""Kinds of import: what an app must say so that the engine can do the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol
from uuid import UUID

from nexxio.core.actors import Actor, Role, Side
from nexxio.core.imports.cells import Parser
from nexxio.core.models import ImportedRow


class Outcome(StrEnum):
    """What becomes of a row: exactly one of these."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REFUSED = "refused"


Choices = Callable[[UUID], Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class Field:
    """A column that a kind can take.

    label: French, as people read it. synonyms: other headings under which it comes. choices:
    for values that are translated, (value, label) of a landlord; `parse` then isn't used.
    value_synonyms: other texts (without accents or capitals) that propose a value.
    """

    code: str
    label: Any
    parse: Parser
    required: bool = False
    synonyms: tuple[str, ...] = ()
    choices: Choices | None = None
    value_synonyms: Mapping[str, str] = field(default_factory=dict)
    help: Any = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one cell. column: the heading in the file."""

    column: str
    value: str
    reason: str


@dataclass(slots=True)
class Row:
    """A row of the file, typed. values: by field code, mapped fields only. lines: its numbers.

    columns: field code → heading, so that a kind can name the column it refuses.
    """

    line: int
    values: dict[str, Any]
    columns: Mapping[str, str]
    faults: list[Fault] = field(default_factory=list)

    def get(self, code: str, default: Any = "") -> Any:
        """Return a value, `default` when the field isn't mapped or the cell is blank."""
        found = self.values.get(code)
        return default if found is None or found == "" else found


@dataclass(slots=True)
class Verdict:
    """What becomes of a row, and what an apply needs to write it.

    key: what makes it the same one in the next file. missing: what a created draft still lacks.
    changes: sentences "champ : avant → après". plan: the kind's own. issued: it has left, too.
    own_key: the key is ours and says nothing to people. asks: left aside until an option of the
    kind says otherwise.
    """

    outcome: Outcome
    line: int
    key: str = ""
    title: str = ""
    column: str = ""
    value: str = ""
    reason: str = ""
    missing: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    note: str = ""
    plan: Any = None
    digest: str = ""
    issued: bool = False
    own_key: bool = False
    asks: bool = False

    @property
    def shown_key(self) -> str:
        """The key as people know it."""
        return "" if self.own_key else self.key


def refusal(row: Row, fault: Fault, *, key: str = "", title: str = "") -> Verdict:
    """Refuse a row for one of its cells."""
    return Verdict(
        Outcome.REFUSED,
        row.line,
        key=key,
        title=title,
        column=fault.column,
        value=fault.value,
        reason=fault.reason,
    )


@dataclass(slots=True)
class Undone:
    """What an undo has done, and what stays with its reason: (title, reason)."""

    removed: int = 0
    restored: int = 0
    kept: list[tuple[str, str]] = field(default_factory=list)


class Kind(Protocol):
    """A kind of import. One object for each, stateless; what a run needs is in its session.

    title and about: French. slug: in addresses. options: (code, label) of boxes to tick before an
    apply.
    """

    @property
    def name(self) -> str: ...
    @property
    def slug(self) -> str: ...
    @property
    def title(self) -> Any: ...
    @property
    def about(self) -> Any: ...
    @property
    def icon(self) -> str: ...
    @property
    def rank(self) -> int: ...
    @property
    def roles(self) -> tuple[Role, ...]: ...
    @property
    def fields(self) -> tuple[Field, ...]: ...
    @property
    def options(self) -> tuple[tuple[str, Any], ...]: ...

    def session(self, actor: Actor, options: Mapping[str, bool]) -> Session:
        """Begin a rehearsal or an apply for the actor's house; reads what it needs once."""

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Take rows back where nothing stands on them, in the caller's transaction."""


class Session(Protocol):
    """One reading of one file."""

    def group(self, rows: Iterable[Row]) -> Iterable[list[Row]]:
        """Join the rows that make one thing; each list is judged as one."""

    def label(self, row: Row) -> tuple[str, str]:
        """Return the key and the title by which people recognise a row, as far as it has them."""

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Say what becomes of each; nothing is written. The caller may hold a lock."""

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Write created and changed ones, in the caller's transaction; unsaved rows come back."""


_kinds: dict[str, Kind] = {}
_sides: dict[str, Side] = {}


def register(kind: Kind, *, side: Side = Side.LANDLORD) -> Kind:
    """Make a kind known by its name, to one side. A name is registered once."""
    if kind.name in _kinds:
        raise ValueError(f"Import kind {kind.name} is registered twice.")
    _kinds[kind.name], _sides[kind.name] = kind, side
    return kind


def may_import(actor: Actor, kind: Kind) -> bool:
    """Tell whether the actor's side imports this kind, and his role does."""
    return actor.side is _sides[kind.name] and actor.has(*kind.roles)


def get_kind(name: str) -> Kind:
    """Return a kind by name. Raises KeyError."""
    return _kinds[name]


def all_kinds() -> list[Kind]:
    """Return all kinds, by title."""
    return sorted(_kinds.values(), key=lambda kind: str(kind.title))


def kind_at(slug: str) -> Kind | None:
    """Return the kind of an address."""
    return next((kind for kind in _kinds.values() if kind.slug == slug), None)


def kinds_for(actor: Actor) -> list[Kind]:
    """Return the kinds that an actor may import, by rank."""
    found = [kind for kind in _kinds.values() if may_import(actor, kind)]
    return sorted(found, key=lambda kind: kind.rank)

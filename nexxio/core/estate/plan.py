"""What an estate file would do: each of its rows judged against the groups that exist. Pure.

Every row of the file has exactly one outcome, so that
created + changed + unchanged + skipped + refused = rows.

- created: a key that the landlord doesn't have yet;
- changed: a key that she has, with the fields that differ, before and after;
- unchanged: the same; also a row that repeats an earlier one of the file word for word;
- skipped: another landlord's, or nobody's ("(vide)");
- refused: wrong cells; or the key of an earlier row with other content: the first one counts.

The real file has no word-for-word repetition and two pairs of the last kind: one differs in the
house number, the other in the financing only (one PLAI dwelling, then one PLUS). The second is
refused as well, although no field that we keep differs: it is a second dwelling, and a person must
see that it was left out.

Nothing is ever deleted: groups that the file doesn't name stay, and are counted as `absent`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple

from nexxio.core.estate.addresses import Address, readable
from nexxio.core.estate.landlords import name_key
from nexxio.core.estate.reader import (
    EstateKey,
    EstateReader,
    EstateRow,
    OtherRow,
    Refusal,
    differing_columns,
)
from nexxio.core.imports.csvfile import BrokenFile

MAX_OWN_ROWS = 20_000
"""Programmes of one landlord in one file; they are kept in memory to be applied at once. The
largest French landlord has 150 000 dwellings; the average programme of the file has thirty."""
MAX_REFUSALS_SHOWN = 1_000
MAX_NAMES_COUNTED = 500


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    SKIPPED = "skipped"
    REFUSED = "refused"


class GroupFields(NamedTuple):
    """The fields of a group that an estate file may change."""

    address: str
    postcode: str
    city: str
    latitude: Decimal | None
    longitude: Decimal | None


FIELD_LABELS = {
    "address": "adresse",
    "postcode": "code postal",
    "city": "ville",
    "latitude": "latitude",
    "longitude": "longitude",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field, before and after."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A row of the landlord that isn't refused: created, changed or unchanged."""

    outcome: Outcome
    row: EstateRow
    changes: tuple[FieldChange, ...] = ()

    @property
    def fields(self) -> GroupFields:
        """The fields as the file has them."""
        return fields_of(self.row)

    @property
    def address(self) -> Address:
        """The readable address."""
        return readable(self.row.address)


@dataclass(slots=True)
class Plan:
    """The result of a rehearsal.

    verdicts: created and changed rows, in the order of the file. refusals: the first thousand;
    the count goes on. others: how many rows each other landlord has, "" for none.
    """

    counts: Counter[Outcome] = field(default_factory=Counter)
    verdicts: list[Verdict] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    repeated: int = 0
    absent: int = 0

    @property
    def rows(self) -> int:
        """Rows of the file."""
        return self.counts.total()

    @property
    def digest(self) -> str:
        """The same for two plans that would write the same; an apply compares it."""
        found = sha256()
        for verdict in self.verdicts:
            found.update(repr((verdict.outcome, verdict.row.key, verdict.fields)).encode())
        return found.hexdigest()


class Planner:
    """Judges rows one after the other; keeps the landlord's own keys and nothing of the others.

    existing: the fields of the landlord's groups that came from a file, by key.
    """

    def __init__(
        self, existing: Mapping[EstateKey, GroupFields], *, max_own_rows: int = MAX_OWN_ROWS
    ) -> None:
        self.plan = Plan()
        self._existing = existing
        self._max_own_rows = max_own_rows
        self._seen: dict[EstateKey, tuple[int, bytes]] = {}

    def run(self, reader: EstateReader) -> Iterator[int]:
        """Judge every row; yield how many bytes were read, about every thousand rows.

        `plan` is complete when the iteration ends. BrokenFile passes through.
        """
        for count, item in enumerate(reader):
            self.judge(item, reader.columns)
            if count % 1000 == 0:
                yield reader.bytes_read
        found = sum(1 for key in self._seen if key in self._existing)
        self.plan.absent = len(self._existing) - found
        yield reader.bytes_read

    def judge(self, item: EstateRow | OtherRow | Refusal, columns: tuple[str, ...]) -> Outcome:
        """Judge one row, count it, and return what becomes of it."""
        if isinstance(item, OtherRow):
            outcome = self._skip(item)
        elif isinstance(item, Refusal):
            outcome = self._refuse(item)
        else:
            outcome = self._judge_own(item, columns)
        self.plan.counts[outcome] += 1
        return outcome

    def _skip(self, other: OtherRow) -> Outcome:
        name = other.landlord if name_key(other.landlord) else ""
        if name in self.plan.others or len(self.plan.others) < MAX_NAMES_COUNTED:
            self.plan.others[name] += 1
        return Outcome.SKIPPED

    def _refuse(self, refusal: Refusal) -> Outcome:
        if len(self.plan.refusals) < MAX_REFUSALS_SHOWN:
            self.plan.refusals.append(refusal)
        return Outcome.REFUSED

    def _judge_own(self, row: EstateRow, columns: tuple[str, ...]) -> Outcome:
        if (first := self._seen.get(row.key)) is not None:
            line, content = first
            if content == row.content:
                self.plan.repeated += 1
                return Outcome.UNCHANGED
            return self._refuse(
                _same_key(row, line, differing_columns(content, row.content, columns))
            )
        if len(self._seen) >= self._max_own_rows:
            raise BrokenFile(
                f"plus de {self._max_own_rows} programmes de ce bailleur dans un seul fichier ; "
                "partagez-le en plusieurs fichiers.",
                line=row.line,
                column=1,
            )
        self._seen[row.key] = (row.line, row.content)
        verdict = _verdict(row, self._existing.get(row.key))
        if verdict.outcome is not Outcome.UNCHANGED:
            self.plan.verdicts.append(verdict)
        return verdict.outcome


def settle(plan: Plan, existing: Mapping[EstateKey, GroupFields]) -> Plan:
    """Judge a plan's rows again, against the groups that exist now.

    plan: made against no group at all, so that it holds every row of the landlord. So a file is
    read once, without any lock, and compared under the lock in a moment.
    """
    settled = Plan(refusals=plan.refusals, others=plan.others, repeated=plan.repeated)
    settled.counts.update(plan.counts)
    settled.counts[Outcome.CREATED] = 0
    for verdict in plan.verdicts:
        again = _verdict(verdict.row, existing.get(verdict.row.key))
        settled.counts[again.outcome] += 1
        if again.outcome is not Outcome.UNCHANGED:
            settled.verdicts.append(again)
    found = sum(1 for verdict in plan.verdicts if verdict.row.key in existing)
    settled.absent = len(existing) - found
    return settled


def make_plan(reader: EstateReader, existing: Mapping[EstateKey, GroupFields]) -> Plan:
    """Judge a whole file. Raises BrokenFile; then nothing of it counts."""
    planner = Planner(existing)
    for _ in planner.run(reader):
        pass
    return planner.plan


def fields_of(row: EstateRow) -> GroupFields:
    """The fields of a group as a row has them."""
    return GroupFields(row.address, row.postcode, row.city, row.latitude, row.longitude)


def _verdict(row: EstateRow, before: GroupFields | None) -> Verdict:
    if before is None:
        return Verdict(Outcome.CREATED, row)
    changes = _changes(before, fields_of(row))
    return Verdict(Outcome.CHANGED if changes else Outcome.UNCHANGED, row, changes)


def _changes(before: GroupFields, after: GroupFields) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(name, _shown(old), _shown(new))
        for name, old, new in zip(GroupFields._fields, before, after, strict=True)
        if old != new
    )


def _shown(value: str | Decimal | None) -> str:
    return "" if value is None else str(value)


def _same_key(row: EstateRow, first: int, columns: list[str]) -> Refusal:
    return Refusal(
        row.line,
        row.sheet_row,
        columns[0] if columns else "",
        str(row.key),
        f"même programme que la ligne {first} (identifiant, année, nature et nombre de logements)"
        f" mais contenu différent : {', '.join(columns)}",
        row.identifier,
    )

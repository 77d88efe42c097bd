"""Rows of one number made into an order as typed, or refused with the cell that is wrong."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from decimal import Decimal
from hashlib import blake2b
from typing import Any
from uuid import UUID

from nexxio.core import clock
from nexxio.core.imports import cells
from nexxio.core.imports.registry import Fault, Outcome, Row, Verdict, refusal
from nexxio.core.models import Unit
from nexxio.core.templatetags.ui import money_text
from orders import services
from orders.completeness import check
from orders.imports.contract_clauses import YES
from orders.imports.fields import LABELS, LINE_FIELDS, LONGEST_TITLE
from orders.models import Contract, PriceItem
from orders.natures import IN_HOMES
from orders.order_facts import sla_date
from orders.services import ClausesInput, LineInput, OrderInput
from orders.states import Nature, Priority
from orders.working_days import department_of

_COPIED = (
    "description",
    "floor",
    "door",
    "entrance",
    "contact_name",
    "phone",
    "second_phone",
    "email",
    "access_code",
    "asbestos",
    "asbestos_measures",
    "commitment_number",
    "service_code",
    "target_note",
)


_NO_CONTRACT = (
    "indiquez le marché : l’article se cherche à son bordereau, et ce corps d’état n’a pas un seul"
    " marché en vigueur"
)


@dataclasses.dataclass(frozen=True, slots=True)
class Plan:
    """What an apply writes for one order."""

    data: OrderInput
    unit: Unit
    asked_at: datetime | None
    order_id: UUID | None = None
    version: int = 0
    complete: bool = False


class OrderBuilder:
    """Makes orders of rows; knows the landlord's contracts and price schedules."""

    def __init__(self, landlord_id: UUID) -> None:
        self._contracts = {
            str(contract.pk): contract
            for contract in Contract.objects.filter(landlord_id=landlord_id)
        }
        self._house = services.house_rules(landlord_id)
        self._sole = services.sole_contracts(landlord_id, clock.today())
        self._left = {
            key: services.ceiling_left(contract) for key, contract in self._contracts.items()
        }
        self._items: dict[tuple[UUID, str], PriceItem] = {
            (item.contract_id, item.code.casefold()): item
            for item in services.all_items_in_force(landlord_id, clock.today())
        }

    def build(
        self,
        rows: list[Row],
        unit: Unit | None,
        fault: Fault | None,
        living: Mapping[UUID, Any],
    ) -> Verdict | tuple[Verdict, Plan]:
        """Make an order of its rows, or refuse them."""
        head = rows[0]
        if unit is None:
            return refuse(head, fault or Fault("", "", "le logement manque"))
        asked_on = head.get("requested_on", None)
        if asked_on is not None and asked_on > clock.today():
            column = head.columns["requested_on"]
            return refuse(head, Fault(column, f"{asked_on:%d/%m/%Y}", "cette date est à venir"))
        contract, is_own = self._contract_of(head)
        lines, wrong = self._lines(rows, contract)
        if wrong is not None:
            return refuse(*wrong)
        data = _order_input(head, unit, living.get(unit.pk), contract, lines)
        total = sum((item.unit_price * quantity for item, quantity in lines), Decimal(0))
        verdict = Verdict(Outcome.CREATED, head.line, key=data.external_number, title=data.title)
        left = self._left.get(str(contract.pk)) if contract else None
        facts = services.facts_of_input(
            data,
            contract=contract,
            total=total,
            left=left,
            unit=unit,
            house=self._house,
            vat_rates=[item.vat_rate for item, _quantity in lines],
        )
        judged = check(facts)
        verdict.missing = tuple(str(rule.sentence) for rule in judged.missing)
        verdict.digest = _digest(rows)
        notes = [f"{len(rows)} lignes de prix"] if len(rows) > 1 else []
        if contract is not None and not is_own:
            notes.append(f"marché {contract.number}, le seul en vigueur pour ce corps d’état")
        verdict.note = " ; ".join(notes)
        asked_at = datetime.combine(asked_on, time(12), clock.PARIS) if asked_on else None
        plan = Plan(data, unit, _not_later(asked_at), complete=judged.is_complete)
        return verdict, plan

    def _contract_of(self, head: Row) -> tuple[Contract | None, bool]:
        """Return the contract of an order, and whether the file says so itself."""
        said = head.get("contract")
        key = said or self._sole.get(head.get("trade"), "")
        return self._contracts.get(str(key)), bool(said)

    def _lines(
        self, rows: list[Row], contract: Contract | None
    ) -> tuple[list[tuple[PriceItem, Decimal]], tuple[Row, Fault] | None]:
        """Return articles with quantities, or the row that is wrong."""
        found: list[tuple[PriceItem, Decimal]] = []
        for row in rows:
            code = row.get("price_code")
            if not code:
                continue
            column = row.columns["price_code"]
            if contract is None:
                return [], (row, Fault(column, code, _NO_CONTRACT))
            item = self._items.get((contract.pk, code.casefold()))
            if item is None:
                return [], (row, Fault(column, code, f"absent du bordereau de {contract.number}"))
            price = row.get("unit_price", None)
            if price is not None and price != item.unit_price:
                reason = f"le bordereau dit {money_text(item.unit_price)}"
                return [], (row, Fault(row.columns["unit_price"], money_text(price), reason))
            quantity = row.get("quantity", Decimal(1)).quantize(Decimal("0.001"))
            if quantity <= 0:
                return [], (row, Fault(row.columns["quantity"], "", "quantité trop petite"))
            found.append((item, quantity))
        return found, None


def clash(head: Row, row: Row) -> Fault | None:
    """Return the cell in which a further row of an order says something else than its first."""
    for code, value in row.values.items():
        if code in LINE_FIELDS or value in (None, "") or value == head.values.get(code):
            continue
        reason = f"même numéro que la ligne {head.line}, mais {LABELS[code]} diffère"
        return Fault(row.columns[code], cells.excerpt(value), reason)
    if row.get("price_code") == head.get("price_code") and not row.get("price_code"):
        return Fault(
            row.columns["external_number"],
            row.get("external_number"),
            f"répète la ligne {head.line} sans autre article",
        )
    return None


def refuse(row: Row, fault: Fault) -> Verdict:
    """Refuse a row for one of its cells, with its number and what it is about."""
    key, title = label_of(row)
    return refusal(row, fault, key=key, title=title)


def label_of(row: Row) -> tuple[str, str]:
    """Return the number and what it is about."""
    title = row.get("title") or row.get("description").split("\n", 1)[0]
    return row.get("external_number"), title[:LONGEST_TITLE]


def _order_input(
    row: Row,
    unit: Unit,
    living: Any,
    contract: Contract | None,
    lines: Sequence[tuple[PriceItem, Decimal]],
) -> OrderInput:
    """Return the order as typed; the dwelling and who lives there fill what the file leaves out."""
    values = {code: row.get(code) for code in _COPIED}
    nature = row.get("nature", Nature.MAINTENANCE.value)
    for code in ("entrance", "floor", "door"):
        values[code] = values[code] or getattr(unit, code)
    if living is not None and nature in IN_HOMES:
        values["contact_name"] = values["contact_name"] or str(living.tenant)
        if not row.get("contact_name") or row.get("contact_name") == str(living.tenant):
            values["phone"] = values["phone"] or living.tenant.phone
            values["email"] = values["email"] or living.tenant.email
    description = values["description"]
    first = description.split("\n", 1)[0]
    number = row.get("external_number")
    priority = row.get("priority", Priority.NORMAL.value)
    where = department_of(unit.group.postcode)
    owed = sla_date(contract, priority, where=where) if contract else None
    return OrderInput(
        unit_id=unit.pk,
        title=(row.get("title") or first or f"Commande {number}")[:LONGEST_TITLE],
        nature=nature,
        priority=priority,
        trade_code=row.get("trade"),
        contract_id=contract.pk if contract else None,
        target_date=row.get("target_date", owed),
        access=(row.get("access"),) if row.get("access") else (),
        external_number=number,
        clauses=ClausesInput(
            vat_reason=row.get("vat_reason"), vat_certified=row.get("vat_certified") == YES
        ),
        lines=tuple(LineInput(item.pk, quantity) for item, quantity in lines),
        **values,
    )


def _not_later(asked_at: datetime | None) -> datetime | None:
    return None if asked_at is None else min(asked_at, clock.now())


def _digest(rows: Sequence[Row]) -> str:
    """Return what is the same when the file says the same."""
    said = [sorted((code, str(value)) for code, value in row.values.items()) for row in rows]
    return blake2b(repr(said).encode(), digest_size=16).hexdigest()

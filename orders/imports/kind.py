"""The kind of import that brings orders: judge, write, take back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor, Role
from nexxio.core.errors import Refused
from nexxio.core.imports import cells
from nexxio.core.imports.places import UnitFinder
from nexxio.core.imports.registry import Outcome, Row, Undone, Verdict, register
from nexxio.core.models import ImportedRow
from orders import services
from orders.imports.building import OrderBuilder, Plan, clash, label_of, refuse
from orders.imports.fields import FIELDS, LABELS
from orders.models import Order
from orders.services import ClausesInput, LineInput, OrderInput
from orders.states import OrderState

NAME = "orders"
ISSUE = "transmettre"


class OrderKind:
    """Orders, for the desk of a landlord."""

    name = NAME
    slug = "commandes"
    title = _("Commandes")
    about = _("Des bons de commande ; un bon incomplet devient un brouillon avec ce qui manque.")
    icon = "clipboard-list"
    rank = 0
    roles = (Role.MANAGER, Role.CLERK)
    fields = FIELDS
    options = ((ISSUE, _("Transmettre les commandes complètes à leur entreprise")),)

    def session(self, actor: Actor, options: Mapping[str, bool]) -> OrderSession:
        """Begin one reading."""
        return OrderSession(actor, issue=bool(options.get(ISSUE)))

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Withdraw drafts that nobody touched; give changed ones their former words back."""
        found = Undone()
        created = {row.subject_id: row for row in rows if row.outcome == Outcome.CREATED}
        kept = services.withdraw_drafts(
            actor=actor, versions={pk: row.version for pk, row in created.items()}
        )
        gone = [row for pk, row in created.items() if pk not in kept]
        found.kept += [(created[pk].key, reason) for pk, reason in kept.items()]
        found.removed = len(gone)
        for row in rows:
            if row.outcome != Outcome.CHANGED:
                continue
            if reason := _restore(actor, row):
                found.kept.append((row.key, reason))
            else:
                gone.append(row)
                found.restored += 1
        ImportedRow.objects.filter(pk__in=[row.pk for row in gone]).delete()
        return found


class OrderSession:
    """One reading of one file of orders."""

    def __init__(self, actor: Actor, *, issue: bool) -> None:
        self._actor = actor
        self._issue = issue
        self._landlord_id = actor.own_id
        self._finder = UnitFinder(self._landlord_id)
        self._builder = OrderBuilder(self._landlord_id)

    def group(self, rows: Iterable[Row]) -> Iterable[list[Row]]:
        """Join rows of one number that follow each other."""
        waiting: list[Row] = []
        for row in rows:
            number = row.get("external_number")
            if waiting and number and number == waiting[0].get("external_number"):
                waiting.append(row)
                continue
            if waiting:
                yield waiting
            waiting = [row]
        if waiting:
            yield waiting

    def label(self, row: Row) -> tuple[str, str]:
        """Return the number and what it is about."""
        return label_of(row)

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge orders against those that exist."""
        found = self._finder.find([rows[0] for rows in things])
        living = services.current_occupants(
            self._landlord_id, [place.unit.pk for place in found if place.unit]
        )
        verdicts: list[Verdict] = []
        drafted: list[tuple[Row, Verdict, Plan]] = []
        for rows, place in zip(things, found, strict=True):
            head, rest = rows[0], rows[1:]
            clashes = [(row, clash(head, row)) for row in rest]
            verdicts += [refuse(row, fault) for row, fault in clashes if fault is not None]
            same = [row for row, fault in clashes if fault is None]
            built = self._builder.build([head, *same], place.unit, place.fault, living)
            if isinstance(built, Verdict):
                verdicts.append(built)
                continue
            verdict, plan = built
            drafted.append((head, verdict, plan))
        self._compare(drafted)
        return [*verdicts, *(verdict for _head, verdict, _plan in drafted)]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Draft what is new, rewrite what changed, send complete orders where that was asked."""
        self._keep_units(verdicts)
        new = [v for v in verdicts if v.outcome is Outcome.CREATED]
        orders = services.draft_orders(
            actor=self._actor,
            drafts=[v.plan.data for v in new],
            happened_at=[v.plan.asked_at for v in new],
        )
        noted = [
            _note(verdict, order.pk, order.version)
            for verdict, order in zip(new, orders, strict=True)
        ]
        noted += [self._rewrite(v) for v in verdicts if v.outcome is Outcome.CHANGED]
        if self._issue:
            for verdict, order in zip(new, orders, strict=True):
                if verdict.plan.complete:
                    self._send(verdict, order)
        return noted

    # --- inside -------------------------------------------------------------------------------

    def _keep_units(self, verdicts: Sequence[Verdict]) -> None:
        """Make the placeholders that orders are for, before they are written."""
        plans = [v.plan for v in verdicts if v.plan is not None]
        kept = self._finder.keep(plan.unit for plan in plans)
        for verdict in verdicts:
            if verdict.plan is not None:
                data = dataclasses.replace(
                    verdict.plan.data, unit_id=kept[verdict.plan.data.unit_id]
                )
                verdict.plan = dataclasses.replace(verdict.plan, data=data)

    def _compare(self, drafted: Sequence[tuple[Row, Verdict, Plan]]) -> None:
        """Decide created, changed, unchanged or skipped by what exists under the same number."""
        numbers = [verdict.key for _head, verdict, _plan in drafted]
        known = {
            order.external_number: order
            for order in Order.objects.filter(
                landlord_id=self._landlord_id, external_number__in=numbers
            )
        }
        former = _former(self._landlord_id, numbers)
        for head, verdict, plan in drafted:
            order = known.get(verdict.key)
            verdict.plan = plan
            if order is None:
                continue
            verdict.plan = None
            before = former.get(verdict.key)
            if before is not None and before.digest == verdict.digest:
                verdict.outcome, verdict.missing = Outcome.UNCHANGED, ()
            elif reason := _hands_off(order, before):
                verdict.outcome, verdict.reason, verdict.missing = Outcome.SKIPPED, reason, ()
                verdict.column = head.columns["external_number"]
                verdict.value = verdict.key
            else:
                verdict.outcome = Outcome.CHANGED
                verdict.changes = _changes(services.input_of(order), plan.data)
                verdict.plan = dataclasses.replace(plan, order_id=order.pk, version=order.version)

    def _rewrite(self, verdict: Verdict) -> ImportedRow:
        plan: Plan = verdict.plan
        assert plan.order_id is not None
        before = services.input_of(Order.objects.get(pk=plan.order_id))
        order = services.update_order(
            actor=self._actor, order_id=plan.order_id, version=plan.version, data=plan.data
        )
        row = _note(verdict, order.pk, order.version)
        row.before = _plain(before)
        return row

    def _send(self, verdict: Verdict, order: Order) -> None:
        """Send an order as its author would; what is refused stays a draft and says why."""
        try:
            with transaction.atomic():
                sent = services.issue_order(actor=self._actor, order_id=order.pk)
        except Refused as refused:
            verdict.note = f"brouillon gardé : {refused.message}"
            return
        verdict.issued = sent.state == OrderState.ISSUED
        verdict.note = "transmise" if verdict.issued else "à valider : au-dessus de votre plafond"


register(OrderKind())


def _former(landlord_id: UUID, numbers: Sequence[str]) -> dict[str, ImportedRow]:
    """Return for each number what the last import noted of it."""
    rows = ImportedRow.objects.filter(landlord_id=landlord_id, kind=NAME, key__in=numbers)
    return {row.key: row for row in rows.order_by("created_at", "id")}


def _hands_off(order: Order, before: ImportedRow | None) -> str:
    if before is None or before.subject_id != order.pk:
        return "commande saisie à la main : l’import n’y touche pas"
    if order.state != OrderState.DRAFT:
        return "la commande n’est plus un brouillon : l’import n’y touche plus"
    if order.version != before.version:
        return "brouillon modifié à la main depuis l’import : il reste tel quel"
    return ""


def _changes(before: OrderInput, after: OrderInput) -> tuple[str, ...]:
    found = []
    for field in dataclasses.fields(OrderInput):
        old, new = getattr(before, field.name), getattr(after, field.name)
        if old == new:
            continue
        label = str(LABELS.get(field.name, field.name))
        if field.name in ("contract_id", "unit_id", "lines", "trade_code", "access"):
            found.append(label)
        else:
            found.append(f"{label} : {cells.excerpt(old) or '–'} → {cells.excerpt(new) or '–'}")
    return tuple(found)


def _note(verdict: Verdict, order_id: UUID, version: int) -> ImportedRow:
    return ImportedRow(
        key=verdict.key,
        subject_id=order_id,
        line=verdict.line,
        outcome=verdict.outcome.value,
        digest=verdict.digest,
        version=version,
    )


def _plain(data: OrderInput) -> dict[str, Any]:
    """Return an order as typed, as JSON."""
    found = dataclasses.asdict(data)
    found["lines"] = [
        [None if value is None else str(value) for value in dataclasses.astuple(line)]
        for line in data.lines
    ]
    for name in ("unit_id", "contract_id", "target_date", "quote_cap"):
        found[name] = str(found[name]) if found[name] is not None else None
    found["access"] = list(data.access)
    clauses = found["clauses"]
    for name in ("company_id", "period_from", "period_to", "relet_on"):
        clauses[name] = str(clauses[name]) if clauses[name] is not None else None
    return found


def _typed(plain: Mapping[str, Any]) -> OrderInput:
    values = dict(plain)
    values["lines"] = tuple(_line(*line) for line in plain["lines"])
    values["unit_id"] = UUID(plain["unit_id"])
    values["contract_id"] = UUID(plain["contract_id"]) if plain["contract_id"] else None
    values["target_date"] = cells.day(plain["target_date"])
    values["access"] = tuple(plain["access"])
    # What was kept before these were said has neither.
    values["quote_cap"] = Decimal(plain["quote_cap"]) if plain.get("quote_cap") else None
    values["clauses"] = _clauses(plain.get("clauses") or {})
    return OrderInput(**values)


def _clauses(plain: Mapping[str, Any]) -> ClausesInput:
    values = dict(plain)
    values["company_id"] = UUID(plain["company_id"]) if plain.get("company_id") else None
    for name in ("period_from", "period_to", "relet_on"):
        values[name] = date.fromisoformat(plain[name]) if plain.get(name) else None
    return ClausesInput(**values)


def _line(
    item: str | None,
    quantity: str,
    label: str = "",
    unit: str = "",
    price: str | None = None,
    vat: str = "10.00",
    to_price: str = "False",  # what was kept before this was said has none
) -> LineInput:
    return LineInput(
        UUID(item) if item else None,
        Decimal(quantity),
        label,
        unit,
        Decimal(price) if price else None,
        Decimal(vat),
        to_price == "True",
    )


def _restore(actor: Actor, row: ImportedRow) -> str:
    """Give a draft its words before the import back; return why not."""
    order = Order.objects.select_for_update(of=("self",)).filter(pk=row.subject_id).first()
    if order is None:
        return "la commande n’existe plus"
    if order.state != OrderState.DRAFT:
        return "la commande n’est plus un brouillon"
    if order.version != row.version:
        return "modifiée depuis l’import"
    try:
        with transaction.atomic():
            again = services.update_order(
                actor=actor, order_id=order.pk, version=order.version, data=_typed(row.before)
            )
    except Refused as refused:
        return refused.message
    earlier = ImportedRow.objects.filter(
        landlord_id=row.landlord_id, kind=NAME, key=row.key, created_at__lt=row.created_at
    )
    last = earlier.order_by("-created_at").first()
    if last is not None:
        ImportedRow.objects.filter(pk=last.pk).update(version=again.version)
    return ""

"""Blocks as people read them, and the board that is the same for both sides."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Count, ExpressionWrapper, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from contractors import causes_book, policies
from contractors.causes import CauseBook, CauseCode
from contractors.models import IN_CIRCUIT, Block, BlockHow, BlockSide
from contractors.models.invoices import owed_by
from contractors.selectors.gestures import Gesture, gestures_of
from contractors.services.facts import proof_missing
from contractors.states import GRANTED
from contractors.wording import asked_of, missing_text
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.models import Department

OLDEST = 3
DESK = 20
AGES: tuple[tuple[int, int | None], ...] = ((0, 7), (8, 30), (31, 60), (61, None))
"""Whole days since a block was opened, from and to."""

_INVOICED = Q(invoice_id__isnull=False)
Group = dict[str, Any]


@dataclass(frozen=True)
class BlockCard:
    """A block in words. who: the service that holds it, never a person. mine: the reader's side;
    request: what is asked of him, "" where it is the other side's turn.

    withheld: it holds no sum back by itself (reserves): the payment goes on. in_circuit: it holds
    nothing at all, it says who has the invoice until it is paid. gesture: the button of whoever
    holds it. by: who of the reader's own house sees to it, "" for none and for the other side.
    can_take, can_pass: he may say that he does, or give it to another desk.
    """

    block: Block
    label: str
    request: str
    who: str
    mine: bool
    withheld: bool
    is_late: bool
    can_close: bool
    in_circuit: bool = False
    gesture: Gesture | None = None
    by: str = ""
    can_take: bool = False
    can_pass: bool = False


@dataclass(frozen=True)
class Slice:
    """A line of the board: how many blocks, and what they hold. query: of the list it leads to."""

    label: str
    count: int
    euros: Decimal
    query: str = ""


@dataclass(frozen=True)
class Board:
    """Blocked euros. blocked: each invoice once, whatever the number of its causes.

    foreseen: what would block if it were invoiced today. The slices count an invoice under each
    of its causes. desk: the oldest of the desk_count that the reader's own desk holds, what only
    waits for its circuit last. circuit: all such invoices, with what is owed of them.
    """

    blocked: Decimal
    invoices: int
    foreseen: Decimal
    orders: int
    by_cause: list[Slice]
    by_desk: list[Slice]
    by_other: list[Slice]
    by_age: list[Slice]
    oldest: list[BlockCard]
    desk: list[BlockCard]
    desk_count: int
    desk_name: str
    circuit: Slice


@dataclass(frozen=True)
class Held:
    """What a landlord holds of a company's invoices.

    mine: the oldest that the reader's own desk can lift; more: how many others it can.
    """

    blocked: Decimal
    invoices: int
    oldest: BlockCard
    mine: list[BlockCard]
    more: int = 0


def held_of(actor: Actor, contractor_id: UUID) -> Held | None:
    """Return what a landlord blocks of one company, None where it is nothing. Five queries.

    Only what the landlord itself has to lift: the company's own omissions are not its debt.
    """
    rows = _blocking(actor).filter(_INVOICED, contractor_id=contractor_id, side=BlockSide.LANDLORD)
    held = _held(rows)
    if not held["invoices"]:
        return None
    causes = causes_book.load()
    (oldest,) = cards(actor, _with_rows(rows)[:1], causes)
    own = _of_desk(actor, rows)
    mine = cards(actor, _with_rows(own)[:OLDEST], causes)
    more = own.count() - OLDEST if len(mine) == OLDEST else 0
    return Held(held["blocked"] or Decimal(0), held["invoices"], oldest, mine, more)


def board(actor: Actor) -> Board:
    """Return the board of an organisation: eight queries at most, whatever it holds."""
    causes = causes_book.load()
    rows = _blocking(actor)
    held = _held(rows)
    every = _groups(actor, rows)
    circuit = circuit_of(_open(actor))
    waiting = circuit_of(_of_desk(actor, _open(actor))) if circuit.count else circuit
    groups = [group for group in every if group["has_invoice"]]
    return Board(
        blocked=held["blocked"] or Decimal(0),
        invoices=held["invoices"],
        foreseen=held["foreseen"] or Decimal(0),
        orders=held["orders"],
        by_cause=_roll_up(groups, lambda group: _cause_key(group, causes)),
        by_desk=_roll_up(groups, lambda group: (_desk_of(group, actor), "")),
        by_other=_roll_up(groups, lambda group: (str(group["other"]), "")),
        by_age=_ages(rows),
        oldest=cards(actor, _with_rows(rows.filter(_INVOICED))[:OLDEST], causes),
        desk=cards(actor, _desk(actor, waiting.count), causes),
        desk_count=waiting.count
        + sum(group["count"] for group in every if _is_desks(actor, group)),
        desk_name=department_label(actor.department) if actor.side is Side.LANDLORD else "",
        circuit=circuit,
    )


def circuit_of(rows: QuerySet[Block], *, due_by: date | None = None) -> Slice:
    """Return the invoices that only wait for their landlord's circuit, with what is owed of them.

    rows: open blocks. due_by: only what is to be paid up to a day.
    """
    waiting = rows.filter(IN_CIRCUIT, _INVOICED).order_by()
    if due_by is not None:
        waiting = waiting.filter(invoice__due_on__lte=due_by)
    found = waiting.aggregate(count=Count("pk"), euros=Sum(owed_by("invoice__")))
    return Slice(
        label=_("Circuit interne"),
        count=found["count"],
        euros=found["euros"] or Decimal(0),
        query=str(CauseCode.INTERNAL_CIRCUIT),
    )


def to_treat(actor: Actor, *, due_by: date | None = None) -> Slice:
    """Return what waits for the circuit at the actor's own desk."""
    return circuit_of(_of_desk(actor, _open(actor)), due_by=due_by)


def held_by_desk(actor: Actor) -> dict[str, Any]:
    """Return how many invoices the actor's own desk holds, and for how much (count, euros)."""
    return _total(_of_desk(actor, _blocking(actor)))


def blocked_of_others(actor: Actor) -> dict[str, Any]:
    """Return how many invoices the other side holds, and for how much (count, euros)."""
    return _total(_blocking(actor).exclude(side=actor.side.value))


def cards(
    actor: Actor,
    rows: Iterable[Block],
    causes: CauseBook,
    *,
    acts: bool = True,
    here: bool = False,
) -> list[BlockCard]:
    """Return blocks in words, by what their causes said when they were opened.

    acts: with the button of whoever holds each; here: on the order's own page. Their organisations
    are loaded, and for buttons their orders and invoices.
    """
    found = list(rows)
    mine = [row for row in found if _lacks_proof(row) and row.side == actor.side]
    missing = proof_missing({row.order.pk: row.order for row in mine if row.order}.values())
    may = acts and policies.desk(actor)
    gestures = gestures_of(found, actor.side.value, here=here) if may else {}
    said = [
        replace(
            _card(actor, row, causes, missing.get(row.order_id, []) if row.order_id else []),
            gesture=gestures.get(row.pk),
            **(_holding(actor, row, causes) if acts else {}),
        )
        for row in found
    ]
    return [
        replace(card, can_close=False) if card.gesture and card.gesture.lifts else card
        for card in said
    ]


def holder_name(block: Block) -> str:
    """Return whose turn it is, as both sides may read it: an organisation and its service."""
    if block.side == BlockSide.CONTRACTOR:
        return block.contractor.name if block.contractor else _("Entreprise")
    department = department_label(block.department)
    return f"{block.landlord.name} · {department}" if department else block.landlord.name


def department_label(code: str) -> str:
    """Return a service's name; "" for none."""
    return str(dict(Department.choices).get(code, code)) if code else ""


def label_of(causes: CauseBook, code: str) -> str:
    """Return what a cause is called today; its code where no row says."""
    rule = causes.on(code, clock.today())
    return rule.label if rule else code


def open_of_order(landlord_id: UUID, order_id: UUID) -> QuerySet[Block]:
    """Return what is open on an order, the oldest first."""
    rows = Block.objects.filter(landlord_id=landlord_id, order_id=order_id)
    return _with_rows(rows.filter(closed_at__isnull=True))


# --- inside -----------------------------------------------------------------------------------


def _lacks_proof(block: Block) -> bool:
    return block.cause == CauseCode.PHOTOS_OR_REPORT


def _card(actor: Actor, block: Block, causes: CauseBook, missing: list[str]) -> BlockCard:
    rule = causes.on(block.cause, clock.day_of(block.opened_at))
    mine = block.side == actor.side
    in_circuit = _is_circuit(block)
    return BlockCard(
        block=block,
        label=rule.label if rule else block.cause,
        request=_request(block, rule.request if rule else "", missing) if mine else "",
        who=holder_name(block),
        mine=mine,
        withheld=not block.amount and block.opened_how == BlockHow.FACT and not in_circuit,
        is_late=block.due_at is not None and block.due_at < clock.now(),
        can_close=policies.why_not_close(actor, block) is None,
        in_circuit=in_circuit,
    )


def _holding(actor: Actor, block: Block, causes: CauseBook) -> dict[str, Any]:
    """Return who sees to a block, for his own house, and what may be said of that."""
    rule = causes.on(block.cause, clock.today())
    held = getattr(block, "holder", None) if actor.side is Side.LANDLORD else None
    if held is not None and (block.side != actor.side or held.taken_at < block.held_since):
        held = None
    is_his = held is not None and held.user_id == actor.user_id
    return {
        "by": held.user.get_full_name() if held is not None else "",
        "can_take": policies.can_take(actor, block) and not is_his,
        "can_pass": policies.why_not_pass(actor, block, rule) is None,
    }


def _is_circuit(block: Block) -> bool:
    return block.cause == CauseCode.INTERNAL_CIRCUIT and not block.amount


def _request(block: Block, usual: str, missing: list[str]) -> str:
    if missing and _lacks_proof(block):
        return missing_text(missing)
    is_granted = block.invoice is not None and block.invoice.state in GRANTED
    return asked_of(block.cause, block.side, usual, is_granted=is_granted)


def _open(actor: Actor) -> QuerySet[Block]:
    key = "landlord_id" if actor.side is Side.LANDLORD else "contractor_id"
    return Block.objects.filter(**{key: actor.own_id}, closed_at__isnull=True)


def _blocking(actor: Actor) -> QuerySet[Block]:
    """Keep what holds, or would hold, an invoice: not what only says who has it."""
    return _open(actor).exclude(IN_CIRCUIT)


def _desk(actor: Actor, waiting: int) -> list[Block]:
    """Return the oldest that the actor's desk holds, then what waits for its circuit."""
    found = list(_with_rows(_of_desk(actor, _blocking(actor)))[:DESK])
    if waiting and len(found) < DESK:
        more = _with_rows(_of_desk(actor, _open(actor)).filter(IN_CIRCUIT))
        found += more[: DESK - len(found)]
    return found


def _with_rows(rows: QuerySet[Block]) -> QuerySet[Block]:
    parties = ("landlord", "contractor", "holder__user")
    return rows.select_related(*parties, "order__contract", "invoice").order_by("opened_at", "id")


def _of_desk(actor: Actor, rows: QuerySet[Block]) -> QuerySet[Block]:
    """Keep what the actor's own desk holds: his service at a landlord, all of it elsewhere."""
    mine = rows.filter(side=actor.side.value)
    if actor.side is Side.LANDLORD and actor.department:
        mine = mine.filter(department=actor.department)
    return mine


def _is_desks(actor: Actor, group: Group) -> bool:
    """Tell the same of a group."""
    service = actor.department if actor.side is Side.LANDLORD else ""
    return group["side"] == actor.side.value and (not service or group["department"] == service)


def _groups(actor: Actor, rows: QuerySet[Block]) -> list[Group]:
    other = "contractor__name" if actor.side is Side.LANDLORD else "landlord__name"
    found = (
        rows.order_by()
        .annotate(has_invoice=ExpressionWrapper(_INVOICED, output_field=BooleanField()))
        .values("cause", "side", "department", "has_invoice", other)
        .annotate(count=Count("pk"), euros=Sum("amount"))
    )
    return [{**group, "other": group[other]} for group in found]


def _cause_key(group: Group, causes: CauseBook) -> tuple[str, str]:
    code = group["cause"]
    return f"{code} · {label_of(causes, code)}", code


def _desk_of(group: Group, actor: Actor) -> str:
    if group["side"] == BlockSide.CONTRACTOR:
        return _("Entreprises") if actor.side is Side.LANDLORD else _("Votre entreprise")
    name = department_label(group["department"]) or _("Service non précisé")
    return name if actor.side is Side.LANDLORD else _("Bailleur · %s") % name


def _roll_up(groups: list[Group], key: Callable[[Group], tuple[str, str]]) -> list[Slice]:
    """Add up groups by a label, the largest sum first."""
    found: dict[tuple[str, str], tuple[int, Decimal]] = {}
    for group in groups:
        count, euros = found.get(key(group), (0, Decimal(0)))
        found[key(group)] = (count + group["count"], euros + group["euros"])
    slices = [
        Slice(label=label, count=count, euros=euros, query=query)
        for (label, query), (count, euros) in found.items()
    ]
    return sorted(slices, key=lambda one: (-one.euros, one.label))


def _held(rows: QuerySet[Block]) -> Group:
    """Return what is held: an invoice or an order counts once, by its largest block."""
    return (
        rows.order_by()
        .values("order_id", "invoice_id")
        .annotate(held=Max("amount"))
        .aggregate(
            blocked=Sum("held", filter=_INVOICED),
            invoices=Count("held", filter=_INVOICED),
            foreseen=Sum("held", filter=Q(invoice_id__isnull=True)),
            orders=Count("held", filter=Q(invoice_id__isnull=True)),
        )
    )


def _total(rows: QuerySet[Block]) -> dict[str, Any]:
    held = _held(rows)
    return {"count": held["invoices"], "euros": held["blocked"] or Decimal(0)}


def _ages(rows: QuerySet[Block]) -> list[Slice]:
    now = clock.now()
    sums: dict[str, Any] = {}
    for first, last in AGES:
        kept = _INVOICED
        if first:
            kept &= Q(opened_at__lte=now - timedelta(days=first))
        if last is not None:
            kept &= Q(opened_at__gt=now - timedelta(days=last + 1))
        sums[f"count_{first}"] = Count("pk", filter=kept)
        sums[f"euros_{first}"] = Sum("amount", filter=kept)
    found = rows.aggregate(**sums)
    return [
        Slice(
            label=_age_label(first, last),
            count=found[f"count_{first}"],
            euros=found[f"euros_{first}"] or Decimal(0),
        )
        for first, last in AGES
    ]


def _age_label(first: int, last: int | None) -> str:
    if last is None:
        return _("Plus de %d jours") % (first - 1)
    return _("%(first)d à %(last)d jours") % {"first": first, "last": last}

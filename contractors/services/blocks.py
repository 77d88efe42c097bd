"""Writes of blocks: opened and closed by facts, or by hand with a reason.

Facts are looked at again whenever one changes; twice the same changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from contractors import alert_days, causes_book, events, policies
from contractors.alert_days import AlertDays
from contractors.blocking import CONTRACTOR, LANDLORD, Finding, findings
from contractors.causes import CauseCode, CauseRule, Holder
from contractors.ladder import last_steps, next_step
from contractors.models import Block, BlockHow, Invoice
from contractors.services.changes import Changes
from contractors.services.circuit import CAUSE as CIRCUIT
from contractors.services.circuit import (
    end_circuit,
    held_in_circuit,
    is_circuit,
    is_silent,
    late_from,
    row_of_circuit,
)
from contractors.services.due_dates import Clocks, date_anew
from contractors.services.excess import Excess
from contractors.services.known import Known, is_asked, looked_at
from contractors.services.moves import lock_invoice, required
from contractors.states import ENDED, InvoiceState
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.ids import new_id
from nexxio.core.models import Department
from nexxio.core.outbox import record
from orders.models import Order
from orders.services.moves import lock_order

AT_ONCE = 50
"""Orders that are read at once by a look at many."""
Held = tuple[Block, Invoice | None]
"""A block that stands, and the invoice that it holds, as it is looked at."""


@transaction.atomic
def look_at_order(*, actor: Actor, order_id: UUID, days: AlertDays | None = None) -> list[Block]:
    """Open what blocks the order's invoice now, close what no longer does; return what is open.

    Idempotent. Locks the order. An invoice that isn't filed yet is none: its landlord doesn't see
    it, and reads what would block. Where several are open each has blocks of its own. What approved
    or paid invoices ask too much stands by itself until a credit note takes it back. days: of a
    run over many orders; read where there is none.
    """
    order = lock_order(order_id)
    if order.contractor_id is None:
        return []
    known = Known.of([order], days or alert_days.load(), locked=True)
    changes = Changes()
    held = _look(order, known, changes)
    changes.write(actor)
    return held


def look_at_orders(
    *, actor: Actor, order_ids: Sequence[UUID], days: AlertDays | None = None
) -> list[UUID]:
    """Look at many orders at once; return those where something has changed.

    They are read without a lock, fifty in some forty queries; only one whose result differs is
    locked, looked at again and written, in a transaction of its own. What somebody changes
    meanwhile is an event, after which its order is looked at anyway.
    """
    days = days or alert_days.load()
    differing = []
    for first in range(0, len(order_ids), AT_ONCE):
        some = Order.objects.filter(pk__in=order_ids[first : first + AT_ONCE])
        orders = list(some.filter(contractor_id__isnull=False).order_by("pk"))
        known = Known.of(orders, days)
        for order in orders:
            if _differs(order, known):
                look_at_order(actor=actor, order_id=order.pk, days=days)
                differing.append(order.pk)
    return differing


@transaction.atomic
def look_at_apart(*, actor: Actor, invoice_id: UUID, days: AlertDays | None = None) -> list[Block]:
    """Say who has an invoice that no order asked for, until it is paid; return what is open.

    What holds it is said by people; without that it is in the landlord's circuit like any other.
    Idempotent. Locks the invoice. Nothing of one that has an order.
    """
    days = days or alert_days.load()
    invoice = lock_invoice(invoice_id)
    if invoice.order_id is not None or invoice.is_credit:
        return []
    clocks, changes = Clocks.of([invoice]), Changes()
    if policies.is_open(invoice) and date_anew(invoice, clocks):
        changes.saves(invoice, "due_on")
    bills = [] if invoice.state in ENDED else [invoice]
    rows = open_on(invoice)
    held: list[Held] = [(row, invoice) for row in rows if not is_circuit(row)]
    held += _in_circuit(bills, [row for row in rows if is_circuit(row)], held, clocks, changes)
    for row, _invoice in held:
        _plan(row, invoice, days, changes)
    changes.write(actor)
    return [row for row, _invoice in held]


@transaction.atomic
def remind_block(*, block_id: UUID, days: AlertDays | None = None) -> Block | None:
    """Tell again who holds a block, at the level that its age or the due date asks for.

    Facts are looked at first: one that has passed closes it instead. Runs as the system; locks the
    order. None when somebody was faster, or nobody is left to be told. days: of the run.
    """
    days = days or alert_days.load()
    found = Block.objects.get(pk=block_id)
    actor = replace(SYSTEM, organisation_id=found.landlord_id)
    if found.order_id is not None:
        look_at_order(actor=actor, order_id=found.order_id, days=days)
    elif found.invoice_id is not None:
        look_at_apart(actor=actor, invoice_id=found.invoice_id, days=days)
    block = Block.objects.select_for_update(of=("self",)).select_related("invoice").get(pk=block_id)
    now = clock.now()
    if block.closed_at is not None or block.remind_at is None or block.remind_at > now:
        return None
    due_on = block.invoice.due_on if block.invoice is not None else None
    ladder = days.ladder(clock.day_of(block.held_since))
    told = last_steps(block.held_since, due_on, ladder, now=now) if block.invoice else []
    plan(block, block.invoice, days, after=now)
    for step in told:
        event = events.BlockLate(
            cause=block.cause, side=block.side, level=step.level.value, days=step.days
        )
        _record(event, block, actor)
    return block if told else None


@transaction.atomic
def open_block_by_hand(
    *, actor: Actor, invoice_id: UUID, cause: str, note: str, amount: Decimal | None = None
) -> Block:
    """Say what holds an invoice, with a reason that the other side reads.

    amount: euros including VAT that it holds; None is all that isn't admitted. Locks order and
    invoice. Raises Invalid for an unknown cause or sum, without a reason, and when it is open.
    """
    reason = required(note, "Dites ce qui bloque.")
    rule = rule_of(cause)
    invoice = lock_invoice(invoice_id)
    if not policies.can_open_block(actor, invoice):
        raise Refused("Aucun blocage ne peut être ouvert sur cette facture.", code="state")
    return hold(invoice, rule, reason, actor, amount=amount)


@transaction.atomic
def close_block_by_hand(*, actor: Actor, block_id: UUID, note: str) -> Block:
    """Lift a block, with a reason that the other side reads. Locks its order and the block.

    Raises Refused where only a fact, or only the other side, can lift it.
    """
    reason = required(note, "Dites pourquoi il est levé.")
    found = Block.objects.get(pk=block_id)
    if found.order_id is not None:
        lock_order(found.order_id)
    block = Block.objects.select_for_update(of=("self",)).get(pk=block_id)
    refusal = policies.why_not_close(actor, block)
    if refusal is not None:
        raise refusal
    block.closed_by_id = actor.user_id
    block.close_note = reason
    _close(block, BlockHow.HAND, actor)
    return block


# --- Parts of other services ------------------------------------------------------------------


def rule_of(cause: str) -> CauseRule:
    """Return what holds of a cause today; Invalid for one that nobody knows."""
    rule = causes_book.cause_on(cause, clock.today())
    if rule is None:
        raise Invalid({"cause": ["Choisissez une cause."]})
    return rule


def hold(
    invoice: Invoice, rule: CauseRule, note: str, actor: Actor, *, amount: Decimal | None = None
) -> Block:
    """Open a block by hand on a locked invoice, at the desk that the cause's rule names."""
    most = invoice.contested
    held = most if amount is None else amount
    if not 0 <= held <= most:
        raise Invalid({"amount": ["Le montant va de zéro à ce que la facture laisse à payer."]})
    side, department = holder_of(rule, invoice.department)
    block = Block(
        landlord_id=invoice.landlord_id,
        contractor_id=invoice.contractor_id,
        order_id=invoice.order_id,
        invoice=invoice,
        cause=rule.code,
        amount=held,
        side=side,
        department=department,
        opened_at=clock.now(),
        opened_how=BlockHow.HAND,
        opened_side=actor.side,
        opened_by_id=actor.user_id,
        open_note=note,
    )
    if held or rule.code == CIRCUIT:
        end_circuit(invoice)
    with explained():
        block.save(force_insert=True)
    plan(block, invoice, alert_days.load())
    _record(events.BlockOpened(cause=block.cause, side=side), block, actor)
    return block


def open_on(invoice: Invoice) -> list[Block]:
    """Return what is open on an invoice, the oldest first."""
    return list(
        Block.objects.filter(
            landlord_id=invoice.landlord_id, invoice_id=invoice.pk, closed_at__isnull=True
        ).order_by("opened_at", "id")
    )


def shrink(invoice: Invoice) -> None:
    """Let no block hold more than is contested: what is admitted or taken back isn't.

    The circuit holds what is to be paid, admitted or not; it is looked at after the act.
    """
    for block in open_on(invoice):
        if block.amount > invoice.contested and not is_circuit(block):
            block.amount = invoice.contested
            block.save(update_fields=["amount"])


def end_all(invoice: Invoice, actor: Actor) -> None:
    """Close all that is open on an invoice that is settled."""
    for block in open_on(invoice):
        close_by_fact(block, actor)


def end_said(invoice: Invoice, actor: Actor) -> None:
    """Close what people said of an invoice that is given up: facts stay, with their age."""
    for block in open_on(invoice):
        if block.opened_how == BlockHow.HAND:
            close_by_fact(block, actor)


def close_by_fact(block: Block, actor: Actor) -> None:
    """Close a block because what it was about is gone."""
    _close(block, BlockHow.FACT, actor)


def holder_of(rule: CauseRule, ordered_by: str) -> tuple[str, str]:
    """Return (side, landlord's department) of a cause; what is to judge starts with the contracts.

    ordered_by: the department that ordered.
    """
    if rule.holder == Holder.CONTRACTOR:
        return str(Holder.CONTRACTOR), ""
    default = Department.MARCHES if rule.holder == Holder.TO_JUDGE else ordered_by
    return str(Holder.LANDLORD), rule.department or str(default)


def judged(rule: CauseRule) -> CauseRule:
    """Return a cause once the landlord has said what it admits: the company credits, or answers."""
    return replace(rule, holder=Holder.CONTRACTOR) if rule.holder == Holder.TO_JUDGE else rule


def plan(
    block: Block, invoice: Invoice | None, days: AlertDays, *, after: datetime | None = None
) -> None:
    """Keep when the clock looks next; what is due already stays due."""
    wanted = _next_look(block, invoice, days, after)
    if block.remind_at != wanted:
        block.remind_at = wanted
        block.save(update_fields=["remind_at"])


# --- inside -----------------------------------------------------------------------------------


def _next_look(
    block: Block, invoice: Invoice | None, days: AlertDays, after: datetime | None
) -> datetime | None:
    if after is None:
        after = min(clock.now(), block.remind_at or clock.now()) - timedelta(microseconds=1)
    due_on = invoice.due_on if invoice is not None else None
    ladder = days.ladder(clock.day_of(block.held_since))
    step = next_step(block.held_since, due_on, ladder, after=after)
    wanted = step.at if step else None
    late = late_from(invoice) if invoice is not None and is_silent(block) else None
    if late is not None and (wanted is None or late < wanted):
        wanted = late  # another row begins then
    return wanted


def _plan(block: Block, invoice: Invoice | None, days: AlertDays, changes: Changes) -> None:
    wanted = _next_look(block, invoice, days, None)
    if block.remind_at != wanted:
        block.remind_at = wanted
        changes.saves(block, "remind_at")


def _differs(order: Order, known: Known) -> bool:
    """Tell whether a look would change anything of an order. Nothing is written."""
    changes = Changes()
    _look(order, known, changes)
    return bool(changes)


def _look(order: Order, known: Known, changes: Changes) -> list[Block]:
    """Bring the blocks of an order up to date, in memory; return what is open then. Reads nothing
    that isn't known.
    """
    every = known.rows[order.pk]
    open_rows = [row for row in every if not is_circuit(row)]
    _forget_given_up(open_rows, changes)
    free = [row for row in open_rows if row.closed_at is None]
    excess = known.excess.get(order.pk, Excess())
    held: list[Held] = []
    if excess.settled:
        wanted = _too_much(excess.settled)
        rows = {
            (row.cause, row.side): row
            for row in free
            if row.invoice_id is None and (row.cause, row.side) in wanted
        }
        free = [row for row in free if row not in rows.values()]
        found = _bring_up(order, None, wanted, rows, known, changes)
        held += [(row, None) for row in found]
    bills = known.bills[order.pk]
    for invoice in looked_at(bills):
        wanted = _wanted(order, invoice, known)
        if invoice is not None and invoice.pk in excess.of:
            wanted |= _too_much(excess.of[invoice.pk])
        rows = _take(free, invoice)
        found = _bring_up(order, invoice, wanted, rows, known, changes)
        held += [(row, invoice) for row in found]
        if invoice is not None and is_asked(invoice) and date_anew(invoice, known.clocks):
            changes.saves(invoice, "due_on")
    for row in free:  # of an invoice that nothing holds any more
        if row.opened_how == BlockHow.FACT:
            changes.closes(row, BlockHow.FACT)
        else:
            held.append((row, row.invoice))
    circuits = [row for row in every if is_circuit(row)]
    held += _in_circuit(bills, circuits, held, known.clocks, changes)
    for row, invoice in held:
        _plan(row, invoice, known.days, changes)
    return [row for row, _invoice in held]


def _in_circuit(
    bills: list[Invoice],
    rows: list[Block],
    held: list[Held],
    clocks: Clocks,
    changes: Changes,
) -> list[Held]:
    """Say of each invoice that nothing else holds who has it (B20); return the rows that stand."""
    there = {row.invoice_id: row for row in rows}
    found: list[Held] = []
    for invoice in bills:
        others = [row for row, of in held if of is not None and of.pk == invoice.pk]
        amount = held_in_circuit(invoice, others, paid=clocks.paid(invoice))
        row = _keep_circuit(there.pop(invoice.pk, None), amount, changes)
        if row is None and amount is not None:
            row = row_of_circuit(invoice, amount, clocks.causes.on(CIRCUIT, clock.today()))
            changes.opens(row)
            if amount:
                changes.tells(events.BlockOpened(cause=row.cause, side=row.side), row)
        if row is not None:
            found.append((row, invoice))
    for row in there.values():  # of an invoice that is given up or paid
        changes.closes(row, BlockHow.FACT)
    return found


def _keep_circuit(row: Block | None, amount: Decimal | None, changes: Changes) -> Block | None:
    """Let the row of an invoice stand, or close it: another one begins when it comes to be late."""
    if row is None:
        return None
    if amount is None or bool(row.amount) != bool(amount):
        changes.closes(row, BlockHow.FACT)
        return None
    if row.amount != amount:
        row.amount = amount
        changes.saves(row, "amount")
    return row


def _too_much(amount: Decimal) -> dict[tuple[str, str], Finding]:
    """B10: the company takes back by a credit note what is above what the order comes to."""
    finding = Finding(cause=CauseCode.TOTAL, side=CONTRACTOR, amount=amount, is_exact=True)
    return {finding.key: finding}


def _take(free: list[Block], invoice: Invoice | None) -> dict[tuple[str, str], Block]:
    """Take out of `free` what is an invoice's: its own blocks first, then those foreseen."""
    found: dict[tuple[str, str], Block] = {}
    own = invoice.pk if invoice is not None else None
    for key in (own, None):
        for row in [row for row in free if row.invoice_id == key]:
            if (row.cause, row.side) not in found:
                found[row.cause, row.side] = row
                free.remove(row)
    return found


def _bring_up(
    order: Order,
    invoice: Invoice | None,
    wanted: Mapping[tuple[str, str], Finding],
    there: dict[tuple[str, str], Block],
    known: Known,
    changes: Changes,
) -> list[Block]:
    """Open, follow and close the blocks of one invoice; return those that are open."""
    waived = known.waived_of(order, invoice)
    wanted = _as_passed(wanted, there.values())
    for key, finding in wanted.items():
        if key in there:
            _follow(there[key], finding, invoice, changes)
        elif finding.cause not in waived:
            there[key] = _open_by_fact(order, invoice, finding, known, changes)
    for key, row in list(there.items()):
        if row.opened_how == BlockHow.FACT and key not in wanted:
            changes.closes(row, BlockHow.FACT)
            del there[key]
    return list(there.values())


def _as_passed(
    wanted: Mapping[tuple[str, str], Finding], rows: Iterable[Block]
) -> dict[tuple[str, str], Finding]:
    """Leave each finding where people passed it; what a landlord has judged since is answered."""
    passed = {row.cause: row for row in rows if row.passed_at is not None}
    found = {}
    for (cause, side), finding in wanted.items():
        row = passed.get(cause)
        answered = row is not None and side == CONTRACTOR and row.passed_side == LANDLORD
        kept = side if row is None or answered else row.side
        found[cause, kept] = finding
    return found


def _wanted(order: Order, invoice: Invoice | None, known: Known) -> dict[tuple[str, str], Finding]:
    if not is_asked(invoice):
        return {}
    facts = known.facts[order.pk]
    unfiled = (bill for bill in known.bills[order.pk] if bill.filed_at is None)
    later = next(unfiled, None) if invoice is None else None
    judged = invoice or later
    goes_on = judged is not None and policies.is_in_progress(judged) and not facts.finished
    own = later is not None and (later.rank > 1 or goes_on)
    facts = replace(
        facts,
        total=later.net if later is not None and own else facts.total,
        invoiced=invoice is not None,
        in_progress=goes_on if invoice is None else policies.is_in_progress(invoice),
    )
    facts_say = findings(facts, clock.now(), sign_off_wait=known.days.sign_off_wait())
    found = (*facts_say, *_compared(order, invoice, known))
    return {finding.key: finding for finding in found}


def _compared(order: Order, invoice: Invoice | None, known: Known) -> list[Finding]:
    """Return what isn't as ordered and certified, of an invoice that came as a file."""
    compared = known.compared.get(invoice.pk) if invoice is not None else None
    if invoice is None or compared is None:
        return []
    found = []
    for cause in sorted({each.cause for each in compared.differences}):
        rule = known.clocks.causes.on(cause, clock.today())
        if rule is not None:
            said = invoice.admitted is not None and invoice.state != InvoiceState.DISPUTED
            side, _service = holder_of(judged(rule) if said else rule, order.department)
            if cause == CauseCode.COMMITMENT:  # it had the number, and left it out
                side = CONTRACTOR
            amount = compared.amount_of(cause, invoice.net)
            found.append(Finding(cause=cause, side=side, amount=amount, is_exact=True))
    return found


def _forget_given_up(rows: list[Block], changes: Changes) -> None:
    """End what held an invoice that was given up; facts go on, foreseen, with their age."""
    for row in [row for row in rows if row.invoice and row.invoice.state in ENDED]:
        foreseen = {(one.cause, one.side) for one in rows if one.invoice_id is None}
        goes_on = row.opened_how == BlockHow.FACT and (row.cause, row.side) not in foreseen
        if goes_on:
            again = copy(row)
            again.pk, again.created_at, again.invoice = new_id(), clock.now(), None
            changes.opens(again)
            rows.append(again)
        changes.closes(row, BlockHow.FACT, is_told=not goes_on)


def _amount(finding: Finding, invoice: Invoice | None) -> Decimal:
    if invoice is None or not finding.amount:
        return finding.amount
    return min(finding.amount, invoice.contested) if finding.is_exact else invoice.contested


def _open_by_fact(
    order: Order, invoice: Invoice | None, finding: Finding, known: Known, changes: Changes
) -> Block:
    block = Block(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        order=order,
        invoice=invoice,
        cause=finding.cause,
        amount=_amount(finding, invoice),
        side=finding.side,
        department=_department(order, finding, known),
        opened_at=clock.now(),
        due_at=finding.due_at,
    )
    changes.opens(block)
    kind = events.BlockForeseen if invoice is None else events.BlockOpened
    changes.tells(kind(cause=block.cause, side=block.side), block)
    return block


def _department(order: Order, finding: Finding, known: Known) -> str:
    if finding.side != LANDLORD:
        return ""
    rule = known.clocks.causes.on(finding.cause, clock.today())
    return (rule.department if rule else "") or order.department


def _follow(block: Block, finding: Finding, invoice: Invoice | None, changes: Changes) -> None:
    """Bring what is open up to date: its invoice is there now, its amount or time has changed."""
    if block.opened_how == BlockHow.HAND:
        return
    before = (block.invoice_id, block.amount, block.due_at)
    begins = block.invoice_id is None and invoice is not None
    block.invoice = invoice
    block.amount = _amount(finding, invoice)
    block.due_at = finding.due_at
    if before == (block.invoice_id, block.amount, block.due_at):
        return
    changes.saves(block, "invoice", "amount", "due_at")
    if begins:
        changes.tells(events.BlockOpened(cause=block.cause, side=block.side), block)


def _close(block: Block, how: BlockHow, actor: Actor) -> None:
    changes = Changes()
    changes.closes(block, how)
    changes.write(actor)


def _record(event: EventType, block: Block, actor: Actor) -> None:
    record(event, actor=actor, subject=block, subject_type="block", order_id=block.order_id)

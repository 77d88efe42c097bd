"""What the landlord says of an invoice, and what the contractor answers.

Before a suspension, a refusal or a dispute the page shows what the law does with it
(contractors.legality); it warns and records, it forbids nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import IO
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from contractors import events, policies
from contractors.causes import CauseRule
from contractors.legality import Act
from contractors.models import Block, BlockHow, Invoice, Suspension
from contractors.services.blocks import (
    close_by_fact,
    end_said,
    hold,
    holder_of,
    judged,
    open_on,
    rule_of,
    shrink,
)
from contractors.services.cautions import codes_of
from contractors.services.circuit import is_circuit
from contractors.services.deductions import deduct
from contractors.services.due_dates import keep_due_date
from contractors.services.moves import NOTE, lock_invoice, move_invoice, record_of, required
from contractors.states import SAID_PAID, InvoiceState
from nexxio.core import attachments, clock, files
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Invalid, Refused
from nexxio.core.templatetags.ui import money_text
from orders.services.moves import lock_order

MAX_PIECES = 20
_SAY = "Dites à l’entreprise ce qui ne va pas."


@transaction.atomic
def take_charge(*, actor: Actor, invoice_id: UUID) -> Invoice:
    """Say that the landlord looks after an invoice. Locks order and invoice."""
    invoice = lock_invoice(invoice_id)
    event = events.InvoiceTaken(number=invoice.number)
    return move_invoice("take_charge", invoice, actor, event=event)


@transaction.atomic
def approve(*, actor: Actor, invoice_id: UUID) -> Invoice:
    """Accept all of it; retention and advance are deducted now. Locks order and invoice.

    Of an invoice that was admitted in part, paid or not, the rest; a suspension ends with it.
    Raises Refused over the actor's limit, and while a block holds money back (and names it).
    """
    invoice = lock_invoice(invoice_id)
    was_suspended, own_cause = invoice.state == InvoiceState.SUSPENDED, _own_cause(invoice)
    moved = move_invoice(
        "approve",
        invoice,
        actor,
        event=events.InvoiceApproved(number=invoice.number),
        policy=_may_approve,
        changes={
            "admitted": invoice.net,
            "cause": "",
            "answer_note": "",
            "owed_first": _owed_first(invoice),
        },
    )
    if was_suspended:
        _end_suspension(moved, actor)
    deduct(moved)
    _let_go(moved, own_cause, actor)
    return moved


@transaction.atomic
def approve_in_part(
    *, actor: Actor, invoice_id: UUID, admitted: Decimal, cause: str, note: str
) -> Invoice:
    """Admit a sum, VAT included, which is due in time; the rest is blocked by a cause.

    What was to be judged is judged: the company credits the rest, or answers. A suspension ends
    with it. Locks order and invoice. Raises Invalid for a sum that isn't a part of the total, or
    less than was admitted before.
    """
    reason = required(note, _SAY)
    rule = rule_of(cause)
    invoice = lock_invoice(invoice_id)
    if not 0 < admitted < invoice.net:
        raise Invalid({"admitted": ["Le montant admis est une partie du total de la facture."]})
    if invoice.admitted is not None and admitted < invoice.admitted:
        text = f"{money_text(invoice.admitted)} sont déjà admis : cette somme reste due."
        raise Invalid({"admitted": [text]})
    was_suspended = invoice.state == InvoiceState.SUSPENDED
    first = _owed_first(invoice) if invoice.admitted != admitted else invoice.owed_first
    moved = move_invoice(
        "approve_in_part",
        invoice,
        actor,
        event=events.InvoicePartlyApproved(number=invoice.number, cause=rule.code),
        policy=lambda who, row: (
            policies.desk_only(who, row) or policies.over_limit(who, row, admitted)
        ),
        changes={
            "admitted": admitted,
            "cause": rule.code,
            "answer_note": reason,
            "owed_first": first,
        },
    )
    if was_suspended:
        _end_suspension(moved, actor)
    deduct(moved)
    shrink(moved)
    _hold_once(moved, judged(rule), reason, actor)
    return moved


@transaction.atomic
def dispute(*, actor: Actor, invoice_id: UUID, cause: str, note: str) -> Invoice:
    """Contest an invoice: it is blocked, and the legal delay runs on. Locks order and invoice."""
    reason = required(note, _SAY)
    rule = rule_of(cause)
    invoice = lock_invoice(invoice_id)
    moved = move_invoice(
        "dispute",
        invoice,
        actor,
        event=events.InvoiceDisputed(
            number=invoice.number,
            cause=rule.code,
            cautions=codes_of(invoice, Act.DISPUTE, rule),
        ),
        changes={"cause": rule.code, "answer_note": reason},
    )
    _hold_once(moved, rule, reason, actor)
    return moved


@transaction.atomic
def suspend(
    *, actor: Actor, invoice_id: UUID, cause: str, note: str, pieces: Sequence[str]
) -> Suspension:
    """Ask for what is missing, on a certain day, with the list of pieces.

    Locks order and invoice. Raises Invalid without a reason or a piece.
    """
    reason = required(note, _SAY)
    wanted = [piece.strip()[:120] for piece in pieces if piece.strip()][:MAX_PIECES]
    if not wanted:
        raise Invalid({"pieces": ["Listez les pièces demandées, une par ligne."]})
    rule = rule_of(cause)
    invoice = lock_invoice(invoice_id)
    last = Suspension.objects.filter(
        landlord_id=invoice.landlord_id, invoice_id=invoice.pk
    ).aggregate(last=Max("number"))["last"]
    number = (last or 0) + 1
    moved = move_invoice(
        "suspend",
        invoice,
        actor,
        event=events.InvoiceSuspended(
            number=invoice.number,
            cause=rule.code,
            times=number,
            cautions=codes_of(invoice, Act.SUSPEND, rule),
        ),
        changes={"cause": rule.code, "answer_note": reason},
    )
    assert moved.contractor_id is not None
    suspension = Suspension(
        landlord_id=moved.landlord_id,
        contractor_id=moved.contractor_id,
        invoice=moved,
        number=number,
        cause=rule.code,
        note=reason,
        pieces=wanted,
        notified_at=clock.now(),
    )
    with explained():
        suspension.save(force_insert=True)
    keep_due_date(moved)
    _hold_once(moved, rule, reason, actor)
    return suspension


def complete(
    *, actor: Actor, invoice_id: UUID, answer: str, upload: IO[bytes] | None = None
) -> Invoice:
    """Say that what was asked for is there: the suspension ends. Locks order and invoice.

    upload: the piece itself, a photo or a PDF, which both sides read. Raises Invalid for another
    kind of file.
    """
    text = required(answer, "Dites ce que vous avez fourni.", field="answer")
    clean = attachments.clean_all([upload], field="file")[0] if upload is not None else None
    with transaction.atomic():
        invoice = lock_invoice(invoice_id)
        moved = _completed(invoice, actor)
        _end_suspension(moved, actor, answer=text, clean=clean)
    return moved


@transaction.atomic
def complete_by_fact(*, actor: Actor, order_id: UUID, cause: str, at: datetime) -> list[Invoice]:
    """End the suspensions for a cause that nothing of the order holds any more: the piece came.

    The new delay starts when the pieces arrive, not when somebody says so. As the system;
    idempotent. Locks order and invoices.
    """
    order = lock_order(order_id)
    rows = Suspension.objects.filter(
        landlord_id=order.landlord_id,
        invoice__order_id=order.pk,
        invoice__state=InvoiceState.SUSPENDED,
        cause=cause,
        completed_at__isnull=True,
    )
    found = []
    for invoice_id in rows.order_by("invoice_id").values_list("invoice_id", flat=True):
        invoice = lock_invoice(invoice_id)
        if any(block.cause == cause for block in open_on(invoice)):
            continue
        moved = _completed(invoice, actor)
        _end_suspension(moved, actor, at=at)
        found.append(moved)
    return found


@transaction.atomic
def refuse(*, actor: Actor, invoice_id: UUID, cause: str, note: str) -> Invoice:
    """Refuse an invoice for good: the contractor makes a new one. Locks order and invoice."""
    reason = required(note, _SAY)
    rule = rule_of(cause)
    invoice = lock_invoice(invoice_id)
    moved = move_invoice(
        "refuse",
        invoice,
        actor,
        event=events.InvoiceRefused(
            number=invoice.number,
            cause=rule.code,
            cautions=codes_of(invoice, Act.REFUSE, rule),
        ),
        changes={"cause": rule.code, "answer_note": reason},
    )
    end_said(moved, actor)
    return moved


@transaction.atomic
def reject(*, actor: Actor, invoice_id: UUID, note: str) -> Invoice:
    """A platform could not take it (code 213). As the system; locks order and invoice."""
    reason = required(note, "Indiquez le motif du rejet.")
    invoice = lock_invoice(invoice_id)
    moved = move_invoice(
        "reject",
        invoice,
        actor,
        event=events.InvoiceRejected(number=invoice.number),
        changes={"answer_note": reason},
    )
    end_said(moved, actor)
    return moved


@transaction.atomic
def note_code(*, actor: Actor, invoice_id: UUID, code: str) -> Invoice:
    """Keep a national code that a platform sent, as it came; what it means is done by the acts.

    As the system; locks order and invoice. Raises Refused to anybody else.
    """
    text = required(code, "Indiquez le code.", field="code")[:20]
    if policies.desk(actor):
        raise Refused("Un statut de plateforme ne se saisit pas à la main.", code="side")
    invoice = lock_invoice(invoice_id)
    invoice.platform_code = text
    invoice.version += 1
    invoice.save(update_fields=["platform_code", "version"])
    record_of(events.PlatformCodeNoted(number=invoice.number, code=text), invoice, actor)
    return invoice


def approval_obstacle(actor: Actor, invoice: Invoice) -> Refused | None:
    """Return why the actor can't approve all of an invoice; None when nothing stands in the way."""
    limit = policies.over_limit(actor, invoice, invoice.net)
    if limit is not None:
        return limit
    own = _own_cause(invoice)
    holding = [
        block.cause
        for block in open_on(invoice)
        if block.amount and not is_circuit(block) and not _is_own(block, own)
    ]
    if not holding:
        return None
    return Refused(
        f"Un blocage est encore ouvert ({', '.join(holding)}) : levez-le, ou admettez une partie.",
        code="blocked",
    )


# --- inside -----------------------------------------------------------------------------------


def _may_approve(actor: Actor, invoice: Invoice) -> Refused | None:
    return policies.desk_only(actor, invoice) or approval_obstacle(actor, invoice)


def _own_cause(invoice: Invoice) -> str:
    """What the landlord said itself of a suspension or of a rest: its own to let go by granting."""
    said = (InvoiceState.SUSPENDED, InvoiceState.PARTLY_APPROVED, *SAID_PAID)
    return invoice.cause if invoice.state in said else ""


def _is_own(block: Block, cause: str) -> bool:
    return block.cause == cause and block.opened_how == BlockHow.HAND


def _let_go(invoice: Invoice, cause: str, actor: Actor) -> None:
    for block in open_on(invoice):
        if _is_own(block, cause):
            close_by_fact(block, actor)


def _owed_first(invoice: Invoice) -> Decimal | None:
    """What was to be paid of the part that was admitted before, once more of it is granted."""
    if invoice.owed_first is not None or invoice.admitted is None:
        return invoice.owed_first
    return invoice.owed


def _completed(invoice: Invoice, actor: Actor) -> Invoice:
    return move_invoice(
        "complete",
        invoice,
        actor,
        event=events.InvoiceCompleted(number=invoice.number),
        changes={"cause": "", "answer_note": ""},
    )


def _end_suspension(
    invoice: Invoice,
    actor: Actor,
    *,
    answer: str = "",
    at: datetime | None = None,
    clean: attachments.Clean | None = None,
) -> None:
    """End what is open of it, and what people said with it; the due date follows."""
    suspension = Suspension.objects.get(
        landlord_id=invoice.landlord_id, invoice_id=invoice.pk, completed_at__isnull=True
    )
    suspension.completed_at = max(at or clock.now(), suspension.notified_at)
    suspension.answer = answer
    if clean is not None:
        suspension.file = files.store(
            clean.data,
            landlord_id=invoice.landlord_id,
            contractor_id=invoice.contractor_id,
            tenant_id=None,
            reader_case_id=None,
            media_type=clean.media_type,
            name=f"piece-{invoice.number}-{suspension.number}.{clean.ending}",
        )
    suspension.save(update_fields=["completed_at", "answer", "file"])
    keep_due_date(invoice)
    for block in open_on(invoice):
        if block.opened_how == BlockHow.HAND and block.cause == suspension.cause:
            close_by_fact(block, actor)


def _hold_once(invoice: Invoice, rule: CauseRule, note: str, actor: Actor) -> Block | None:
    """Open the block that a reason stands for; one that somebody opened by hand becomes its own.

    A contractor's own row for the same cause would hold too little, and he could lift it alone.
    """
    same = [
        block for block in open_on(invoice) if block.cause == rule.code and not is_circuit(block)
    ]
    if not same:
        return hold(invoice, rule, note[:NOTE], actor)
    for block in same:
        if block.opened_how == BlockHow.HAND:
            block.amount = invoice.contested
            block.side, block.department = holder_of(rule, invoice.department)
            block.opened_side, block.opened_by_id = actor.side, actor.user_id
            block.open_note = note[:NOTE]
            block.save(
                update_fields=[
                    *("amount", "side", "department"),
                    *("opened_side", "opened_by", "open_note"),
                ]
            )
    return None

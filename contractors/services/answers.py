"""What the landlord says of an invoice, and what the contractor answers.

Before a suspension, a refusal or a dispute the page shows what the law does with it
(contractors.legality); it warns and records, it forbids nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from contractors import events, policies
from contractors.causes import CauseRule
from contractors.legality import Act
from contractors.models import Block, BlockHow, Invoice, Suspension
from contractors.services.blocks import close_by_fact, end_said, hold, open_on, rule_of, shrink
from contractors.services.cautions import codes_of
from contractors.services.circuit import is_circuit
from contractors.services.deductions import deduct
from contractors.services.due_dates import keep_due_date
from contractors.services.moves import NOTE, lock_invoice, move_invoice, record_of, required
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Invalid, Refused

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

    Raises Refused over the actor's limit, and while a block holds money back (and names it).
    """
    invoice = lock_invoice(invoice_id)
    moved = move_invoice(
        "approve",
        invoice,
        actor,
        event=events.InvoiceApproved(number=invoice.number),
        policy=_may_approve,
        changes={"admitted": invoice.net, "cause": "", "answer_note": ""},
    )
    deduct(moved)
    return moved


@transaction.atomic
def approve_in_part(
    *, actor: Actor, invoice_id: UUID, admitted: Decimal, cause: str, note: str
) -> Invoice:
    """Admit a sum, VAT included, which is due in time; the rest is blocked by a cause.

    Locks order and invoice. Raises Invalid for a sum that isn't a part of the total.
    """
    reason = required(note, _SAY)
    rule = rule_of(cause)
    invoice = lock_invoice(invoice_id)
    if not 0 < admitted < invoice.net:
        raise Invalid({"admitted": ["Le montant admis est une partie du total de la facture."]})
    moved = move_invoice(
        "approve_in_part",
        invoice,
        actor,
        event=events.InvoicePartlyApproved(number=invoice.number, cause=rule.code),
        policy=lambda who, row: (
            policies.desk_only(who, row) or policies.over_limit(who, row, admitted)
        ),
        changes={"admitted": admitted, "cause": rule.code, "answer_note": reason},
    )
    deduct(moved)
    shrink(moved)
    _hold_once(moved, rule, reason, actor)
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


@transaction.atomic
def complete(*, actor: Actor, invoice_id: UUID, answer: str) -> Invoice:
    """Say that what was asked for is there: the suspension ends. Locks order and invoice."""
    text = required(answer, "Dites ce que vous avez fourni.", field="answer")
    invoice = lock_invoice(invoice_id)
    moved = move_invoice(
        "complete",
        invoice,
        actor,
        event=events.InvoiceCompleted(number=invoice.number),
        changes={"cause": "", "answer_note": ""},
    )
    suspension = Suspension.objects.get(
        landlord_id=moved.landlord_id, invoice_id=moved.pk, completed_at__isnull=True
    )
    suspension.completed_at = clock.now()
    suspension.answer = text
    suspension.save(update_fields=["completed_at", "answer"])
    keep_due_date(moved)
    for block in open_on(moved):
        if block.opened_how == BlockHow.HAND and block.cause == suspension.cause:
            close_by_fact(block, actor)
    return moved


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
    holding = [block.cause for block in open_on(invoice) if block.amount]
    if not holding:
        return None
    return Refused(
        f"Un blocage est encore ouvert ({', '.join(holding)}) : levez-le, ou admettez une partie.",
        code="blocked",
    )


# --- inside -----------------------------------------------------------------------------------


def _may_approve(actor: Actor, invoice: Invoice) -> Refused | None:
    return policies.desk_only(actor, invoice) or approval_obstacle(actor, invoice)


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
            block.opened_side, block.opened_by_id = actor.side, actor.user_id
            block.open_note = note[:NOTE]
            block.save(update_fields=["amount", "opened_side", "opened_by", "open_note"])
    return None

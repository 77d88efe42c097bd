"""What becomes of a file that was read: refused, waiting for its order, or made an invoice.

Runs in a worker, as the system: it asks whether a number is taken at all, and writes lines that a
landlord may only read. The pair of organisations is locked first, then the file, then the order.
"""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from contractors import events, policies, received_events
from contractors.einvoices import Checked, Finding, ReadLifecycle, Refusal
from contractors.incoming import (
    Incoming,
    IncomingLine,
    PartyIds,
    Problem,
    from_read,
    refusal_of,
    wrong_party,
)
from contractors.models import Invoice, InvoiceLine, ReceivedInvoice
from contractors.received_states import KNOWN, ReceivedState
from contractors.services.blocks import look_at_order
from contractors.services.comparing import sirens_of
from contractors.services.due_dates import keep_due_date
from contractors.services.final_facts import nothing_more
from contractors.services.lifecycle import note_lifecycle
from contractors.services.moves import live_invoice, record_of
from contractors.services.received_asking import is_asked
from contractors.services.received_credits import match_credit
from contractors.services.received_rows import (
    ask,
    line_of,
    lock_received,
    received_on,
    refuse,
    share,
    wait,
)
from contractors.services.remaining import next_rank, remaining, unfiled_of
from contractors.services.reverse_charge import is_reversed
from contractors.states import InvoiceState
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.outbox import record
from nexxio.core.templatetags.ui import day
from orders.models import Order, OrderBudget
from orders.services.moves import lock_order
from orders.states import FINISHED, OrderState

_NO_DATA = "NX-NO-XML"
PLAIN = "plain"
_SAID = (
    *("verdict", "profile", "number", "issued_on", "currency", "total_without_vat", "total_vat"),
    *("total_with_vat", "seller", "buyer", "references", "words", "lines", "warnings"),
    *("is_credit", "credits_number", "iban"),
)


@transaction.atomic
def settle_received(
    *, actor: Actor, received_id: UUID, read: Checked | Refusal | ReadLifecycle | None = None
) -> ReceivedInvoice:
    """Go on with a file that a worker has: `read` is what its reader says, None once it is known.

    A refusal is kept with its answer; an accepted one becomes an invoice where its order is clear,
    and waits for somebody to say it where it isn't. A message of the life cycle is noted on its
    invoice. Twice the same changes nothing.
    """
    received = lock_received(received_id)
    reading = received.state == ReceivedState.READING
    if isinstance(read, ReadLifecycle):
        return note_lifecycle(received, read, actor) if reading else received
    if reading and read is not None:
        return _take(received, read, actor)
    if reading and received.number:
        return _judge(received, said_of(received), actor)
    if received.state == ReceivedState.ATTACHING:
        return _match(received, said_of(received), actor)
    return received


@transaction.atomic
def fail_received(*, actor: Actor, received_id: UUID) -> ReceivedInvoice:
    """Note that a file could not be read, for a fault of ours: it may be sent again."""
    received = lock_received(received_id)
    text = "La lecture a échoué de notre côté : déposez le fichier à nouveau."
    problem = Problem("NX-FAILED", text)
    if received.state == ReceivedState.ATTACHING:
        return wait(received, problem, actor)
    return refuse(received, problem, actor) if received.state == ReceivedState.READING else received


@transaction.atomic
def match_waiting(*, actor: Actor, order_id: UUID) -> list[ReceivedInvoice]:
    """Go on with the invoices that waited for an order's works to be over, the oldest first."""
    order = Order.objects.get(pk=order_id)
    if order.contractor_id is None:
        return []
    waiting = ReceivedInvoice.objects.filter(
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        order_id=order.pk,
        state=ReceivedState.WAITING,
    ).order_by("created_at")
    keys: list[UUID] = list(waiting.values_list("pk", flat=True))
    return [
        _match(received, said_of(received), actor)
        for received in map(lock_received, keys)
        # What was put away or turned meanwhile stays as it is.
        if received.state == ReceivedState.WAITING and received.order_id == order.pk
    ]


def said_of(received: ReceivedInvoice) -> Incoming:
    """Return what the row keeps of a file."""
    return Incoming(
        number=received.number,
        issued_on=received.issued_on,
        currency=received.currency,
        without_vat=received.total_without_vat,
        vat=received.total_vat,
        with_vat=received.total_with_vat,
        seller=PartyIds(**received.seller),
        buyer=PartyIds(**received.buyer),
        references=tuple(received.references),
        words=tuple(received.words),
        lines=tuple(IncomingLine.from_json(line) for line in received.lines),
        is_credit=received.is_credit,
        credits_number=received.credits_number,
    )


# --- What the file says ---------------------------------------------------------------------------


def _take(received: ReceivedInvoice, read: Checked | Refusal, actor: Actor) -> ReceivedInvoice:
    if isinstance(read, Refusal):
        received.verdict = read.verdict
        if read.reason.rule == _NO_DATA:
            received.verdict = PLAIN
            received.state = ReceivedState.TO_COMPLETE
            received.save(update_fields=["verdict", "state"])
            return received
        problem = Problem(read.reason.rule, read.reason.message)
        return refuse(received, problem, actor, saved=["verdict"])
    said = from_read(read.invoice)
    received.verdict, received.profile = read.verdict, read.profile
    received.warnings = [
        *(_kept(found, is_error=True) for found in read.errors[:50]),
        *(_kept(found, is_error=False) for found in read.warnings[:50]),
    ]
    refusal = refusal_of(said, clock.today())
    if refusal is not None:
        received.number = said.number[:40]
        return refuse(received, refusal, actor, saved=["verdict", "profile", "warnings", "number"])
    received.number, received.issued_on, received.currency = said.number, said.issued_on, "EUR"
    received.total_without_vat, received.total_vat = said.without_vat, said.vat
    received.total_with_vat = said.with_vat
    received.seller, received.buyer = vars_of(said.seller), vars_of(said.buyer)
    received.references, received.words = list(said.references), list(said.words)
    received.lines = [line.as_json() for line in said.lines]
    received.is_credit, received.credits_number = said.is_credit, said.credits_number
    received.iban = read.invoice.iban[:34].upper()
    received.save(update_fields=list(_SAID))
    return _judge(received, said, actor)


def vars_of(party: PartyIds) -> dict[str, str]:
    """Return the numbers of a party as they are kept."""
    return {"name": party.name, "siret": party.siret, "siren": party.siren}


def _kept(found: Finding, *, is_error: bool) -> dict[str, Any]:
    return {"rule": found.rule, "message": found.message[:500], "is_error": is_error}


def _judge(received: ReceivedInvoice, said: Incoming, actor: Actor) -> ReceivedInvoice:
    """Compare with the two parties and with what is known already, then look for the order."""
    refusal = _of_others(received, said) or _repeated(received, said)
    if refusal is not None:
        return refuse(received, refusal, actor)
    if said.is_credit:
        return match_credit(received, said, actor)
    return _match(received, said, actor)


def _of_others(received: ReceivedInvoice, said: Incoming) -> Problem | None:
    assert received.contractor is not None
    own = sirens_of(received.landlord, received.contractor)
    if wrong_party(said.seller, own[received.contractor_id]):
        text = (
            f"Cette facture est émise par {said.seller.name or 'une autre entreprise'}"
            f" (SIREN {said.seller.siren}), pas par {received.contractor.name}."
        )
        return Problem("NX-SELLER", text)
    if wrong_party(said.buyer, own[received.landlord_id]):
        text = (
            f"Cette facture est adressée à {said.buyer.name or 'une autre organisation'}"
            f" (SIREN {said.buyer.siren}), pas à {received.landlord.name} (B14)."
        )
        return Problem("NX-BUYER", text)
    return None


def _repeated(received: ReceivedInvoice, said: Incoming) -> Problem | None:
    """Return why it is one that we have (B13). Each contractor's numbers are unique."""
    # A platform's rejection leaves the number free: mended, the invoice is sent again.
    gone = InvoiceState.REJECTED
    known = ReceivedInvoice.objects.filter(
        Q(invoice__isnull=True) | ~Q(invoice__state=gone),
        contractor_id=received.contractor_id,
        state__in=KNOWN,
    ).exclude(pk=received.pk)
    twin = known.filter(sha256=received.sha256, landlord_id=received.landlord_id).first()
    if twin is not None:
        on = day(twin.arrived_on, "letter")
        if twin.number != said.number:
            text = f"Ce même fichier a déjà été déposé le {on}, sous le numéro {twin.number} (B13)."
            return Problem("NX-SAME-FILE", text)
        return Problem("NX-DUPLICATE", f"Cette facture a déjà été déposée le {on} (B13).")
    taken = Invoice.objects.filter(
        contractor_id=received.contractor_id, number=said.number
    ).exclude(state=gone)
    if taken.exists() or known.filter(number=said.number).exists():
        # To a landlord this says neither where nor whether it was filed: another one may have it.
        text = (
            f"Le numéro {said.number} ne peut pas être pris (B13) : voyez avec l’entreprise."
            if received.side == Side.LANDLORD
            else f"Une de vos factures porte déjà le numéro {said.number} (B13) : une autre facture"
            " a un autre numéro."
        )
        return Problem("NX-DUPLICATE", text)
    return None


# --- Its order ------------------------------------------------------------------------------------


def _match(received: ReceivedInvoice, said: Incoming, actor: Actor) -> ReceivedInvoice:
    """Make the invoice where the order is clear and ready; else it waits, with what is missing.

    Where its company can still mend what would hold it, the company is asked first.
    """
    orders = [received.order] if received.order is not None else orders_named(received, said)
    if not orders and _of_another_landlord(received, said):
        text = "Le numéro de commande est celui d’un autre bailleur : déposez-la chez lui."
        return refuse(received, Problem("NX-OTHER-LANDLORD", text), actor)
    if len(orders) != 1:
        return wait(received, _not_one(orders, said), actor)
    order = lock_order(orders[0].pk)
    received.order = order
    problem = _not_yet(order)
    if problem is not None:
        return wait(received, problem, actor)
    if policies.waits_for_chorus(received):
        text = "Vos factures passent par Chorus Pro : invitez l’entreprise à l’y déposer."
        return wait(received, Problem("NX-CHORUS", text), actor)
    if is_asked(received, order, actor):
        return ask(received, actor)
    return _turn(received, said, order, actor)


def orders_named(received: ReceivedInvoice, said: Incoming) -> list[Order]:
    """Return the orders of the two parties that the file names: first on purpose, then in notes."""
    rows = Order.objects.filter(
        landlord_id=received.landlord_id, contractor_id=received.contractor_id
    ).exclude(state__in=[OrderState.CANCELLED, OrderState.SUPERSEDED])
    for numbers in (said.references, said.words):
        named = rows.filter(Q(reference__in=numbers) | Q(external_number__in=numbers))
        found = list(named.order_by("created_at")[:10]) if numbers else []
        if found:
            return found
    committed = OrderBudget.objects.filter(
        landlord_id=received.landlord_id,
        order__contractor_id=received.contractor_id,
        commitment_number__in=said.references,
    ).exclude(commitment_number="")
    return list(rows.filter(pk__in=committed.values("order_id"))[:10]) if said.references else []


def _of_another_landlord(received: ReceivedInvoice, said: Incoming) -> bool:
    """Tell so only to the contractor, who has that order: no landlord hears of another one's."""
    if received.side != Side.CONTRACTOR or not said.references:
        return False
    rows = Order.objects.filter(contractor_id=received.contractor_id)
    elsewhere = rows.exclude(landlord_id=received.landlord_id)
    named = Q(reference__in=said.references) | Q(external_number__in=said.references)
    return elsewhere.filter(named).exists()


def _not_one(orders: list[Order], said: Incoming) -> Problem:
    if orders:
        numbers = ", ".join(order.reference for order in orders[:3])
        text = f"La facture nomme plusieurs commandes : {numbers}."
        return Problem("NX-SEVERAL-ORDERS", text)
    if said.references:
        text = f"Aucune commande ne porte le numéro {said.references[0]} (B03)."
        return Problem("NX-UNKNOWN-ORDER", text)
    return Problem("NX-NO-ORDER", "La facture ne porte pas de numéro de commande (B03).")


def _not_yet(order: Order) -> Problem | None:
    if order.state not in FINISHED:
        text = f"Les travaux de la commande {order.reference} ne sont pas déclarés terminés."
        return Problem("NX-UNFINISHED", text)
    unfiled = unfiled_of(order)
    if unfiled is not None:  # the landlord knows nothing of it yet
        text = (
            f"L’entreprise prépare déjà une facture de la commande {order.reference} : c’est à elle"
            " de la déposer."
        )
        return Problem("NX-INVOICED", text)
    live = live_invoice(order)
    if live is not None and not remaining(order):
        text = f"La commande {order.reference} est déjà facturée (B13) : {live.number}."
        return Problem("NX-INVOICED", text)
    final = nothing_more(order) if live is not None else None
    if final is not None:
        return Problem("NX-INVOICED", final.message)
    return None


def _turn(received: ReceivedInvoice, said: Incoming, order: Order, actor: Actor) -> ReceivedInvoice:
    """Make the invoice. To a landlord that takes Chorus Pro only it waits to be filed there."""
    waits = policies.goes_by_chorus(received.landlord) and not received.chorus_number
    share(received)
    on = received_on(received)
    invoice = _invoice(received, order, arrived_on=None if waits else on)
    invoice.save(force_insert=True)
    InvoiceLine.objects.bulk_create(
        line_of(invoice, line, rank) for rank, line in enumerate(said.lines, start=1)
    )
    received.state, received.invoice, received.problems = ReceivedState.TURNED, invoice, []
    received.save(update_fields=["state", "invoice", "problems", "order"])
    record_of(received_events.InvoiceCameAsFile(number=invoice.number), invoice, actor)
    event = received_events.ReceivedTurned(number=invoice.number)
    record(event, actor=actor, subject=received, subject_type="received")
    if not waits:
        record_of(events.InvoiceReceived(number=invoice.number, on=on), invoice, actor)
        keep_due_date(invoice)
        look_at_order(actor=actor, order_id=order.pk)
    return received


def _invoice(received: ReceivedInvoice, order: Order, *, arrived_on: date | None) -> Invoice:
    assert received.issued_on is not None
    assert received.total_without_vat is not None
    assert received.total_vat is not None
    assert received.total_with_vat is not None
    return Invoice(
        landlord=received.landlord,
        contractor_id=received.contractor_id,
        order=order,
        department=order.department,
        rank=next_rank(order),
        number=received.number,
        state=InvoiceState.RECEIVED if arrived_on else InvoiceState.TO_FILE,
        state_since=clock.now(),
        issued_on=received.issued_on,
        filed_at=max(received.created_at, received.shared_at or received.created_at)
        if arrived_on
        else None,
        received_on=arrived_on,
        total_without_vat=received.total_without_vat,
        total_vat=received.total_vat,
        total_with_vat=received.total_with_vat,
        came_as_file=True,
        chorus_number=received.chorus_number,
        is_reverse_charge=not received.total_vat and is_reversed(order),
    )

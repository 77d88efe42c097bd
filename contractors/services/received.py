"""Writes of invoices that come in as files: sent, completed, attached by hand, put away.

Whoever sends or attaches changes the file's own row; a worker reads it and makes the invoice
(received_turning), since neither side may write what the other one's rows say.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import IO
from uuid import UUID

from django.db import transaction

from contractors import policies, received_events
from contractors.einvoices.refusals import MAX_FILE, REASONS
from contractors.incoming import Incoming, refusal_of, without_lines
from contractors.models import ReceivedInvoice
from contractors.received_states import ReceivedState
from contractors.services.cautions import codes_of_received
from contractors.services.comparing import PLAIN
from contractors.services.moves import required
from contractors.services.remaining import remaining, unfiled_of
from nexxio.core import clock, files, jobs
from nexxio.core.actors import SYSTEM, Actor, Side
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Event, Partnership
from nexxio.core.outbox import record
from orders.models import Order
from orders.states import FINISHED

READ = "invoice.read"
PDF, XML = "application/pdf", "application/xml"


@dataclass(frozen=True, kw_only=True)
class TypedInvoice:
    """What somebody reads on a plain PDF."""

    number: str
    issued_on: date
    total_without_vat: Decimal
    total_vat: Decimal
    total_with_vat: Decimal
    order_number: str = ""


def send_invoice_file(
    *,
    actor: Actor,
    partner_id: UUID,
    upload: IO[bytes],
    name: str,
    order_id: UUID | None = None,
    arrived_on: date | None = None,
) -> ReceivedInvoice:
    """Keep a file as it came, to be read by a worker. partner_id: the other organisation.

    arrived_on: for a landlord, the day on which it came by mail; today otherwise. Raises Invalid
    for a file that is too large, empty, or neither PDF nor XML, for a day to come, and for an order
    or a partner that isn't theirs. Nothing is locked.
    """
    if not policies.desk(actor):
        raise Refused("Votre rôle ne permet pas de déposer une facture.", code="role")
    data = upload.read(MAX_FILE + 1)
    media_type = _media_type(data)
    came = _day_of_receipt(actor, arrived_on)
    with transaction.atomic():
        landlord_id, contractor_id = _parties(actor, partner_id)
        _require_order(order_id, landlord_id, contractor_id)
        kept = files.store(
            data,
            landlord_id=landlord_id,
            contractor_id=contractor_id,
            tenant_id=None,
            reader_case_id=None,
            media_type=media_type,
            name=name.replace("\\", "/").rpartition("/")[2][-160:] or "facture",
        )
        received = ReceivedInvoice(
            landlord_id=landlord_id,
            contractor_id=contractor_id,
            side=actor.side,
            sent_by_id=actor.user_id,
            file=kept,
            sha256=kept.sha256,
            arrived_on=came,
            asked_at=clock.now(),
            order_id=order_id,
        )
        received.save(force_insert=True)
        _record(received_events.ReceivedUploaded(), received, actor)
    return received


@transaction.atomic
def complete_received(*, actor: Actor, received_id: UUID, typed: TypedInvoice) -> ReceivedInvoice:
    """Say what a plain PDF says; a worker goes on with it. Locks the file's row.

    Raises Invalid, at its field, for sums that don't add up, a day to come, a number that is none.
    """
    received = _lock(received_id)
    _require(received, ReceivedState.TO_COMPLETE, actor, own=True)
    said = Incoming(
        number=typed.number.strip(),
        issued_on=typed.issued_on,
        currency="EUR",
        without_vat=typed.total_without_vat,
        vat=typed.total_vat,
        with_vat=typed.total_with_vat,
    )
    refusal = refusal_of(said, clock.today())
    if refusal is not None:
        name = {"with_vat": "total_with_vat"}.get(refusal.field, refusal.field)
        raise Invalid({name: [refusal.message]})
    if received.side == Side.LANDLORD and typed.issued_on > received.arrived_on:
        raise Invalid({"issued_on": ["Elle est arrivée avant cette date : vérifiez le jour."]})
    lines = without_lines(without_vat=typed.total_without_vat, vat=typed.total_vat)
    reference = typed.order_number.strip()[:60]
    received.number, received.issued_on, received.currency = said.number, said.issued_on, "EUR"
    received.total_without_vat, received.total_vat = typed.total_without_vat, typed.total_vat
    received.total_with_vat, received.profile = typed.total_with_vat, PLAIN
    received.references = [reference] if reference else []
    received.lines = [line.as_json() for line in lines]
    received.problems, received.state = [], ReceivedState.READING
    received.asked_at = clock.now()
    received.save(
        update_fields=[
            *("number", "issued_on", "currency", "total_without_vat", "total_vat"),
            *("total_with_vat", "profile", "references", "lines", "problems", "state", "asked_at"),
        ]
    )
    _record(received_events.ReceivedCompleted(), received, actor)
    return received


@transaction.atomic
def attach_received(*, actor: Actor, received_id: UUID, order_id: UUID) -> ReceivedInvoice:
    """Say of which order a waiting invoice is; a worker makes the invoice. Locks the file's row.

    Raises Refused for an order of others, one whose works aren't finished, and one that is
    invoiced already.
    """
    received = _lock(received_id)
    _require(received, ReceivedState.WAITING, actor)
    order = Order.objects.filter(
        pk=order_id, landlord_id=received.landlord_id, contractor_id=received.contractor_id
    ).first()
    if order is None:
        raise Refused("Cette commande n’est pas de ces deux parties.", code="order")
    if order.state not in FINISHED:
        raise Refused("Les travaux de cette commande ne sont pas terminés.", code="unfinished")
    if unfiled_of(order) is not None or not remaining(order):
        raise Refused("Cette commande est déjà facturée.", code="invoiced")
    received.order, received.state = order, ReceivedState.ATTACHING
    received.asked_at = clock.now()
    received.save(update_fields=["order", "state", "asked_at"])
    _record(received_events.ReceivedAttached(reference=order.reference), received, actor)
    return received


@transaction.atomic
def confirm_received(*, actor: Actor, received_id: UUID) -> ReceivedInvoice:
    """File an invoice of one's own all the same, after reading what would hold it. Locks its row.

    It is received today: its landlord hasn't had it before. A worker makes the invoice.
    """
    received = _lock(received_id)
    _require(received, ReceivedState.TO_CONFIRM, actor, own=True)
    received.state = ReceivedState.ATTACHING
    received.confirmed_at = received.asked_at = clock.now()
    received.arrived_on = clock.today()
    received.save(update_fields=["state", "confirmed_at", "asked_at", "arrived_on"])
    _record(received_events.ReceivedConfirmed(), received, actor)
    return received


@transaction.atomic
def set_received_aside(*, actor: Actor, received_id: UUID, note: str) -> ReceivedInvoice:
    """Do nothing with a file that waits, with a reason that the other side reads. Locks its row."""
    reason = required(note, "Dites pourquoi cette facture est écartée.")
    return _put_away(received_id, actor, ReceivedState.SET_ASIDE, reason)


@transaction.atomic
def hand_received_back(*, actor: Actor, received_id: UUID, note: str) -> ReceivedInvoice:
    """Let the contractor send a corrected one, with a reason. The landlord's. Locks its row."""
    reason = required(note, "Dites à l’entreprise ce qu’il faut corriger.")
    if actor.side is not Side.LANDLORD:
        raise Refused("Seul le bailleur rend une facture.", code="side")
    return _put_away(received_id, actor, ReceivedState.HANDED_BACK, reason)


def order_reading(*, event: Event) -> None:
    """Open the job of a file that waits for a worker. Runs in the relay's transaction."""
    jobs.ask(
        kind=READ,
        actor=replace(SYSTEM, organisation_id=event.landlord_id),
        payload={"received": str(event.subject_id)},
        awaited=True,
    )


# --- inside -----------------------------------------------------------------------------------


def _media_type(data: bytes) -> str:
    if len(data) > MAX_FILE:
        raise Invalid({"file": ["Le fichier dépasse 20 Mo : une facture n’en a pas besoin."]})
    if not data:
        raise Invalid({"file": [REASONS["NX-EMPTY"]]})
    if b"%PDF-" in data[:1024]:
        return PDF
    # UTF-16 has a null beside each letter; a mark of the byte order may stand before all.
    if data[:200].lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n").startswith(b"<"):
        return XML
    raise Invalid({"file": [REASONS["NX-FORMAT"]]})


def _day_of_receipt(actor: Actor, arrived_on: date | None) -> date:
    today = clock.today()
    if arrived_on is None or actor.side is not Side.LANDLORD:
        return today
    if arrived_on > today:
        raise Invalid({"arrived_on": ["Ce jour n’est pas encore venu."]})
    return arrived_on


def _parties(actor: Actor, partner_id: UUID) -> tuple[UUID, UUID]:
    pair = (actor.own_id, partner_id)
    landlord_id, contractor_id = pair if actor.side is Side.LANDLORD else pair[::-1]
    own = {"landlord_id": landlord_id, "contractor_id": contractor_id}
    if not Partnership.objects.filter(**own).exists():
        raise Invalid({"partner": ["Choisissez une organisation avec laquelle vous travaillez."]})
    return landlord_id, contractor_id


def _require_order(order_id: UUID | None, landlord_id: UUID, contractor_id: UUID) -> None:
    own = {"landlord_id": landlord_id, "contractor_id": contractor_id}
    if order_id is not None and not Order.objects.filter(pk=order_id, **own).exists():
        raise Invalid({"order": ["Cette commande n’est pas de ces deux parties."]})


def _lock(received_id: UUID) -> ReceivedInvoice:
    found: ReceivedInvoice = ReceivedInvoice.objects.select_for_update(of=("self",)).get(
        pk=received_id
    )
    return found


def _require(
    received: ReceivedInvoice, state: ReceivedState, actor: Actor, *, own: bool = False
) -> None:
    if not policies.desk(actor) or (own and received.side != actor.side):
        raise Refused("Votre rôle ne le permet pas.", code="role")
    if received.state != state:
        raise Conflict(
            "Cette facture n’en est plus là : quelqu’un, ou la lecture, a été plus rapide."
        )


def _put_away(
    received_id: UUID, actor: Actor, state: ReceivedState, reason: str
) -> ReceivedInvoice:
    received = _lock(received_id)
    refusal = policies.why_not_put_away(actor, received)
    if refusal is not None:
        raise refusal
    received.state, received.note = state, reason
    warned = codes_of_received(received) if actor.side is Side.LANDLORD else ()
    received.save(update_fields=["state", "note"])
    kind = (
        received_events.ReceivedHandedBack
        if state == ReceivedState.HANDED_BACK
        else received_events.ReceivedSetAside
    )
    _record(kind(cautions=warned), received, actor)
    return received


def _record(event: EventType, received: ReceivedInvoice, actor: Actor) -> None:
    record(event, actor=actor, subject=received, subject_type="received")

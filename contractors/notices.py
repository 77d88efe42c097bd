"""Who is told of what about invoices and blocks: builders for the notification registry."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from contractors import causes_book
from contractors.causes import CauseCode
from contractors.ladder import Level
from contractors.models import (
    Advance,
    Block,
    BlockedAlert,
    BlockHolder,
    BlockSide,
    Invoice,
    MorningDigest,
    ReceivedInvoice,
)
from contractors.received_states import ReceivedState
from contractors.selectors.digest import digest_of
from contractors.selectors.gestures import gesture_of
from contractors.services.facts import proof_missing
from contractors.states import GRANTED
from contractors.wording import asked_of, missing_text
from nexxio.core import clock
from nexxio.core.actors import Role, Side, scope_of
from nexxio.core.http import actor_of
from nexxio.core.models import Event, Membership, Organisation
from nexxio.core.notifications import Notice, bell, notices
from nexxio.core.templatetags.ui import money_text
from orders.models import Order

_FOR_LANDLORD = {
    "invoice.received": "Facture à traiter",
    "invoice.completed": "Facture complétée : à traiter",
    "invoice.paid": "Encaissement confirmé",
    "invoice.part_received": "Reçue en partie",
    "invoice.rest_owed": "De nouveau à payer, pour ce qu’il en reste",
    "invoice.interest_paid": "Intérêts de retard reçus",
    "credit_note.received": "Avoir reçu",
    "retention.due": "Retenue de garantie à libérer",
}
_FOR_CONTRACTOR = {
    "invoice.taken": "Facture prise en charge",
    "invoice.approved": "Facture approuvée",
    "invoice.partly_approved": "Facture approuvée en partie",
    "invoice.disputed": "Facture en litige",
    "invoice.suspended": "Facture suspendue : à compléter",
    "invoice.refused": "Facture refusée",
    "invoice.rejected": "Facture rejetée : à corriger",
    "invoice.payment_announced": "Paiement annoncé",
    "invoice.part_paid": "Paiement partiel annoncé : à confirmer",
    "invoice.rest_owed": "Un reste est de nouveau dû",
    "invoice.interest_paid": "Paiement d’intérêts de retard annoncé : à confirmer",
    "retention.due": "Retenue de garantie : son jour est venu",
    "retention.released": "Retenue de garantie libérée",
    "retention.opposed": "Opposition à la libération d’une retenue",
}

# What either side may note: only the other is told.
_OF_EITHER = {"invoice.interest_paid"}

_OF_FILES = {
    "received.waiting": "Facture à rattacher à sa commande",
    "received.refused": "Fichier de facture refusé",
    "received.asked": "Facture à confirmer avant dépôt",
    "received.handed_back": "Facture rendue : à corriger",
    "received.set_aside": "Facture écartée, avec sa raison",
    "received.invited": "Facture à déposer sur Chorus Pro",
}


@notices("morning", on=["digest.due"], channels=["email"])
def tell_of_the_morning(event: Event) -> Iterator[Notice]:
    """Write to a member what waits for him, as he would read it himself."""
    row = MorningDigest.objects.select_related("membership__user", "membership__organisation").get(
        pk=event.subject_id
    )
    member = row.membership
    reader, house = actor_of(member), member.organisation
    with scope_of(reader):
        lines = digest_of(reader, house.slug)
    if not lines:
        return
    own = reverse(f"contractors:{reader.side}_digest", args=[house.slug])
    said = "\n".join(f"– {line.text}\n  {settings.SITE_URL}{line.url}" for line in lines)
    text = (
        f"Bonjour {member.user.first_name},\n\n"
        f"Voici ce qui vous attend ce matin chez {house.name} :\n\n{said}\n\n"
        f"Pour ne plus recevoir ce point : {settings.SITE_URL}{own}\n"
    )
    title = f"{house.name} : votre point du matin"
    yield Notice(title=title, text=text, addresses=(("email", member.user.email),))


@notices(
    "block_desk",
    on=["block.opened"],
    channels=["bell"],
    label=_("Factures bloquées chez vous"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_holder(event: Event) -> Iterator[Notice]:
    """Ring the desk that holds a block, at once: a service at a landlord, else all of the desk."""
    is_circuit = event.payload["cause"] == CauseCode.INTERNAL_CIRCUIT
    title = "Échéance passée, facture à payer" if is_circuit else "Facture bloquée"
    yield from _of_block(event, _desk, title)


@notices(
    "block_passed",
    on=["block.passed"],
    channels=["bell"],
    label=_("Points à trancher qui vous sont passés"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_next_holder(event: Event) -> Iterator[Notice]:
    """Ring the desk that has a block from now on, also if it heard of that cause today."""
    yield from _of_block(event, _desk, "À trancher, passé à vous")


@notices(
    "block_late",
    on=["block.late"],
    channels=["bell"],
    label=_("Factures bloquées, rappel"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_again(event: Event) -> Iterator[Notice]:
    """Ring whoever the ladder names at the house that holds the block."""
    days, level = event.payload["days"], event.payload["level"]
    is_circuit = event.payload["cause"] == CauseCode.INTERNAL_CIRCUIT
    title = f"Facture bloquée depuis {days} jours"
    if is_circuit:
        title = f"Facture à traiter depuis {days} jours"
    if level == Level.DUE:
        state = "facture à payer" if is_circuit else "facture bloquée"
        title = f"Échéance dans {days} jours, {state}"
    yield from _of_block(event, _LEVELS.get(level, _desk), title)


def _of_block(
    event: Event, people: Callable[[Organisation, str], list[Membership]], title: str
) -> Iterator[Notice]:
    block = Block.objects.select_related("invoice", "order", "landlord", "contractor").get(
        pk=event.subject_id
    )
    if block.closed_at is not None or block.invoice is None:
        return
    house = block.landlord if block.side == BlockSide.LANDLORD else block.contractor
    if house is None:
        return
    url = _where(block, house)
    rule = causes_book.cause_on(block.cause, clock.today())
    request = asked_of(
        block.cause,
        block.side,
        rule.request if rule else block.cause,
        is_granted=block.invoice.state in GRANTED,
    )
    if block.cause == CauseCode.PHOTOS_OR_REPORT and block.order is not None:
        missing = proof_missing([block.order])[block.order.pk]
        request = missing_text(missing) if missing else request
    members = people(house, block.department)
    if event.kind == "block.late":
        members = bell.reachable(house.pk, _whoever_took(event, block, members))
    told = _told_today(event, house, members) if event.kind != "block.passed" else set()
    for member in members:
        if member.user_id != event.actor_user_id and member.user_id not in told:
            yield Notice(
                title=f"{title} · {_name(block)} : {request}"[:200],
                url=url,
                bell_user_id=member.user_id,
                bell_organisation_id=house.pk,
            )


def _whoever_took(event: Event, block: Block, members: list[Membership]) -> list[Membership]:
    """Keep who of a desk has said that he sees to it; all of it above the desk, or for nobody."""
    rows = BlockHolder.objects.filter(landlord_id=block.landlord_id, block_id=block.pk)
    taken = rows.filter(taken_at__gte=block.held_since).first()
    if taken is None or block.side != BlockSide.LANDLORD or event.payload["level"] in _LEVELS:
        return members
    return [member for member in members if member.user_id == taken.user_id] or members


def _where(block: Block, house: Organisation) -> str:
    """Return where the block is lifted; else its invoice, once the house sees it, or its order."""
    gesture = gesture_of(block)
    if gesture is not None:
        return gesture.url
    assert block.invoice is not None
    if block.side == BlockSide.LANDLORD and block.invoice.filed_at is None:
        return reverse("orders:landlord_detail", args=[house.slug, block.order_id])
    return reverse(f"contractors:{block.side}_invoice", args=[house.slug, block.invoice.pk])


@notices(
    "blocked_over",
    on=["blocked.over"],
    channels=["bell"],
    label=_("Montant bloqué au-delà du seuil d’alerte"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
    always=True,
)
def tell_both_directions(event: Event) -> Iterator[Notice]:
    """Ring the directions of landlord and company: what is blocked between them is a lot."""
    alert = BlockedAlert.objects.select_related("landlord", "contractor").get(pk=event.subject_id)
    if not alert.is_over:
        return
    limit = money_text(event.payload["limit"]).replace(",00", "")
    for side, house, other in (
        (Side.LANDLORD, alert.landlord, alert.contractor),
        (Side.CONTRACTOR, alert.contractor, alert.landlord),
    ):
        url = reverse(f"contractors:{side.value}_blocks", args=[house.slug])
        for member in bell.present(house.pk, _direction(house, "")):
            yield Notice(
                title=f"Plus de {limit} de factures bloqués · {other.name}"[:200],
                url=url,
                bell_user_id=member.user_id,
                bell_organisation_id=house.pk,
            )


@notices(
    "invoice_landlord",
    on=_FOR_LANDLORD,
    channels=["bell"],
    label=_("Factures : dépôts, réponses, paiements, retenues"),
    sides=[Side.LANDLORD],
)
def tell_landlord(event: Event) -> Iterator[Notice]:
    """Ring the landlord's accounts, or its whole desk where it has none."""
    yield from _of_invoice(event, Side.LANDLORD, _FOR_LANDLORD[event.kind], "comptabilite")


@notices(
    "invoice_contractor",
    on=_FOR_CONTRACTOR,
    channels=["bell"],
    label=_("Factures : réponses, paiements, retenues"),
    sides=[Side.CONTRACTOR],
)
def tell_contractor(event: Event) -> Iterator[Notice]:
    """Ring the contractor's desk."""
    yield from _of_invoice(event, Side.CONTRACTOR, _FOR_CONTRACTOR[event.kind], "")


@notices(
    "invoice_awaited",
    on=["order.invoice_awaited"],
    channels=["bell"],
    label=_("Travaux à facturer"),
    sides=[Side.CONTRACTOR],
)
def tell_to_invoice(event: Event) -> Iterator[Notice]:
    """Ring the company's desk: what is certified may be invoiced."""
    order = Order.objects.select_related("contractor").get(pk=event.subject_id)
    if order.contractor is None or order.closed_at is not None:
        return
    url = reverse("orders:contractor_detail", args=[order.contractor.slug, order.pk])
    for member in bell.present(order.contractor.pk, _desk(order.contractor, "")):
        yield Notice(
            title=f"À facturer · {order.reference} {order.title}",
            url=url,
            bell_user_id=member.user_id,
            bell_organisation_id=order.contractor.pk,
        )


@notices(
    "advance_contractor",
    on=["contract.advance_paid"],
    channels=["bell"],
    label=_("Avances versées"),
    sides=[Side.CONTRACTOR],
)
def tell_of_advance(event: Event) -> Iterator[Notice]:
    """Ring the company's desk: an advance was paid on its contract."""
    advance = Advance.objects.select_related("contractor", "contract").get(
        landlord_id=event.landlord_id, contract_id=event.subject_id
    )
    house = advance.contractor
    url = reverse("orders:contractor_contract", args=[house.slug, advance.contract_id])
    for member in _desk(house, ""):
        yield Notice(
            title=f"Avance versée · {advance.contract.number}",
            url=url,
            bell_user_id=member.user_id,
            bell_organisation_id=house.pk,
        )


@notices(
    "received",
    on=_OF_FILES,
    channels=["bell"],
    label=_("Factures reçues en fichier"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_of_file(event: Event) -> Iterator[Notice]:
    """Ring whoever has to act on a file: its sender, both where an order is looked for."""
    received = ReceivedInvoice.objects.select_related("landlord", "contractor", "file").get(
        pk=event.subject_id
    )
    sides = {received.side}
    if event.kind == "received.waiting" and received.shared_at is not None:
        sides = {str(Side.LANDLORD), str(Side.CONTRACTOR)}
    if event.kind in ("received.handed_back", "received.invited"):
        sides = {str(Side.CONTRACTOR)}
    if event.kind == "received.set_aside":
        sides = {str(Side.LANDLORD), str(Side.CONTRACTOR)} - {event.actor_side}
        if received.shared_at is None:
            sides &= {received.side}
    for side in sorted(sides):
        house = received.landlord if side == Side.LANDLORD else received.contractor
        if house is None:
            continue
        url = reverse(f"contractors:{side}_received", args=[house.slug, received.pk])
        for member in _desk(house, "comptabilite" if side == Side.LANDLORD else ""):
            if member.user_id != event.actor_user_id:
                yield Notice(
                    title=f"{_OF_FILES[event.kind]} · {received.number or received.file.name}"[
                        :200
                    ],
                    url=url,
                    bell_user_id=member.user_id,
                    bell_organisation_id=house.pk,
                )


@notices(
    "received_late",
    on=["received.late"],
    channels=["bell"],
    label=_("Factures à rattacher, rappel"),
    sides=[Side.LANDLORD],
)
def tell_again_of_file(event: Event) -> Iterator[Notice]:
    """Ring the landlord's accounts, then above them: the delay of a file runs without an order."""
    received = ReceivedInvoice.objects.select_related("landlord", "file").get(pk=event.subject_id)
    if received.state != ReceivedState.WAITING:
        return
    days, level = event.payload["days"], event.payload["level"]
    title = f"Facture à rattacher depuis {days} jours"
    if level == Level.DUE:
        title = f"Échéance dans {days} jours, facture à rattacher"
    house = received.landlord
    url = reverse("contractors:landlord_received", args=[house.slug, received.pk])
    people = _LEVELS.get(level, _desk)(house, "comptabilite")
    for member in bell.reachable(house.pk, people):
        yield Notice(
            title=f"{title} · {received.number or received.file.name}"[:200],
            url=url,
            bell_user_id=member.user_id,
            bell_organisation_id=house.pk,
        )


def _of_invoice(event: Event, side: Side, title: str, department: str) -> Iterator[Notice]:
    invoice = Invoice.objects.select_related("landlord", "contractor").get(pk=event.subject_id)
    house = invoice.landlord if side is Side.LANDLORD else invoice.contractor
    if house is None or (event.kind in _OF_EITHER and event.actor_side == side):
        return
    url = reverse(f"contractors:{side.value}_invoice", args=[house.slug, invoice.pk])
    for member in _desk(house, department):
        if member.user_id != event.actor_user_id:
            yield Notice(
                title=f"{title} · {invoice.number}",
                url=url,
                bell_user_id=member.user_id,
                bell_organisation_id=house.pk,
            )


def _desk(house: Organisation, department: str) -> list[Membership]:
    """Return the desk of a service; all of the house's where it has nobody there."""
    desk = list(bell.members_with(house.pk, Role.MANAGER, Role.CLERK))
    own = [member for member in desk if department and member.department == department]
    return own or desk


def _head(house: Organisation, department: str) -> list[Membership]:
    """Return who leads a service; the direction where it has no manager of its own."""
    return bell.heads(house.pk, department)


def _direction(house: Organisation, _department: str) -> list[Membership]:
    return bell.heads(house.pk, "")


_LEVELS = {Level.HEAD: _head, Level.DIRECTION: _direction}


def _told_today(event: Event, house: Organisation, members: list[Membership]) -> set[UUID]:
    """Return who has heard of the cause today: one alert per person and cause a day (law.md)."""
    about = {"event__payload__cause": event.payload["cause"]}
    return bell.told_today(
        event, house.pk, members, kinds=("block_desk", "block_late"), about=about
    )


def _name(block: Block) -> str:
    if block.order is not None:
        return f"{block.order.reference} {block.order.title}"
    return block.invoice.number if block.invoice else ""

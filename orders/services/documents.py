"""Writes around the printed order: its versions, the code that it carries, acts done with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from nexxio.core import jobs, links, made_files
from nexxio.core.actors import SYSTEM, Actor, Channel
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Event
from orders import document_events as events
from orders import policies
from orders.models import DocumentState, Order, OrderDocument, PaperAct
from orders.services.moves import lock_order, record_of_order

PRINT = "order.pdf"
MAX_NAME = 80


@transaction.atomic
def ask_document(*, actor: Actor, order_id: UUID) -> Order:
    """Ask for the order's PDF as it stands now; a worker makes it. Locks the order.

    Raises Refused for a reader, for an order that hasn't left, and while one is being made.
    """
    order = lock_order(order_id)
    if not policies.prints(actor, order):
        raise Refused("Cette commande ne s’imprime pas.", code="state")
    if policies.is_printing(latest_document(order)):
        raise Refused("Le bon est déjà en préparation.", code="repeated")
    return record_of_order(events.DocumentAsked(), order, actor)


@transaction.atomic
def renew_paper(*, actor: Actor, order_id: UUID) -> Order:
    """End the code of the printed orders so far, and print one with another code.

    Locks the order. Raises Refused for whoever isn't the landlord's desk, and once all is over.
    """
    order = lock_order(order_id)
    _require_paper(actor, order)
    links.end_papers(landlord_id=order.landlord_id, order_id=order.pk)
    assert order.contractor_id is not None
    links.make_paper(
        case_id=order.case_id,
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        order_id=order.pk,
    )
    return record_of_order(events.PaperRenewed(), order, actor)


@transaction.atomic
def revoke_paper(*, actor: Actor, order_id: UUID) -> Order:
    """End the code of the printed orders: it opens nothing, and the next print has none.

    Locks the order. Raises Refused as `renew_paper` does, and where there is none.
    """
    order = lock_order(order_id)
    _require_paper(actor, order)
    if not links.end_papers(landlord_id=order.landlord_id, order_id=order.pk):
        raise Refused("Aucun code n’est ouvert pour cette commande.", code="link")
    return record_of_order(events.PaperRevoked(), order, actor)


def open_document(*, event: Event) -> OrderDocument | None:
    """Open the next version of an order's PDF, and the job that makes it, for a recorded event.

    Runs in the relay's transaction, as the system; locks the order. None for an order that its
    contractor doesn't have (any more).
    """
    assert event.order_id is not None
    order = lock_order(event.order_id)
    if order.contractor_id is None:
        return None
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    last = OrderDocument.objects.filter(**own).aggregate(last=Max("number"))["last"]
    document = OrderDocument(**own, contractor_id=order.contractor_id, number=(last or 0) + 1)
    document.save(force_insert=True)
    payload = {"document": str(document.pk)}
    # Its company, or whoever pressed the button, has nothing before it is there.
    jobs.ask(kind=PRINT, actor=_printer(order.landlord_id), payload=payload, awaited=True)
    return document


@transaction.atomic
def open_code(*, order_id: UUID) -> str:
    """Return the address that the order's code opens; "" where the landlord has withdrawn it.

    The first print makes the link. Locks the order.
    """
    order = lock_order(order_id)
    if order.contractor_id is None:
        return ""
    link = links.ensure_paper(
        case_id=order.case_id,
        landlord_id=order.landlord_id,
        contractor_id=order.contractor_id,
        order_id=order.pk,
    )
    return links.url_of(link.pk, page="orders:paper") if link else ""


@transaction.atomic
def keep_document(*, actor: Actor, document_id: UUID, pdf: bytes, in_clear: bool) -> OrderDocument:
    """Keep the PDF that a worker has made, and tell both sides. Locks the document's row.

    A version that is ready already stays as it is: the worker before was only slow.
    """
    document = _lock(document_id)
    order = document.order
    if made_files.keep(
        document,
        pdf,
        landlord_id=document.landlord_id,
        contractor_id=document.contractor_id,
        name=f"bon-{order.reference}-v{document.number}.pdf",
        also={"in_clear": in_clear},
    ):
        record_of_order(
            events.DocumentMade(number=document.number, in_clear=in_clear), order, actor
        )
    return document


@transaction.atomic
def fail_document(*, actor: Actor, document_id: UUID) -> OrderDocument:
    """Note that the PDF could not be made, so that pages offer to try again."""
    document = _lock(document_id)
    if made_files.give_up(document):
        record_of_order(events.DocumentFailed(number=document.number), document.order, actor)
    return document


@transaction.atomic
def act_on_paper(*, actor: Actor, name: str, act: Callable[[], object]) -> None:
    """Run a contractor's service for whoever holds the printed order, and keep his name.

    actor: of the paper's link. The name is what the holder says; his company reads it beside the
    act, the landlord reads the company's. Raises Invalid without one, and what `act` raises.
    """
    clean = " ".join(name.split())
    if not clean or len(clean) > MAX_NAME:
        raise Invalid({"holder": ["Indiquez votre nom : qui répond à ce bon ?"]})
    act()
    order_id = actor.order_id
    if order_id is None:
        raise RuntimeError("This actor holds no paper.")
    named = PaperAct.objects.filter(order_id=order_id).values("event_id")
    told = Event.objects.filter(order_id=order_id, channel=Channel.PAPER.value)
    for event in told.exclude(pk__in=named):
        PaperAct(
            landlord_id=event.landlord_id,
            contractor_id=actor.own_id,
            order_id=order_id,
            event=event,
            name=clean,
        ).save(force_insert=True)


def latest_document(order: Order, *, ready: bool = False) -> OrderDocument | None:
    """Return the newest version that the scope may see; only one with a file when `ready`."""
    rows = OrderDocument.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    if ready:
        rows = rows.filter(state=DocumentState.READY).select_related("file")
    return rows.order_by("-number").first()


def latest_documents(order: Order) -> tuple[OrderDocument | None, OrderDocument | None]:
    """Return the newest version that the scope may see, and the newest with a file. One query."""
    rows = OrderDocument.objects.filter(landlord_id=order.landlord_id, order_id=order.pk)
    found = list(rows.select_related("file").order_by("-number"))
    ready = (row for row in found if row.state == DocumentState.READY)
    return next(iter(found), None), next(ready, None)


def _require_paper(actor: Actor, order: Order) -> None:
    if not policies.rules_paper(actor, order):
        raise Refused("Le code de ce bon ne peut plus être changé.", code="state")


def _lock(pk: UUID) -> OrderDocument:
    """Lock the order, then its document: whoever opens a version holds the order as well."""
    document = OrderDocument.objects.get(pk=pk)
    order = lock_order(document.order_id)
    found: OrderDocument = OrderDocument.objects.select_for_update(of=("self",)).get(pk=pk)
    found.order = order
    return found


def _printer(landlord_id: UUID) -> Actor:
    """Return the clock, working for a landlord."""
    return replace(SYSTEM, organisation_id=landlord_id)

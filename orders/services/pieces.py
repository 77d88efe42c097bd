"""Pieces that an invoice will need: which are there, and files for those that nothing proves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import IO
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from nexxio.core import attachments, clock, files
from nexxio.core.actors import Actor
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.outbox import record
from orders import piece_events as events
from orders import policies
from orders.models import Order, OrderPiece, Photo, PhotoMoment, PieceAnswer, Visit
from orders.services.moves import lock_order
from orders.states import ORDER, Nature
from orders.terms import UPLOADED, InvoicePiece, piece_labels

_OF_MOMENT: dict[str, InvoicePiece] = {
    PhotoMoment.BEFORE: InvoicePiece.PHOTOS_BEFORE,
    PhotoMoment.AFTER: InvoicePiece.PHOTOS_AFTER,
}
CLOSING_PACK = (*_OF_MOMENT.values(), InvoicePiece.REPORT, *UPLOADED)
"""Pieces that are there, or not, when the works end; the others are signed afterwards."""


def add_piece(*, actor: Actor, order_id: UUID, kind: str, upload: IO[bytes]) -> OrderPiece:
    """Keep a file (photo or PDF, cleaned) for a piece of the order's contract.

    The same file sent again is kept once. Read before the order is locked. Raises Invalid for
    another kind or file, Refused on an order that the contractor doesn't have.
    """
    if kind not in UPLOADED:
        raise Invalid({"kind": ["Choisissez la pièce."]})
    (clean,) = attachments.clean_all([upload], field="file")
    with transaction.atomic():
        order = lock_order(order_id)
        if order.contractor_id is None or not policies.adds_pieces(actor, order):
            raise Refused("Seule l’entreprise joint des pièces à sa commande.", code="side")
        own = {"landlord_id": order.landlord_id, "order_id": order.pk, "kind": kind}
        same = OrderPiece.objects.filter(
            **own, file__sha256=files.digest_of(clean.data), withdrawn_at__isnull=True
        )
        if kept := same.select_related("file").first():
            files.keep_again(kept.file, clean.data)
            return kept
        stored = files.store(
            clean.data,
            landlord_id=order.landlord_id,
            contractor_id=order.contractor_id,
            tenant_id=None,
            reader_case_id=None,
            media_type=clean.media_type,
            name=f"{order.reference}-{kind}.{clean.ending}",
            order_id=order.pk,
        )
        piece = OrderPiece(**own, contractor_id=order.contractor_id, file=stored)
        piece.save(force_insert=True)
        _record(events.PieceAdded(piece=kind), order, actor)
        return piece


@transaction.atomic
def withdraw_piece(*, actor: Actor, piece_id: UUID) -> OrderPiece:
    """Take a wrong file back: it counts no more. Locks its order.

    Raises Refused once the order is certified or closed, Conflict for a repeat.
    """
    found = OrderPiece.objects.get(pk=piece_id)
    order = lock_order(found.order_id)
    piece = OrderPiece.objects.select_for_update(of=("self",)).get(pk=piece_id)
    if not policies.adds_pieces(actor, order):
        raise Refused("Seule l’entreprise retire une pièce qu’elle a jointe.", code="side")
    if not policies.withdraws_pieces(actor, order):
        text = "Le service est constaté ou la commande close : cette pièce ne se retire plus."
        raise Refused(text, code="state")
    if piece.withdrawn_at is not None:
        raise Conflict("Cette pièce est déjà retirée.")
    piece.withdrawn_at = clock.now()
    piece.save(update_fields=["withdrawn_at"])
    _record(events.PieceWithdrawn(piece=piece.kind), order, actor)
    return piece


@transaction.atomic
def answer_sheet(*, actor: Actor, piece_id: UUID, accepted: bool, note: str = "") -> PieceAnswer:
    """Sign the sheet of hours and material of works by the hour, or refuse it: the landlord's desk.

    Locks its order. Raises Invalid for a refusal without a note, Refused for any other piece, once
    the works are certified or closed, and for who only reads; Conflict for one that is answered
    already or was withdrawn.
    """
    found = OrderPiece.objects.get(pk=piece_id)
    order = lock_order(found.order_id)
    piece = OrderPiece.objects.get(pk=piece_id)
    if not policies.can_answer_sheet(actor, order) or piece.kind != InvoicePiece.MEASUREMENTS:
        raise Refused("Cet attachement ne se signe pas, ou plus.", code="sheet")
    if not accepted and not note.strip():
        raise Invalid({"reason": ["Indiquez ce qui doit changer."]})
    if piece.withdrawn_at is not None:
        raise Conflict("L’entreprise a retiré cet attachement.")
    own = {"landlord_id": order.landlord_id, "piece_id": piece.pk}
    if PieceAnswer.objects.filter(**own).exists():
        raise Conflict("Une réponse est déjà donnée à cet attachement.")
    assert actor.user_id is not None
    answer = PieceAnswer(
        **own,
        contractor_id=piece.contractor_id,
        order=order,
        accepted=accepted,
        note="" if accepted else note.strip()[:300],
        answered_by_id=actor.user_id,
    )
    answer.save(force_insert=True)
    event = events.SheetAccepted() if accepted else events.SheetRefused()
    _record(event, order, actor)
    return answer


# --- Parts of other services ------------------------------------------------------------------


def given_proof(orders: Iterable[Order]) -> dict[UUID, frozenset[str]]:
    """Return which pieces of the closing pack each order has, by its id. Three queries.

    Photos that a tenant refused count as given: nobody is held for what he may refuse. A sheet that
    the landlord refused doesn't.
    """
    wanted = list(orders)
    own = {
        "landlord_id__in": {order.landlord_id for order in wanted},
        "order_id__in": [order.pk for order in wanted],
    }
    found: dict[UUID, set[str]] = {order.pk: set() for order in wanted}
    photos = Photo.objects.filter(**own, moment__in=list(_OF_MOMENT), withdrawn_at__isnull=True)
    for order_id, moment in set(photos.values_list("order_id", "moment")):
        found[order_id].add(str(_OF_MOMENT[moment]))
    told = Visit.objects.filter(~Q(report="") | Q(photos_refused=True), **own)
    for order_id, report, refused in told.values_list("order_id", "report", "photos_refused"):
        if report:
            found[order_id].add(str(InvoicePiece.REPORT))
        if refused:
            found[order_id].update(map(str, _OF_MOMENT.values()))
    files_of = OrderPiece.objects.filter(**own, withdrawn_at__isnull=True).exclude(
        answer__accepted=False
    )
    for order_id, kind in set(files_of.values_list("order_id", "kind")):
        found[order_id].add(kind)
    return {pk: frozenset(codes) for pk, codes in found.items()}


def pieces_asked(order: Order) -> list[str]:
    """Return the codes of the pieces that an order asks for: its contract's, and its nature's."""
    asked = list(order.contract.pieces) if order.contract else []
    if order.nature == Nature.BY_THE_HOUR and InvoicePiece.MEASUREMENTS not in asked:
        asked.append(InvoicePiece.MEASUREMENTS.value)
    return asked


SIGNED_SHEET = Q(kind=InvoicePiece.MEASUREMENTS, withdrawn_at__isnull=True, answer__accepted=True)
"""Which pieces are a sheet of hours and material that both sides signed."""


def awaits_sheet(order: Order) -> bool:
    """Tell whether works by the hour have no sheet that both sides signed."""
    if order.nature != Nature.BY_THE_HOUR:
        return False
    signed = OrderPiece.objects.filter(
        SIGNED_SHEET, landlord_id=order.landlord_id, order_id=order.pk
    )
    return not signed.exists()


def missing_of_pack(order: Order, *, report: str = "") -> list[str]:
    """Return in words what the closing pack of an order lacks. report: about to be written."""
    asked = [code for code in pieces_asked(order) if code in CLOSING_PACK]
    if not asked:
        return []
    given = given_proof([order])[order.pk]
    if report.strip():
        given |= {str(InvoicePiece.REPORT)}
    return piece_labels([code for code in asked if code not in given])


def require_pack(order: Order, *, report: str) -> None:
    """Raise Refused where the contract lets nobody finish without its pieces, and some lack.

    Works by the hour (régie) never end without a sheet of hours and material that the landlord
    hasn't refused; that it has signed it is asked before the certificate (`awaits_sheet`).
    """
    missing = []
    if order.contract is not None and order.contract.pieces_to_finish:
        missing = missing_of_pack(order, report=report)
    elif order.nature == Nature.BY_THE_HOUR:
        sheet = str(InvoicePiece.MEASUREMENTS)
        missing = [] if sheet in given_proof([order])[order.pk] else piece_labels([sheet])
    if missing:
        text = f"À joindre avant de terminer : {', '.join(missing)}."
        raise Refused(text, code="pieces")


def _record(event: EventType, order: Order, actor: Actor) -> None:
    record(
        event,
        actor=actor,
        subject=order,
        subject_type=ORDER.name,
        order_id=order.pk,
        case_id=order.case_id,
    )

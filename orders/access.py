"""The one door to each order and visit: 404 if invisible, 403 only inside."""

from __future__ import annotations

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from nexxio.core.actors import Actor, Role, Side
from nexxio.core.models import StoredFile
from orders import policies
from orders.models import (
    Certificate,
    Contract,
    Equipment,
    MessageFile,
    NoteFile,
    Order,
    OrderDocument,
    OrderFile,
    OrderPiece,
    Photo,
    PriceSchedule,
    Reserve,
    SignOff,
    UpkeepVisit,
    Variation,
    Visit,
    Warranty,
)
from orders.services import access_ends, documents


def get_order(actor: Actor, pk: UUID, *, to: str = "read") -> Order:
    """Return an order that the actor may see; raises Http404 otherwise.

    to: "read", or "edit" (403 for a role that only reads).
    """
    found: Order | None = (
        Order.objects.filter(pk=pk)
        .select_related(
            "landlord", "contractor", "contract__contractor", "trade", "author", "budget"
        )
        .first()
    )
    if found is None:
        raise Http404
    if actor.side is Side.CONTRACTOR and not actor.has(*policies.DESK):
        mine = Visit.objects.filter(order_id=pk, technician_id=actor.membership_id)
        if not mine.exists():
            raise Http404
    if to == "edit" and not policies.acts(actor):
        raise PermissionDenied
    return found


def get_contract(actor: Actor, pk: UUID, *, to: str = "read") -> Contract:
    """Return a contract that the actor may see; raises Http404. to: "edit" is for managers."""
    found: Contract | None = (
        Contract.objects.filter(pk=pk).select_related("landlord", "contractor").first()
    )
    if found is None:
        raise Http404
    if to == "edit" and not policies.manages_contracts(actor):
        raise PermissionDenied
    return found


def get_schedule(actor: Actor, pk: UUID, *, to: str = "read") -> PriceSchedule:
    """Return a version of a price schedule, as `get_contract` its contract."""
    found: PriceSchedule | None = (
        PriceSchedule.objects.filter(pk=pk)
        .select_related("contract__landlord", "contract__contractor")
        .first()
    )
    if found is None:
        raise Http404
    if to == "edit" and not policies.manages_contracts(actor):
        raise PermissionDenied
    return found


def get_visit(actor: Actor, pk: UUID) -> Visit:
    """Return a visit that the actor may see: a technician sees his own only."""
    found = (
        Visit.objects.filter(pk=pk)
        .select_related(
            "order__landlord",
            "order__contractor",
            "order__trade",
            "order__contract",
            "technician__user",
        )
        .first()
    )
    if found is None:
        raise Http404
    outside_desk = actor.side is Side.CONTRACTOR and not actor.has(*policies.DESK)
    if outside_desk and found.technician_id != actor.membership_id:
        raise Http404
    return found


def get_variation(actor: Actor, pk: UUID, *, to: str = "read") -> Variation:
    """Return a variation that the actor may see, with its terms; its order's door is passed too.

    to: "read", or "write" (403 for a role that only reads). A landlord meets no draft.
    """
    found = (
        Variation.objects.filter(pk=pk)
        .select_related("terms__photo", "terms__answered_by", "order__landlord")
        .first()
    )
    if found is None:
        raise Http404
    get_order(actor, found.order_id)
    crew = actor.side is Side.CONTRACTOR and actor.has(Role.TECHNICIAN)
    if to == "write" and not (policies.acts(actor) or crew):
        raise PermissionDenied
    return found


def get_certificate(actor: Actor, pk: UUID, *, to: str = "read") -> Certificate:
    """Return a certificate that the actor may see; its order's door is passed too.

    to: "read", or "edit" (403 for a role that only reads). A landlord meets no draft.
    """
    found = (
        Certificate.objects.filter(pk=pk)
        .select_related("order__landlord", "order__contractor", "decided_by", "file")
        .first()
    )
    if found is None:
        raise Http404
    get_order(actor, found.order_id, to=to)
    return found


def get_sign_off(actor: Actor, pk: UUID) -> SignOff:
    """Return what a tenant signed, with its sealed PDF; its order's door is passed too."""
    found = SignOff.objects.filter(pk=pk, file__isnull=False).select_related("file").first()
    if found is None:
        raise Http404
    get_order(actor, found.order_id)
    return found


def get_reserve(actor: Actor, pk: UUID) -> Reserve:
    """Return a reserve that the actor's desk may answer; its order's door is passed too."""
    found = Reserve.objects.filter(pk=pk).select_related("order").first()
    if found is None:
        raise Http404
    get_order(actor, found.order_id, to="edit")
    return found


def get_photo(actor: Actor, pk: UUID) -> Photo:
    """Return a photo that the actor may see, with its file."""
    found = (
        Photo.objects.filter(pk=pk, withdrawn_at__isnull=True)
        .select_related("file", "visit")
        .first()
    )
    if found is None:
        raise Http404
    outside_desk = actor.side is Side.CONTRACTOR and not actor.has(*policies.DESK)
    if outside_desk and found.visit.technician_id != actor.membership_id:
        raise Http404
    return found


def get_piece(actor: Actor, pk: UUID) -> OrderPiece:
    """Return a file given for a piece of an order; the order's door is passed too."""
    found = OrderPiece.objects.filter(pk=pk, withdrawn_at__isnull=True).select_related("file")
    piece = found.first()
    if piece is None:
        raise Http404
    piece.order = get_order(actor, piece.order_id)
    return piece


def get_attachment(actor: Actor, pk: UUID) -> tuple[StoredFile, UUID | None]:
    """Return a file of an order, a message or a note that the actor may read; its order's door too.

    With the key of the order in whose log the reading belongs: none for a note, since nobody else
    may learn that it is there.
    """
    sent = MessageFile.objects.filter(pk=pk).select_related("file", "message").first()
    noted = NoteFile.objects.filter(pk=pk).select_related("file", "note").first()
    if sent is not None:
        get_order(actor, sent.message.order_id)
        return sent.file, sent.message.order_id
    if noted is None:
        attached = OrderFile.objects.filter(pk=pk).select_related("file").first()
        if attached is None:
            raise Http404
        get_order(actor, attached.order_id)
        return attached.file, attached.order_id
    get_order(actor, noted.note.order_id)
    return noted.file, None


def get_warranty(_actor: Actor, pk: UUID) -> Warranty:
    """Return a warranty of the landlord's own; raises Http404."""
    found = Warranty.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_equipment(_actor: Actor, pk: UUID) -> Equipment:
    """Return an equipment that a contract keeps up, with its contract; raises Http404."""
    found = (
        Equipment.objects.filter(pk=pk)
        .select_related("contract__landlord", "contract__contractor")
        .first()
    )
    if found is None:
        raise Http404
    return found


def get_upkeep_visit(_actor: Actor, pk: UUID) -> UpkeepVisit:
    """Return a visit of upkeep; raises Http404."""
    found = UpkeepVisit.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def get_letter(actor: Actor, order_id: UUID) -> StoredFile:
    """Return the newest letter about access of an order, for its landlord. Raises Http404."""
    found = access_ends.latest_letter(get_order(actor, order_id), ready=True)
    if found is None or found.file is None:
        raise Http404
    return found.file


def get_document(actor: Actor, order_id: UUID) -> tuple[OrderDocument, StoredFile]:
    """Return the newest printed order that the actor may read, with its file.

    Raises Http404 while there is none. The order's own door is passed first; the contractor gets
    the one in clear under the condition of the contact itself (the table's rule).
    """
    found = documents.latest_document(get_order(actor, order_id), ready=True)
    if found is None or found.file is None:
        raise Http404
    return found, found.file

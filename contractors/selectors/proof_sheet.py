"""The proof file of an order: all that its reader may read of it, in one document."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.core.files.storage import default_storage
from django.db.models import QuerySet
from PIL import Image

from contractors.models import (
    Invoice,
    InvoiceFile,
    NamedSubcontractor,
    ProofFile,
    ReceivedInvoice,
)
from contractors.selectors.pages import InvoicePage, invoice_page
from contractors.services.proofs import side_of
from nexxio.core import clock
from nexxio.core.actors import Actor, Role
from nexxio.core.models import Message, MessageState, StoredFile
from orders import access
from orders.models import (
    Certificate,
    LiftingRecord,
    Order,
    OrderDocument,
    OrderPiece,
    Photo,
)
from orders.selectors.certificates import CertificatePage, certificate_page
from orders.selectors.pages import OrderPage, order_page
from orders.selectors.talk import Said, conversation

MOST_PHOTOS = 40
MOST_MESSAGES = 200
_MARK = re.compile(r"\{\w+\}")
"""What is put into a message when it leaves, and kept nowhere."""
_WIDTH = 900
_QUALITY = 72


@dataclass(frozen=True)
class Picture:
    """A photo, small enough to be printed. source: a data address."""

    photo: Photo
    source: str


@dataclass(frozen=True)
class ProofSheet:
    """What is printed. left_out: photos beyond MOST_PHOTOS, which the list of files names."""

    order: Order
    asker: str
    made_at: datetime
    page: OrderPage
    certificates: list[CertificatePage]
    invoices: list[InvoicePage]
    pictures: list[Picture]
    left_out: int
    messages: list[Message]
    said: list[Said]
    files: list[StoredFile]

    @property
    def title(self) -> str:
        """The document's own title."""
        return f"Dossier de preuve {self.order.reference}"


def reader_of(proof: ProofFile) -> Actor:
    """Return whose eyes a proof file is printed with: a head of its organisation, nobody's name."""
    return Actor(
        side=side_of(proof),
        name=proof.organisation.name,
        organisation_id=proof.organisation_id,
        roles=frozenset({Role.MANAGER}),
    )


def proof_sheet(actor: Actor, proof: ProofFile) -> ProofSheet:
    """Return what is printed. Runs in the scope of `actor` (reader_of)."""
    order = access.get_order(actor, proof.order_id)
    page = order_page(actor, order)
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    invoices = (
        Invoice.objects.filter(**own)
        .select_related("landlord", "contractor", "order__contract")
        .order_by("created_at", "id")
    )
    certificates = (
        Certificate.objects.filter(**own)
        .select_related("order", "decided_by", "file")
        .order_by("number")
    )
    photos = list(_photos(order))
    liftings = LiftingRecord.objects.filter(**own, file__isnull=False).select_related("file")
    return ProofSheet(
        order=order,
        asker=proof.organisation.name,
        made_at=clock.now(),
        page=page,
        certificates=[certificate_page(actor, row) for row in certificates],
        invoices=[invoice_page(actor, row) for row in invoices],
        pictures=[Picture(photo, _printed(photo.file)) for photo in photos[:MOST_PHOTOS]],
        left_out=max(0, len(photos) - MOST_PHOTOS),
        messages=_sent(actor, order),
        said=[said for said in conversation(actor, order).said if not said.is_note],
        files=[
            *(photo.file for photo in photos),
            *(row.file for row in certificates if row.file is not None),
            *(row.file for row in liftings if row.file is not None),
            *_other_files(order),
        ],
    )


def _other_files(order: Order) -> Iterator[StoredFile]:
    """Yield the order's PDFs, its pieces, its invoices as made or received, and the acts of its
    subcontractors, as far as the reader's scope sees them. Five queries.
    """
    own = {"landlord_id": order.landlord_id}
    of_order = {**own, "order_id": order.pk}
    for rows in (
        OrderDocument.objects.filter(**of_order, file__isnull=False).order_by("number"),
        OrderPiece.objects.filter(**of_order, withdrawn_at__isnull=True).order_by("created_at"),
        InvoiceFile.objects.filter(**own, invoice__order_id=order.pk, file__isnull=False).order_by(
            "pk"
        ),
        ReceivedInvoice.objects.filter(**of_order).order_by("created_at"),
    ):
        for row in rows.select_related("file"):
            if row.file is not None:
                yield row.file
    for named in NamedSubcontractor.objects.filter(
        **of_order, subcontract__file__isnull=False
    ).select_related("subcontract__file"):
        if named.subcontract is not None and named.subcontract.file is not None:
            yield named.subcontract.file


def _photos(order: Order) -> QuerySet[Photo]:
    rows = Photo.objects.filter(
        landlord_id=order.landlord_id, order_id=order.pk, withdrawn_at__isnull=True
    )
    return rows.select_related("file").order_by("created_at")


def _sent(actor: Actor, order: Order) -> list[Message]:
    """Return what left for people outside, of the reader's own house."""
    rows = Message.objects.filter(
        landlord_id=actor.own_id, event__order_id=order.pk, state=MessageState.SENT
    )
    found = list(rows.order_by("sent_at", "id")[:MOST_MESSAGES])
    for message in found:
        message.text = _MARK.sub("(lien personnel)", message.text)
    return found


def _printed(file: StoredFile) -> str:
    """Return a photo as a data address, at most as wide as a page shows."""
    out = BytesIO()
    with default_storage.open(file.storage_path) as kept, Image.open(kept) as picture:
        picture.thumbnail((_WIDTH, _WIDTH))
        picture.convert("RGB").save(out, "JPEG", quality=_QUALITY)
    return f"data:image/jpeg;base64,{base64.b64encode(out.getvalue()).decode()}"

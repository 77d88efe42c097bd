"""What an invoice's page says of its file, and of the mentions that it still lacks."""

from __future__ import annotations

from dataclasses import dataclass

from contractors import policies
from contractors.models import Invoice, InvoiceFile, InvoiceFileState
from contractors.services.issuing import Lack, parties_of
from contractors.states import UNFILED, InvoiceState
from nexxio.core.actors import Actor


@dataclass(frozen=True)
class FileCard:
    """The file of an invoice, or what it waits for.

    own, other: mentions that the reader's side, and the other one, have to give. is_blocked: the
    file can't be made without some of them. can_fill: the reader may say who his side is.
    """

    file: InvoiceFile | None
    own: list[Lack]
    other: list[Lack]
    is_blocked: bool
    can_ask: bool
    can_fill: bool

    @property
    def is_ready(self) -> bool:
        """Whether it can be fetched."""
        return self.file is not None and self.file.state == InvoiceFileState.READY

    @property
    def is_preparing(self) -> bool:
        """Whether a worker makes it."""
        return self.file is not None and not self.is_ready and not policies.file_waits(self.file)

    @property
    def has_failed(self) -> bool:
        """Whether the last attempt came to nothing."""
        lost = (InvoiceFileState.FAILED, InvoiceFileState.PREPARING)
        return self.file is not None and self.file.state in lost and not self.is_preparing


def file_card(actor: Actor, invoice: Invoice) -> FileCard | None:
    """Return the card; None for a reader whom an invoice without a file doesn't concern.

    Before an invoice is filed its contractor reads what it would lack; afterwards both sides.
    """
    own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
    found = InvoiceFile.objects.filter(**own).first()
    settled = found is not None and not policies.file_waits(found)
    is_over = invoice.state not in (*UNFILED, InvoiceState.FILED, InvoiceState.RECEIVED)
    if found is None and is_over:
        return None  # of before files were made
    lacks = () if settled else parties_of(invoice).lacks
    is_blocked = any(lack.required for lack in lacks)
    waits = not settled and invoice.state != InvoiceState.PREPARED
    return FileCard(
        file=found,
        own=[lack for lack in lacks if lack.side is actor.side],
        other=[lack for lack in lacks if lack.side is not actor.side and lack.required],
        is_blocked=is_blocked,
        can_ask=waits and not is_blocked and policies.asks_for_file(actor, invoice),
        can_fill=policies.manages_billing(actor),
    )

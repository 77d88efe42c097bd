"""What an invoice needs before it is handed over: its pieces ticked, and what would hold it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from contractors import causes_book, policies
from contractors.causes import CauseCode
from contractors.matching import Difference
from contractors.models import Invoice, ReceivedInvoice
from contractors.selectors.blocks import BlockCard, cards, open_of_order
from contractors.services.invoices import filing_obstacle
from contractors.services.received_asking import differences_of
from nexxio.core.actors import Actor
from orders.models import Order
from orders.selectors.pieces import PieceLine, closing_pack
from orders.terms import InvoicePiece

_CAUSE_OF: dict[str, CauseCode] = {
    InvoicePiece.SIGN_OFF: CauseCode.SIGN_OFF,
    InvoicePiece.CERTIFICATE: CauseCode.CERTIFICATE_UNSIGNED,
}
"""What a missing piece opens; photos, report and files open B07."""


@dataclass(frozen=True)
class NeededPiece:
    """A piece that the contract asks for. card: the block that it opens while it lacks; None when
    it is there, or when it lacks and holds nothing (the landlord has waived it).
    """

    line: PieceLine
    card: BlockCard | None


@dataclass(frozen=True)
class FilingCheck:
    """What is to be known before an invoice is filed. blocks: what would hold it, reserves left
    out: they are withheld, they don't block. refusal: why it can't be filed at all, "" when it can.
    differences: in what a company's own file isn't what was ordered.
    """

    pieces: list[NeededPiece]
    blocks: list[BlockCard]
    refusal: str = ""
    differences: tuple[Difference, ...] = ()

    @property
    def missing(self) -> list[str]:
        """Pieces that aren't there, in words."""
        return [piece.line.label for piece in self.pieces if not piece.line.given]

    @property
    def asks(self) -> bool:
        """Whether its company is asked before it leaves."""
        return bool(self.blocks or self.missing or self.differences)

    @property
    def key(self) -> str:
        """Return what was said, as a code: whoever has read it is asked again only by something
        else.
        """
        lacking = {piece.line.code for piece in self.pieces if not piece.line.given}
        held = {f"{card.block.cause}.{card.block.side}" for card in self.blocks}
        differs = {f"{each.cause}.{each.text}" for each in self.differences}
        return " ".join(sorted(lacking | held | differs))


def filing_check(actor: Actor, invoice: Invoice) -> FilingCheck | None:
    """Return what its company is told before it files the invoice; None where it can't file it, and
    of a credit note or an invoice without order. Its order and contract are loaded.
    """
    if invoice.order_id is None or invoice.is_credit or not _files(actor, invoice):
        return None
    found = cards(actor, open_of_order(invoice.landlord_id, invoice.order_id), causes_book.load())
    check = check_of(needed_pieces(actor, invoice, found), found)
    refusal = filing_obstacle(actor, invoice)
    return replace(check, refusal=refusal.message if refusal else "")


def received_check(actor: Actor, received: ReceivedInvoice) -> FilingCheck | None:
    """Return what its company is told before a file of its own becomes an invoice; None where
    nothing is asked.
    """
    if not policies.can_confirm(actor, received) or received.order_id is None:
        return None
    order = Order.objects.select_related("contract", "landlord", "contractor").get(
        pk=received.order_id
    )
    found = cards(actor, open_of_order(order.landlord_id, order.pk), causes_book.load())
    to_come = Invoice(landlord_id=order.landlord_id, order=order)
    check = check_of(needed_pieces(actor, to_come, found), found)
    return replace(check, differences=differences_of(received, order))


def check_of(pieces: list[NeededPiece], held: Iterable[BlockCard]) -> FilingCheck:
    """Return the same from what its page has read already."""
    return FilingCheck(pieces, [card for card in held if not card.withheld])


def needed_pieces(actor: Actor, invoice: Invoice, held: Iterable[BlockCard]) -> list[NeededPiece]:
    """Return the pieces that an invoice's contract asks for, ticked. Five queries, none where it
    asks for nothing.

    held: what is open on it, or would be. A credit note needs none, nor a situation of works that
    go on: they are due when these are over.
    """
    if invoice.order is None or invoice.is_credit or invoice.in_progress:
        return []
    pack = closing_pack(actor, invoice.order)
    if pack is None:
        return []
    by_cause = {card.block.cause: card for card in held}
    return [
        NeededPiece(
            line,
            None
            if line.given
            else by_cause.get(_CAUSE_OF.get(line.code, CauseCode.PHOTOS_OR_REPORT)),
        )
        for line in pack.lines
    ]


def _files(actor: Actor, invoice: Invoice) -> bool:
    chorus = policies.goes_by_chorus(invoice.landlord)
    return policies.can_do("queue_for_chorus" if chorus else "file", actor, invoice)

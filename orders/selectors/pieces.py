"""The pieces that an order's invoice will need, ticked from facts."""

from __future__ import annotations

from dataclasses import dataclass

from nexxio.core.actors import Actor, Side
from orders import policies
from orders.models import Order, OrderPiece
from orders.services.pieces import given_proof, pieces_asked
from orders.services.signed import is_settled, last_sign_off
from orders.states import FINISHED, Nature, OrderState
from orders.terms import UPLOADED, InvoicePiece


@dataclass(frozen=True)
class PieceLine:
    """A piece: whether it is there, and the files that were given for it.

    is_upload: it is there only by a file.
    """

    code: str
    label: str
    given: bool
    is_upload: bool
    files: list[OrderPiece]


@dataclass(frozen=True)
class ClosingPack:
    """What the contract asks for. uploads: pieces that a file can be given for now.

    can_answer: the reader signs or refuses the sheet of works by the hour.
    """

    lines: list[PieceLine]
    can_add: bool
    can_withdraw: bool
    is_required: bool
    can_answer: bool

    @property
    def uploads(self) -> list[tuple[str, str]]:
        """Choices of the form that takes a file."""
        return [(line.code, line.label) for line in self.lines if line.is_upload]

    @property
    def missing(self) -> list[str]:
        """What isn't there yet, in words."""
        return [line.label for line in self.lines if not line.given]


def closing_pack(actor: Actor, order: Order) -> ClosingPack | None:
    """Return the pieces that the order asks for; None for tenants and where there are none."""
    contract, asked = order.contract, pieces_asked(order)
    if contract is None or not asked or actor.side is Side.TENANT:
        return None
    given = set(given_proof([order])[order.pk])
    if InvoicePiece.SIGN_OFF in asked and is_settled(last_sign_off(order)):
        given.add(InvoicePiece.SIGN_OFF)
    if order.state in FINISHED and order.state != OrderState.DONE:
        given.add(InvoicePiece.CERTIFICATE)
    files: dict[str, list[OrderPiece]] = {}
    if set(asked) & set(UPLOADED):
        own = {"landlord_id": order.landlord_id, "order_id": order.pk}
        rows = OrderPiece.objects.filter(**own, withdrawn_at__isnull=True)
        for piece in rows.select_related("file", "answer__answered_by"):
            files.setdefault(piece.kind, []).append(piece)
    lines = [
        PieceLine(code, str(label), code in given, code in UPLOADED, files.get(code, []))
        for code, label in InvoicePiece.choices
        if code in asked
    ]
    return ClosingPack(
        lines=lines,
        can_add=policies.adds_pieces(actor, order),
        can_withdraw=policies.withdraws_pieces(actor, order),
        can_answer=policies.can_answer_sheet(actor, order),
        is_required=contract.pieces_to_finish or order.nature == Nature.BY_THE_HOUR,
    )

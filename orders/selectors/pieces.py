"""The pieces that an order's invoice will need, ticked from facts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nexxio.core.actors import Actor, Side
from orders import policies
from orders.models import Order, OrderPiece, Photo, SignOff, Visit
from orders.services.pieces import pieces_asked, proof_of
from orders.services.signed import is_settled, last_of
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


class Told(NamedTuple):
    """What tells of an order's pieces; the photos are those that are there."""

    visits: Sequence[Visit]
    photos: Sequence[Photo]
    sign_offs: Sequence[SignOff]

    @classmethod
    def of(cls, order: Order) -> Told:
        """Load it. Three queries."""
        own = {"landlord_id": order.landlord_id, "order_id": order.pk}
        return cls(
            list(Visit.objects.filter(**own)),
            list(Photo.objects.filter(**own, withdrawn_at__isnull=True)),
            list(SignOff.objects.filter(**own)),
        )


def closing_pack(actor: Actor, order: Order, told: Told | None = None) -> ClosingPack | None:
    """Return the pieces that the order asks for; None for tenants and where there are none.

    told: where it is loaded.
    """
    contract, asked = order.contract, pieces_asked(order)
    if contract is None or not asked or actor.side is Side.TENANT:
        return None
    told = told or Told.of(order)
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    files: dict[str, list[OrderPiece]] = {}
    rows = OrderPiece.objects.filter(**own, withdrawn_at__isnull=True)
    for piece in rows.select_related("file", "answer__answered_by"):
        files.setdefault(piece.kind, []).append(piece)
    held = {kind for kind, found in files.items() if any(map(_counts, found))}
    given = {*held, *proof_of(moments=[p.moment for p in told.photos], visits=told.visits)}
    if InvoicePiece.SIGN_OFF in asked and is_settled(last_of(told.visits, told.sign_offs)):
        given.add(InvoicePiece.SIGN_OFF)
    if order.state in FINISHED and order.state != OrderState.DONE:
        given.add(InvoicePiece.CERTIFICATE)
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


def _counts(piece: OrderPiece) -> bool:
    """Tell whether a file counts: a sheet that the landlord refused doesn't."""
    answer = getattr(piece, "answer", None)
    return answer is None or answer.accepted

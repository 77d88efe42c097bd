"""What a letter to the occupant of a dwelling that nobody opened says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from orders.access_states import LetterKind
from orders.models import AccessLetter, Order
from orders.services.attempts import Attempt, order_attempts

FORMAL_DAYS = 8
"""Within how many days a formal notice asks for an appointment: the landlord's wish, no law's."""


@dataclass(frozen=True)
class LetterSheet:
    """All that the letter says: to whom, which visits, whom to call."""

    order: Order
    letter: AccessLetter
    occupant: str
    attempts: list[Attempt]
    days: int

    @property
    def is_formal(self) -> bool:
        """Tell whether it gives notice to let somebody in."""
        return self.letter.kind == LetterKind.FORMAL

    @property
    def title(self) -> str:
        """The document's own title."""
        return f"{LetterKind(self.letter.kind).label} {self.order.reference}"

    @property
    def at(self) -> datetime:
        """When it was asked for."""
        return self.letter.created_at


def letter_sheet(letter: AccessLetter) -> LetterSheet:
    """Return what is printed. Runs in the landlord's scope."""
    order: Order = Order.objects.select_related(
        "landlord", "contractor", "case__tenant", "contact"
    ).get(pk=letter.order_id)
    tenant = order.case.tenant
    return LetterSheet(
        order=order,
        letter=letter,
        occupant=str(tenant) if tenant else order.contact.name,
        attempts=[attempt for attempt in order_attempts(order) if attempt.rank],
        days=FORMAL_DAYS,
    )

"""Claims of a company: what is late by landlord, its letters, and what a letter says."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db.models import Count, Min, Sum
from django.utils.translation import gettext as _

from contractors import clock_wording, policies
from contractors.einvoices.issued import Company
from contractors.legal_clock import Regime, Result
from contractors.models import ClaimLetter, ClaimState, Invoice
from contractors.services.claims import late_invoices
from contractors.services.due_dates import Clocks
from contractors.services.issuing import parties_of
from contractors.services.payment_facts import regime_for
from nexxio.core.actors import Actor

SHOWN = 20
NOTHING = Decimal(0)
_DELAY_TEXTS = {
    Regime.OPH: "R2192-10",
    Regime.ESH: "R2192-11",
    Regime.SEM: "R2192-11",
    Regime.COOPERATIVE: "R2192-11",
}


@dataclass(frozen=True)
class LateHouse:
    """What one landlord has not paid in time."""

    pk: UUID
    name: str
    count: int
    euros: Decimal
    oldest: date


@dataclass(frozen=True)
class LetterCard:
    """A letter in the list. has_failed: it came to nothing, or its worker was lost."""

    letter: ClaimLetter

    @property
    def is_ready(self) -> bool:
        """Whether it can be fetched."""
        return self.letter.state == ClaimState.READY

    @property
    def is_preparing(self) -> bool:
        """Whether a worker makes it."""
        return policies.claim_waits(self.letter)

    @property
    def has_failed(self) -> bool:
        """Whether it has to be asked for again."""
        return not self.is_ready and not self.is_preparing


@dataclass(frozen=True)
class Claims:
    """The page of claims."""

    houses: list[LateHouse]
    letters: list[LetterCard]

    @property
    def is_preparing(self) -> bool:
        """Whether a letter is on its way."""
        return any(card.is_preparing for card in self.letters)


@dataclass(frozen=True)
class ClaimRow:
    """An invoice of a letter: what is left to pay, and what the legal clock says. why: ""."""

    invoice: Invoice
    left: Decimal
    result: Result
    why: str

    @property
    def delay_note(self) -> str:
        """How its due date came about."""
        result = self.result
        if result.counted is None or result.counted.completed_on is None:
            return ""
        return _("délai interrompu du %(first)s au %(last)s") % {
            "first": f"{result.counted.notified_on:%d/%m/%Y}",
            "last": f"{result.counted.completed_on:%d/%m/%Y}",
        }


@dataclass(frozen=True)
class ClaimSheet:
    """All that a printed letter says. Sums of interest are estimates and say so.

    left: what is unpaid of all; interest, indemnities: None where not one is known; unknown: how
    many invoices have no sum.
    """

    letter: ClaimLetter
    seller: Company
    buyer: Company
    rows: list[ClaimRow]
    is_public: bool
    delay_text: str
    estimate: str
    provisional: str

    @property
    def left(self) -> Decimal:
        """What is still to be paid of the invoices themselves."""
        return sum((row.left for row in self.rows), NOTHING)

    @property
    def unknown(self) -> int:
        """How many have no sum."""
        return sum(row.result.interest is None for row in self.rows)

    @property
    def interest(self) -> Decimal | None:
        """Interest of those that have a sum, less what was paid of it."""
        found = [row.result.interest_left for row in self.rows]
        known = [amount for amount in found if amount is not None]
        return sum(known, NOTHING) if known else None

    @property
    def indemnities(self) -> Decimal | None:
        """The fixed indemnity of each of those."""
        found = [row.result.indemnity_left for row in self.rows]
        known = [amount for amount in found if amount is not None]
        return sum(known, NOTHING) if known else None

    @property
    def is_provisional(self) -> bool:
        """Whether a rate isn't published yet."""
        return any(row.result.provisional for row in self.rows)

    @property
    def is_running(self) -> bool:
        """Whether interest still grows."""
        return any(row.result.running for row in self.rows)


def claims_page(actor: Actor) -> Claims:
    """Return what is late by landlord, and the last letters. Two queries."""
    found = (
        late_invoices(actor)
        .order_by()
        .values("landlord_id", "landlord__name")
        .annotate(
            count=Count("pk"),
            euros=Sum("left"),
            oldest=Min("due_on"),
        )
    )
    letters = ClaimLetter.objects.filter(organisation_id=actor.own_id)
    return Claims(
        houses=sorted(
            (
                LateHouse(
                    pk=row["landlord_id"],
                    name=row["landlord__name"],
                    count=row["count"],
                    euros=row["euros"],
                    oldest=row["oldest"],
                )
                for row in found
            ),
            key=lambda house: (-house.euros, house.name),
        ),
        letters=[LetterCard(letter) for letter in letters.select_related("debtor")[:SHOWN]],
    )


def claim_sheet(letter: ClaimLetter) -> ClaimSheet:
    """Return what a letter says, as its day saw it. Runs in a system scope."""
    found = list(
        Invoice.objects.filter(pk__in=letter.invoice_ids, contractor_id=letter.organisation_id)
        .select_related("landlord", "contractor", "order__contract")
        .order_by("due_on", "id")
    )
    clocks = Clocks.of(found)
    parties = parties_of(found[0])
    regime = regime_for(found[0].landlord)
    return ClaimSheet(
        letter=letter,
        seller=parties.seller,
        buyer=parties.buyer,
        rows=[_row(invoice, clocks, letter.as_of) for invoice in found],
        is_public=regime.is_public,
        delay_text=_DELAY_TEXTS.get(regime, ""),
        estimate=str(clock_wording.ESTIMATE),
        provisional=str(clock_wording.PROVISIONAL),
    )


# --- inside -----------------------------------------------------------------------------------


def _row(invoice: Invoice, clocks: Clocks, as_of: date) -> ClaimRow:
    result = clocks.at(invoice, as_of)
    why = clock_wording.why(result.reason, result.missing_on) if result.reason else ""
    return ClaimRow(invoice, clocks.left(invoice, as_of), result, why)

"""Which papers a landlord has of a company, and what of the asked ones is lacking."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

from contractors.models import PaperAsk, PaperDemand, PaperShare
from contractors.papers import PaperView, lacking


def demand_of(landlord_id: UUID) -> PaperDemand | None:
    """Return what a landlord asks of its companies; None where it asks nothing."""
    return PaperDemand.objects.filter(landlord_id=landlord_id, is_on=True).first()


def shares_of(landlord_id: UUID, contractor_ids: Collection[UUID]) -> list[PaperShare]:
    """Return a landlord's copies of the papers of companies that count. One query."""
    return list(
        PaperShare.objects.filter(
            landlord_id=landlord_id,
            contractor_id__in=contractor_ids,
            paper__replaced_at__isnull=True,
        ).select_related("paper", "answered_by")
    )


def view_of(share: PaperShare) -> PaperView:
    """Return a copy as far as its state goes."""
    return PaperView(share.paper.code, share.paper.expires_on, share.verdict)


def is_lacking(ask: PaperAsk, on: date) -> bool:
    """Tell whether a company owes the landlord of an ask a paper that counts on a day.

    Nothing counts before its day, nor once the landlord asks for nothing any more.
    """
    demand = demand_of(ask.landlord_id)
    if demand is None or on < ask.counts_from:
        return False
    views = [view_of(share) for share in shares_of(ask.landlord_id, [ask.contractor_id])]
    return bool(lacking(demand.codes, views, on))


def lacking_between(
    landlord_ids: Collection[UUID], contractor_ids: Collection[UUID | None]
) -> set[tuple[UUID, UUID | None]]:
    """Return (landlord, company) of those where the last look found that the company owes the
    landlord a paper. One query.
    """
    rows = PaperAsk.objects.filter(
        landlord_id__in=landlord_ids, contractor_id__in=contractor_ids, is_lacking=True
    )
    return set(rows.values_list("landlord_id", "contractor_id"))

"""The list of documents, as each side reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from evaluations.bonus_spans import Span
from evaluations.bonus_terms import Rhythm
from evaluations.models import Report, ReportKind, ReportState
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from orders.selectors.status import Status

PER_PAGE = 50
_ELSEWHERE = (ReportKind.REVIEW, ReportKind.STATEMENT)
"""Linked on the page that they are of."""
_LOOK = {
    ReportState.PREPARING: ("waiting", "hourglass"),
    ReportState.READY: ("success", "circle-check"),
    ReportState.FAILED: ("danger", "alert-triangle"),
}


@dataclass(frozen=True)
class ReportRow:
    """A document in the list. other: the other house, or that it is of all of them."""

    report: Report
    title: str
    other: str
    period: str
    status: Status

    @property
    def is_ready(self) -> bool:
        """Whether it can be read."""
        return self.report.state == ReportState.READY


@dataclass(frozen=True)
class ReportsPage:
    """The page. houses: (key, name) of those to choose from; next_on: when the clock makes more."""

    rows: Page[Any]
    houses: list[tuple[str, str]]
    house: str
    next_on: date


def reports_page(actor: Actor, *, house: str = "", page: str = "1") -> ReportsPage:
    """Return the documents that the reader may read, the newest month first. Three queries."""
    found = Report.objects.exclude(kind__in=_ELSEWHERE).select_related("landlord", "contractor")
    side = "contractor" if actor.side is Side.LANDLORD else "landlord"
    # A balance is of the company's own house: nobody else's name.
    others = Report.objects.filter(kind=ReportKind.SCORECARD, **{f"{side}__isnull": False})
    houses = [
        (str(pk), name)
        for pk, name in others.order_by(f"{side}__name")
        .values_list(f"{side}_id", f"{side}__name")
        .distinct()
    ]
    if house in dict(houses):
        found = found.filter(**{f"{side}_id": UUID(house)})
    rows: Page[Any] = Paginator(found.order_by("-month", "-id"), PER_PAGE).get_page(page)
    rows.object_list = [_row(actor, one) for one in rows.object_list]
    next_on = Span.of(Rhythm.MONTH, clock.today()).following.first
    return ReportsPage(rows, houses, house if house in dict(houses) else "", next_on)


def report_of_review(landlord_id: UUID, review_id: UUID) -> Report | None:
    """Return a review's printed minutes; None before they were asked for."""
    found: Report | None = (
        Report.objects.filter(landlord_id=landlord_id, review_id=review_id)
        .select_related("file")
        .first()
    )
    return found


# --- inside -----------------------------------------------------------------------------------


def _row(actor: Actor, report: Report) -> ReportRow:
    tone, icon = _LOOK[ReportState(report.state)]
    status = Status(report.state, str(ReportState(report.state).label), tone, icon)
    return ReportRow(
        report=report,
        title=str(ReportKind(report.kind).label),
        other=_other(actor, report),
        period=date_format(report.month, "F Y"),
        status=status,
    )


def _other(actor: Actor, report: Report) -> str:
    if report.kind == ReportKind.BALANCE:
        return _("Votre entreprise")
    if actor.side is Side.CONTRACTOR:
        return report.landlord.name
    return report.contractor.name if report.contractor else _("Tous nos prestataires")

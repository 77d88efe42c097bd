"""Who is told that results and monthly documents are there: managers of both houses, by the bell.

Never one for each document or each landlord: a house hears once a month of its documents, and once
in the month in which a quarter is published of its results.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from evaluations.models import Level, Report, ReportKind, Result
from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.models import Event, Notification, Organisation, OrganisationKind
from nexxio.core.notifications import Notice, bell, notices

KIND = "evaluation_month"


@notices(
    KIND,
    on=["report.made", "results.published"],
    channels=["bell"],
    label=_("Fiches du mois et résultats du trimestre"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
)
def tell_of_month(event: Event) -> Iterator[Notice]:
    """Ring the managers of the houses whose documents or results are there, once a month."""
    if event.kind == "report.made":
        yield from _of_documents(event)
    else:
        yield from _of_results(event)


def _of_documents(event: Event) -> Iterator[Notice]:
    """Of a landlord's sheet of all its companies together, and of a company's balance.

    There is one of each for a house and month; the others come with it.
    """
    report = Report.objects.select_related("landlord").get(pk=event.subject_id)
    of_landlord = report.kind == ReportKind.SCORECARD and report.contractor_id is None
    if of_landlord or report.kind == ReportKind.BALANCE:
        title = f"Fiches d’évaluation du mois : {date_format(report.month, 'F Y')}"
        yield from _ring(event, report.landlord, title, "reports")


def _of_results(event: Event) -> Iterator[Notice]:
    """Of a landlord's quarter: its managers, and those of each company of which something is told.

    A company of several landlords hears of the first one; the page lists them all.
    """
    row = Result.objects.filter(pk=event.subject_id).first()
    if row is None:
        return
    told = Result.objects.filter(
        landlord_id=row.landlord_id, quarter=row.quarter, contractor__isnull=False
    ).exclude(level=Level.FEW)
    houses = {row.landlord_id, *told.values_list("contractor_id", flat=True)}
    for house in Organisation.objects.filter(pk__in=houses, is_active=True).order_by("pk"):
        title = f"Résultats d’évaluation publiés : {event.payload['quarter']}"
        yield from _ring(event, house, title, "results")


def _ring(event: Event, house: Organisation, title: str, name: str) -> Iterator[Notice]:
    side = Side.LANDLORD if house.kind == OrganisationKind.LANDLORD else Side.CONTRACTOR
    url = reverse(f"evaluations:{side.value}_{name}", args=[house.slug])
    since = clock.start_of(clock.today().replace(day=1))
    told = Notification.objects.filter(
        organisation_id=house.pk,
        kind=KIND,
        event__kind=event.kind,
        created_at__gte=since,
    ).exclude(event_id=event.pk)
    heard = set(told.values_list("user_id", flat=True))
    for member in bell.members_with(house.pk, Role.MANAGER):
        if member.user_id not in heard:
            yield Notice(
                title=title[:200],
                url=url,
                bell_user_id=member.user_id,
                bell_organisation_id=house.pk,
            )

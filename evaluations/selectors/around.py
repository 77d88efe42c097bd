"""A contract's orders against its own rule, before and after a campaign or a claim letter.

The same counts to both parties: whoever speaks up can see that it costs no work. A campaign closes
on one day for all companies, so its date tells of nobody. A letter counts from the day on which its
company says that it was sent: before, nobody but the company knows of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from evaluations.models import Campaign, ClaimSending
from evaluations.quarters import Quarter
from nexxio.core import clock
from orders.models import Contract, Order, RuleDeparture
from orders.services.ceilings import NOT_DRAWN

MONTHS = 3
_MOST = 4


@dataclass(frozen=True)
class Tallied:
    """Three months of a contract: orders received, those that were another's turn, those gone."""

    received: int
    against: int
    gone: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted."""
        return not (self.received or self.gone)


@dataclass(frozen=True)
class Around:
    """One moment, and the months on both sides of it. over: whether those after it have passed."""

    name: str
    day: date
    before: Tallied
    after: Tallied
    over: bool


def around_of(contract: Contract) -> list[Around]:
    """Return the moments of a contract, the newest first. Four queries.

    Nothing where no order is counted around any of them.
    """
    moments = _moments(contract)
    spans = [span for _name, day in moments for span in _spans(day)]
    if not spans:
        return []
    own = {"landlord_id": contract.landlord_id, "contract_id": contract.pk}
    kept = ~Q(state__in=NOT_DRAWN)
    orders = Order.objects.filter(**own)
    received, against = _counted(orders, "issued_at", spans, [kept, kept & ~Q(rule_reason="")])
    (gone,) = _counted(RuleDeparture.objects.filter(**own), "created_at", spans, [Q()])
    counts = [Tallied(*three) for three in zip(received, against, gone, strict=True)]
    found = []
    for n, (name, day) in enumerate(moments):
        before, after = counts[2 * n : 2 * n + 2]
        over = _spans(day)[1][1] <= clock.now()
        found.append(Around(name=name, day=day, before=before, after=after, over=over))
    return [one for one in found if not (one.before.is_empty and one.after.is_empty)]


# --- inside -----------------------------------------------------------------------------------


def _moments(contract: Contract) -> list[tuple[str, date]]:
    found = [*_campaigns(contract), *_letters(contract)]
    return sorted(found, key=lambda one: one[1], reverse=True)[: 2 * _MOST]


def _campaigns(contract: Contract) -> Iterator[tuple[str, date]]:
    rows = Campaign.objects.filter(
        landlord_id=contract.landlord_id,
        contractor_id=contract.contractor_id,
        closed_at__isnull=False,
    )
    newest = rows.order_by("-closed_at").values_list("quarter", "closed_at")[:_MOST]
    for quarter, closed_at in newest:
        assert closed_at is not None
        yield _("Campagne du %s") % Quarter(quarter), clock.day_of(closed_at)


def _letters(contract: Contract) -> Iterator[tuple[str, date]]:
    rows = ClaimSending.objects.filter(
        landlord_id=contract.landlord_id, contractor_id=contract.contractor_id
    )
    for sent_on in rows.order_by("-sent_on").values_list("sent_on", flat=True)[:_MOST]:
        yield _("Lettre de réclamation"), sent_on


def _spans(day: date) -> list[tuple[datetime, datetime]]:
    """Return the months before a day, and those from it on."""
    middle = clock.start_of(day)
    first, last = clock.months_from(day, -MONTHS), clock.months_from(day, MONTHS)
    return [(clock.start_of(first), middle), (middle, clock.start_of(last))]


def _counted(
    rows: Any, moment: str, spans: Sequence[tuple[datetime, datetime]], kinds: Sequence[Q]
) -> list[list[int]]:
    """Return, by kind, how many rows each span holds. One query."""
    counts = {
        f"n{k}_{n}": Count(
            "pk", filter=kind & Q(**{f"{moment}__gte": first, f"{moment}__lt": last})
        )
        for k, kind in enumerate(kinds)
        for n, (first, last) in enumerate(spans)
    }
    since = min(first for first, _last in spans)
    found = rows.filter(**{f"{moment}__gte": since}).aggregate(**counts)
    return [[found[f"n{k}_{n}"] for n in range(len(spans))] for k in range(len(kinds))]

"""The quarterly campaign of a landlord and a company: opened, reminded of once, closed."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from evaluations import events
from evaluations.axes import Direction
from evaluations.models import Ballot, Campaign, CampaignSeat, Evaluation
from evaluations.quarters import ANSWER_DAYS, REMINDER_DAYS, Quarter
from evaluations.respondents import seats_for
from evaluations.services.counting import blank
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.events import EventType
from nexxio.core.outbox import Subject, record
from orders.models import Contract


@transaction.atomic
def open_campaign(
    *, actor: Actor, landlord_id: UUID, contractor_id: UUID, quarter: Quarter
) -> Campaign | None:
    """Open the campaign about a closed quarter; None where it is there. As the system.

    Keeps whom it asks (`respondents.seats_for`). Nothing is locked: the database lets one in.
    """
    now = clock.now()
    campaign = Campaign(
        landlord_id=landlord_id,
        contractor_id=contractor_id,
        quarter=quarter.first,
        trade_code=_trade_between(landlord_id, contractor_id),
        opened_at=now,
        closes_at=now + timedelta(days=ANSWER_DAYS),
    )
    Campaign.objects.bulk_create([campaign], ignore_conflicts=True)
    if not Campaign.objects.filter(pk=campaign.pk).exists():
        return None
    CampaignSeat.objects.bulk_create(seats_for(campaign))
    _tell(events.CampaignOpened(quarter=str(quarter)), campaign, actor)
    return campaign


@transaction.atomic
def remind_campaign(*, actor: Actor, campaign_id: UUID) -> bool:
    """Remind whoever hasn't answered, once, a week before the end. As the system. Locks it."""
    campaign, now = _locked(campaign_id), clock.now()
    due = campaign.opened_at + timedelta(days=REMINDER_DAYS)
    if campaign.reminded_at is not None or campaign.closed_at is not None or now < due:
        return False
    campaign.reminded_at = now
    campaign.save(update_fields=["reminded_at"])
    _tell(events.CampaignReminded(quarter=str(Quarter(campaign.quarter))), campaign, actor)
    return True


@transaction.atomic
def close_campaign(*, actor: Actor, campaign_id: UUID) -> bool:
    """End a campaign, and count those who were asked and gave no answer. As the system. Locks it.

    What was given is revealed by itself (revealing.py), at the same moment.
    """
    campaign, now = _locked(campaign_id), clock.now()
    if campaign.closed_at is not None or now < campaign.closes_at:
        return False
    campaign.closed_at = now
    campaign.save(update_fields=["closed_at"])
    Ballot.objects.bulk_create(_missing(campaign))
    CampaignSeat.objects.filter(campaign=campaign).delete()
    _tell(events.CampaignClosed(quarter=str(Quarter(campaign.quarter))), campaign, actor)
    return True


def _missing(campaign: Campaign) -> list[Ballot]:
    """Return an empty ballot for each seat from which nothing came."""
    found = []
    for direction in (Direction.LANDLORD_CONTRACTOR, Direction.CONTRACTOR_LANDLORD):
        of_side = {"campaign": campaign, "direction": direction}
        asked = CampaignSeat.objects.filter(**of_side).count()
        given = Evaluation.objects.filter(**of_side).count()
        found += [
            blank(
                landlord_id=campaign.landlord_id,
                contractor_id=campaign.contractor_id,
                direction=direction,
                quarter=campaign.quarter,
                month=campaign.quarter,
                trade_code=campaign.trade_code,
            )
            for _n in range(max(0, asked - given))
        ]
    return found


def _trade_between(landlord_id: UUID, contractor_id: UUID) -> str:
    """Return the trade of all contracts of the two houses; "" where there are several."""
    rows = Contract.objects.filter(landlord_id=landlord_id, contractor_id=contractor_id)
    codes = {code for trades in rows.values_list("trades", flat=True) for code in trades}
    return codes.pop() if len(codes) == 1 else ""


def _locked(pk: UUID) -> Campaign:
    found: Campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=pk)
    return found


def _tell(event: EventType, campaign: Campaign, actor: Actor) -> None:
    subject = Subject(
        pk=campaign.pk, landlord_id=campaign.landlord_id, contractor_id=campaign.contractor_id
    )
    record(event, actor=actor, subject=subject, subject_type="campaign")

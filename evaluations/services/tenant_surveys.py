"""A landlord's own satisfaction survey: kept as it says, replaced by the same day's, withdrawn."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from evaluations import policies
from evaluations import survey_events as events
from evaluations.models import TenantSurvey
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Agency
from nexxio.core.outbox import Subject, record


@transaction.atomic
def keep_tenant_survey(
    *,
    actor: Actor,
    agency_id: UUID | None,
    held_on: date,
    respondents: int,
    share: Decimal,
    source: str,
) -> TenantSurvey:
    """Keep one figure of the landlord's survey; the one of that perimeter and day is replaced.

    agency_id: None for all tenants. share: of dissatisfied respondents, in percent. Locks the row
    that it replaces. Raises Refused for another role, Invalid for another landlord's agency, a day
    to come, a figure that is none or no source.
    """
    _require_manager(actor)
    errors: dict[str, list[str]] = {}
    own = Agency.objects.filter(landlord_id=actor.own_id)
    if agency_id is not None and not own.filter(pk=agency_id).exists():
        errors["agency"] = ["Choisissez une agence de votre organisme."]
    if held_on > clock.today():
        errors["held_on"] = ["Cette date n’est pas encore passée."]
    if respondents < 1:
        errors["respondents"] = ["Indiquez au moins un répondant."]
    if not 0 <= share <= 100:  # noqa: PLR2004 (percent)
        errors["share"] = ["Indiquez une part entre 0 et 100 %."]
    if not source.strip():
        errors["source"] = ["Indiquez qui a mené l’enquête."]
    if errors:
        raise Invalid(errors)
    key = {"landlord_id": actor.own_id, "agency_id": agency_id, "held_on": held_on}
    same = TenantSurvey.objects.select_for_update(of=("self",)).filter(**key).first()
    survey = same or TenantSurvey(**key)
    survey.respondents, survey.share, survey.source = respondents, share, source.strip()
    survey.save()
    _tell(events.TenantSurveyKept(held_on=held_on, replaced=same is not None), survey, actor)
    return survey


@transaction.atomic
def withdraw_tenant_survey(*, actor: Actor, survey_id: UUID) -> None:
    """Take one figure away: nothing stands on it, and the file may be imported again.

    Locks it. Raises Refused for another role, Conflict when it is gone already.
    """
    _require_manager(actor)
    survey = TenantSurvey.objects.select_for_update(of=("self",)).filter(pk=survey_id).first()
    if survey is None:
        raise Conflict("Ce résultat est déjà retiré : rechargez la page.")
    _tell(events.TenantSurveyWithdrawn(held_on=survey.held_on), survey, actor)
    survey.delete()


# --- inside -----------------------------------------------------------------------------------


def _require_manager(actor: Actor) -> None:
    if not policies.steers(actor):
        message = "Seuls les responsables de l’organisme importent ou retirent ses enquêtes."
        raise Refused(message, code="role")


def _tell(event: EventType, survey: TenantSurvey, actor: Actor) -> None:
    subject = Subject(pk=survey.pk, landlord_id=survey.landlord_id)
    record(event, actor=actor, subject=subject, subject_type="tenant_survey")

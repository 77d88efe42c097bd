"""Days on which a house is closed: holidays of its own, bridges, an inventory.

They are told to whoever gives an appointment, on both sides. No delay of a contract or of the law
counts them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nexxio.core import clock
from nexxio.core.actors import Actor, Role
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.members import events
from nexxio.core.members.services import tell
from nexxio.core.models import ClosedPeriod

MOST_DAYS = 92
PARTNERS_SHOWN = 50


@transaction.atomic
def note_closing(*, actor: Actor, label: str, starts_on: date, ends_on: date) -> ClosedPeriod:
    """Say that the actor's house is closed from a day to another, both included; a manager's.

    Raises Refused for anybody else, Invalid for days that are over, too many or noted already.
    """
    _require_manager(actor)
    label = " ".join(label.split())[:60]
    wrong: dict[str, list[str]] = {}
    if not label:
        wrong["label"] = [_("Dites pourquoi, en deux mots.")]
    if ends_on < starts_on:
        wrong["ends_on"] = [_("La fin précède le début.")]
    elif ends_on < clock.today():
        wrong["ends_on"] = [_("Ces jours sont passés.")]
    elif (ends_on - starts_on).days >= MOST_DAYS:
        wrong["ends_on"] = [_("Une fermeture dure trois mois au plus.")]
    elif closed_between([actor.own_id], starts_on, ends_on):
        wrong["starts_on"] = [_("Une fermeture est déjà notée ces jours-là.")]
    if wrong:
        raise Invalid(wrong)
    period = ClosedPeriod(
        organisation_id=actor.own_id, label=label, starts_on=starts_on, ends_on=ends_on
    )
    period.save(force_insert=True)
    event = events.ClosingNoted(starts_on=starts_on, ends_on=ends_on)
    tell(actor, event, period.pk, "closing")
    return period


@transaction.atomic
def withdraw_closing(*, actor: Actor, closing_id: UUID) -> None:
    """Take back a period of the actor's house; a manager's.

    Raises Refused for anybody else, Conflict when it was taken back meanwhile.
    """
    _require_manager(actor)
    period = (
        ClosedPeriod.objects.select_for_update(of=("self",))
        .filter(organisation_id=actor.own_id, pk=closing_id)
        .first()
    )
    if period is None:
        raise Conflict(_("Cette fermeture est déjà retirée."))
    event = events.ClosingWithdrawn(starts_on=period.starts_on, ends_on=period.ends_on)
    tell(actor, event, period.pk, "closing")
    period.delete()


def closed_between(houses: Iterable[UUID], first: date, last: date) -> list[ClosedPeriod]:
    """Return when houses are closed, of a span of days; those that the scope may read."""
    found = ClosedPeriod.objects.filter(
        organisation_id__in=list(houses), starts_on__lte=last, ends_on__gte=first
    )
    return list(found.order_by("starts_on", "id"))


def to_come(actor: Actor) -> list[ClosedPeriod]:
    """Return when the actor's house is closed, from today on."""
    found = ClosedPeriod.objects.filter(organisation_id=actor.own_id, ends_on__gte=clock.today())
    return list(found.order_by("starts_on", "id"))


def of_partners(actor: Actor) -> list[ClosedPeriod]:
    """Return when the houses that the actor's works with are closed: the next ones, with names."""
    found = ClosedPeriod.objects.filter(ends_on__gte=clock.today())
    others = found.exclude(organisation_id=actor.own_id).select_related("organisation")
    return list(others.order_by("starts_on", "id")[:PARTNERS_SHOWN])


def may_write(actor: Actor) -> bool:
    """Tell whether the actor writes the closed days of his house: its managers do."""
    return actor.entry_id is None and actor.has(Role.MANAGER)


def _require_manager(actor: Actor) -> None:
    if not may_write(actor):
        raise Refused(_("Un responsable note les jours de fermeture."), code="role")

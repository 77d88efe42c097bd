"""Writes of the morning's e-mail: a member's choice, and that he was told today."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Q

from contractors import desk_events as events
from contractors import policies
from contractors.models import MorningDigest
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Refused
from nexxio.core.outbox import of_house, record


@transaction.atomic
def choose_digest(*, actor: Actor, is_wanted: bool) -> MorningDigest:
    """Keep whether the actor wants the morning's e-mail of this organisation. Locks his row.

    The same choice again changes nothing. Raises Refused for who works at no desk.
    """
    if not policies.desk(actor) or actor.membership_id is None:
        raise Refused("Le point du matin est celui des bureaux.", code="role")
    row = _locked(actor.own_id, actor.membership_id)
    if row.is_wanted != is_wanted:
        row.is_wanted = is_wanted
        row.save(update_fields=["is_wanted"])
        _record(events.DigestChosen(is_wanted=is_wanted), row, actor)
    return row


def digest_choice(actor: Actor) -> bool:
    """Tell whether the actor wants the e-mail; yes before he said anything."""
    off = MorningDigest.objects.filter(organisation_id=actor.own_id, is_wanted=False)
    return actor.membership_id not in off.values_list("membership_id", flat=True)


@transaction.atomic
def tell_morning(*, actor: Actor, reader: Actor, waits: bool) -> bool:
    """Note that a member was looked at today, and let the e-mail leave where something waits.

    actor: the clock. reader: the member. Locks his row: two workers at once tell him once.
    Returns whether it leaves. Runs in a system scope.
    """
    assert reader.membership_id is not None
    row = _locked(reader.own_id, reader.membership_id)
    if row.told_on == clock.today():
        return False
    row.told_on = clock.today()
    row.save(update_fields=["told_on"])
    if not (row.is_wanted and waits):
        return False
    _record(events.DigestDue(), row, actor, reader)
    return True


def settled(organisation_id: UUID) -> set[UUID]:
    """Return the memberships that were looked at today, or that want no e-mail."""
    rows = MorningDigest.objects.filter(
        Q(told_on=clock.today()) | Q(is_wanted=False), organisation_id=organisation_id
    )
    return set(rows.values_list("membership_id", flat=True))


# --- inside -----------------------------------------------------------------------------------


def _locked(organisation_id: UUID, membership_id: UUID) -> MorningDigest:
    own = {"organisation_id": organisation_id, "membership_id": membership_id}
    MorningDigest.objects.bulk_create([MorningDigest(**own)], ignore_conflicts=True)
    found: MorningDigest = MorningDigest.objects.select_for_update(of=("self",)).get(**own)
    return found


def _record(
    event: events.DigestChosen | events.DigestDue,
    row: MorningDigest,
    actor: Actor,
    reader: Actor | None = None,
) -> None:
    side = (reader or actor).side
    subject = of_house(pk=row.pk, organisation_id=row.organisation_id, side=side)
    record(event, actor=actor, subject=subject, subject_type="digest")

"""Absences of members: dates, and who stands in. They end by themselves.

While somebody is absent nobody reminds him of anything, and whoever stands in may approve within
his limit (orders: approve_order).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from nexxio.core import clock
from nexxio.core.actors import Actor, Role
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.members import events
from nexxio.core.members.services import tell
from nexxio.core.models import Absence, Membership

MOST_DAYS = 366
_DESK = [Role.MANAGER.value, Role.CLERK.value]


@transaction.atomic
def set_absence(
    *,
    actor: Actor,
    membership_id: UUID,
    starts_on: date,
    ends_on: date,
    substitute_id: UUID | None = None,
) -> Absence:
    """Say that a member is absent from a day to another, both included, and who stands in.

    One's own, or anybody's of the house for its managers. Locks the member. Raises Invalid for
    dates that are over or cross another absence, and for somebody who can't stand in.
    """
    member = _lock(actor, membership_id)
    wrong: dict[str, list[str]] = {}
    if ends_on < starts_on:
        wrong["ends_on"] = [_("La fin précède le début.")]
    elif ends_on < clock.today():
        wrong["ends_on"] = [_("Ces jours sont passés.")]
    elif (ends_on - starts_on).days > MOST_DAYS:
        wrong["ends_on"] = [_("Une absence dure un an au plus.")]
    elif _between(member.organisation_id, starts_on, ends_on).filter(member=member).exists():
        wrong["starts_on"] = [_("Une absence est déjà notée ces jours-là : terminez-la d’abord.")]
    if substitute_id is not None:
        found = next((one for one in substitutes_of(member) if one.pk == substitute_id), None)
        if found is None:
            wrong["substitute"] = [_("Cette personne ne peut pas remplacer ce membre.")]
        elif (
            _between(member.organisation_id, starts_on, ends_on)
            .filter(member__user_id=found.user_id)
            .exists()
        ):
            wrong["substitute"] = [_("Cette personne est elle-même absente ces jours-là.")]
        elif problem := _gift_problem(actor, member, found):
            wrong["substitute"] = [problem]
    if wrong:
        raise Invalid(wrong)
    absence = Absence(
        organisation_id=member.organisation_id,
        member=member,
        substitute_id=substitute_id,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    absence.save(force_insert=True)
    event = events.AbsenceNoted(starts_on=starts_on, ends_on=ends_on, substitute=substitute_id)
    tell(actor, event, member.pk, "member")
    return absence


@transaction.atomic
def end_absence(*, actor: Actor, membership_id: UUID, absence_id: UUID | None) -> Absence:
    """End a member's absence, or take back one to come. Locks the member.

    absence_id: the one that the page showed. Raises Conflict when it has ended meanwhile.
    """
    member = _lock(actor, membership_id)
    absence = next_absence(member)
    if absence is None or absence.pk != absence_id:
        raise Conflict(_("Cette absence est déjà terminée."))
    absence.ended_at = clock.now()
    absence.save(update_fields=["ended_at"])
    tell(actor, events.AbsenceEnded(), member.pk, "member")
    return absence


def _gift_problem(actor: Actor, member: Membership, substitute: Membership) -> str:
    """Return why the actor can't lend another's limit to somebody; "" when he can.

    One lends one's own. A manager who notes a colleague's absence gives no more than he may give
    (as where he sets a limit), and nothing to himself.
    """
    if member.user_id == actor.user_id:
        return ""
    if substitute.user_id == actor.user_id:
        return _("Vous ne pouvez pas vous désigner vous-même : un autre responsable le fait.")
    most = actor.limit
    if most is not None and (member.limit is None or member.limit > most):
        return _("La limite de ce membre dépasse la vôtre : lui seul désigne son remplaçant.")
    return ""


def may_set(actor: Actor, member: Membership) -> bool:
    """Tell whether the actor may write a member's absence: his own, or as a manager."""
    return actor.entry_id is None and (
        actor.has(Role.MANAGER) or (actor.has(Role.CLERK) and member.user_id == actor.user_id)
    )


def substitutes_of(member: Membership) -> list[Membership]:
    """Return who may stand in: the desk of the same service, else the house's managers, else
    anybody at a desk: the only manager of a house can be away too."""
    desk = (
        Membership.objects.filter(
            organisation_id=member.organisation_id,
            is_active=True,
            user__is_active=True,
            roles__overlap=_DESK,
        )
        .exclude(user_id=member.user_id)
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "id")
    )
    own = list(desk.filter(department=member.department))
    return own or list(desk.filter(roles__contains=[Role.MANAGER.value])) or list(desk)


def next_absence(member: Membership) -> Absence | None:
    """Return the absence that runs, or the next one."""
    return (
        _standing(member.organisation_id)
        .filter(member=member, ends_on__gte=clock.today())
        .select_related("substitute__user")
        .order_by("starts_on")
        .first()
    )


def absences_of(organisation_id: UUID, members: Iterable[Membership]) -> dict[UUID, Absence]:
    """Return the absences that run or come next, by membership. One query."""
    found = (
        _standing(organisation_id)
        .filter(member__in=[member.pk for member in members], ends_on__gte=clock.today())
        .select_related("substitute__user")
        .order_by("-starts_on")
    )
    return {absence.member_id: absence for absence in found}


def absent_days(organisation_id: UUID, first: date, last: date) -> dict[UUID, frozenset[date]]:
    """Return on which days between two, both included, members are absent. One query."""
    found: dict[UUID, set[date]] = {}
    for absence in _between(organisation_id, first, last):
        day, end = max(first, absence.starts_on), min(last, absence.ends_on)
        while day <= end:
            found.setdefault(absence.member_id, set()).add(day)
            day += timedelta(days=1)
    return {member_id: frozenset(days) for member_id, days in found.items()}


def stood_for(actor: Actor) -> list[Membership]:
    """Return for whom the actor stands in today: members of his house who may still act in it."""
    if actor.user_id is None:
        return []
    today = clock.today()
    found = (
        _between(actor.own_id, today, today)
        .filter(
            substitute__user_id=actor.user_id,
            substitute__is_active=True,
            member__is_active=True,
            member__user__is_active=True,
            member__roles__overlap=_DESK,
        )
        .select_related("member__user")
        .order_by("created_at")
    )
    return [absence.member for absence in found]


def _standing(organisation_id: UUID) -> QuerySet[Absence]:
    return Absence.objects.filter(organisation_id=organisation_id, ended_at__isnull=True)


def _between(organisation_id: UUID, start: date, end: date) -> QuerySet[Absence]:
    return _standing(organisation_id).filter(Q(starts_on__lte=end, ends_on__gte=start))


def _lock(actor: Actor, membership_id: UUID) -> Membership:
    member: Membership | None = (
        Membership.objects.select_for_update(of=("self",))
        .filter(pk=membership_id, organisation_id=actor.own_id, is_active=True)
        .select_related("user")
        .first()
    )
    if member is None:
        raise Refused(_("Ce membre n’existe pas."))
    if not may_set(actor, member):
        raise Refused(_("Vous notez votre propre absence ; un responsable, celle de tous."))
    return member

"""What managers do: invite, change, deactivate, take back. Each act is recorded.

Every service takes the organisation's managers' rows first (in order of their ids), so that of two
managers who withdraw each other's rights only one succeeds, and then the row that it changes. The
database asks again, by policy: whoever writes is an active manager, and never of his own row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from nexxio.core import accounts, clock
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.members import events, tokens, wording
from nexxio.core.models import Event, Invitation, Membership, RoleLimit
from nexxio.core.outbox import of_house, record
from nexxio.core.templatetags.ui import money_text
from nexxio.core.territories.services import territory_problem

MOST_A_DAY = 200
"""Invitations of one organisation within 24 hours: more than any puts its people in at once."""


@dataclass(frozen=True)
class Rights:
    """What a member gets: department, roles, and euros that he may commit on one order.

    agency_id, sector_id: what he looks at first, None for the whole estate.
    """

    department: str
    roles: tuple[str, ...]
    spend_limit: Decimal | None = None
    agency_id: UUID | None = None
    sector_id: UUID | None = None

    @classmethod
    def of(cls, member: Membership, **changed: Any) -> Rights:
        """Return what a member has, apart from what is `changed`."""
        held = {name: getattr(member, name) for name in _RIGHTS} | changed
        return cls(**{**held, "roles": tuple(held["roles"])})


_RIGHTS = ("department", "roles", "spend_limit", "agency_id", "sector_id")


@transaction.atomic
def invite(*, actor: Actor, email: str, rights: Rights) -> Invitation:
    """Offer a place; the message leaves after the commit. Locks the managers.

    Raises Invalid for rights that the side hasn't or the actor may not give, for somebody who is a
    member already or whose invitation is still open; Refused after MOST_A_DAY in 24 hours.
    """
    lock_house(actor)
    _check(actor, rights)
    address = email.strip().lower()
    place = {"organisation_id": actor.own_id, "department": rights.department}
    if Membership.objects.filter(**place, user__email__iexact=address).exists():
        raise Invalid({"email": [_("Cette personne est déjà membre de ce service.")]})
    now = clock.now()
    _require_measure(actor, now)
    earlier = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(**place, email=address, accepted_at__isnull=True, revoked_at__isnull=True)
        .first()
    )
    if earlier is not None and earlier.expires_at > now:
        raise Invalid({"email": [_("Une invitation est déjà en attente : renvoyez-la.")]})
    if earlier is not None:
        earlier.revoked_at = now
        earlier.save(update_fields=["revoked_at"])
    invitation = Invitation(
        **place,
        email=address,
        roles=list(rights.roles),
        spend_limit=rights.spend_limit,
        agency_id=rights.agency_id,
        sector_id=rights.sector_id,
        invited_by_id=_person(actor),
        expires_at=now + tokens.LIFE,
    )
    tokens.seal(invitation)
    invitation.save(force_insert=True)
    event = events.MemberInvited(
        department=rights.department,
        roles=rights.roles,
        spend_limit=events.limit_code(rights.spend_limit),
        territory=events.place_code(rights.agency_id, rights.sector_id),
    )
    tell(actor, event, invitation.pk, "invitation")
    return invitation


def _require_measure(actor: Actor, now: datetime) -> None:
    """Keep a stolen account from writing to the world in the product's name."""
    since = Invitation.objects.filter(
        organisation_id=actor.own_id, created_at__gt=now - timedelta(days=1)
    )
    if since.count() >= MOST_A_DAY:
        raise Refused(
            _("Votre organisation a déjà envoyé beaucoup d’invitations : reprenez demain."),
            code="rate",
        )


@transaction.atomic
def resend(*, actor: Actor, invitation_id: UUID) -> Invitation:
    """Send an invitation again, for seven days more; its former link is dead. Locks it."""
    lock_house(actor)
    invitation = _open_invitation(actor, invitation_id)
    invitation.issue += 1
    invitation.expires_at = clock.now() + tokens.LIFE
    tokens.seal(invitation)
    invitation.save(update_fields=["issue", "expires_at", "token_hash"])
    tell(actor, events.InvitationResent(issue=invitation.issue), invitation.pk, "invitation")
    return invitation


@transaction.atomic
def revoke(*, actor: Actor, invitation_id: UUID) -> Invitation:
    """Take an invitation back before it is used. Locks it."""
    lock_house(actor)
    invitation = _open_invitation(actor, invitation_id)
    invitation.revoked_at = clock.now()
    invitation.save(update_fields=["revoked_at"])
    tell(actor, events.InvitationRevoked(), invitation.pk, "invitation")
    return invitation


@transaction.atomic
def change_member(*, actor: Actor, membership_id: UUID, rights: Rights) -> Membership:
    """Change what another member may do and looks at. Locks the managers and the member.

    Nothing is recorded when nothing changes. His open pages ask for their rights again.
    """
    lock_house(actor)
    member = _another(actor, membership_id)
    _check(actor, rights, kept=member)
    wanted = {
        "department": rights.department,
        "roles": list(rights.roles),
        "spend_limit": rights.spend_limit,
        "agency_id": rights.agency_id,
        "sector_id": rights.sector_id,
    }
    return _apply(actor, member, wanted)


@transaction.atomic
def deactivate(*, actor: Actor, membership_id: UUID) -> Membership:
    """Withdraw another member's access at once; his open pages go silent. Undone by reactivate.

    Where it was his last one here, invitations that he hasn't used yet end with it.
    """
    lock_house(actor)
    member = _another(actor, membership_id)
    if not member.is_active:
        raise Conflict(_("Cet accès est déjà désactivé."))
    member.is_active = False
    member.save(update_fields=["is_active"])
    tell(actor, events.MemberDeactivated(), member.pk, "member")
    here = Membership.objects.filter(organisation_id=actor.own_id, is_active=True)
    if not here.filter(user_id=member.user_id).exists():
        _end_invitations(actor, member.user.email.lower())
    accounts.close_streams_of(member.user_id)
    return member


@transaction.atomic
def reactivate(*, actor: Actor, membership_id: UUID) -> Membership:
    """Give another member his access back, with the rights that he had."""
    lock_house(actor)
    member = _another(actor, membership_id)
    if member.is_active:
        raise Conflict(_("Cet accès est déjà actif."))
    _check(actor, Rights.of(member), kept=member)
    member.is_active = True
    member.save(update_fields=["is_active"])
    tell(actor, events.MemberReactivated(), member.pk, "member")
    return member


@transaction.atomic
def undo_change(*, actor: Actor, event_id: UUID) -> Membership:
    """Take a change of rights back, unless the member was changed again since."""
    lock_house(actor)
    event = Event.objects.filter(
        pk=event_id, landlord_id=actor.own_id, kind=events.MemberChanged.kind
    ).first()
    if event is None:
        raise Refused(_("Cette modification n’existe pas."))
    member = _another(actor, event.subject_id)
    before, after = (events.MemberChanged.values(event.payload, when) for when in ("_before", ""))
    if any(getattr(member, name) != value for name, value in after.items()):
        raise Refused(_("Ce membre a été modifié depuis : rien n’a été annulé."))
    _check(actor, Rights.of(member, **before), kept=member)
    return _apply(actor, member, before)


def _apply(actor: Actor, member: Membership, wanted: Mapping[str, Any]) -> Membership:
    changed = {name: value for name, value in wanted.items() if getattr(member, name) != value}
    if not changed:
        return member
    same_place = Membership.objects.filter(
        organisation_id=actor.own_id, user_id=member.user_id, department=wanted.get("department")
    ).exclude(pk=member.pk)
    if "department" in changed and same_place.exists():
        raise Invalid({"department": [_("Cette personne est déjà membre de ce service.")]})
    before = Rights.of(member)
    for name, value in changed.items():
        setattr(member, name, value)
    member.save(update_fields=list(changed))
    event = events.MemberChanged(
        changed=events.changed_names(changed),
        department=member.department,
        department_before=before.department,
        roles=tuple(member.roles),
        roles_before=before.roles,
        spend_limit=events.limit_code(member.spend_limit),
        spend_limit_before=events.limit_code(before.spend_limit),
        territory=events.place_code(member.agency_id, member.sector_id),
        territory_before=events.place_code(before.agency_id, before.sector_id),
    )
    tell(actor, event, member.pk, "member")
    accounts.close_streams_of(member.user_id)
    return member


def _end_invitations(actor: Actor, address: str) -> None:
    """Take back what would let somebody in again whose access was withdrawn."""
    waiting = Invitation.objects.select_for_update(of=("self",)).filter(
        organisation_id=actor.own_id,
        email=address,
        accepted_at__isnull=True,
        revoked_at__isnull=True,
    )
    for invitation in waiting.order_by("id"):
        invitation.revoked_at = clock.now()
        invitation.save(update_fields=["revoked_at"])
        tell(actor, events.InvitationRevoked(), invitation.pk, "invitation")


def _person(actor: Actor) -> UUID:
    assert actor.user_id is not None  # the house was locked for somebody
    return actor.user_id


def lock_house(actor: Actor) -> None:
    """Lock the managers' rows; raise Refused unless the actor is still one of them."""
    managers = Membership.objects.select_for_update(of=("self",)).filter(
        organisation_id=actor.own_id, is_active=True, roles__contains=[Role.MANAGER.value]
    )
    if actor.user_id not in {found.user_id for found in managers.order_by("id")}:
        raise Refused(_("Seul un responsable gère les membres."), code="role")


def _another(actor: Actor, membership_id: UUID) -> Membership:
    """Lock and return a member of the house who isn't the actor himself."""
    member = (
        Membership.objects.select_for_update(of=("self",))
        .filter(pk=membership_id, organisation_id=actor.own_id)
        .select_related("user")
        .first()
    )
    if member is None:
        raise Refused(_("Ce membre n’existe pas."))
    if member.user_id == actor.user_id:
        raise Refused(
            _("Vous ne changez pas vos propres droits : demandez à un autre responsable."),
            code="self",
        )
    return member


def _open_invitation(actor: Actor, invitation_id: UUID) -> Invitation:
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .filter(pk=invitation_id, organisation_id=actor.own_id)
        .first()
    )
    if invitation is None:
        raise Refused(_("Cette invitation n’existe pas."))
    if invitation.accepted_at is not None:
        raise Conflict(_("Cette invitation a déjà été acceptée."))
    if invitation.revoked_at is not None:
        raise Conflict(_("Cette invitation a déjà été retirée."))
    return invitation


def _check(actor: Actor, rights: Rights, *, kept: Membership | None = None) -> None:
    """Raise Invalid for rights that the side hasn't, or that are more than the actor's own.

    kept: what a member has already may stay, an old department or a limit above the actor's.
    """
    known = wording.ROLES[actor.side]
    departments = {found.value for found in wording.DEPARTMENTS[actor.side]}
    wrong: dict[str, list[str]] = {}
    if not rights.roles:
        wrong["roles"] = [_("Choisissez au moins un rôle.")]
    elif not set(rights.roles) <= {*known, *(kept.roles if kept else ())}:
        wrong["roles"] = [_("Ce rôle n’existe pas ici.")]
    if rights.department not in {*departments, kept.department if kept else ""}:
        wrong["department"] = [_("Ce service n’existe pas ici.")]
    place = territory_problem(
        actor=actor, agency_id=rights.agency_id, sector_id=rights.sector_id, kept=kept
    )
    if place:
        wrong["territory"] = [place]
    problem = _limit_problem(actor, rights, kept)
    if problem and actor.side is Side.LANDLORD:
        wrong["spend_limit"] = [problem]
    if wrong:
        raise Invalid(wrong)


def _limit_problem(actor: Actor, rights: Rights, kept: Membership | None) -> str:
    """Return why the actor may not give this limit, or by no limit that of the roles."""
    asked = rights.spend_limit
    if asked is not None and asked < 0:
        return _("Un plafond n’est pas négatif.")
    if gives_too_much(actor, asked=asked, roles=rights.roles, kept=kept):
        own = money_text(actor.limit)
        return _("Le plafond doit être au plus le vôtre, %(own)s.") % {"own": own}
    return ""


def gives_too_much(
    actor: Actor,
    *,
    asked: Decimal | None,
    roles: Iterable[str],
    kept: Membership | None,
    by_role: Callable[[tuple[str, ...]], Decimal | None] | None = None,
) -> bool:
    """Tell whether a limit, or without one that of the roles, is more than the actor's own.

    asked: euros excluding VAT, None for that of the roles. kept: a limit that a member has already
    may stay; one by role only under the roles that he has. by_role: `limit_by_role` of the
    actor's house, where the caller remembers what it said.
    """
    own, held = actor.limit, tuple(roles)
    if own is None:
        return False
    stays = kept is not None and kept.spend_limit == asked
    if stays and (asked is not None or set(held) <= set(kept.roles if kept else ())):
        return False
    if asked is None:
        asked = by_role(held) if by_role else limit_by_role(actor.own_id, held)
    return asked is None or asked > own


def limit_by_role(organisation_id: UUID, roles: Iterable[str]) -> Decimal | None:
    """Return what roles may commit in a house, euros excluding VAT; None for no limit.

    As the database keeps it (nexxio_role_limit): the highest one, unless one has none.
    """
    held = {role for role in roles if role in (Role.MANAGER, Role.CLERK)}
    rows = RoleLimit.objects.filter(organisation_id=organisation_id, role__in=held)
    found = list(rows.values_list("spend_limit", flat=True))
    return max(found) if found and len(found) == len(held) else None


def tell(actor: Actor, event: EventType, pk: UUID, what: str) -> Event:
    """Record an event of the actor's own house, in the caller's transaction."""
    subject = of_house(pk=pk, organisation_id=actor.own_id, side=actor.side)
    return record(event, actor=actor, subject=subject, subject_type=what)


def names_of(roles: Iterable[str]) -> tuple[str, ...]:
    """Return roles in the order of the enum, each once: what a form sends, made comparable."""
    held = set(roles)
    return tuple(role.value for role in Role if role.value in held)

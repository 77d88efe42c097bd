"""What a landlord's people may commit on one order, by their role; a person's own limit wins.

The database keeps each member's limit by role beside his own (migration 0048), so that whoever
reads a member knows both.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from nexxio.core.actors import Actor, Role, Side
from nexxio.core.errors import Invalid, Refused
from nexxio.core.members import events
from nexxio.core.members.services import lock_house, tell
from nexxio.core.models import Membership, RoleLimit
from nexxio.core.templatetags.ui import money_text

LIMITED = (Role.MANAGER, Role.CLERK)
"""Roles that commit."""


def role_limits(actor: Actor) -> dict[Role, Decimal]:
    """Return the limits of the actor's house, euros excluding VAT; a role without one is absent."""
    rows = RoleLimit.objects.filter(organisation_id=actor.own_id)
    return {Role(role): limit for role, limit in rows.values_list("role", "spend_limit")}


@transaction.atomic
def write_role_limits(
    *, actor: Actor, limits: Mapping[Role, Decimal | None]
) -> dict[Role, Decimal]:
    """Set what each role of the actor's landlord may commit on one order; None for no limit.

    limits: euros excluding VAT. Locks the managers. Raises Refused for anybody but a landlord's
    manager, Invalid for a limit above the actor's own, and for one of managers that would leave
    nobody whose own limit is at least as high: nobody could approve, or change it, any more.
    """
    if actor.side is not Side.LANDLORD or not actor.has(Role.MANAGER):
        raise Refused(_("Votre rôle ne permet pas de changer ces limites."), code="role")
    lock_house(actor)
    before = role_limits(actor)
    asked = {role: limits[role] for role in LIMITED if role in limits}
    changed = {role: limit for role, limit in asked.items() if limit != before.get(role)}
    wrong = {
        f"{role.value}_limit": [problem]
        for role, limit in changed.items()
        if (problem := _problem(actor, role, limit))
    }
    if wrong:
        raise Invalid(wrong)
    for role, limit in changed.items():
        own: dict[str, Any] = {"organisation_id": actor.own_id, "role": role.value}
        if limit is None:
            RoleLimit.objects.filter(**own).delete()
        else:
            RoleLimit.objects.update_or_create(**own, defaults={"spend_limit": limit})
        event = events.RoleLimited(
            role=role.value,
            limit=events.limit_code(limit),
            limit_before=events.limit_code(before.get(role)),
        )
        tell(actor, event, actor.own_id, "organisation")
    return role_limits(actor)


# --- inside -----------------------------------------------------------------------------------


def _problem(actor: Actor, role: Role, limit: Decimal | None) -> str:
    own = actor.limit
    if limit is not None and limit < 0:
        return _("Un plafond n’est pas négatif.")
    if own is not None and (limit is None or limit > own):
        return _("Le plafond doit être au plus le vôtre, %(own)s.") % {"own": money_text(own)}
    if role is Role.MANAGER and limit is not None and not _one_is_above(actor, limit):
        return _(
            "Personne n’aurait plus un plafond aussi élevé : donnez d’abord le sien à un"
            " responsable, dans « Équipe »."
        )
    return ""


def _one_is_above(actor: Actor, limit: Decimal) -> bool:
    return Membership.objects.filter(
        organisation_id=actor.own_id,
        is_active=True,
        roles__contains=[Role.MANAGER.value],
        spend_limit__gte=limit,
    ).exists()

"""Writes of the estate that need no file: a dwelling made on demand."""

from __future__ import annotations

import re
from uuid import UUID

from django.db import transaction

from nexxio.core.actors import Actor, Role
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Group, Unit, UnitKind

_NUMBER = re.compile(r"^[0-9A-Za-z][0-9A-Za-z ./-]{0,19}$")


@transaction.atomic
def get_or_make_unit(*, actor: Actor, group_id: UUID, kind: UnitKind, number: str) -> Unit:
    """Return a unit of a group by its number; make the placeholder when it isn't there yet.

    The estate file names no dwellings, only how many there are: a number above that count is
    refused. Two people who ask at once get the same row. Raises Invalid for the number,
    Group.DoesNotExist when the group isn't visible.
    """
    if not actor.has(Role.MANAGER, Role.CLERK):
        raise Refused("Votre rôle ne permet pas d'ajouter un logement.", code="role")
    group = Group.objects.get(pk=group_id)
    number = " ".join(number.split())
    if not _NUMBER.match(number):
        raise Invalid({"number": ["Écrivez un numéro comme 12 ou B 204."]})
    too_high = number.isdigit() and group.dwellings and int(number) > group.dwellings
    if kind == UnitKind.DWELLING and (too_high or number == "0"):
        raise Invalid({"number": [f"Cette résidence compte {group.dwellings} logements."]})
    key = {"landlord_id": group.landlord_id, "group_id": group.pk, "kind": kind, "number": number}
    Unit.objects.bulk_create([Unit(**key, is_placeholder=True)], ignore_conflicts=True)
    return Unit.objects.select_related("group").get(**key)

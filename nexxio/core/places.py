"""The estate beside its import: finding a place and who lives there, a dwelling made on demand."""

from __future__ import annotations

import re
from collections.abc import Collection
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from nexxio.core import clock
from nexxio.core.actors import Actor, Role
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Group, Occupancy, Tenant, Unit, UnitKind

Territory = tuple[UUID | None, UUID | None]
"""(agency, sector)."""
_NUMBER = re.compile(r"^[0-9A-Za-z][0-9A-Za-z ./-]{0,19}$")
_AREA = re.compile(r"^\w[\w ’'().,/-]{0,19}$")


def find_group(pk: UUID) -> Group | None:
    """Return a group that the current scope sees."""
    return Group.objects.filter(pk=pk).first()


def find_unit(pk: UUID) -> Unit | None:
    """Return a unit that the current scope sees, with its group."""
    return Unit.objects.select_related("group").filter(pk=pk).first()


_TERRITORIES = """
    SELECT g.id, s.agency_id, g.sector_id
    FROM core_group g LEFT JOIN core_sector s ON s.id = g.sector_id
    WHERE g.landlord_id = %s AND g.id = ANY (%s)
    ORDER BY g.id FOR SHARE OF g
"""


def territories_of(landlord_id: UUID, group_ids: Collection[UUID]) -> dict[UUID, Territory]:
    """Return agency and sector of groups; both None for a group that has none.

    Locks the groups against being moved until the caller's transaction ends: what it copies is
    then either what they are, or committed before they move.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TERRITORIES, [landlord_id, sorted(set(group_ids))])
        return {pk: (agency_id, sector_id) for pk, agency_id, sector_id in cursor.fetchall()}


def units_after(group: Group, after: str, limit: int) -> tuple[list[Unit], str]:
    """Return units of a group by kind and number, and the key of the next page ("" at the end).

    after: such a key ("kind number"), or "" for the first page.
    """
    kind, _space, number = after[:40].partition(" ")
    units = Unit.objects.filter(landlord_id=group.landlord_id, group_id=group.pk)
    if number:
        units = units.filter(Q(kind__gt=kind) | Q(kind=kind, number__gt=number), kind__gte=kind)
    found = list(units.order_by("kind", "number")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], f"{last.kind} {last.number}" if last else ""


def tenant_of(unit: Unit) -> Tenant | None:
    """Return who lives in a unit today (the last to move in, when there are several)."""
    today = clock.today()
    living = (
        Occupancy.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
            landlord_id=unit.landlord_id,
            unit_id=unit.pk,
            starts_on__lte=today,
        )
        .select_related("tenant")
        .order_by("-starts_on")
        .first()
    )
    return living.tenant if living else None


def _no_such(number: str, dwellings: int) -> str:
    """Return why a dwelling can't have that number."""
    if dwellings > 1:
        return f"Il n’y a pas de logement {number} : numéros de 1 à {dwellings}."
    if dwellings == 1:
        return f"Il n’y a pas de logement {number} : cette résidence n’en a qu’un, le 1."
    return f"Il n’y a pas de logement {number} : les numéros commencent à 1."


@transaction.atomic
def get_or_make_unit(*, actor: Actor, group_id: UUID, kind: UnitKind, number: str) -> Unit:
    """Return a unit of a group by its number; make the placeholder when it isn't there yet.

    The estate file names no dwellings, only how many there are: a number above that count is
    refused. Two people who ask at once get the same row. Raises Invalid for the number,
    Group.DoesNotExist when the group isn't visible.
    """
    if not actor.has(Role.MANAGER, Role.CLERK):
        raise Refused("Votre rôle ne permet pas d’ajouter un logement.", code="role")
    return unit_of(Group.objects.get(pk=group_id), kind, number)


def unit_of(group: Group, kind: UnitKind, number: str) -> Unit:
    """Return a unit of a group by its number, made where it isn't there yet; no role is asked.

    Raises Invalid for the number.
    """
    number = " ".join(number.split())
    if kind == UnitKind.COMMON_AREA and not _AREA.match(number):
        raise Invalid({"number": ["Écrivez un nom court, comme Palier 2 ou Hall d’entrée."]})
    if kind != UnitKind.COMMON_AREA and not _NUMBER.match(number):
        raise Invalid({"number": ["Écrivez un numéro comme 12 ou B 204."]})
    too_high = number.isdigit() and group.dwellings and int(number) > group.dwellings
    if kind == UnitKind.DWELLING and (too_high or number == "0"):
        raise Invalid({"number": [_no_such(number, group.dwellings)]})
    key = {"landlord_id": group.landlord_id, "group_id": group.pk, "kind": kind, "number": number}
    Unit.objects.bulk_create([Unit(**key, is_placeholder=True)], ignore_conflicts=True)
    return Unit.objects.select_related("group").get(**key)

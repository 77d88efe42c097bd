"""Roles and departments in words, and which of them each side has."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Role, Side
from nexxio.core.models import Department

ROLES = {
    Side.LANDLORD: {
        Role.MANAGER.value: _("Responsable"),
        Role.CLERK.value: _("Chargé de clientèle ou de secteur"),
        Role.READER.value: _("Lecture seule"),
    },
    Side.CONTRACTOR: {
        Role.MANAGER.value: _("Responsable"),
        Role.CLERK.value: _("Chargé d’affaires, planification"),
        Role.TECHNICIAN.value: _("Technicien"),
        Role.READER.value: _("Lecture seule"),
    },
}
ROLE_HELP = {
    Role.MANAGER.value: _("tout, et les membres"),
    Role.CLERK.value: _("les commandes, dans la limite de son plafond"),
    Role.TECHNICIAN.value: _("ses propres passages, sur son téléphone"),
    Role.READER.value: _("tout voir, ne rien changer"),
}
DEPARTMENTS = {
    Side.LANDLORD: (
        Department.PATRIMOINE,
        Department.MARCHES,
        Department.PROXIMITE,
        Department.RELATION,
        Department.COMPTABILITE,
    ),
    Side.CONTRACTOR: (Department.EXPLOITATION, Department.TERRAIN, Department.COMPTABILITE),
}


def roles_text(roles: Iterable[str], side: Side) -> str:
    """Return roles in words, the strongest first."""
    known = ROLES[side]
    held = set(roles)
    named = [str(label) for role, label in known.items() if role in held]
    return ", ".join([*named, *sorted(held - set(known))]) or "–"


def department_text(code: str) -> str:
    """Return a department in words; the code itself when this version doesn't know it."""
    return str(Department(code).label) if code in Department.values else code


def department_choices(side: Side) -> list[tuple[str, str]]:
    """Return what a form offers."""
    return [(found.value, str(found.label)) for found in DEPARTMENTS[side]]

"""The landlord's own staff from a file: a membership for each person and department.

A person is his e-mail address; somebody new gets an account without password and logs in by code.
The name of a person who has an account already is his own. Nobody gives by a file more than he
has: a limit above his own is refused, or none where that of the role is above it too, and so is
his own membership.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import cache, partial
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core import accounts
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import Singles, note, take_back, values_of
from nexxio.core.imports.kinds.territories import AGENCY_FIELD, SECTOR_FIELD, Territories
from nexxio.core.imports.registry import (
    Fault,
    Field,
    Outcome,
    Row,
    Undone,
    Verdict,
    refusal,
    register,
)
from nexxio.core.members.services import gives_too_much, limit_by_role, lock_house
from nexxio.core.members.wording import ROLES, department_choices, roles_text
from nexxio.core.models import ImportedRow, ImportRun, Membership, User
from nexxio.core.scoping import system_scope
from nexxio.core.templatetags.ui import money_text

NAME = "staff"
_PLACE = ("agency_id", "sector_id")
_VALUES = ("roles", *_PLACE, "phone", "spend_limit", "is_active")
_LABELS = {
    "roles": _("rôle"),
    "agency_id": _("agence"),
    "sector_id": _("secteur"),
    "phone": _("téléphone"),
    "spend_limit": _("plafond"),
}


def _departments(_landlord_id: UUID) -> list[tuple[str, str]]:
    return department_choices(Side.LANDLORD)


def _roles(_landlord_id: UUID) -> list[tuple[str, str]]:
    return [(value, str(label)) for value, label in ROLES[Side.LANDLORD].items()]


FIELDS = (
    Field(
        "email",
        _("Adresse e-mail"),
        cells.email,
        required=True,
        synonyms=("e-mail", "mail", "courriel", "adresse mail", "email professionnel"),
    ),
    Field("first_name", _("Prénom"), cells.text(80)),
    Field("last_name", _("Nom"), cells.text(80), synonyms=("nom de famille",)),
    Field(
        "department",
        _("Service"),
        cells.text(60),
        required=True,
        synonyms=("direction", "département", "pôle"),
        choices=_departments,
    ),
    Field(
        "role",
        _("Rôle"),
        cells.text(60),
        required=True,
        synonyms=("profil", "droits", "fonction"),
        choices=_roles,
        value_synonyms={
            "gestionnaire": Role.CLERK.value,
            "charge de clientele": Role.CLERK.value,
            "charge de secteur": Role.CLERK.value,
            "consultation": Role.READER.value,
            "lecteur": Role.READER.value,
            "chef de service": Role.MANAGER.value,
        },
    ),
    AGENCY_FIELD,
    SECTOR_FIELD,
    Field("phone", _("Téléphone professionnel"), cells.phone, synonyms=("téléphone", "tél")),
    Field(
        "spend_limit",
        _("Plafond par commande HT"),
        cells.amount,
        synonyms=("plafond", "limite", "seuil"),
        help=_("Sans lui, celui du rôle, s’il ne dépasse pas le vôtre."),
    ),
)


class StaffKind:
    """Members of a landlord, for its managers."""

    name = NAME
    slug = "collaborateurs"
    title = _("Collaborateurs")
    about = _("Les personnes de votre organisme, avec leur service, leur rôle et leur plafond.")
    icon = "user-plus"
    rank = 40
    roles = (Role.MANAGER,)
    fields = FIELDS
    options = ()

    def session(self, actor: Actor, options: Mapping[str, bool]) -> StaffSession:
        """Begin one reading."""
        return StaffSession(actor)

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Take memberships back under which nobody has acted; accounts stay, without any right.

        An undo gives nobody what its actor may not give: his own row stays, and a limit above his.
        """
        barred = _barred(actor, rows)
        with system_scope("imports: staff taken back"):
            free = [row for row in rows if row.pk not in barred]
            found = take_back(Membership, free, ignoring=(ImportRun,))
        found.kept += [(row.key, barred[row.pk]) for row in rows if row.pk in barred]
        return found


class StaffSession(Singles):
    """One reading of one file."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._landlord_id = actor.own_id
        self._territories = Territories(self._landlord_id)
        self._by_role = cache(partial(limit_by_role, self._landlord_id))

    def label(self, row: Row) -> tuple[str, str]:
        """Return e-mail and name."""
        return row.get("email"), f"{row.get('first_name')} {row.get('last_name')}".strip()

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge rows against the members that there are."""
        rows = [thing[0] for thing in things]
        emails = {row.get("email") for row in rows}
        known = {
            (member.user.email, member.department): member
            for member in Membership.objects.filter(
                organisation_id=self._landlord_id, user__email__in=emails
            ).select_related("user")
        }
        return [self._verdict(row, known) for row in rows]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Make accounts and memberships, and change memberships; open pages ask for rights again.

        As the system, in the caller's transaction: the site's role writes neither. Locks the
        managers: Refused when the actor isn't one of them any more, so that two who demote each
        other at once don't leave their house without any.
        """
        with system_scope("imports: staff"):
            return self._write(verdicts)

    def _write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        if self._actor.user_id is not None:  # a command acts for nobody in particular
            lock_house(self._actor)
        new = [v for v in verdicts if v.outcome is Outcome.CREATED]
        users = _users([v.plan for v in new])
        members = [
            Membership(
                organisation_id=self._landlord_id,
                user_id=users[v.plan["email"]],
                department=v.plan["department"],
                **v.plan["said"],
            )
            for v in new
        ]
        Membership.objects.bulk_create(members)
        noted = [
            note(v, member, after=values_of(member, _VALUES))
            for v, member in zip(new, members, strict=True)
        ]
        return noted + [_change(v) for v in verdicts if v.outcome is Outcome.CHANGED]

    def _verdict(self, row: Row, known: Mapping[tuple[str, str], Membership]) -> Verdict:
        email, title = self.label(row)
        department = row.get("department")
        key = f"{email}/{department}"
        member = known.get((email, department))
        if member is not None and member.user_id == self._actor.user_id:
            fault = Fault(row.columns["email"], email, "vous ne changez pas vos propres droits")
            return refusal(row, fault, key=key, title=title)
        if (fault_ := self._too_much(row, member)) is not None:
            return refusal(row, fault_, key=key, title=title)
        place = self._territories.find(row)
        if isinstance(place, Fault):
            return refusal(row, place, key=key, title=title)
        said: dict[str, Any] = {"roles": [row.get("role")]}
        if place[0] is not None:
            said |= {"agency_id": place[0].pk, "sector_id": place[1].pk if place[1] else None}
        for name in ("phone", "spend_limit"):
            if row.get(name, None) is not None:
                said[name] = row.get(name)
        if "spend_limit" in said:
            said["spend_limit"] = Decimal(said["spend_limit"]).quantize(Decimal("0.01"))
        verdict = Verdict(Outcome.CREATED, row.line, key=key, title=title)
        if member is not None:
            said = {name: value for name, value in said.items() if getattr(member, name) != value}
            verdict.changes = tuple(self._change_words(member, said))
            verdict.outcome = Outcome.CHANGED if said else Outcome.UNCHANGED
        names = {name: row.get(name) for name in ("first_name", "last_name")}
        verdict.plan = {
            "email": email,
            "department": department,
            "names": names,
            "said": said,
            "member": member,
        }
        return verdict

    def _too_much(self, row: Row, member: Membership | None) -> Fault | None:
        """Return the cell that would give more than the actor has."""
        asked = row.get("spend_limit", None)
        column = row.columns.get("spend_limit", "")
        if asked is not None and asked < 0:
            return Fault(column, str(asked), "un plafond n’est pas négatif")
        limit = member.spend_limit if asked is None and member is not None else asked
        roles = (row.get("role"),)
        if gives_too_much(
            self._actor, asked=limit, roles=roles, kept=member, by_role=self._by_role
        ):
            return Fault(column, cells.excerpt(asked), _above(self._actor))
        return None

    def _change_words(self, member: Membership, said: Mapping[str, Any]) -> list[str]:
        places = self._territories.names
        return [
            f"{_LABELS[name]} : {_shown(name, getattr(member, name), places)} → "
            f"{_shown(name, value, places)}"
            for name, value in said.items()
        ]


def _barred(actor: Actor, rows: Sequence[ImportedRow]) -> dict[UUID, str]:
    """Return the rows that the actor may not take back, each with its reason."""
    mine = Membership.objects.filter(organisation_id=actor.own_id, user=actor.user_id)
    own_rows = set(mine.values_list("pk", flat=True))
    members = Membership.objects.filter(organisation_id=actor.own_id).in_bulk(
        [row.subject_id for row in rows]
    )
    by_role = cache(partial(limit_by_role, actor.own_id))
    found = {}
    for row in rows:
        member = members.get(row.subject_id)
        if row.subject_id in own_rows:
            found[row.pk] = "vous ne changez pas vos propres droits"
        elif member is not None and row.before.keys() & {"roles", "spend_limit"}:
            back = row.before.get("spend_limit", member.spend_limit)
            if gives_too_much(
                actor,
                asked=None if back is None else Decimal(back),
                roles=row.before.get("roles", member.roles),
                kept=member,
                by_role=by_role,
            ):
                found[row.pk] = _above(actor)
    return found


def _above(actor: Actor) -> str:
    return f"le plafond doit être au plus le vôtre, {money_text(actor.limit)}"


def _users(plans: Sequence[Mapping[str, Any]]) -> dict[str, UUID]:
    """Return the account of each e-mail; make those that aren't there, without password."""
    wanted = {plan["email"]: plan["names"] for plan in plans}
    found = dict(User.objects.filter(email__in=wanted).values_list("email", "pk"))
    new = []
    for email, names in wanted.items():
        if email not in found:
            user = User(email=email, **names)
            user.set_unusable_password()
            new.append(user)
    User.objects.bulk_create(new)
    return found | {user.email: user.pk for user in new}


def _change(verdict: Verdict) -> ImportedRow:
    member, said = verdict.plan["member"], verdict.plan["said"]
    before = values_of(member, said)
    for name, value in said.items():
        setattr(member, name, value)
    member.save(update_fields=list(said))
    accounts.close_streams_of(member.user_id)
    return note(verdict, member, before=before, after=values_of(member, said))


def _shown(name: str, value: Any, places: Mapping[UUID, str]) -> str:
    if name == "roles":
        return roles_text(value, Side.LANDLORD)
    if name == "spend_limit":
        return money_text(value)
    if name in _PLACE:
        return places.get(value, "–")
    return cells.excerpt(value) or "–"


register(StaffKind())

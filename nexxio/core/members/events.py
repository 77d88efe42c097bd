"""Events of members, invitations and stays of platform staff.

The person isn't in the payload: pages put the name in (`person`), from rows that can be erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, for_both, register
from nexxio.core.members.wording import department_text, roles_text
from nexxio.core.templatetags.ui import day, money_text


def limit_code(value: Decimal | None) -> str:
    """Return a limit as events keep it; "" is no limit."""
    return "" if value is None else str(value)


def place_code(agency_id: UUID | None, sector_id: UUID | None) -> tuple[str, ...]:
    """Return a territory as events keep it: agency and sector, none for the whole estate."""
    return tuple(str(pk) for pk in (agency_id, sector_id) if pk is not None)


def changed_names(columns: Iterable[str]) -> tuple[str, ...]:
    """Return what was changed as events name it: agency and sector are one territory."""
    return tuple(dict.fromkeys("territory" if name in _PLACE else name for name in columns))


_PLACE = ("agency_id", "sector_id")


def _place_text(code: Sequence[str], names: Mapping[str, str]) -> str:
    """Return a territory in words. names: of agencies and sectors, which the page puts in."""
    return ", ".join(names.get(pk, "–") for pk in code) or _now("tout le patrimoine")


def _limit_text(value: Any) -> str:
    return _now("sans plafond") if value in (None, "") else money_text(Decimal(str(value)))


def _value_text(name: str, value: Any, side: Side) -> str:
    if name == "roles":
        return roles_text(value, side)
    if name == "spend_limit":
        return _limit_text(value)
    if name == "department":
        return department_text(value)
    return str(value)


_NAMES = {
    "roles": _("rôle"),
    "department": _("service"),
    "spend_limit": _("plafond"),
    "territory": _("secteur"),
}


class _AboutSomebody(EventType):
    """Puts a word in place of a name where the page knew none."""

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return the codes in words."""
        found = {"person": _now("un membre")}
        for name, value in payload.items():
            found[name] = _value_text(name, value, side)
        found["territory"] = _place_text(payload.get("territory", ()), payload.get("places", {}))
        return found


@register
@dataclass(frozen=True, kw_only=True)
class MemberInvited(_AboutSomebody):
    """A place was offered to an address. Version 1 had no territory."""

    kind: ClassVar[str] = "member.invited"
    version: ClassVar[int] = 2
    icon: ClassVar[str] = "user-plus"
    tone: ClassVar[str] = "info"
    department: str
    roles: tuple[str, ...]
    spend_limit: str
    territory: tuple[str, ...] = ()
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _(
            "{who} a invité {person} : {roles}, {department}, {spend_limit}, {territory}"
        ),
        Side.CONTRACTOR: _("{who} a invité {person} : {roles}, {department}, {spend_limit}"),
    }


@register
@dataclass(frozen=True, kw_only=True)
class RoleLimited(EventType):
    """A role of a landlord may commit another sum on one order."""

    kind: ClassVar[str] = "member.role_limited"
    icon: ClassVar[str] = "settings"
    role: str
    limit: str
    limit_before: str
    wording: ClassVar[Mapping[Side, Any]] = {
        Side.LANDLORD: _("{who} a changé le plafond des {role} : {limit}, avant {limit_before}")
    }

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Turn codes into words."""
        known = {
            "manager": _now("responsables"),
            "clerk": _now("chargés de clientèle ou de secteur"),
        }
        limits = {
            name: _value_text("spend_limit", payload[name], side)
            for name in ("limit", "limit_before")
        }
        return {"role": known.get(payload["role"], payload["role"]), **limits}


@register
@dataclass(frozen=True, kw_only=True)
class InvitationResent(_AboutSomebody):
    """The invitation was sent again; the former link is dead."""

    kind: ClassVar[str] = "member.invitation_resent"
    icon: ClassVar[str] = "send"
    issue: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a renvoyé l’invitation de {person}"))


@register
@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(_AboutSomebody):
    """The invitation was taken back before it was used."""

    kind: ClassVar[str] = "member.invitation_revoked"
    icon: ClassVar[str] = "x"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a retiré l’invitation de {person}"))


@register
@dataclass(frozen=True, kw_only=True)
class MemberJoined(_AboutSomebody):
    """An invited person accepted."""

    kind: ClassVar[str] = "member.joined"
    icon: ClassVar[str] = "check"
    tone: ClassVar[str] = "success"
    invitation: UUID
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{person} a accepté son invitation"))


@register
@dataclass(frozen=True, kw_only=True)
class MemberChanged(_AboutSomebody):
    """Department, roles, limit or territory were changed. Version 1 had no territory."""

    kind: ClassVar[str] = "member.changed"
    version: ClassVar[int] = 2
    icon: ClassVar[str] = "pencil"
    changed: tuple[str, ...]
    department: str
    department_before: str
    roles: tuple[str, ...]
    roles_before: tuple[str, ...]
    spend_limit: str
    spend_limit_before: str
    territory: tuple[str, ...] = ()
    territory_before: tuple[str, ...] = ()
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a modifié {person} : {changes}"))

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return each change as « name : before → after »."""
        places = payload.get("places", {})

        def text(name: str, when: str) -> str:
            value = payload[f"{name}{when}"]
            if name == "territory":
                return _place_text(value, places)
            return _value_text(name, value, side)

        parts = [
            f"{_NAMES[name]} {text(name, '_before')} → {text(name, '')}"
            for name in payload["changed"]
            if name in _NAMES
        ]
        person = str(payload.get("person") or _now("un membre"))
        return {"person": person, "changes": ", ".join(parts)}

    @classmethod
    def values(cls, payload: Mapping[str, Any], when: str = "") -> dict[str, Any]:
        """Return what was changed as a membership holds it; when: "_before", or after it."""
        found = {name: payload[f"{name}{when}"] for name in payload["changed"] if name in _NAMES}
        if "spend_limit" in found:
            code = found["spend_limit"]
            found["spend_limit"] = Decimal(code) if code else None
        if "territory" in found:
            place = [UUID(pk) for pk in found.pop("territory")]
            found |= dict(zip(_PLACE, [*place, None, None], strict=False))
        return found


@register
@dataclass(frozen=True, kw_only=True)
class MemberDeactivated(_AboutSomebody):
    """A member may no longer enter."""

    kind: ClassVar[str] = "member.deactivated"
    icon: ClassVar[str] = "lock"
    tone: ClassVar[str] = "warning"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a désactivé l’accès de {person}"))


@register
@dataclass(frozen=True, kw_only=True)
class MemberReactivated(_AboutSomebody):
    """A member may enter again."""

    kind: ClassVar[str] = "member.reactivated"
    icon: ClassVar[str] = "lock-open"
    tone: ClassVar[str] = "success"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a rétabli l’accès de {person}"))


@register
@dataclass(frozen=True, kw_only=True)
class AbsenceNoted(EventType):
    """A member is absent for some days. substitute: the membership of whoever stands in."""

    kind: ClassVar[str] = "member.absence_noted"
    icon: ClassVar[str] = "calendar-off"
    tone: ClassVar[str] = "info"
    starts_on: date
    ends_on: date
    substitute: UUID | None
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a noté l’absence de {person}, du {start} au {end}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {person}, {start} and {end}."""
        return {"person": str(payload.get("person") or _now("un membre")), **_dates(payload)}


@register
@dataclass(frozen=True, kw_only=True)
class AbsenceEnded(_AboutSomebody):
    """An absence ended before its time, or was taken back."""

    kind: ClassVar[str] = "member.absence_ended"
    icon: ClassVar[str] = "calendar-check"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a terminé l’absence de {person}"))


def _dates(payload: Mapping[str, Any]) -> dict[str, str]:
    """Return {start} and {end} of days that both count."""
    start, end = (day(date.fromisoformat(payload[name]), "letter") for name in _DATES)
    return {"start": start, "end": end}


_DATES = ("starts_on", "ends_on")


@register
@dataclass(frozen=True, kw_only=True)
class ClosingNoted(EventType):
    """The house will be closed for some days; what they are called is in their row."""

    kind: ClassVar[str] = "house.closing_noted"
    icon: ClassVar[str] = "calendar-off"
    tone: ClassVar[str] = "info"
    starts_on: date
    ends_on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a noté une fermeture du {start} au {end}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {start} and {end}."""
        return _dates(payload)


@register
@dataclass(frozen=True, kw_only=True)
class ClosingWithdrawn(EventType):
    """Days on which the house was to be closed were taken back."""

    kind: ClassVar[str] = "house.closing_withdrawn"
    icon: ClassVar[str] = "calendar-check"
    starts_on: date
    ends_on: date
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} a retiré la fermeture du {start} au {end}")
    )

    @classmethod
    def words(cls, payload: Mapping[str, Any], side: Side) -> dict[str, str]:
        """Return {start} and {end}."""
        return _dates(payload)


@register
@dataclass(frozen=True, kw_only=True)
class NoticesChosen(EventType):
    """A member has chosen which notices he gets. off: boxes that are not ticked."""

    kind: ClassVar[str] = "member.notices_chosen"
    icon: ClassVar[str] = "bell"
    off: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a choisi ses alertes"))


@register
@dataclass(frozen=True, kw_only=True)
class PlatformEntered(EventType):
    """Platform staff came into the organisation's space, to look."""

    kind: ClassVar[str] = "platform.entered"
    icon: ClassVar[str] = "eye"
    tone: ClassVar[str] = "warning"
    minutes: int
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("{who} (équipe Nexxio) a ouvert un accès à votre espace, en lecture, pour {minutes} min")
    )


@register
@dataclass(frozen=True, kw_only=True)
class PlatformSentOut(EventType):
    """A manager ended such a stay before its time."""

    kind: ClassVar[str] = "platform.sent_out"
    icon: ClassVar[str] = "logout"
    wording: ClassVar[Mapping[Side, Any]] = for_both(_("{who} a mis fin à l’accès de Nexxio"))

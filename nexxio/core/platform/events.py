"""What the platform's staff did to an organisation, in the words that it reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Side
from nexxio.core.events import EventType, all_event_types, for_both, register


@register
@dataclass(frozen=True, kw_only=True)
class OrganisationOpened(EventType):
    """An organisation joined the platform."""

    kind: ClassVar[str] = "platform.organisation_opened"
    icon: ClassVar[str] = "building"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a ouvert l’espace de votre organisation")
    )


@register
@dataclass(frozen=True, kw_only=True)
class OrganisationChanged(EventType):
    """Its name, number or contact was corrected. fields: names of the columns, not their values."""

    kind: ClassVar[str] = "platform.organisation_changed"
    icon: ClassVar[str] = "pencil"
    fields: tuple[str, ...]
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a modifié la fiche de votre organisation")
    )


@register
@dataclass(frozen=True, kw_only=True)
class OrganisationClosed(EventType):
    """Nobody enters its space any more; nothing of it is lost."""

    kind: ClassVar[str] = "platform.organisation_closed"
    icon: ClassVar[str] = "lock"
    tone: ClassVar[str] = "danger"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a fermé l’espace de votre organisation")
    )


@register
@dataclass(frozen=True, kw_only=True)
class OrganisationReopened(EventType):
    """Its members enter again."""

    kind: ClassVar[str] = "platform.organisation_reopened"
    icon: ClassVar[str] = "lock-open"
    tone: ClassVar[str] = "success"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a rouvert l’espace de votre organisation")
    )


@register
@dataclass(frozen=True, kw_only=True)
class PartnershipOpened(EventType):
    """A landlord and a contractor see each other from now on."""

    kind: ClassVar[str] = "platform.partnership_opened"
    icon: ClassVar[str] = "building"
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a relié ce bailleur et ce prestataire")
    )


@register
@dataclass(frozen=True, kw_only=True)
class MembershipChanged(EventType):
    """A person's place was added or changed. fields: empty for a new one."""

    kind: ClassVar[str] = "platform.membership_changed"
    icon: ClassVar[str] = "users"
    membership_id: UUID
    fields: tuple[str, ...]
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a ajouté ou modifié l’accès d’un membre")
    )


@register
@dataclass(frozen=True, kw_only=True)
class AccountDeactivated(EventType):
    """A member can no longer log in."""

    kind: ClassVar[str] = "platform.account_deactivated"
    icon: ClassVar[str] = "user-off"
    tone: ClassVar[str] = "warning"
    user_id: UUID
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a désactivé le compte d’un membre")
    )


@register
@dataclass(frozen=True, kw_only=True)
class AccountReactivated(EventType):
    """A member may log in again."""

    kind: ClassVar[str] = "platform.account_reactivated"
    icon: ClassVar[str] = "user"
    user_id: UUID
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a réactivé le compte d’un membre")
    )


@register
@dataclass(frozen=True, kw_only=True)
class SessionsEnded(EventType):
    """A member has to log in again everywhere."""

    kind: ClassVar[str] = "platform.sessions_ended"
    icon: ClassVar[str] = "logout"
    user_id: UUID
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a fermé les sessions d’un membre")
    )


@register
@dataclass(frozen=True, kw_only=True)
class SecondFactorsReset(EventType):
    """A member who had lost his second factors has none left, and logs in anew."""

    kind: ClassVar[str] = "platform.second_factors_reset"
    icon: ClassVar[str] = "shield-lock"
    tone: ClassVar[str] = "warning"
    user_id: UUID
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a retiré les seconds facteurs d’un membre")
    )


@register
@dataclass(frozen=True, kw_only=True)
class JobRetried(EventType):
    """A long job that had failed runs again."""

    kind: ClassVar[str] = "platform.job_retried"
    icon: ClassVar[str] = "refresh"
    job_id: UUID
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a relancé un traitement")
    )


@register
@dataclass(frozen=True, kw_only=True)
class JobAbandoned(EventType):
    """A long job was given up."""

    kind: ClassVar[str] = "platform.job_abandoned"
    icon: ClassVar[str] = "ban"
    tone: ClassVar[str] = "warning"
    job_id: UUID
    wording: ClassVar[Mapping[Side, Any]] = for_both(
        _("L’équipe de la plateforme a arrêté un traitement")
    )


KINDS = [cls.kind for cls in all_event_types() if cls.__module__ == __name__]
"""All of the above: stays are "platform." as well, and members' own."""

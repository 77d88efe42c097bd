"""Who acts: one frozen actor per request, task or token."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from nexxio.core.scoping import Scope, ScopeKind, open_scope


class Side(StrEnum):
    """The three parties, and the clock."""

    LANDLORD = "landlord"
    CONTRACTOR = "contractor"
    TENANT = "tenant"
    SYSTEM = "system"


class Channel(StrEnum):
    """How an act reached us. OFFICE: typed by a desk for whoever was on site."""

    WEB = "web"
    PHONE_APP = "phone_app"
    OFFICE = "office"
    LINK = "link"
    PAPER = "paper"
    IMPORT = "import"
    COMMAND = "command"
    CLOCK = "clock"

    @property
    def label(self) -> str:
        """French name, as histories show it."""
        return str(_CHANNELS[self])


_CHANNELS = {
    Channel.WEB: _("portail"),
    Channel.PHONE_APP: _("téléphone"),
    Channel.OFFICE: _("saisi par le bureau"),
    Channel.LINK: _("lien de suivi"),
    Channel.PAPER: _("bon papier"),
    Channel.IMPORT: _("import"),
    Channel.COMMAND: _("commande d’administration"),
    Channel.CLOCK: _("automatique"),
}


class Role(StrEnum):
    """What a member may do inside an organisation."""

    MANAGER = "manager"
    CLERK = "clerk"
    TECHNICIAN = "technician"
    READER = "reader"


@dataclass(frozen=True)
class Actor:
    """Who acts, for which organisation, with which rights.

    limit: euros excluding VAT that this person may commit on one order, his own or his roles'; None
    is no limit.
    agency_id and sector_id: the part of the estate that a landlord's member looks at first; no
    limit of what he may see or do.
    order_id and via_id: the one order that a contractor's paper opens, and its landlord.
    entry_id: the stay of platform staff, who look into the organisation's space and write nothing.
    """

    side: Side
    name: str
    channel: Channel = Channel.WEB
    user_id: UUID | None = None
    membership_id: UUID | None = None
    organisation_id: UUID | None = None
    tenant_id: UUID | None = None
    case_id: UUID | None = None
    order_id: UUID | None = None
    via_id: UUID | None = None
    link_id: UUID | None = None
    purposes: frozenset[str] = frozenset()
    entry_id: UUID | None = None
    department: str = ""
    agency_id: UUID | None = None
    sector_id: UUID | None = None
    roles: frozenset[Role] = frozenset()
    limit: Decimal | None = None

    @property
    def scope(self) -> Scope:
        """Rows that this actor may see."""
        if self.side is Side.LANDLORD:
            return Scope(
                kind=ScopeKind.LANDLORD,
                landlord_id=self.organisation_id,
                user_id=self.user_id,
                entry_id=self.entry_id,
            )
        if self.side is Side.CONTRACTOR and self.link_id:
            return Scope(kind=ScopeKind.PAPER, order_id=self.order_id, via_id=self.via_id)
        if self.side is Side.CONTRACTOR:
            return Scope(
                kind=ScopeKind.CONTRACTOR,
                contractor_id=self.organisation_id,
                user_id=self.user_id,
                entry_id=self.entry_id,
            )
        if self.side is Side.TENANT and self.link_id:
            return Scope(kind=ScopeKind.LINK, case_id=self.case_id, via_id=self.organisation_id)
        if self.side is Side.TENANT:
            return Scope(
                kind=ScopeKind.TENANT,
                tenant_id=self.tenant_id,
                via_id=self.organisation_id,
                user_id=self.user_id,
            )
        return Scope(kind=ScopeKind.SYSTEM, reason=self.name)

    @property
    def own_id(self) -> UUID:
        """Id of the organisation that the actor acts for; RuntimeError when there is none."""
        if self.organisation_id is None:
            raise RuntimeError(f"{self.side} acts for no organisation.")
        return self.organisation_id

    def has(self, *roles: Role) -> bool:
        """Tell whether the actor holds one of `roles`."""
        return bool(self.roles & set(roles))

    def through(self, channel: Channel) -> Actor:
        """Return the same actor, reaching us by another channel."""
        return replace(self, channel=channel)


SYSTEM = Actor(side=Side.SYSTEM, name="Nexxio", channel=Channel.CLOCK)
"""Acts by the clock. Its services open `system_scope` themselves."""


@contextmanager
def scope_of(actor: Actor) -> Iterator[None]:
    """Work inside what `actor` may see."""
    with open_scope(actor.scope):
        yield

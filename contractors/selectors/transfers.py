"""Ceded claims and oppositions as both sides see them; accounts masked but to whoever pays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from django.utils.translation import gettext as _

from contractors import policies
from contractors.bank import masked
from contractors.models import Invoice, PaymentTransfer
from contractors.services.transfers import open_transfers
from contractors.transfers import OPEN, TRANSFER_LOOK, TransferKind, TransferState
from nexxio.core.actors import Actor, Side
from nexxio.core.models import Organisation
from nexxio.core.templatetags.ui import money_text
from orders.models import Contract
from orders.selectors.status import Status

SHOWN = 30


@dataclass(frozen=True)
class TransferCard:
    """An act in a list. can_…: what the reader may do with it."""

    row: PaymentTransfer
    can_check: bool = False
    can_refuse: bool = False
    can_lift: bool = False
    can_end: bool = False
    can_keep: bool = False

    @property
    def label(self) -> str:
        """Its kind in words."""
        return str(TransferKind(self.row.kind).label)

    @property
    def iban(self) -> str:
        """Country and last four characters; "" where nobody is paid."""
        return masked(self.row.iban)

    @property
    def status(self) -> Status:
        """Where it stands."""
        tone, icon = TRANSFER_LOOK[self.row.state]
        return Status(self.row.state, str(TransferState(self.row.state).label), tone, icon)

    @property
    def scope(self) -> str:
        """What it is about, in words."""
        of = (
            _("marché %s") % self.row.contract.number
            if self.row.contract
            else _("toutes les factures")
        )
        return f"{of}, {_('à hauteur de')} {money_text(self.row.most)}" if self.row.most else of

    def touches(self, invoice: Invoice) -> bool:
        """Tell whether an invoice's claim may be among those of the act. Its order is loaded.

        One of no order (a bonus) says no contract: whoever pays is warned rather than not.
        """
        order = invoice.order
        ours = self.row.contract_id
        return ours is None or order is None or order.contract_id == ours

    @property
    def sentence(self) -> str:
        """Say to whoever pays what it changes."""
        said = {
            "what": self.label,
            "who": self.row.beneficiary,
            "scope": self.scope,
            "iban": self.iban,
        }
        if self.row.state == TransferState.TO_CHECK:
            text = _(
                "%(what)s au profit de %(who)s (%(scope)s), pas encore vérifiée : ne payez pas"
                " avant le rappel du bénéficiaire."
            )
        elif self.iban:
            text = _("%(what)s (%(scope)s) : payez %(who)s sur %(iban)s, et non l’entreprise.")
        else:
            text = _("%(what)s de %(who)s (%(scope)s) : ne payez pas l’entreprise.")
        return text % said


@dataclass(frozen=True)
class TransferPage:
    """The part of a page about acts: open ones, former ones."""

    open: list[TransferCard]
    former: list[TransferCard]
    can_note: bool

    @property
    def keys(self) -> list[UUID]:
        """Of all rows, for the history."""
        return [card.row.pk for card in (*self.open, *self.former)]


def transfers_to(
    actor: Actor, contractor_ids: Iterable[UUID]
) -> dict[UUID, tuple[TransferCard, ...]]:
    """Return by company what is to check or in force at the actor's landlord. One query."""
    rows = open_transfers([actor.own_id], list(contractor_ids))
    rows.sort(key=lambda row: str(row.contractor_id))
    return {
        key: tuple(TransferCard(row) for row in found)
        for key, found in groupby(rows, key=lambda row: row.contractor_id)
    }


def page_of(actor: Actor, *, company: Organisation | None = None) -> TransferPage:
    """Return the acts of the actor's side, at a landlord those about one company. One query."""
    rows = PaymentTransfer.objects.select_related("contract", "landlord", "noted_by", "checked_by")
    if actor.side is Side.LANDLORD:
        rows = rows.filter(landlord_id=actor.own_id, contractor=company)
    else:
        rows = rows.filter(contractor_id=actor.own_id)
    pays = policies.pays(actor)
    cards = [_card(row, actor, pays=pays) for row in rows[:SHOWN]]
    return TransferPage(
        open=[card for card in cards if card.row.state in OPEN],
        former=[card for card in cards if card.row.state not in OPEN],
        can_note=pays,
    )


def contracts_with(actor: Actor, company: Organisation) -> list[tuple[str, str]]:
    """Return the contracts of a landlord with a company, for a choice."""
    rows = Contract.objects.filter(landlord_id=actor.own_id, contractor=company)
    return [(str(row.pk), str(row)) for row in rows.order_by("number")]


def _card(row: PaymentTransfer, actor: Actor, *, pays: bool) -> TransferCard:
    waits = pays and row.state == TransferState.TO_CHECK
    holds = pays and row.state == TransferState.IN_FORCE
    lifting = row.lift_by_id is not None
    return TransferCard(
        row,
        can_check=waits and row.noted_by_id != actor.user_id,
        can_refuse=waits,
        can_lift=holds and not lifting,
        can_end=holds and lifting and row.lift_by_id != actor.user_id,
        can_keep=holds and lifting,
    )

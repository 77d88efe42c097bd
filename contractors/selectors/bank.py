"""Bank details as both sides see them: masked everywhere, in full only when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from contractors import policies
from contractors.bank import ACCOUNT_LOOK, AccountState, grouped, masked
from contractors.models import BankAccount
from contractors.selectors.transfers import (
    TransferCard,
    TransferPage,
    page_of,
    transfers_to,
)
from contractors.services.bank_facts import BankStanding, standing_of, standings
from nexxio.core.actors import Actor
from nexxio.core.models import Organisation, Partnership
from orders.selectors.history import HistoryEntry, house_history
from orders.selectors.status import Status

PAGE = 50
SHOWN = 20
TABS = ("toutes", "a-rappeler", "gel", "aucune")
NOBODY = BankStanding()


@dataclass(frozen=True)
class AccountCard:
    """Bank details in a list: masked."""

    account: BankAccount

    @property
    def iban(self) -> str:
        """Country and last four characters."""
        return masked(self.account.iban)

    @property
    def status(self) -> Status:
        """Where they stand in their company."""
        tone, icon = ACCOUNT_LOOK[self.account.state]
        return Status(self.account.state, str(AccountState(self.account.state).label), tone, icon)


@dataclass(frozen=True)
class StandingRow:
    """One landlord with one company: what is paid to, what waits. other: the other side.

    transfers: who is to be paid instead, or may have to be.
    """

    other: Organisation
    standing: BankStanding
    transfers: tuple[TransferCard, ...] = ()

    @property
    def current(self) -> str:
        """What is paid to now, masked; "" for nothing."""
        return masked(self.standing.current.iban) if self.standing.current else ""

    @property
    def pending(self) -> str:
        """What waits, masked; "" for nothing."""
        return masked(self.standing.pending.iban) if self.standing.pending else ""

    @property
    def stopped(self) -> str:
        """What was in force when it was refused, masked; "" for nothing."""
        return masked(self.standing.stopped.account.iban) if self.standing.stopped else ""

    @property
    def status(self) -> Status:
        """All of it as one badge."""
        return _status(self.standing)


@dataclass(frozen=True)
class OwnBank:
    """The page of a company's own details. proposed: what waits for a second person."""

    offered: AccountCard | None
    proposed: AccountCard | None
    landlords: list[StandingRow]
    former: list[AccountCard]
    history: list[HistoryEntry]
    can_propose: bool
    can_answer: bool
    can_withdraw: bool
    can_read: bool
    ceded: TransferPage


@dataclass(frozen=True)
class CompanyBank:
    """A landlord's page of one company's details. known_phone: of its file, "" without."""

    company: Organisation
    row: StandingRow
    known_phone: str
    can_call: bool
    can_refuse: bool
    can_stop: bool
    can_read: bool
    ceded: TransferPage
    history: list[HistoryEntry] = field(default_factory=list)


def own_bank(actor: Actor, house: Organisation) -> OwnBank:
    """Return a company's own details, and where each landlord stands with them. Seven queries."""
    accounts = list(
        BankAccount.objects.filter(organisation_id=actor.own_id).select_related(
            "proposed_by", "decided_by"
        )[:SHOWN]
    )
    by_state = {account.state: AccountCard(account) for account in reversed(accounts)}
    proposed = by_state.get(AccountState.PROPOSED)
    partners = Partnership.objects.filter(contractor_id=actor.own_id).select_related("landlord")
    landlords = [partner.landlord for partner in partners.order_by("landlord__name", "id")]
    found = standings([landlord.pk for landlord in landlords], [actor.own_id])
    ceded = page_of(actor)
    is_second = proposed is not None and proposed.account.proposed_by_id != actor.user_id
    return OwnBank(
        offered=by_state.get(AccountState.CONFIRMED),
        proposed=proposed,
        landlords=[StandingRow(one, found[one.pk, actor.own_id]) for one in landlords],
        former=[AccountCard(one) for one in accounts if one.ended_at is not None],
        history=house_history(
            actor, [house, *landlords], [*(account.pk for account in accounts), *ceded.keys]
        ),
        can_propose=policies.proposes_bank(actor) and proposed is None,
        can_answer=policies.desk(actor) and is_second,
        can_withdraw=policies.desk(actor),
        can_read=policies.sees_iban(actor),
        ceded=ceded,
    )


def companies(actor: Actor, *, tab: str, q: str, number: str) -> Page[Any]:
    """Return a page of a landlord's companies with where it pays them. Four queries."""
    partners = Partnership.objects.filter(landlord_id=actor.own_id).select_related("contractor")
    if q:
        partners = partners.filter(contractor__name__icontains=q)
    houses = [partner.contractor for partner in partners.order_by("contractor__name", "id")]
    found = standings([actor.own_id], [house.pk for house in houses])
    rows = [StandingRow(house, found[actor.own_id, house.pk]) for house in houses]
    return Paginator([row for row in rows if _is_under(row.standing, tab)], PAGE).get_page(number)


def company_bank(actor: Actor, company: Organisation, house: Organisation) -> CompanyBank:
    """Return a landlord's page of one company's details. house: the landlord. Five queries."""
    standing = standing_of(actor.own_id, company.pk)
    stopped = standing.stopped.account if standing.stopped else None
    shown = [one.pk for one in {standing.current, standing.pending, stopped} if one is not None]
    pays = policies.pays(actor)
    ceded = page_of(actor, company=company)
    return CompanyBank(
        company=company,
        row=StandingRow(company, standing),
        known_phone=company.phone,
        can_call=pays and (standing.to_call or standing.is_refused),
        can_refuse=pays and standing.is_changing,
        can_stop=pays and standing.current is not None,
        can_read=pays,
        ceded=ceded,
        history=house_history(actor, [house, company], [*shown, *ceded.keys]),
    )


def paid_to(actor: Actor, contractor_ids: Iterable[UUID]) -> dict[UUID, StandingRow]:
    """Return where a landlord pays companies now, and what is about to change. Four queries."""
    keys = list(dict.fromkeys(contractor_ids))
    found = standings([actor.own_id], keys)
    houses = Organisation.objects.in_bulk(keys)
    ceded = transfers_to(actor, keys)
    return {
        pk: StandingRow(houses[pk], found[actor.own_id, pk], ceded.get(pk, ()))
        for pk in keys
        if pk in houses
    }


def is_in_force(actor: Actor, account: BankAccount) -> bool:
    """Tell whether the actor's landlord pays to an account now."""
    return standing_of(actor.own_id, account.organisation_id).current == account


def full(account: BankAccount | None) -> str:
    """Return an IBAN in full, in groups; "" for none. For whoever has been logged."""
    return grouped(account.iban) if account else ""


def _is_under(standing: BankStanding, tab: str) -> bool:
    return {
        TABS[1]: standing.to_call,
        TABS[2]: standing.is_held,
        TABS[3]: standing.current is None,
    }.get(tab, True)


def _status(standing: BankStanding) -> Status:
    if standing.to_call:
        return Status("to_call", "À rappeler avant de payer", "warning", "phone")
    if standing.is_held:
        return Status("held", "Changement en cours", "info", "hourglass")
    if standing.stopped is not None:
        return Status("stopped", "Compte à vérifier", "danger", "circle-x")
    if standing.current is None:
        return Status("none", "Aucune coordonnée vérifiée", "neutral", "circle-dashed")
    return Status("in_force", "En vigueur", "success", "circle-check")

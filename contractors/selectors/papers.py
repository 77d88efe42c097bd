"""Compliance papers: a company's own, and those of a landlord's companies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator

from contractors import alert_days, paper_book, policies
from contractors.models import Paper, PaperAsk, PaperDemand, PaperRule, PaperShare
from contractors.papers import LACKING, LOOK, PaperState, PaperView, Verdict, lacking, state_of
from contractors.services.paper_facts import demand_of, shares_of, view_of
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.models import Organisation, Partnership
from orders.selectors.history import HistoryEntry, house_history
from orders.selectors.status import Status

PAGE = 50
TABS = ("toutes", "a-fournir", "bientot")


@dataclass(frozen=True)
class Answer:
    """What a landlord says of a company's paper."""

    landlord: str
    verdict: str
    note: str

    @property
    def is_refused(self) -> bool:
        """Whether it doesn't take it."""
        return self.verdict == Verdict.REFUSED


@dataclass(frozen=True)
class PaperRow:
    """A kind of paper on the page of a company. paper: the one that counts, None without.

    asked_by: names of the landlords that ask for it; former: those that it has replaced.
    """

    rule: PaperRule
    paper: Paper | None
    state: PaperState
    answers: list[Answer]
    asked_by: list[str]
    former: list[Paper]

    @property
    def status(self) -> Status:
        """Its state as a badge; nothing is wrong with one that nobody asks for."""
        return status_of(self.state, is_asked=bool(self.asked_by))

    @property
    def refusals(self) -> list[Answer]:
        """What to correct, and for whom."""
        return [answer for answer in self.answers if answer.is_refused]

    @property
    def to_send(self) -> bool:
        """Whether somebody waits for it, or soon will."""
        wants = bool(self.asked_by) or self.paper is not None
        return wants and self.state != PaperState.VALID


@dataclass(frozen=True)
class Asked:
    """What one landlord asks of the company. lacks: names of what it owes; blocks: already so."""

    landlord: str
    counts_from: date
    lacks: list[str]
    blocks: bool


@dataclass(frozen=True)
class CompanyPapers:
    """The page of a company's own papers."""

    rows: list[PaperRow]
    asked: list[Asked]
    can_send: bool


@dataclass(frozen=True)
class CompanyRow:
    """A company in its landlord's list: what lacks, what is soon over, the next end."""

    company: Organisation
    lacks: list[str]
    soon: list[str]
    next_end: date | None
    blocks: bool

    @property
    def status(self) -> Status:
        """All of it as one badge."""
        if self.lacks:
            return Status("missing", "À fournir", *LOOK[PaperState.MISSING])
        return status_of(PaperState.EXPIRING if self.soon else PaperState.VALID, is_asked=True)


@dataclass(frozen=True)
class SharedRow:
    """A kind of paper on a landlord's page of a company. share: its copy, None without."""

    rule: PaperRule
    share: PaperShare | None
    state: PaperState
    is_asked: bool
    can_accept: bool
    can_refuse: bool

    @property
    def status(self) -> Status:
        """Its state as a badge."""
        return status_of(self.state, is_asked=self.is_asked)


@dataclass(frozen=True)
class LandlordPage:
    """A landlord's page of one company. ask: since when it is asked, None where it isn't."""

    company: Organisation
    rows: list[SharedRow]
    ask: PaperAsk | None
    lacks: list[str]
    history: list[HistoryEntry] = field(default_factory=list)


def status_of(state: PaperState, *, is_asked: bool) -> Status:
    """Return a state as a badge; what nobody asks for is no fault when it isn't there."""
    if state == PaperState.MISSING and not is_asked:
        return Status("not_asked", "Non demandée", "neutral", "circle-dashed")
    tone, icon = LOOK[state]
    return Status(str(state), str(state.label), tone, icon)


# --- Of the company -------------------------------------------------------------------------------


def company_papers(actor: Actor) -> CompanyPapers:
    """Return a company's own papers, by kind, with what each landlord says. Six queries."""
    steps = alert_days.load().of_papers()
    rules = paper_book.rules_on(clock.today())
    papers = list(Paper.objects.filter(organisation_id=actor.own_id)[:200])
    current = {paper.code: paper for paper in papers if paper.replaced_at is None}
    shares = list(
        PaperShare.objects.filter(
            contractor_id=actor.own_id, paper__replaced_at__isnull=True
        ).select_related("landlord", "paper")
    )
    asks = {
        ask.landlord_id: ask
        for ask in PaperAsk.objects.filter(contractor_id=actor.own_id).order_by("counts_from")
    }
    demands = [
        demand
        for demand in PaperDemand.objects.filter(is_on=True).select_related("landlord")
        if demand.landlord_id in asks
    ]
    rows = [
        _own_row(rule, current.get(code), papers, shares, demands, steps=steps)
        for code, rule in rules.items()
    ]
    return CompanyPapers(
        rows=rows,
        asked=[_asked(demand, asks[demand.landlord_id], shares, rules) for demand in demands],
        can_send=policies.keeps_papers(actor),
    )


def _own_row(
    rule: PaperRule,
    paper: Paper | None,
    papers: Iterable[Paper],
    shares: Iterable[PaperShare],
    demands: Iterable[PaperDemand],
    *,
    steps: tuple[int, ...],
) -> PaperRow:
    answers = [
        Answer(share.landlord.name, share.verdict, share.note)
        for share in shares
        if paper is not None and share.paper_id == paper.pk and share.verdict
    ]
    refused = any(answer.is_refused for answer in answers)
    view = None
    if paper is not None:
        verdict = Verdict.REFUSED if refused else Verdict.NONE
        view = PaperView(paper.code, paper.expires_on, verdict)
    return PaperRow(
        rule=rule,
        paper=paper,
        state=state_of(view, clock.today(), steps=steps),
        answers=answers,
        asked_by=[demand.landlord.name for demand in demands if rule.code in demand.codes],
        former=[one for one in papers if one.code == rule.code and one.replaced_at is not None],
    )


def _asked(
    demand: PaperDemand,
    ask: PaperAsk,
    shares: Iterable[PaperShare],
    rules: Mapping[str, PaperRule],
) -> Asked:
    views = [view_of(share) for share in shares if share.landlord_id == demand.landlord_id]
    lacks = lacking(demand.codes, views, clock.today())
    return Asked(
        landlord=demand.landlord.name,
        counts_from=ask.counts_from,
        lacks=_names(lacks, rules),
        blocks=bool(lacks) and ask.counts_from <= clock.today(),
    )


# --- Of a landlord's companies --------------------------------------------------------------------


def companies(actor: Actor, *, tab: str, q: str, number: str) -> Page[Any]:
    """Return a page of a landlord's companies, by name, with what lacks of each. Five queries."""
    found = [
        row
        for row in _company_rows(actor, q)
        if tab == TABS[0] or (row.lacks if tab == TABS[1] else row.soon)
    ]
    return Paginator(found, PAGE).get_page(number)


def _company_rows(actor: Actor, q: str) -> list[CompanyRow]:
    steps = alert_days.load().of_papers()
    rules = paper_book.rules_on(clock.today())
    codes = _codes(actor, rules)
    partners = Partnership.objects.filter(landlord_id=actor.own_id).select_related("contractor")
    if q:
        partners = partners.filter(contractor__name__icontains=q)
    houses = [partner.contractor for partner in partners.order_by("contractor__name", "id")]
    copies: dict[UUID, list[PaperShare]] = {}
    for share in shares_of(actor.own_id, [house.pk for house in houses]):
        copies.setdefault(share.contractor_id, []).append(share)
    holding = set(
        PaperAsk.objects.filter(landlord_id=actor.own_id, is_lacking=True).values_list(
            "contractor_id", flat=True
        )
    )
    return [
        _company_row(
            house,
            codes,
            copies.get(house.pk, []),
            rules,
            blocks=house.pk in holding,
            steps=steps,
        )
        for house in houses
    ]


def _company_row(
    house: Organisation,
    codes: list[str],
    shares: list[PaperShare],
    rules: Mapping[str, PaperRule],
    *,
    blocks: bool,
    steps: tuple[int, ...],
) -> CompanyRow:
    today = clock.today()
    views = {share.paper.code: view_of(share) for share in shares}
    states = {code: state_of(views.get(code), today, steps=steps) for code in codes}
    ends = [view.expires_on for code, view in views.items() if code in codes]
    return CompanyRow(
        company=house,
        lacks=_names([code for code in codes if states[code] in LACKING], rules),
        soon=_names([code for code in codes if states[code] == PaperState.EXPIRING], rules),
        next_end=min((end for end in ends if end >= today), default=None),
        blocks=blocks,
    )


def landlord_page(actor: Actor, company: Organisation, house: Organisation) -> LandlordPage:
    """Return a landlord's page of one company. house: the landlord. Seven queries."""
    steps = alert_days.load().of_papers()
    rules = paper_book.rules_on(clock.today())
    codes = _codes(actor, rules)
    shares = {share.paper.code: share for share in shares_of(actor.own_id, [company.pk])}
    rows = [
        _shared_row(actor, rule, shares.get(code), codes, steps=steps)
        for code, rule in rules.items()
    ]
    pair = {"landlord_id": actor.own_id, "contractor_id": company.pk}
    ask = PaperAsk.objects.filter(**pair).first()
    about = [share.paper_id for share in shares.values()]
    if ask is not None:
        about.append(ask.pk)
    return LandlordPage(
        company=company,
        rows=rows,
        ask=ask,
        lacks=[row.rule.label for row in rows if row.is_asked and row.state in LACKING],
        history=house_history(actor, [house, company], about),
    )


def _shared_row(
    actor: Actor,
    rule: PaperRule,
    share: PaperShare | None,
    codes: list[str],
    *,
    steps: tuple[int, ...],
) -> SharedRow:
    answers = share is not None and policies.answers_papers(actor)
    verdict = share.verdict if share else ""
    return SharedRow(
        rule=rule,
        share=share,
        state=state_of(view_of(share) if share else None, clock.today(), steps=steps),
        is_asked=rule.code in codes,
        can_accept=answers and verdict != Verdict.ACCEPTED,
        can_refuse=answers and verdict != Verdict.REFUSED,
    )


def demand_for_form(actor: Actor) -> PaperDemand | None:
    """Return what the actor's landlord has last said that it asks, also where it is off now."""
    return PaperDemand.objects.filter(landlord_id=actor.own_id).first()


def _codes(actor: Actor, rules: Mapping[str, PaperRule]) -> list[str]:
    """Return what the landlord asks for; what is usual where it hasn't said."""
    demand = demand_of(actor.own_id)
    if demand is not None:
        return list(demand.codes)
    return [code for code, rule in rules.items() if rule.is_usual]


def _names(codes: Iterable[str], rules: Mapping[str, PaperRule]) -> list[str]:
    return [rules[code].label if code in rules else code for code in codes]

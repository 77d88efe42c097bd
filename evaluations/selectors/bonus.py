"""Pages of bonus and malus: rules and their simulation, the period that runs, statements."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.paginator import Page, Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contractors.states import InvoiceState
from evaluations import policies
from evaluations.bonus_counting import Counted, count
from evaluations.bonus_documents import document_of, is_settled, settling
from evaluations.bonus_regularising import given_back
from evaluations.bonus_rules import in_force
from evaluations.bonus_spans import Span, past
from evaluations.bonus_terms import BonusFact, BonusPer, Rhythm
from evaluations.models import BonusAnswer, BonusContest, BonusDocument, BonusRules, BonusStatement
from evaluations.quarters import Quarter
from evaluations.selectors.bonus_rows import Row, of_back, of_lines, of_statement, threshold
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.templatetags.ui import money_text, number
from orders.models import Contract
from orders.selectors.history import HistoryEntry, subject_history
from orders.selectors.status import Status
from orders.terms import piece_labels
from orders.wording import in_sentence

PER_PAGE = 50
_MONTHS, _QUARTERS, _SHOWN = 12, 4, 3
_MOST_WAITING = 50
COSTS, NEUTRAL, CONTESTED = "cout", "neutres", "contestees"
PARTS = (
    (COSTS, gettext_lazy("Ce qui coûte")),
    (NEUTRAL, gettext_lazy("Neutres")),
    (CONTESTED, gettext_lazy("Contestées")),
)
OPEN, CLOSED, TO_SETTLE = "ouverts", "clos", "a-solder"
STATES = (
    (OPEN, gettext_lazy("Ouverts")),
    (CLOSED, gettext_lazy("Clos")),
    (TO_SETTLE, gettext_lazy("À facturer ou à reprendre")),
)

_PREPARED = (gettext_lazy("En préparation"), "waiting", "pencil")
_WAITS = (gettext_lazy("Attend l’entreprise"), "waiting", "hourglass")
_WITHDRAWN = (gettext_lazy("Retirée"), "neutral", "arrow-back-up")
_REFUSED = (gettext_lazy("Refusée"), "danger", "circle-x")
_COMING = (gettext_lazy("Acceptée, à venir"), "info", "calendar-time")
_HELD = (gettext_lazy("En vigueur"), "success", "circle-check")
_PAST = (gettext_lazy("Remplacée"), "neutral", "history")


@dataclass(frozen=True)
class Version:
    """A version of the rules and where it stands. answer: None before there is one."""

    rules: BonusRules
    answer: BonusAnswer | None
    status: Status


@dataclass(frozen=True)
class TermText:
    """One fact of the rules, in words."""

    fact: str
    threshold: str
    bonus: str
    malus: str


@dataclass(frozen=True)
class RulesPage:
    """A version, what it would have given, and what may be done to it."""

    version: Version
    contract: Contract
    terms: list[TermText]
    pieces: list[str]
    simulated: list[Counted]
    history: list[HistoryEntry]
    can_propose: bool
    can_change: bool
    can_withdraw: bool
    can_answer: bool


@dataclass(frozen=True)
class NowPage:
    """The period that runs, as it stands. counted: None where no rules hold."""

    contract: Contract
    rules: BonusRules | None
    counted: Counted | None
    rows: Page[Row] | None


@dataclass(frozen=True)
class StatementRow:
    """A statement in the list. todo: what its company still has to invoice, or to take back."""

    statement: BonusStatement
    status: Status
    period: str
    todo: str = ""


@dataclass(frozen=True)
class StatementPage:
    """A statement line by line, and what may be done to it. waiting: unanswered contests."""

    row: StatementRow
    rows: Page[Row]
    rules: BonusRules
    opinion: str
    contests: list[tuple[BonusContest, Row]]
    waiting: int
    document: BonusDocument | None
    is_settled: bool
    document_state: str
    history: list[HistoryEntry]
    closed_by: str
    can_contest: bool
    can_answer: bool
    can_close: bool
    can_note: bool


def versions_of(contract: Contract) -> list[Version]:
    """Return the versions of a contract's rules, newest first. One query."""
    rows = (
        BonusRules.objects.filter(landlord_id=contract.landlord_id, contract_id=contract.pk)
        .select_related("answer__user")
        .order_by("-number")
    )
    return _versions(list(rows))


def unanswered_rules() -> list[Version]:
    """Return the versions in the reader's scope that wait for a signature, the oldest first.

    One query.
    """
    rows = BonusRules.objects.filter(answer__isnull=True, withdrawn_at__isnull=True)
    found = rows.select_related("answer", "contract__landlord", "contract__contractor")
    return _versions(found.order_by("proposed_at", "id")[:_MOST_WAITING])


def rules_page(actor: Actor, rules: BonusRules) -> RulesPage:
    """Return a version with its simulation; its contract with both houses is loaded."""
    contract = rules.contract
    version = next(each for each in versions_of(contract) if each.rules.pk == rules.pk)
    is_open = version.answer is None and rules.withdrawn_at is None
    manages, prepared = policies.proposes_bonus(actor), rules.proposed_at is None
    return RulesPage(
        version=version,
        contract=contract,
        terms=term_texts(rules),
        pieces=piece_labels(rules.pieces),
        simulated=simulation(rules),
        history=subject_history(actor, contract, [rules.pk]),
        can_propose=manages and is_open and prepared,
        can_change=manages and is_open and prepared,
        can_withdraw=manages and is_open,
        can_answer=policies.answers_bonus(actor) and is_open and not prepared,
    )


def simulation(rules: BonusRules) -> list[Counted]:
    """Return what a version would have given, period by period, since the contract began."""
    n = _QUARTERS if rules.rhythm == Rhythm.QUARTER else _MONTHS
    began = rules.contract.starts_on
    spans = [each for each in past(rules.rhythm, clock.today(), n) if each.last >= began]
    return count(rules, spans) if spans else []


def now_page(contract: Contract, *, part: str = "", page: str = "1") -> NowPage:
    """Return the period that runs on a contract, counted as of now."""
    rules = in_force(contract, clock.today())
    if rules is None:
        return NowPage(contract, None, None, None)
    rules.contract = contract
    span = Span.of(rules.rhythm, clock.today())
    (counted,) = count(rules, [span])
    counted = counted.with_back(given_back(contract, span.first))
    back = of_back((each.line, each.neutral, each.amount) for each in counted.back)
    rows = _chosen([*of_lines(counted.lines), *back], part)
    return NowPage(contract, rules, counted, Paginator(rows, PER_PAGE).get_page(page))


def statements(
    *, state: str = "", contract_id: UUID | None = None, page: str = "1"
) -> Page[StatementRow]:
    """Return statements in the reader's scope, the newest period first. Two queries."""
    found: QuerySet[BonusStatement] = BonusStatement.objects.select_related(
        "landlord", "contractor", "contract"
    )
    if contract_id is not None:
        found = found.filter(contract_id=contract_id)
    if state in (OPEN, CLOSED):
        found = found.filter(closed_at__isnull=state == OPEN)
    if state == TO_SETTLE:
        found = found.filter(~settling(), closed_at__isnull=False).exclude(total=0)
    found = _annotated(found)
    shown: Page[Any] = Paginator(found.order_by("-first", "-id"), PER_PAGE).get_page(page)
    shown.object_list = [_listed(each) for each in shown.object_list]
    return shown


def statement_page(
    actor: Actor, statement: BonusStatement, *, part: str = "", page: str = "1"
) -> StatementPage:
    """Return a statement; its contract with both houses is loaded."""
    rows = statement_rows(statement)
    contested = [(row.contest, row) for row in rows if row.contest is not None]
    waiting = sum(1 for contest, _row in contested if not contest.outcome)
    now = clock.now()
    document = document_of(statement)
    return StatementPage(
        row=row_of(statement, waiting=bool(waiting), settled=is_settled(document)),
        rows=Paginator(_chosen(rows, part), PER_PAGE).get_page(page),
        rules=statement.rules,
        opinion=opinion_text(statement),
        contests=contested,
        waiting=waiting,
        document=document,
        is_settled=is_settled(document),
        document_state=_state_of(document),
        history=subject_history(actor, statement.contract, [statement.pk]),
        closed_by=_closed_by(actor, statement),
        can_contest=policies.may_contest(actor, statement, now),
        can_answer=policies.answers_contests(actor) and statement.closed_at is None,
        can_close=policies.may_close(actor, statement, now) and not waiting,
        can_note=policies.may_note_document(actor, statement) and document is None,
    )


def statement_rows(statement: BonusStatement) -> list[Row]:
    """Return all lines of a statement: for its page and for files. Three queries."""
    own = {"landlord_id": statement.landlord_id, "statement_id": statement.pk}
    contests = {row.line_id: row for row in BonusContest.objects.filter(**own)}
    lines = statement.lines.filter(landlord_id=statement.landlord_id).select_related("order")
    back = statement.regularisations.filter(landlord_id=statement.landlord_id).select_related(
        "line__order", "line__statement"
    )
    rows = back.order_by("line__statement__first", "line__rank")
    return [
        *of_statement(lines.order_by("rank"), contests),
        *of_back((row.line, row.neutral, row.amount) for row in rows),
    ]


def open_statements(contract: Contract) -> list[StatementRow]:
    """Return a contract's newest statements. One query."""
    rows = BonusStatement.objects.filter(landlord_id=contract.landlord_id, contract_id=contract.pk)
    return [_listed(row) for row in _annotated(rows).order_by("-first")[:_SHOWN]]


def term_texts(rules: BonusRules) -> list[TermText]:
    """Return what each fact brings and costs, in words."""
    order = list(BonusFact.values)
    rows = sorted(rules.terms.all(), key=lambda row: order.index(row.fact))
    return [
        TermText(
            fact=row.get_fact_display(),
            threshold=threshold(row.fact, row.limit),
            bonus=_rate(row.per, row.bonus),
            malus=_rate(row.per, row.malus),
        )
        for row in rows
    ]


def row_of(statement: BonusStatement, *, waiting: bool, settled: bool) -> StatementRow:
    """Return a statement and where it stands. waiting: of a contest; settled: by a document."""
    if statement.closed_at is not None:
        status = Status("closed", _("Clos"), "success", "lock")
    elif waiting:
        status = Status("contested", _("Contesté : réponse du bailleur"), "warning", "flag")
    elif clock.now() < statement.contest_until:
        status = Status("open", _("Contestable"), "info", "clock")
    else:
        status = Status("closing", _("À clore"), "waiting", "hourglass")
    is_due = statement.closed_at is not None and not settled
    todo = _todo(statement) if is_due else ""
    return StatementRow(statement, status, str(span_of(statement)), todo)


def opinion_text(statement: BonusStatement) -> str:
    """Return what was published of tenants when the period ended, and of when; "" without it."""
    if statement.mean is None or statement.quarter is None:
        return ""
    return f"{number(statement.mean)} ({Quarter(statement.quarter)})"


def span_of(statement: BonusStatement) -> Span:
    """Return a statement's period."""
    months = statement.last.month - statement.first.month + 1
    return Span(statement.first, months)


# --- inside -----------------------------------------------------------------------------------


def _rate(per: str, value: Any) -> str:
    if not value:
        return ""
    if per == BonusPer.PERCENT:
        return _("%s %% de la commande") % number(value)
    return money_text(value)


def _versions(rows: Iterable[BonusRules]) -> list[Version]:
    """Return versions, the newest first, each with where it stands."""
    today, held = clock.today(), False
    found = []
    for rules in rows:
        answer: BonusAnswer | None = getattr(rules, "answer", None)
        code, look = _standing(rules, answer)
        if code == "accepted" and answer is not None and answer.applies_from is not None:
            if answer.applies_from > today:
                code, look = "coming", _COMING
            else:
                code, look = ("past", _PAST) if held else ("held", _HELD)
                held = True
        label, tone, icon = look
        found.append(Version(rules, answer, Status(code, str(label), tone, icon)))
    return found


def _standing(rules: BonusRules, answer: BonusAnswer | None) -> tuple[str, tuple[Any, str, str]]:
    if answer is not None:
        return ("accepted", _HELD) if answer.accepted else ("refused", _REFUSED)
    if rules.withdrawn_at is not None:
        return "withdrawn", _WITHDRAWN
    return ("prepared", _PREPARED) if rules.proposed_at is None else ("proposed", _WAITS)


def _chosen(rows: list[Row], part: str) -> list[Row]:
    if part == COSTS:
        return [row for row in rows if row.amount < 0]
    if part == NEUTRAL:
        return [row for row in rows if row.neutral]
    if part == CONTESTED:
        return [row for row in rows if row.contest is not None]
    return rows


def _annotated(rows: QuerySet[BonusStatement]) -> QuerySet[Any]:
    return rows.annotate(
        waiting=Exists(BonusContest.objects.filter(**_OF_STATEMENT, outcome="")),
        settled=settling(),
    )


_OF_STATEMENT = {"landlord_id": OuterRef("landlord_id"), "statement_id": OuterRef("pk")}


def _listed(statement: Any) -> StatementRow:
    return row_of(statement, waiting=statement.waiting, settled=statement.settled)


def _todo(statement: BonusStatement) -> str:
    """Return what the company's document says, which is of no order (ADR 31, 51)."""
    euros = money_text(abs(statement.total))
    if statement.total > 0:
        return _("%s HT à facturer par l’entreprise") % euros
    if statement.total < 0:
        return _("Avoir de %s HT à établir par l’entreprise") % euros
    return ""


def _state_of(document: BonusDocument | None) -> str:
    """Return where a document stands, as far as the reader sees it; "" of a number only."""
    if document is None or document.invoice_id is None:
        return ""
    if document.invoice is None:
        return str(_("pas encore déposé"))
    return in_sentence(InvoiceState(document.invoice.state).label)


def _closed_by(actor: Actor, statement: BonusStatement) -> str:
    """Return who closed it: a person's name inside his own house, else the house."""
    if statement.closed_by is None:
        return "Nexxio"
    if statement.closed_side == actor.side:
        return str(statement.closed_by)
    by_landlord = statement.closed_side == Side.LANDLORD
    house = statement.contract.landlord if by_landlord else statement.contract.contractor
    return house.name

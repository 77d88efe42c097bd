"""Bonus and malus in the demo world's year: rules that two houses signed, statements, a contest."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from contractors import services as invoices
from contractors.models import Invoice
from contractors.states import InvoiceKind, InvoiceState
from evaluations import services
from evaluations.bonus_spans import Span
from evaluations.bonus_terms import MAKING_DAYS, Rhythm
from evaluations.models import BonusContest, BonusLine, BonusRules, BonusStatement
from evaluations.services import RulesInput, TermInput
from nexxio.core import clock
from nexxio.core.actors import Actor, scope_of
from nexxio.core.errors import Refused
from nexxio.core.scoping import system_scope

if TYPE_CHECKING:
    from nexxio.demo.world import DemoWorld

WHERE = (("rivp", "plomberie"), ("rivp", "electricite"), ("paris-habitat", "electricite"))
"""Landlord and trade of the contracts that have rules."""
TO_READ = "plomberie-lutece"
"""The company whose newest statement nobody has read yet."""
LEFT_OPEN = timedelta(days=4)
"""The newest statements are made so shortly before the end of the year: whoever comes to the demo
on any day of a month can still read and contest them."""
TERMS = (
    TermInput(fact="appointment", bonus=Decimal(2), malus=Decimal(5), limit=15),
    TermInput(fact="status", bonus=Decimal(1), malus=Decimal(2), limit=60),
    TermInput(fact="first_time", bonus=Decimal(3), malus=Decimal(10)),
)
_KNOWN, _THOUGHT_OVER = timedelta(days=70), timedelta(days=4)
"""The houses know each other for so long before rules are proposed, and so long later signed."""
_READ_AFTER, _ANSWERED_AFTER, _SETTLED_AFTER = timedelta(4), timedelta(4), timedelta(6)
_PAID_AFTER, _CONFIRMED_AFTER = timedelta(24), timedelta(3)
_REASON = "Le gardien n’avait pas les clés de la colonne : nous avons attendu sur place."
_ANSWER = "Confirmé par le gardien : la ligne est neutralisée."


def is_held(day: date, today: date) -> bool:
    """Tell whether the clock stands still for statements on a day: as if it had been repaired
    LEFT_OPEN before the end, when it makes what it has missed.
    """
    span = Span.of(Rhythm.MONTH, today)
    due = span.first + timedelta(days=MAKING_DAYS)
    if due >= today:
        due = span.previous.first + timedelta(days=MAKING_DAYS)
    return due <= day < today - LEFT_OPEN


class Bonuses:
    """What both houses do about bonus and malus, day by day."""

    def __init__(self, world: DemoWorld, first: date) -> None:
        self.world = world
        self.proposed_on = first + _KNOWN
        self.proposed: dict[tuple[str, str], BonusRules] = {}

    def live(self, day: date) -> None:
        """Do what falls on the day, in the afternoon."""
        with clock.moved_to(datetime.combine(day, time(16), clock.PARIS)):
            if day == self.proposed_on:
                for where in WHERE:
                    self._propose(*where)
            if day == self.proposed_on + _THOUGHT_OVER:
                for where in WHERE:
                    self._accept(*where)
            for statement in _open_statements():
                self._read(statement)
            for statement in _closed_statements():
                self._settle(statement)
            for bill in _bills(InvoiceState.RECEIVED, filed_at__lte=clock.now() - _PAID_AFTER):
                self._pay(bill)
            for bill in _bills(
                InvoiceState.ANNOUNCED, state_since__lte=clock.now() - _CONFIRMED_AFTER
            ):
                self._confirm(bill)

    def contest_newest(self) -> None:
        """Let companies contest a line yesterday, which their landlord still has to answer.

        But TO_READ's: that is for who comes to the demo.
        """
        with clock.moved_to(self.world.now - timedelta(days=1)):
            for statement in _open_statements():
                line = _worst(statement)
                company = self._manager(statement.contractor_id)
                theirs = self.world.orgs[TO_READ].pk == statement.contractor_id
                if line is not None and not theirs and _contest_of(statement) is None:
                    with scope_of(company):
                        services.contest_line(actor=company, line_id=line.pk, reason=_REASON)

    def _propose(self, landlord: str, trade: str) -> None:
        contract = self.world.contracts[landlord, trade]
        data = RulesInput(
            rhythm="month",
            starts_on=Span.of(Rhythm.MONTH, self.proposed_on).following.first,
            cap_bonus=Decimal(5),
            cap_malus=Decimal(5),
            terms=TERMS,
        )
        actor = self.world.manager(landlord)
        with scope_of(actor):
            rules = services.draft_rules(actor=actor, contract_id=contract.pk, data=data)
            rules = services.propose_rules(actor=actor, rules_id=rules.pk)
        self.proposed[landlord, trade] = rules

    def _accept(self, landlord: str, trade: str) -> None:
        rules = self.proposed[landlord, trade]
        actor = self._manager(rules.contractor_id)
        with scope_of(actor):
            services.accept_rules(actor=actor, rules_id=rules.pk, sha256=rules.sha256)

    def _read(self, statement: BonusStatement) -> None:
        """Let the company agree after some days, or contest what the landlord then answers."""
        waiting = _contest_of(statement)
        company = self._manager(statement.contractor_id)
        if waiting is not None and waiting.outcome == "":
            if clock.now() >= waiting.contested_at + _ANSWERED_AFTER:
                actor = self._manager(statement.landlord_id)
                with scope_of(actor):
                    services.answer_contest(
                        actor=actor, contest_id=waiting.pk, keeps=False, answer=_ANSWER
                    )
        elif clock.now() >= statement.made_at + _READ_AFTER:
            line = _worst(statement) if waiting is None else None
            with scope_of(company):
                if line is not None and statement.first.month % 3 == 0:
                    services.contest_line(actor=company, line_id=line.pk, reason=_REASON)
                else:
                    services.close_statement(actor=company, statement_id=statement.pk)

    def _settle(self, statement: BonusStatement) -> None:
        actor = self._manager(statement.contractor_id)
        with scope_of(actor), suppress(Refused):  # no invoice bears the credit note
            made = services.prepare_document(actor=actor, statement_id=statement.pk)
            invoices.file_invoice(actor=actor, invoice_id=made.pk)

    def _pay(self, bill: Invoice) -> None:
        actor = self._manager(bill.landlord_id)
        with scope_of(actor):
            invoices.approve(actor=actor, invoice_id=bill.pk)
            invoices.announce_payment(actor=actor, invoice_id=bill.pk, paid_on=clock.today())

    def _confirm(self, bill: Invoice) -> None:
        actor = self._manager(bill.contractor_id)
        paid_on = clock.day_of(bill.state_since)
        with scope_of(actor):
            invoices.confirm_payment(actor=actor, invoice_id=bill.pk, paid_on=paid_on)

    def _manager(self, organisation_id: object) -> Actor:
        slug = next(key for key, org in self.world.orgs.items() if org.pk == organisation_id)
        return self.world.manager(slug)


def _open_statements() -> Iterable[BonusStatement]:
    with system_scope("demo: statements"):
        return list(BonusStatement.objects.filter(closed_at__isnull=True).order_by("made_at"))


def _closed_statements() -> Iterable[BonusStatement]:
    """Return those that wait for the company's document long enough."""
    with system_scope("demo: statements"):
        due = BonusStatement.objects.filter(
            closed_at__lte=clock.now() - _SETTLED_AFTER, documents__isnull=True
        )
        return list(due.exclude(total=0).order_by("made_at"))


def _bills(state: InvoiceState, **when: object) -> Iterable[Invoice]:
    """Return the companies' invoices of no order that are in a state."""
    with system_scope("demo: invoices of statements"):
        rows = Invoice.objects.filter(order=None, kind=InvoiceKind.INVOICE, state=state, **when)
        return list(rows.order_by("filed_at"))


def _contest_of(statement: BonusStatement) -> BonusContest | None:
    with system_scope("demo: contests"):
        return BonusContest.objects.filter(statement_id=statement.pk).first()


def _worst(statement: BonusStatement) -> BonusLine | None:
    with system_scope("demo: lines"):
        lines = BonusLine.objects.filter(statement_id=statement.pk, amount__lt=0)
        return lines.order_by("amount", "rank").first()

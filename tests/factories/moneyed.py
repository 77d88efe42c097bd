"""Retentions, advances, refunds, payment runs and accounts for tests."""

from __future__ import annotations

from decimal import Decimal

from contractors import services
from contractors.imputation import Imputation
from contractors.models import AccountRule, Advance, Invoice, MoneyTerms, Refund, Retention
from nexxio.core import clock
from nexxio.core.scoping import system_scope
from tests.factories.acting import act
from tests.factories.world import Party


def held_by_contract(party: Party, **said) -> MoneyTerms:
    """Let the party's contract hold back 5 % for a year."""
    data = services.MoneyTermsInput(**{"retention_rate": Decimal(5), **said})
    contract_id = party.contract.pk
    return act(party, "manager", services.save_money_terms, contract_id=contract_id, data=data)


def advanced(party: Party, *, base: str = "100", amount: str = "20") -> Advance:
    """Pay an advance on the party's contract."""
    return act(
        party,
        "manager",
        services.pay_advance,
        contract_id=party.contract.pk,
        base=Decimal(base),
        amount=Decimal(amount),
        paid_on=clock.today(),
        reference=f"VIR de {party.landlord.name}",
    )


def moneyed(party: Party) -> None:
    """Say all words of money between the party's two houses."""
    held_by_contract(party)
    advanced(party, base="100000")
    act(party, "manager", services.save_payment_calendar, weekdays=[1], days=[clock.today()])
    ruled(party)


def ruled(party: Party) -> AccountRule:
    """Let all lines of the party's landlord go to one account."""
    return act(
        party,
        "manager",
        services.add_account_rule,
        trade="",
        code="",
        account="615",
        charge="recoverable",
        starts_on=clock.today(),
    )


def refunded(party: Party, invoice: Invoice) -> None:
    """Impute the lines of an invoice, and note a refund of it."""
    with system_scope("tests: refund"):
        pk = invoice.lines.first().pk
        Refund.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            invoice=invoice,
            amount=1,
            on=clock.today(),
            how="refunded",
            reference=f"De {party.contractor.name}",
        )
    where = Imputation(account="61521", charge="tenant", unit="UG-1")
    act(party, "manager", services.impute_lines, invoice_id=invoice.pk, lines={pk: where})


def retention_of(invoice: Invoice) -> Retention:
    """Return what is held back of an invoice."""
    with system_scope("tests: retention"):
        return Retention.objects.get(invoice=invoice)

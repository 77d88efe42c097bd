"""Where the lines of invoices go: said of the line, else by the landlord's dated rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from contractors.imputation import Charge, Imputation, Rule, imputation
from contractors.models import AccountRule, Invoice, InvoiceLine, LineAccount
from nexxio.core import clock
from nexxio.core.actors import Actor


@dataclass(frozen=True)
class ImputedLine:
    """A line and where it goes. is_own: somebody said so of this line."""

    line: InvoiceLine
    where: Imputation
    is_own: bool

    @property
    def charge(self) -> str:
        """Who bears it, in words; "" where nobody has said."""
        return charge_words(self.where.charge)


class Imputations:
    """What is said of some invoices of one landlord: two queries, however many they are."""

    def __init__(self, landlord_id: UUID, invoice_ids: Sequence[UUID]) -> None:
        rows = AccountRule.objects.filter(landlord_id=landlord_id)
        self._rules = [_rule(row) for row in rows]
        own = LineAccount.objects.filter(landlord_id=landlord_id, invoice_id__in=invoice_ids)
        self._own = {row.line: row for row in own}

    def of(self, invoice: Invoice, lines: Iterable[InvoiceLine]) -> list[ImputedLine]:
        """Return where the lines of an invoice go; its order and unit are loaded."""
        return [self._one(invoice, line) for line in lines]

    def _one(self, invoice: Invoice, line: InvoiceLine) -> ImputedLine:
        # A credit note's line goes where the one that it takes back went.
        own = self._own.get(line.pk) or self._own.get(line.credited_line or line.pk)
        if own is not None:
            said = Imputation(account=own.account, charge=own.charge, unit=own.unit)
            return ImputedLine(line, said, is_own=True)
        order = invoice.order
        found = imputation(
            self._rules,
            trade=(order.trade_id or "") if order else "",
            code=line.code,
            unit=order.unit.number if order else "",
            on=invoice.issued_on,
        )
        return ImputedLine(line, found, is_own=False)


def imputed_lines(
    invoice: Invoice, lines: Iterable[InvoiceLine] | None = None
) -> list[ImputedLine]:
    """Return where the lines of one invoice go; its order and unit are loaded. Three queries.

    lines: where they are known already. A credit note's go where those that it takes back went.
    """
    keys = [invoice.pk, *([invoice.credits_id] if invoice.credits_id else [])]
    if lines is None:
        own = {"landlord_id": invoice.landlord_id, "invoice_id": invoice.pk}
        lines = InvoiceLine.objects.filter(**own)
    return Imputations(invoice.landlord_id, keys).of(invoice, lines)


def charge_words(charge: str) -> str:
    """Return who bears a cost, in words."""
    return str(Charge(charge).label) if charge else ""


def summed(found: Iterable[ImputedLine]) -> dict[Imputation, Decimal]:
    """Return what goes where, euros excluding VAT."""
    sums: dict[Imputation, Decimal] = {}
    for each in found:
        sums[each.where] = sums.get(each.where, Decimal(0)) + each.line.total_without_vat
    return sums


def account_rules(actor: Actor) -> list[AccountRule]:
    """Return the landlord's rules that hold or will, by trade and article. One query."""
    rows = AccountRule.objects.filter(landlord_id=actor.own_id).select_related("trade")
    today = clock.today()
    return [
        row
        for row in rows.order_by("trade__label", "code", "-starts_on", "id")
        if row.ends_on is None or row.ends_on >= today
    ]


def _rule(row: AccountRule) -> Rule:
    return Rule(
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        trade=row.trade_id or "",
        code=row.code,
        account=row.account,
        charge=row.charge,
    )

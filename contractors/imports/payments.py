"""The kind of import that announces payments, from what the accounting system has paid.

Number and SIRET find the invoice; the amount is what is left of the sum that was admitted, or a
part of it: a row that says more is refused and nothing is guessed. Equal rows of one file are as
many payments; the same file twice announces nothing twice. A reference of the transfer tells two
equal payments apart for good; without one, what may be known is left aside and said, and announced
only where a person confirms that it is another payment.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from contractors import services
from contractors.imports.by_number import NUMBER, SIRET, ByNumber, ToldKind, companies_of
from contractors.models import Invoice, Payment
from contractors.money_states import PaymentPurpose
from contractors.states import GRANTED, INVOICE, InvoiceState
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import fault_of, note
from nexxio.core.imports.registry import Fault, Field, Outcome, Row, Verdict, refusal
from nexxio.core.imports.registry import register as register_kind
from nexxio.core.models import ImportedRow
from nexxio.core.templatetags.ui import money_text

NAME = "payments"
UNKNOWN = "aucune facture déposée de cette entreprise n’a ce numéro"
FIELDS = (
    NUMBER,
    SIRET,
    Field(
        "paid_on",
        _("Date du paiement"),
        cells.day,
        required=True,
        synonyms=("payée le", "date de paiement", "date paiement", "date", "date de virement"),
    ),
    Field(
        "amount",
        _("Montant payé TTC"),
        cells.positive,
        required=True,
        synonyms=("montant", "montant ttc", "montant payé", "somme"),
        help=_("La somme admise de la facture, au centime, ou une partie."),
    ),
    Field(
        "reference",
        _("Référence du virement"),
        cells.text(40),
        synonyms=(
            *("référence", "réf", "n° virement", "virement", "référence de paiement"),
            *("mandat", "n° mandat", "référence bancaire", "end to end"),
        ),
        help=_("Distingue deux paiements de même somme, le même jour, sur la même facture."),
    ),
)


class PaymentKind(ToldKind):
    """Payments that a landlord has made, announced to its companies."""

    name = NAME
    slug = "paiements"
    title = _("Paiements")
    about = _("Les factures payées par votre comptabilité : chaque entreprise est prévenue.")
    icon = "cash"
    rank = 60
    fields = FIELDS
    options = (
        (
            "again",
            _(
                "Annoncer aussi les lignes mises de côté comme déjà connues : ce sont d’autres"
                " paiements"
            ),
        ),
    )
    kept_because = "un paiement annoncé ne se reprend pas : l’entreprise est prévenue"

    def session(self, actor: Actor, options: Mapping[str, bool]) -> PaymentSession:
        """Begin one reading."""
        return PaymentSession(actor, again=bool(options.get("again")))


class PaymentSession(ByNumber):
    """One reading of one file.

    How often a sum came on a day tells the second equal payment from one that is known: it is new
    once there are more rows than payments. What is to be announced counts until it is written.
    again: a person has said that what may be known is another payment.
    """

    def __init__(self, actor: Actor, *, again: bool) -> None:
        self._actor = actor
        self._again = again
        self._times: Counter[tuple[Any, ...]] = Counter()
        self._planned: dict[Any, Decimal] = defaultdict(Decimal)

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge rows against the landlord's invoices: four queries for all of them."""
        rows = [thing[0] for thing in things]
        own = {"landlord_id": self._actor.own_id}
        companies = companies_of(self._actor.own_id)
        # One that a platform rejected was sent again under its number.
        found = Invoice.objects.filter(
            **own, filed_at__isnull=False, number__in={row.get("number") for row in rows}
        ).exclude(state=InvoiceState.REJECTED)
        by_company = {(invoice.contractor_id, invoice.number): invoice for invoice in found}
        invoices = {
            row.line: by_company.get((companies.get(row.get("siret")), row.get("number")))
            for row in rows
        }
        said = Payment.objects.filter(
            **own,
            invoice_id__in=[one.pk for one in by_company.values()],
            purpose=PaymentPurpose.INVOICE,
        )
        paid: dict[Any, list[Payment]] = {}
        for payment in said:
            paid.setdefault(payment.invoice_id, []).append(payment)
        return [self._verdict(row, invoices[row.line], paid) for row in rows]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Announce each payment through its service."""
        notes = []
        for verdict in verdicts:
            invoice = services.announce_payment(
                actor=self._actor,
                invoice_id=verdict.plan["invoice"],
                paid_on=verdict.plan["paid_on"],
                amount=verdict.plan["amount"],
                reference=verdict.plan["reference"],
            )
            notes.append(note(verdict, invoice, after={"number": invoice.number}))
        self._planned.clear()
        return notes

    def _verdict(
        self,
        row: Row,
        invoice: Invoice | None,
        paid: Mapping[Any, list[Payment]],
    ) -> Verdict:
        key, title = self.label(row)
        if invoice is None:
            return refusal(row, fault_of(row, "number", UNKNOWN), key=key, title=title)
        payments = paid.get(invoice.pk, [])
        amount: Decimal = row.get("amount")
        known = self._known(row, invoice, payments)
        key = f"{key}/{row.get('paid_on')}/{amount}/{row.get('reference')}/{known.times}"
        before = sum((payment.amount for payment in payments), self._planned[invoice.pk])
        fault = _obstacle(row, invoice, invoice.owed - before)
        if known.surely or (known.maybe and fault is not None):
            return Verdict(Outcome.UNCHANGED, row.line, key=key, title=title)
        if known.maybe and not self._again:
            return _left_aside(row, key, title)
        if payments and invoice.state not in GRANTED:
            return _again(row, payments, key, title, is_first=known.times == 1)
        if fault is not None:
            return refusal(row, fault, key=key, title=title)
        is_whole = amount == invoice.owed - before
        self._planned[invoice.pk] += amount
        verdict = Verdict(Outcome.CHANGED, row.line, key=key, title=title)
        said = money_text(before) if before else "–"
        verdict.changes = (f"Paiement : {said} → {money_text(before + amount)}",)
        verdict.plan = {
            "invoice": invoice.pk,
            "paid_on": row.get("paid_on"),
            "amount": None if is_whole else amount,
            "reference": row.get("reference"),
        }
        return verdict

    def _known(self, row: Row, invoice: Invoice, payments: Sequence[Payment]) -> _Known:
        """Return whether a row's payment is known: surely by its reference; without one, maybe.

        A payment without a reference may be any of its day and sum.
        """
        same = [payment for payment in payments if _is_same(row, payment)]
        reference = row.get("reference")
        this = invoice.pk, row.get("paid_on"), row.get("amount")
        self._times[(*this, reference)] += 1
        times = self._times[(*this, reference)]
        if reference and times <= sum(payment.reference == reference for payment in same):
            return _Known(times, surely=True)
        self._times[this] += 1
        alike = [one for one in same if not reference or not one.reference]
        return _Known(times, maybe=self._times[this] <= len(alike))


@dataclass(frozen=True)
class _Known:
    """times: how often its file has said so, with this row."""

    times: int
    surely: bool = False
    maybe: bool = False


def _is_same(row: Row, payment: Payment) -> bool:
    """Tell whether a payment is of a row's day and sum."""
    amounts = (payment.amount, payment.announced_amount)
    days = (payment.paid_on, payment.announced_on)
    return row.get("amount") in amounts and row.get("paid_on") in days


def _left_aside(row: Row, key: str, title: str) -> Verdict:
    reason = (
        "déjà connu : même facture, même jour, même somme. Un autre paiement ? Confirmez-le avant"
        " d’appliquer, ou donnez la référence du virement"
    )
    fault = fault_of(row, "amount", reason)
    verdict = refusal(row, fault, key=key, title=title)
    verdict.outcome, verdict.asks = Outcome.SKIPPED, True
    return verdict


def _again(row: Row, payments: list[Payment], key: str, title: str, *, is_first: bool) -> Verdict:
    """A payment that is known: the same changes nothing, another one is refused.

    With the parts of subcontractors, which were paid directly, it is one.
    """
    amount = sum((payment.amount for payment in payments), Decimal(0))
    days = {day for payment in payments for day in (payment.paid_on, payment.announced_on)}
    if is_first and row.get("amount") == amount and row.get("paid_on") in days:
        return Verdict(Outcome.UNCHANGED, row.line, key=key, title=title)
    words = f"déjà payée : {money_text(amount)} le {payments[-1].paid_on:%d/%m/%Y}"
    return refusal(row, fault_of(row, "number", words), key=key, title=title)


def _obstacle(row: Row, invoice: Invoice, left: Decimal) -> Fault | None:
    """Return why an invoice can't be announced as paid by this row; None when it can."""
    paid_on: date = row.get("paid_on")
    amount: Decimal = row.get("amount")
    if invoice.state not in GRANTED:
        label = INVOICE.label(invoice.state, Side.LANDLORD)
        return fault_of(row, "number", f"pas à payer : « {label} »")
    if amount > left:
        said = "la somme admise est" if left == invoice.owed else "il reste à payer"
        return fault_of(row, "amount", f"{said} {money_text(left)}")
    if paid_on > clock.today():
        return fault_of(row, "paid_on", "cette date n’est pas encore passée")
    if paid_on < invoice.issued_on:
        return fault_of(row, "paid_on", "la facture n’existait pas encore ce jour-là")
    return None


register_kind(PaymentKind())

"""The kind of import that announces payments, from what the accounting system has paid.

Number and SIRET find the invoice; the amount is what is left of the sum that was admitted, or a
part of it: a row that says more is refused and nothing is guessed. Equal rows of one file are as
many payments; the same file twice announces nothing twice.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from contractors import services
from contractors.imports.companies import companies_by_siret
from contractors.models import Invoice, Payment
from contractors.money_states import PaymentPurpose
from contractors.states import GRANTED, INVOICE, InvoiceState
from nexxio.core import clock
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.imports import cells
from nexxio.core.imports.kinds.common import Singles, fault_of, note
from nexxio.core.imports.registry import Fault, Field, Outcome, Row, Undone, Verdict, refusal
from nexxio.core.imports.registry import register as register_kind
from nexxio.core.models import ImportedRow
from nexxio.core.templatetags.ui import money_text

NAME = "payments"
UNKNOWN = "aucune facture déposée de cette entreprise n’a ce numéro"
FIELDS = (
    Field(
        "number",
        _("Numéro de facture"),
        cells.text(40),
        required=True,
        synonyms=("facture", "n° facture", "n° de facture", "numéro", "pièce"),
    ),
    Field(
        "siret",
        _("SIRET de l’entreprise"),
        cells.siret,
        required=True,
        synonyms=("siret", "n° siret", "siret fournisseur", "siret du fournisseur"),
    ),
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
)


class PaymentKind:
    """Payments that a landlord has made, announced to its companies."""

    name = NAME
    slug = "paiements"
    title = _("Paiements")
    about = _("Les factures payées par votre comptabilité : chaque entreprise est prévenue.")
    icon = "cash"
    rank = 60
    roles = (Role.MANAGER, Role.CLERK)
    fields = FIELDS
    options = ()

    def session(self, actor: Actor, options: Mapping[str, bool]) -> PaymentSession:
        """Begin one reading."""
        return PaymentSession(actor)

    def undo(self, actor: Actor, rows: Sequence[ImportedRow]) -> Undone:
        """Take nothing back: the companies have been told."""
        reason = "un paiement annoncé ne se reprend pas : l’entreprise est prévenue"
        return Undone(kept=[(row.after.get("number", row.key), reason) for row in rows])


class PaymentSession(Singles):
    """One reading of one file.

    How often a sum came on a day tells the second equal payment from one that is known: it is new
    once there are more rows than payments. What is to be announced counts until it is written.
    """

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._times: Counter[tuple[Any, date, Decimal]] = Counter()
        self._planned: dict[Any, Decimal] = defaultdict(Decimal)

    def label(self, row: Row) -> tuple[str, str]:
        """Return the key and the invoice's number."""
        number = row.get("number")
        return f"{row.get('siret')}/{number}", number

    def judge(self, things: Sequence[list[Row]]) -> list[Verdict]:
        """Judge rows against the landlord's invoices: four queries for all of them."""
        rows = [thing[0] for thing in things]
        own = {"landlord_id": self._actor.own_id}
        found = Invoice.objects.filter(
            **own, filed_at__isnull=False, number__in={row.get("number") for row in rows}
        )
        # One that a platform rejected was sent again under its number.
        found = found.exclude(state=InvoiceState.REJECTED)
        sirets = companies_by_siret(self._actor.own_id)
        invoices = {(one.contractor_id, one.number): one for one in found}
        said = Payment.objects.filter(
            **own,
            invoice_id__in=[one.pk for one in invoices.values()],
            purpose=PaymentPurpose.INVOICE,
        )
        paid: dict[Any, list[Payment]] = {}
        for payment in said:
            paid.setdefault(payment.invoice_id, []).append(payment)
        return [self._verdict(row, sirets, invoices, paid) for row in rows]

    def write(self, verdicts: Sequence[Verdict]) -> list[ImportedRow]:
        """Announce each payment through its service."""
        notes = []
        for verdict in verdicts:
            invoice = services.announce_payment(
                actor=self._actor,
                invoice_id=verdict.plan["invoice"],
                paid_on=verdict.plan["paid_on"],
                amount=verdict.plan["amount"],
            )
            notes.append(note(verdict, invoice, after={"number": invoice.number}))
        self._planned.clear()
        return notes

    def _verdict(
        self,
        row: Row,
        sirets: Mapping[str, UUID],
        invoices: Mapping[tuple[UUID | None, str], Invoice],
        paid: Mapping[Any, list[Payment]],
    ) -> Verdict:
        key, title = self.label(row)
        company = sirets.get(row.get("siret"))
        invoice = invoices.get((company, title)) if company else None
        if invoice is None:
            return refusal(row, fault_of(row, "number", UNKNOWN), key=key, title=title)
        payments = paid.get(invoice.pk, [])
        amount: Decimal = row.get("amount")
        this = invoice.pk, row.get("paid_on"), amount
        self._times[this] += 1
        times = self._times[this]
        key = f"{key}/{row.get('paid_on')}/{amount}/{times}"
        if times <= sum(_is_same(row, payment) for payment in payments):
            return Verdict(Outcome.UNCHANGED, row.line, key=key, title=title)
        if payments and invoice.state not in GRANTED:
            return _again(row, payments, key, title, is_first=times == 1)
        before = sum((payment.amount for payment in payments), self._planned[invoice.pk])
        fault = _obstacle(row, invoice, invoice.owed - before)
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
        }
        return verdict


def _is_same(row: Row, payment: Payment) -> bool:
    """Tell whether a payment of that day and sum is known already: the same file came twice."""
    amounts = (payment.amount, payment.announced_amount)
    days = (payment.paid_on, payment.announced_on)
    return row.get("amount") in amounts and row.get("paid_on") in days


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

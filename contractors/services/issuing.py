"""What an invoice says, from its rows: for its page before it is filed, and for its file.

Nothing here writes. What the law wants to read and nobody has given is a `Lack`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from contractors import rate_book
from contractors.einvoices.issued import (
    EXEMPT,
    REVERSE,
    STANDARD,
    Account,
    Address,
    Company,
    Credited,
    IssuedInvoice,
    IssuedLine,
    Note,
)
from contractors.legal_clock import Book, Kind, Missing, Terms, first_due
from contractors.legal_clock import Facts as ClockFacts
from contractors.models import BillingDetails, Invoice, InvoiceLine
from contractors.services.bank_facts import account_in_force
from contractors.services.deductions import will_hold
from contractors.services.payment_facts import terms_of_invoice
from contractors.services.remaining import progress_of
from contractors.services.reverse_charge import MENTION
from contractors.services.revised import revision_words
from contractors.states import InvoiceKind
from nexxio.core import clock
from nexxio.core.actors import Side
from nexxio.core.models import Organisation
from nexxio.core.templatetags.ui import day, money_text, number
from orders.models import OrderBudget, OrderClauses
from orders.natures import RATE_OF, VAT_MENTION, VatReason

SELLER, BUYER, ACCOUNT = "seller", "buyer", "account"


@dataclass(frozen=True)
class Lack:
    """A mention that is missing: of whose side, and whether no file can be made without it."""

    side: Side
    text: str
    required: bool = True


@dataclass(frozen=True)
class Parties:
    """Seller and buyer as an invoice names them, and what is missing of them."""

    seller: Company
    buyer: Company
    is_exempt: bool
    lacks: tuple[Lack, ...]

    @property
    def is_complete(self) -> bool:
        """Whether a valid file can be made."""
        return not any(lack.required for lack in self.lacks)

    def as_json(self) -> dict[str, Any]:
        """Return what is kept with the file."""
        kept = {SELLER: asdict(self.seller), BUYER: asdict(self.buyer)}
        return {**kept, "is_exempt": self.is_exempt}


def parties_of(invoice: Invoice) -> Parties:
    """Return both parties as they are now. Its organisations are loaded; asks for two things."""
    assert invoice.contractor is not None
    found = {
        row.organisation_id: row
        for row in BillingDetails.objects.filter(
            organisation__in=[invoice.landlord_id, invoice.contractor_id]
        )
    }
    seller = _details(invoice.contractor, found)
    buyer = _details(invoice.landlord, found)
    lacks = [
        *_lacks_of_seller(seller),
        *_lacks(buyer, Side.LANDLORD),
        *_lacks_of_lines(seller, buyer, invoice),
    ]
    return Parties(
        seller=_company(seller, invoice.contractor),
        buyer=_company(buyer, invoice.landlord),
        is_exempt=seller.is_vat_exempt,
        lacks=tuple(lacks),
    )


def account_of(invoice: Invoice) -> dict[str, Any] | None:
    """Return where the buyer pays the seller now, as it is kept with the file; None before the
    first bank details were checked. Two queries.
    """
    assert invoice.contractor_id is not None
    found = account_in_force(invoice.landlord_id, invoice.contractor_id)
    if found is None:
        return None
    return asdict(Account(iban=found.iban, bic=found.bic, owner=found.owner))


def issued_of(invoice: Invoice, parties: dict[str, Any]) -> IssuedInvoice:
    """Return all that the invoice says, with its parties as they were kept."""
    order, agreed, book = invoice.order, terms_of_invoice(invoice), rate_book.load()
    is_exempt = bool(parties["is_exempt"])
    budget = None
    if order is not None:
        own = {"landlord_id": order.landlord_id, "order_id": order.pk}
        budget = OrderBudget.objects.filter(**own).first()
    commitment = budget.commitment_number if budget else ""
    number = (order.external_number or order.reference) if order else ""
    lines = InvoiceLine.objects.filter(landlord_id=invoice.landlord_id, invoice_id=invoice.pk)
    return IssuedInvoice(
        number=invoice.number,
        issued_on=invoice.issued_on,
        seller=_kept(parties[SELLER]),
        buyer=_kept(parties[BUYER]),
        lines=tuple(_line(line, _category(invoice, is_exempt=is_exempt)) for line in lines),
        terms=" ".join(filter(None, (_terms(invoice, agreed, book), _retention(invoice)))),
        notes=(
            *_legal_notes(invoice.issued_on, agreed, book),
            *([Note(MENTION)] if invoice.is_reverse_charge else []),
            *_kind_notes(invoice),
            *_order_notes(invoice, commitment),
        ),
        order_reference=commitment or number,
        contract_reference=order.contract.number if order and order.contract else "",
        buyer_reference=budget.service_code if budget else "",
        due_on=invoice.due_on,
        delivered_on=_day(order.done_at) if order and order.done_at else None,
        account=Account(**parties[ACCOUNT]) if parties.get(ACCOUNT) else None,
        currency=invoice.currency,
        credited=_credited(invoice),
    )


# --- Parties --------------------------------------------------------------------------------------


def _details(organisation: Organisation, found: dict[Any, BillingDetails]) -> BillingDetails:
    details = found.get(organisation.pk) or BillingDetails(organisation=organisation)
    details.siret = details.siret or organisation.siret
    return details


def _company(details: BillingDetails, organisation: Organisation) -> Company:
    return Company(
        name=details.name or organisation.name,
        siret=details.siret,
        vat_number=details.vat_number,
        electronic_address=details.electronic_address,
        legal=legal_line(details),
        address=Address(
            line=details.line, more=details.more, postcode=details.postcode, city=details.city
        ),
    )


def legal_line(details: BillingDetails) -> str:
    """Return form, capital and register in one line, as invoices print it."""
    form = details.legal_form
    if details.capital is not None:
        capital = _("au capital de %s") % money_text(details.capital)
        form = f"{form} {capital}".strip()
    return ", ".join(part for part in (form, details.register) if part)


def _kept(said: dict[str, Any]) -> Company:
    return Company(**{**said, "address": Address(**said["address"])})


def _lacks(details: BillingDetails, side: Side) -> list[Lack]:
    whole_address = details.line and details.postcode and details.city
    return [
        Lack(side, text)
        for text, there in (
            (_("le numéro SIRET"), details.siret),
            (_("l’adresse de facturation"), whole_address),
        )
        if not there
    ]


def _lacks_of_seller(details: BillingDetails) -> list[Lack]:
    side = Side.CONTRACTOR
    found = _lacks(details, side)
    if not details.vat_number and not details.is_vat_exempt:
        found.append(Lack(side, _("le numéro de TVA")))
    if not (details.legal_form and details.register):
        found.append(Lack(side, _("la forme juridique et l’immatriculation"), required=False))
    return found


def _lacks_of_lines(details: BillingDetails, buyer: BillingDetails, invoice: Invoice) -> list[Lack]:
    """Return what the lines' VAT leaves open, against what the seller says of it."""
    if invoice.is_reverse_charge:
        text = _("le numéro de TVA du bailleur, qui doit la TVA (autoliquidation)")
        return [] if buyer.vat_number else [Lack(Side.LANDLORD, text)]
    lines = InvoiceLine.objects.filter(landlord_id=invoice.landlord_id, invoice_id=invoice.pk)
    rates = set(lines.values_list("vat_rate", flat=True))
    if details.is_vat_exempt and any(rates):
        text = _("des prix sans TVA (votre entreprise est en franchise, la commande en compte)")
        return [Lack(Side.CONTRACTOR, text)]
    if not details.is_vat_exempt and not all(rates):
        return [Lack(Side.CONTRACTOR, _("le motif d’une ligne à 0 % de TVA"))]
    return []


# --- Lines and words ------------------------------------------------------------------------------


def _category(invoice: Invoice, *, is_exempt: bool) -> str:
    if invoice.is_reverse_charge:
        return REVERSE
    return EXEMPT if is_exempt else STANDARD


def _line(line: InvoiceLine, category: str) -> IssuedLine:
    return IssuedLine(
        label=line.label,
        code=line.code,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        vat_rate=line.vat_rate,
        total=line.total_without_vat,
        category=category,
    )


def _day(moment: Any) -> date:
    found: date = clock.day_of(moment)
    return found


def _credited(invoice: Invoice) -> Credited | None:
    former = invoice.credits
    return None if former is None else Credited(former.number, former.issued_on)


def _kind_notes(invoice: Invoice) -> list[Note]:
    """Return why a credit note takes money back, and how far the works of a situation are."""
    if invoice.credits is not None:
        said = {"reason": invoice.get_credit_reason_display(), "words": invoice.credit_words}
        return [Note(_("Motif de l’avoir : %(reason)s. %(words)s") % said)]
    if invoice.kind != InvoiceKind.SITUATION or invoice.order is None:
        return []
    progress = progress_of(invoice)
    said = {
        "n": str(invoice.rank),
        "before": money_text(progress.before),
        "now": money_text(progress.now),
        "sum": money_text(progress.cumulated),
        "whole": money_text(progress.whole),
    }
    return [
        Note(
            _(
                "Situation de travaux n° %(n)s. Situations précédentes : %(before)s HT ; celle-ci :"
                " %(now)s HT ; cumul : %(sum)s HT sur %(whole)s HT."
            )
            % said
        )
    ]


def _terms(invoice: Invoice, agreed: Terms, book: Book) -> str:
    if invoice.credits is not None:
        said = {
            "number": invoice.credits.number,
            "on": day(invoice.credits.issued_on, "letter"),
        }
        return _("Cet avoir vient en déduction de la facture %(number)s du %(on)s.") % said
    if invoice.due_on is not None:
        return _("À payer au plus tard le %s.") % day(invoice.due_on, "letter")
    if agreed.month_end and not agreed.regime.is_public:
        return _("Paiement à 45 jours fin de mois, à compter de la date de la facture.")
    try:
        facts = ClockFacts(amount=invoice.net, invoiced_on=invoice.issued_on)
        _due, days = first_due(facts, agreed, book, invoice.issued_on)
    except Missing:
        return _("Paiement dans le délai légal, à compter de la réception de la facture.")
    return _("Paiement sous %s jours à compter de la réception de la facture.") % days


def _retention(invoice: Invoice) -> str:
    """Return what will be held back, in words: the norm has terms of payment (BT-20) for it.

    Law: code de la commande publique, R2191-32 to R2191-35.
    """
    held = will_hold(invoice)
    if held is None:
        return ""
    terms, amount = held
    said = {
        "rate": number(terms.retention_rate),
        "amount": money_text(amount),
        "months": terms.retention_months,
    }
    return (
        _(
            "Retenue de garantie de %(rate)s %% : %(amount)s TTC retenus au paiement, à libérer"
            " %(months)s mois après la réception."
        )
        % said
    )


def _legal_notes(on: date, agreed: Terms, book: Book) -> tuple[Note, ...]:
    """Return what the law wants to be written on the invoice, by the rules that the buyer is under.

    Law: code de la commande publique, R2192-31 and D2192-35; code de commerce, L441-9 and L441-10.
    """
    row = book.on(Kind.INDEMNITY, on)
    indemnity = money_text(row.value) if row else _("montant légal")
    if agreed.regime.is_public:
        penalty = _(
            "Intérêts moratoires en cas de retard : taux de refinancement de la Banque centrale"
            " européenne majoré de huit points (articles R2192-31 et suivants du code de la"
            " commande publique)."
        )
    elif agreed.agreed_rate is not None:
        penalty = _(
            "Pénalités de retard : %s %% par an, taux convenu au marché (article L441-10 du code"
            " de commerce)."
        ) % number(agreed.agreed_rate)
    else:
        penalty = _(
            "Pénalités de retard : taux de refinancement de la Banque centrale européenne majoré"
            " de dix points (article L441-10 du code de commerce)."
        )
    return (
        Note(_("Indemnité forfaitaire pour frais de recouvrement : %s.") % indemnity, "PMT"),
        Note(penalty, "PMD"),
        Note(_("Pas d’escompte pour paiement anticipé."), "AAB"),
    )


def _order_notes(invoice: Invoice, commitment: str) -> list[Note]:
    """Return the order's own numbers where another one stands for it, where the works were, how its
    prices were revised, and the mention of a reduced rate of VAT.
    """
    order = invoice.order
    if order is None:
        return []
    named = [_("Bon de commande %s") % order.reference]
    if order.external_number:
        named.append(_("n° du bailleur %s") % order.external_number)
    if commitment:
        named.append(_("engagement %s") % commitment)
    notes = [
        Note(", ".join(named)),
        Note(_("Lieu d’exécution : %s") % order.place_address),
    ]
    found = (revision_words(invoice), _reduced_rate(invoice))
    return [*notes, *(Note(words) for words in found if words)]


def _reduced_rate(invoice: Invoice) -> str:
    """Return the client's mention that a reduced rate needs, as the landlord made it on the order.

    Law: CGI, article 279-0 bis; the mention replaced the attestation on 16 February 2025.
    """
    order = invoice.order
    if order is None or order.issued_at is None or invoice.is_reverse_charge:
        return ""
    own = {"landlord_id": invoice.landlord_id}
    lines = InvoiceLine.objects.filter(**own, invoice_id=invoice.pk)
    if not lines.filter(vat_rate__gt=0, vat_rate__lt=RATE_OF[VatReason.NORMAL]).exists():
        return ""
    if not OrderClauses.objects.filter(**own, order_id=order.pk, vat_certified=True).exists():
        return ""
    said = {
        "mention": VAT_MENTION,
        "landlord": invoice.landlord.name,
        "on": day(_day(order.issued_at), "letter"),
    }
    return _("%(mention)s Signé : %(landlord)s, le %(on)s.") % said


def file_name(invoice: Invoice) -> str:
    """Return what the file is called on the computers of both sides."""
    return f"{'avoir' if invoice.is_credit else 'facture'}-{invoice.number}.pdf"

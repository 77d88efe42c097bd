"""What invoices, payments and the journal are as files: their columns, for CSV and workbooks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from contractors.models import Payment, Subcontract
from contractors.selectors.bank import StandingRow
from nexxio.core import clock
from nexxio.core.models import Organisation
from orders.list_files import Column

SPECIAL = "compte de l’acte spécial"
"""Where a subcontractor is paid: his account stands on the act that both signed, not here."""


def _day(moment: datetime | None) -> date | None:
    return clock.day_of(moment) if moment else None


def _payee(payment: Payment) -> Organisation | Subcontract:
    """Return who was paid: the company, or a subcontractor directly."""
    if payment.share is not None:
        return payment.share.subcontract
    assert payment.invoice.contractor is not None
    return payment.invoice.contractor


INVOICES = (
    Column("Numéro", 16, lambda row: row.invoice.number),
    Column("Nature", 18, lambda row: row.kind or "Facture"),
    Column("Commande", 14, lambda row: row.invoice.order.reference if row.invoice.order else ""),
    Column("Objet", 40, lambda row: row.invoice.order.title if row.invoice.order else ""),
    Column("Bailleur", 24, lambda row: row.invoice.landlord.name),
    Column("Entreprise", 24, lambda row: row.invoice.contractor.name),
    Column("État", 24, lambda row: row.status.label),
    Column("Date de facture", 14, lambda row: row.invoice.issued_on),
    Column("Reçue le", 12, lambda row: row.invoice.received_on),
    Column("À payer au plus tard le", 18, lambda row: row.invoice.due_on),
    Column("Total HT", 14, lambda row: row.without_vat),
    Column("Total TTC", 14, lambda row: row.with_vat),
    Column("Avoirs TTC", 14, lambda row: row.invoice.credited or None),
    Column("Retenue de garantie TTC", 16, lambda row: row.invoice.retained or None),
    Column("Avance reprise TTC", 16, lambda row: row.invoice.recovered or None),
    Column("À payer TTC", 14, lambda row: row.owed),
    Column("Paiement prévu le", 14, lambda row: row.expected.on if row.expected else None),
    Column(
        "Blocages",
        50,
        lambda row: " ; ".join(
            f"{card.block.cause} {card.label} ({card.who})" for card in row.blocks
        ),
    ),
)

PAYMENTS = (
    Column("Payée le", 12, lambda row: row.paid_on),
    Column("Facture", 16, lambda row: row.invoice.number),
    Column("Commande", 14, lambda row: row.invoice.order.reference if row.invoice.order else ""),
    Column("Service", 18, lambda row: row.invoice.department),
    Column("Bailleur", 24, lambda row: row.invoice.landlord.name),
    Column("SIRET du bailleur", 18, lambda row: row.invoice.landlord.siret),
    Column("Entreprise", 24, lambda row: row.invoice.contractor.name),
    Column("SIRET de l’entreprise", 18, lambda row: row.invoice.contractor.siret),
    Column("Versé à", 24, lambda row: _payee(row).name),
    Column("SIRET du bénéficiaire", 18, lambda row: _payee(row).siret),
    Column("Montant TTC", 14, lambda row: row.amount),
    Column("Date de facture", 14, lambda row: row.invoice.issued_on),
    Column("À payer au plus tard le", 18, lambda row: row.invoice.due_on),
    Column("Référence du virement", 22, lambda row: row.reference),
    Column("Annoncée payée le", 16, lambda row: row.announced_on),
    Column("Encaissement confirmé le", 18, lambda row: _day(row.confirmed_at)),
)

JOURNAL = (
    Column("Date", 12, lambda row: row.day),
    Column("Journal", 10, lambda row: row.journal),
    Column("Pièce", 16, lambda row: row.piece),
    Column("Ligne", 20, lambda row: row.label),
    Column("Compte", 12, lambda row: row.where.account),
    Column("Tiers", 24, lambda row: row.party.name),
    Column("SIRET du tiers", 18, lambda row: row.party.siret),
    Column("Débit", 14, lambda row: row.debit),
    Column("Crédit", 14, lambda row: row.credit),
    Column("UG", 12, lambda row: row.where.unit),
    Column("Imputation", 20, lambda row: row.charge),
    Column("Service", 18, lambda row: row.invoice.department if row.invoice else ""),
    Column(
        "Commande",
        14,
        lambda row: row.invoice.order.reference if row.invoice and row.invoice.order else "",
    ),
    Column("Échéance", 12, lambda row: row.invoice.due_on if row.invoice else None),
)

RETENTIONS = (
    Column("Facture", 16, lambda row: row.held.invoice.number),
    Column(
        "Commande",
        14,
        lambda row: row.held.invoice.order.reference if row.held.invoice.order else "",
    ),
    Column("Bailleur", 24, lambda row: row.held.landlord.name),
    Column("Entreprise", 24, lambda row: row.held.contractor.name),
    Column("Taux %", 10, lambda row: row.held.rate),
    Column("Retenue TTC", 14, lambda row: row.held.amount),
    Column("À libérer le", 12, lambda row: row.held.release_on),
    Column("Opposition du", 14, lambda row: _day(row.held.opposed_at)),
    Column("Raison", 40, lambda row: row.held.oppose_note),
    Column("Libérée le", 12, lambda row: row.held.released_on),
)

UNBILLED = (
    Column("Réalisée le", 12, lambda row: row.done_on),
    Column("Commande", 14, lambda row: row.reference),
    Column("N° du bailleur", 16, lambda row: row.external_number),
    Column("Objet", 40, lambda row: row.title),
    Column("Corps d’état", 18, lambda row: row.trade),
    Column("Service", 18, lambda row: row.department),
    Column("Bailleur", 24, lambda row: row.landlord),
    Column("Entreprise", 24, lambda row: row.contractor),
    Column("État", 24, lambda row: row.state),
    Column("Engagement", 16, lambda row: row.commitment),
    Column("Commande HT", 14, lambda row: row.ordered),
    Column("Facturé HT", 14, lambda row: row.invoiced),
    Column("Non facturé HT", 14, lambda row: row.rest if row.rest > 0 else None),
    Column("Avoir à recevoir HT", 14, lambda row: -row.rest if row.rest < 0 else None),
)


def bank_columns(found: Mapping[UUID, StandingRow], *, in_full: bool) -> tuple[Column, ...]:
    """Return where each payment's company is paid now: masked, or in full with its bank."""
    ceded = Column(
        "Cession ou opposition",
        40,
        lambda row: " ".join(card.sentence for card in found[row.contractor_id].transfers),
    )
    if not in_full:
        return (
            Column(
                "IBAN en vigueur",
                20,
                lambda row: SPECIAL if row.share_id else found[row.contractor_id].current,
            ),
            ceded,
        )

    def said(row: object, name: str) -> str:
        if row.share_id:  # type: ignore[attr-defined]
            return SPECIAL if name == "iban" else ""
        account = found[row.contractor_id].standing.current  # type: ignore[attr-defined]
        return str(getattr(account, name)) if account else ""

    return (
        Column("IBAN en vigueur", 36, lambda row: said(row, "iban")),
        Column("BIC", 14, lambda row: said(row, "bic")),
        Column("Titulaire du compte", 30, lambda row: said(row, "owner")),
        ceded,
    )

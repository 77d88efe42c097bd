"""What law, landlord and contract say of paying an invoice: read for the legal clock."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from contractors.legal_clock import Regime, Terms
from contractors.models import Invoice, LandlordDelay, MoneyTerms
from contractors.states import OVER
from nexxio.core.models import LegalForm, Organisation

_REGIMES = {
    LegalForm.OPH: Regime.OPH,
    LegalForm.ESH: Regime.ESH,
    LegalForm.SEM: Regime.SEM,
    LegalForm.COOPERATIVE: Regime.COOPERATIVE,
}


def regime_for(landlord: Organisation) -> Regime:
    """Return which rules a landlord falls under."""
    return _REGIMES.get(LegalForm(landlord.legal_form), Regime.PRIVATE)


@dataclass(frozen=True)
class PaymentFacts:
    """What contracts agree on, and what was set for cooperatives: at most one query each."""

    agreed: Mapping[UUID, MoneyTerms]
    delays: Mapping[UUID, Sequence[LandlordDelay]]

    @classmethod
    def of(
        cls, landlords: Iterable[Organisation], contract_ids: Iterable[UUID | None]
    ) -> PaymentFacts:
        """Read what there is of some landlords and some of their contracts."""
        houses = {landlord.pk: landlord for landlord in landlords}
        wanted = {key for key in contract_ids if key is not None}
        agreed = {}
        if wanted:
            rows = MoneyTerms.objects.filter(landlord_id__in=houses, contract_id__in=wanted)
            agreed = {row.contract_id: row for row in rows}
        open_ones = [
            key for key, house in houses.items() if regime_for(house) is Regime.COOPERATIVE
        ]
        delays: dict[UUID, list[LandlordDelay]] = {}
        if open_ones:
            for row in LandlordDelay.objects.filter(landlord_id__in=open_ones):
                delays.setdefault(row.landlord_id, []).append(row)
        return cls(agreed=agreed, delays=delays)

    @classmethod
    def of_invoices(cls, invoices: Iterable[Invoice]) -> PaymentFacts:
        """Read what there is of some invoices, whose landlord and order are loaded."""
        found = list(invoices)
        return cls.of(
            (invoice.landlord for invoice in found), (_contract_of(invoice) for invoice in found)
        )

    def terms(
        self,
        landlord: Organisation,
        contract_id: UUID | None,
        day: date,
        kept: Mapping[str, Any] | None = None,
    ) -> Terms:
        """Return by which terms an invoice is paid whose delay starts about a day.

        kept: what its contract said when it was settled (`Invoice.kept_terms`).
        """
        if kept is not None:
            return self._as_kept(landlord, day, kept)
        said = self.agreed.get(contract_id) if contract_id is not None else None
        return Terms(
            regime=regime_for(landlord),
            agreed_days=said.payment_days if said else None,
            month_end=said.is_month_end if said else False,
            agreed_rate=said.late_rate if said else None,
            cooperative_days=self._set_for(landlord.pk, day),
        )

    def terms_of(self, invoice: Invoice) -> Terms:
        """Return by which terms an invoice is paid."""
        day = invoice.received_on or invoice.issued_on
        kept = invoice.kept_terms if invoice.state in OVER else None
        return self.terms(invoice.landlord, _contract_of(invoice), day, kept)

    def _as_kept(self, landlord: Organisation, day: date, kept: Mapping[str, Any]) -> Terms:
        rate = kept["late_rate"]
        return Terms(
            regime=regime_for(landlord),
            agreed_days=kept["payment_days"],
            month_end=bool(kept["is_month_end"]),
            agreed_rate=Decimal(rate) if rate is not None else None,
            cooperative_days=self._set_for(landlord.pk, day),
        )

    def _set_for(self, landlord_id: UUID, day: date) -> int | None:
        for row in self.delays.get(landlord_id, ()):
            if row.starts_on <= day and (row.ends_on is None or day <= row.ends_on):
                return row.days
        return None


def terms_of_invoice(invoice: Invoice) -> Terms:
    """Return by which terms one invoice is paid. At most two queries."""
    return PaymentFacts.of_invoices([invoice]).terms_of(invoice)


def _contract_of(invoice: Invoice) -> UUID | None:
    return invoice.order.contract_id if invoice.order is not None else None

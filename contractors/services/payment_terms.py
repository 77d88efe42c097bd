"""Terms of payment: refused where the law forbids them, and due dates that follow them.

A contract may shorten a public delay, never lengthen it; between private parties it agrees on one
within the caps, on « 45 jours fin de mois », and on a rate that has a minimum.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from contractors import rate_book
from contractors.legal_clock import Missing, Reason, Terms, longest_delay
from contractors.models import Invoice, LandlordDelay
from contractors.money_states import MoneyCode
from contractors.services.due_dates import keep_due_date
from contractors.services.moves import lock_invoice
from contractors.services.payment_facts import PaymentFacts
from contractors.states import BILLS, OVER
from nexxio.core import clock, jobs
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.models import Organisation
from nexxio.core.templatetags.ui import number

logger = logging.getLogger(__name__)

DATE_AGAIN = "invoices.date_again"


@transaction.atomic
def save_landlord_delay(*, actor: Actor, delay: LandlordDelay) -> None:
    """Save a cooperative's longest delay that was filled in and checked; a worker dates its open
    invoices anew. The administration's journal says who did.
    """
    delay.save()
    ask_dates_again(delay.landlord_id)
    logger.info("landlord delay %s saved by %s", delay.pk, actor.user_id)


@transaction.atomic
def date_again(*, invoice_id: UUID) -> Invoice:
    """Write the due date of an open invoice anew, by the terms of today. As the system; idempotent.

    Locks order and invoice.
    """
    invoice = lock_invoice(invoice_id)
    if invoice.state not in OVER:
        keep_due_date(invoice)
    return invoice


# --- Parts of other services ------------------------------------------------------------------


def ask_dates_again(landlord_id: UUID, contract_id: UUID | None = None) -> None:
    """Let a worker date a landlord's open invoices anew, or those of one contract."""
    actor = replace(SYSTEM, organisation_id=landlord_id)
    payload = {"contract": str(contract_id)} if contract_id is not None else {}
    jobs.ask(kind=DATE_AGAIN, actor=actor, payload=payload)


def keep_terms(
    landlord_id: UUID, contract_id: UUID, former: Mapping[str, Decimal | int | bool | None]
) -> None:
    """Write the terms of a contract that changes them on its settled invoices: those stay by them.

    One that is open goes by the new ones, also when it was settled once.
    """
    of_contract = {"landlord_id": landlord_id, "order__contract_id": contract_id}
    rate = former["late_rate"]
    said = {**former, "late_rate": None if rate is None else str(rate)}
    settled = Invoice.objects.filter(**of_contract, filed_at__isnull=False, state__in=OVER)
    settled.filter(kept_terms__isnull=True).update(kept_terms=said)
    open_invoices(landlord_id, contract_id).filter(kept_terms__isnull=False).update(kept_terms=None)


def open_invoices(landlord_id: UUID, contract_id: UUID | None = None) -> QuerySet[Invoice]:
    """Return the invoices whose due date still counts."""
    rows = Invoice.objects.filter(
        landlord_id=landlord_id, filed_at__isnull=False, kind__in=BILLS
    ).exclude(state__in=OVER)
    if contract_id is not None:
        rows = rows.filter(order__contract_id=contract_id)
    return rows.order_by("created_at", "id")


def unlawful(
    landlord: Organisation,
    *,
    days: int | None,
    is_month_end: bool,
    rate: Decimal | None,
    figures: Mapping[str, Decimal],
) -> dict[str, list[str]]:
    """Return what the law forbids of a contract's terms of payment, by field."""
    errors: dict[str, list[str]] = {}
    terms = PaymentFacts.of([landlord], []).terms(landlord, None, clock.today())
    is_public = terms.regime.is_public
    if days is not None:
        errors |= _too_long(terms, days)
    if is_month_end and is_public:
        errors["is_month_end"] = ["« 45 jours fin de mois » ne se convient qu’entre privés."]
    elif is_month_end and days is not None:
        errors["is_month_end"] = ["Choisissez : un nombre de jours, ou la fin de mois."]
    if rate is not None:
        least = figures.get(MoneyCode.PRIVATE_RATE_MIN)
        if is_public:
            text = "Le taux d’un acheteur public est celui de la loi : laissez vide."
            errors["late_rate"] = [text]
        elif least is None:
            text = "Le minimum légal n’est pas connu aujourd’hui : demandez-le à la plateforme."
            errors["late_rate"] = [text]
        elif rate < least:
            errors["late_rate"] = [f"Au moins {number(least)} % : trois fois l’intérêt légal."]
    return errors


# --- inside -----------------------------------------------------------------------------------


def _too_long(terms: Terms, days: int) -> dict[str, list[str]]:
    field = "payment_days"
    try:
        longest = longest_delay(terms, rate_book.load(), clock.today())
    except Missing as missing:
        if missing.reason is Reason.DELAY_NOT_SET:
            text = "Le délai de cette coopérative n’est pas réglé : demandez-le à la plateforme."
        else:
            text = "Aucun délai légal n’est connu aujourd’hui."
        return {field: [text]}
    if not 1 <= days <= longest:
        return {field: [f"De 1 à {longest} jours : un marché ne va pas au-delà du délai légal."]}
    return {}

"""Writes of retentions: what a contract says of them, their release, and opposition to it."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from django.db import transaction

from contractors import deduction_events as events
from contractors import money_book, policies
from contractors.models import Invoice, MoneyRule, MoneyTerms, Payment, Retention
from contractors.money_states import MoneyCode, PaymentPurpose, Security
from contractors.services.deductions import acceptance_of, release_day, terms_of
from contractors.services.moves import lock_invoice, record_of, required
from contractors.services.payment_terms import ask_dates_again, keep_terms, unlawful
from contractors.services.reverse_charge import has_vat_number
from contractors.states import InvoiceState
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Organisation
from nexxio.core.outbox import Subject, record
from orders import policies as order_policies
from orders.models import Contract, Order
from orders.services.moves import lock_order

logger = logging.getLogger(__name__)

MOST_MONTHS = 60
WHOLE = Decimal(100)
_OF_PAYMENT = ("payment_days", "is_month_end", "late_rate")


@dataclass(frozen=True, kw_only=True)
class MoneyTermsInput:
    """A contract's payment, retention and recovery of its advance, as typed. None: what is usual,
    of delay and rate what the law says.
    """

    retention_rate: Decimal = Decimal(0)
    is_small: bool = False
    retention_months: int | None = None
    security: str = ""
    security_issuer: str = ""
    security_on: date | None = None
    recover_from: Decimal | None = None
    recover_until: Decimal | None = None
    is_reverse_charge: bool = False
    payment_days: int | None = None
    is_month_end: bool = False
    late_rate: Decimal | None = None


@transaction.atomic
def save_money_rule(*, actor: Actor, rule: MoneyRule) -> None:
    """Save a figure that was filled in and checked. The administration's journal says who did."""
    rule.save()
    logger.info("money rule %s saved by %s", rule.pk, actor.user_id)


@transaction.atomic
def save_money_terms(*, actor: Actor, contract_id: UUID, data: MoneyTermsInput) -> MoneyTerms:
    """Say when a contract is paid, what it holds back, how its advance comes back, and who owes the
    VAT of its works; later grants, and invoices prepared later, follow it.

    Open invoices are dated anew by a worker where delay or rate have changed; settled ones keep the
    former terms. A guarantee that
    stands in for the retention makes what is held due from its day on. Locks the contract, then
    what is held of it. Raises Refused for who manages no contracts, Invalid above the ceiling of
    the day, for terms that can't be, and for a payment that the law forbids.
    """
    if not order_policies.manages_contracts(actor):
        raise Refused("Votre rôle ne permet pas de changer un marché.", code="role")
    rows = Contract.objects.select_related("landlord")
    contract = rows.select_for_update(of=("self",), no_key=True).get(pk=contract_id)
    values = _checked(data, contract.landlord)
    if data.is_reverse_charge and not has_vat_number(contract.landlord_id):
        text = "Indiquez d’abord votre numéro de TVA sous « Facturation » : la facture le porte."
        raise Invalid({"is_reverse_charge": [text]})
    terms = terms_of(contract.landlord_id, contract.pk)
    paid = {name: getattr(terms, name, None) or None for name in _OF_PAYMENT}
    if terms is None:
        own = {"landlord_id": contract.landlord_id, "contractor_id": contract.contractor_id}
        terms = MoneyTerms(**own, contract=contract, **values)
        terms.save(force_insert=True)
    else:
        if all(getattr(terms, name) == value for name, value in values.items()):
            return terms
        for name, value in values.items():
            setattr(terms, name, value)
        terms.save(update_fields=list(values))
    _date_again(terms)
    if any(paid[name] != (values[name] or None) for name in _OF_PAYMENT):
        keep_terms(contract.landlord_id, contract.pk, paid)
        ask_dates_again(contract.landlord_id, contract.pk)
    subject = Subject(
        pk=contract.pk, landlord_id=contract.landlord_id, contractor_id=contract.contractor_id
    )
    record(events.MoneyTermsSet(), actor=actor, subject=subject, subject_type="contract")
    return terms


@transaction.atomic
def release_retention(*, actor: Actor, retention_id: UUID, paid_on: date) -> Retention:
    """Pay what was held back of an invoice; an opposition ends with it. Locks order and invoice.

    Raises Refused while the invoice itself isn't paid, Invalid for a day that can't be.
    """
    invoice, held = _lock(actor, retention_id)
    if invoice.state not in (InvoiceState.ANNOUNCED, InvoiceState.PAID):
        text = "Payez d’abord la facture : la retenue se libère ensuite."
        raise Refused(text, code="state")
    if paid_on > clock.today():
        raise Invalid({"paid_on": ["Cette date n’est pas encore passée."]})
    if paid_on < invoice.issued_on:
        raise Invalid({"paid_on": ["La facture n’existait pas encore ce jour-là."]})
    held.released_on = paid_on
    held.save(update_fields=["released_on"])
    Payment(
        landlord_id=held.landlord_id,
        contractor_id=held.contractor_id,
        invoice=invoice,
        purpose=PaymentPurpose.RETENTION,
        amount=held.amount,
        currency=invoice.currency,
        paid_on=paid_on,
        announced_on=paid_on,
        announced_at=clock.now(),
    ).save(force_insert=True)
    event = events.RetentionReleased(number=invoice.number, on=paid_on)
    record_of(event, invoice, actor)
    return held


@transaction.atomic
def oppose_retention(*, actor: Actor, retention_id: UUID, note: str) -> Retention:
    """Oppose the release, with a reason that the company reads. Locks order and invoice."""
    reason = required(note, "Dites à l’entreprise ce qui s’oppose à la libération.")
    invoice, held = _lock(actor, retention_id)
    if held.opposed_at is not None:
        raise Conflict("Une opposition est déjà enregistrée sur cette retenue.")
    held.opposed_at, held.oppose_note = clock.now(), reason
    held.save(update_fields=["opposed_at", "oppose_note"])
    record_of(events.RetentionOpposed(number=invoice.number), invoice, actor)
    return held


@transaction.atomic
def date_retentions(*, order_id: UUID) -> None:
    """Say from when on what is held of an order is to be paid, once its works are accepted.

    As the system; idempotent. Locks the order.
    """
    order = lock_order(order_id)
    rows = Retention.objects.filter(
        landlord_id=order.landlord_id, invoice__order_id=order.pk, released_on__isnull=True
    )
    found = list(rows.select_for_update(of=("self",)))
    if found:
        terms = terms_of(order.landlord_id, order.contract_id) if order.contract_id else None
        _date(found, acceptance_of(order), terms)


@transaction.atomic
def tell_retention(*, retention_id: UUID) -> Retention | None:
    """Tell both sides that a retention's day has come; once. As the system; locks its invoice.

    None when somebody was faster: it is released, opposed, moved to another day or told already.
    """
    found = Retention.objects.get(pk=retention_id)
    invoice = lock_invoice(found.invoice_id)
    held: Retention = Retention.objects.select_for_update(of=("self",)).get(pk=retention_id)
    is_free = held.released_on is not None or held.opposed_at is not None or not held.amount
    on = held.release_on
    if is_free or on is None or on > clock.today() or held.told_on is not None:
        return None
    held.told_on = clock.today()
    held.save(update_fields=["told_on"])
    actor = replace(SYSTEM, organisation_id=held.landlord_id)
    record_of(events.RetentionDue(number=invoice.number, on=on), invoice, actor)
    return held


# --- inside -----------------------------------------------------------------------------------


def _checked(data: MoneyTermsInput, landlord: Organisation) -> dict[str, object]:
    """Return the columns, what is left empty filled in from the dated figures."""
    figures = money_book.figures_on(clock.today())
    errors: dict[str, list[str]] = {}
    usual = (
        ("retention_months", MoneyCode.RETENTION_MONTHS),
        ("recover_from", MoneyCode.RECOVER_FROM),
        ("recover_until", MoneyCode.RECOVER_UNTIL),
    )
    values: dict[str, object] = asdict(data)
    for name, code in usual:
        if values[name] is None:
            if code not in figures:
                errors[name] = ["Aucune valeur usuelle n’est connue aujourd’hui : indiquez-la."]
                continue
            values[name] = int(figures[code]) if name == "retention_months" else figures[code]
    ceiling = money_book.retention_ceiling(figures, is_small=data.is_small)
    if data.retention_rate and ceiling is None:
        errors["retention_rate"] = ["Aucun plafond légal n’est connu aujourd’hui."]
    elif data.retention_rate < 0 or (ceiling is not None and data.retention_rate > ceiling):
        text = f"Entre zéro et {f'{ceiling:f}'.rstrip('0').rstrip('.').replace('.', ',')} %."
        errors["retention_rate"] = [text]
    errors |= _wrong(values)
    errors |= unlawful(
        landlord,
        days=data.payment_days,
        is_month_end=data.is_month_end,
        rate=data.late_rate,
        figures=figures,
    )
    if errors:
        raise Invalid(errors)
    values["security_issuer"] = " ".join(data.security_issuer.split())
    return values


def _wrong(values: dict[str, object]) -> dict[str, list[str]]:
    errors: dict[str, list[str]] = {}
    months, first, last = (
        values[name] for name in ("retention_months", "recover_from", "recover_until")
    )
    if isinstance(months, int) and not 1 <= months <= MOST_MONTHS:
        errors["retention_months"] = [f"De 1 à {MOST_MONTHS} mois."]
    if (
        isinstance(first, Decimal)
        and isinstance(last, Decimal)
        and not (0 <= first < last <= WHOLE)
    ):
        errors["recover_until"] = ["La reprise finit après son début, à 100 % au plus."]
    named = bool(str(values["security_issuer"]).strip())
    if values["security"]:
        if values["security"] not in Security.values:
            errors["security"] = ["Choisissez dans la liste."]
        if not named:
            errors["security_issuer"] = ["Indiquez l’organisme qui garantit."]
        if values["security_on"] is None:
            errors["security_on"] = ["Indiquez la date de la garantie."]
    elif named or values["security_on"] is not None:
        errors["security"] = ["Choisissez la nature de la garantie, ou effacez-la en entier."]
    return errors


def _date_again(terms: MoneyTerms) -> None:
    """Date what is held of a contract anew, by its guarantee; order by order."""
    rows = Retention.objects.filter(
        landlord_id=terms.landlord_id,
        invoice__order__contract_id=terms.contract_id,
        released_on__isnull=True,
    )
    held: dict[UUID, list[Retention]] = {}
    orders: dict[UUID, Order] = {}
    for row in rows.select_for_update(of=("self",)).select_related("invoice__order"):
        order = row.invoice.order
        assert order is not None
        held.setdefault(order.pk, []).append(row)
        orders[order.pk] = order
    for pk, found in held.items():
        _date(found, acceptance_of(orders[pk]), terms)


def _date(rows: list[Retention], accepted_on: date | None, terms: MoneyTerms | None) -> None:
    for row in rows:
        day = release_day(accepted_on, row.months, terms)
        if day != row.release_on:
            row.release_on = day
            row.save(update_fields=["release_on"])


def _lock(actor: Actor, retention_id: UUID) -> tuple[Invoice, Retention]:
    found = Retention.objects.get(pk=retention_id)
    if not policies.releases(actor):
        raise Refused("Seul le bailleur libère une retenue.", code="role")
    invoice = lock_invoice(found.invoice_id)
    held: Retention = Retention.objects.select_for_update(of=("self",)).get(pk=retention_id)
    if held.released_on is not None or not held.amount:
        raise Conflict("Cette retenue n’est plus tenue.")
    return invoice, held

"""Writes of credit notes: what a contractor takes back of an invoice, in whole or by its lines.

The order is locked first, then the invoice, then the contractor's series of numbers. What a credit
note does to its invoice is done by the system once it is filed (`apply_credit`): a company may not
write the states that are the landlord's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID, uuid5

from django.db import transaction

from contractors import credit_events as events
from contractors import policies
from contractors.models import Invoice, InvoiceLine
from contractors.services.blocks import end_all, look_at_order, shrink
from contractors.services.deductions import lessen
from contractors.services.moves import lock_invoice, move_invoice, record_of, required
from contractors.services.numbers import next_number
from contractors.states import (
    CREDITABLE,
    GIVEN_UP,
    UNFILED,
    CreditReason,
    InvoiceKind,
    InvoiceState,
)
from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Invalid, Refused
from nexxio.core.templatetags.ui import number
from orders.services.amounts import CENT, totals_of

NOTHING = Decimal(0)
_COPIED = (
    *("origin", "origin_id", "variation_number", "code", "label", "unit", "unit_price"),
    *("vat_rate", "landlord_id", "contractor_id"),
)


@dataclass(frozen=True)
class Creditable:
    """A line of an invoice, and what credit notes have left of it.

    is_rest: the line is kept nowhere, it stands for the rest of a VAT rate.
    """

    line: InvoiceLine
    quantity: Decimal
    total: Decimal
    is_rest: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether nothing of it was taken back yet."""
        return self.total == self.line.total_without_vat


def creditable_lines(invoice: Invoice) -> list[Creditable]:
    """Return the lines of an invoice of which something is left. Two queries.

    A credit note that came as a file doesn't say which lines it takes back: what is left is then
    one line for each VAT rate.
    """
    own = {"landlord_id": invoice.landlord_id}
    lines = list(InvoiceLine.objects.filter(**own, invoice_id=invoice.pk))
    rows = list(
        InvoiceLine.objects.filter(**own, invoice__credits_id=invoice.pk)
        .exclude(invoice__state__in=GIVEN_UP)
        .select_related("invoice")
    )
    if any(row.credited_line is None for row in rows):
        return _rests(invoice, lines, rows)
    taken: dict[UUID | None, tuple[Decimal, Decimal]] = {}
    for row in rows:
        quantity, total = taken.get(row.credited_line, (NOTHING, NOTHING))
        taken[row.credited_line] = quantity + row.quantity, total + row.total_without_vat
    found = []
    for line in lines:
        quantity, total = taken.get(line.pk, (NOTHING, NOTHING))
        if line.total_without_vat != total:
            left = line.total_without_vat - total
            found.append(Creditable(line, line.quantity - quantity, left))
    return found


def credit_obstacle(actor: Actor, invoice: Invoice) -> Refused | None:
    """Return why the actor can't prepare a credit note of an invoice now; None when he can."""
    if not policies.can_credit(actor, invoice):
        return Refused("Aucun avoir ne peut être établi sur cette facture.", code="state")
    waiting = _waiting(invoice)
    if waiting is not None:
        text = f"Un avoir de cette facture attend d’être déposé : {waiting.number}."
        return Refused(text, code="repeated")
    return None


@transaction.atomic
def prepare_credit_note(
    *,
    actor: Actor,
    invoice_id: UUID,
    reason: str,
    note: str,
    quantities: Mapping[UUID, Decimal] | None = None,
) -> Invoice:
    """Take back an invoice: so much of its lines, or all that is left of it (None).

    The number is the next of the contractor's one series. Locks order, invoice and series. Raises
    Refused while another one waits to be filed, and for a refused invoice that isn't taken back in
    whole; Invalid without a reason, for more than is left, and when nothing is chosen.
    """
    words = required(note, "Dites au bailleur pourquoi.")
    if reason not in CreditReason.values:
        raise Invalid({"reason": ["Choisissez un motif."]})
    invoice = lock_invoice(invoice_id)
    refusal = credit_obstacle(actor, invoice)
    if refusal is not None:
        raise refusal
    lines = _chosen(invoice, quantities)
    without_vat, vat = totals_of(lines)
    _require_within(invoice, without_vat, without_vat + vat)
    assert invoice.contractor_id is not None
    credit = Invoice(
        landlord_id=invoice.landlord_id,
        contractor_id=invoice.contractor_id,
        kind=InvoiceKind.CREDIT_NOTE,
        credits=invoice,
        credit_reason=reason,
        credit_words=words,
        order=invoice.order,
        department=invoice.department,
        number=next_number(contractor_id=invoice.contractor_id),
        state_since=clock.now(),
        issued_on=clock.today(),
        total_without_vat=without_vat,
        total_vat=vat,
        total_with_vat=without_vat + vat,
        is_reverse_charge=invoice.is_reverse_charge,
    )
    with explained():
        credit.save(force_insert=True)
    for rank, line in enumerate(lines, start=1):
        line.invoice, line.rank = credit, rank
    InvoiceLine.objects.bulk_create(lines)
    event = events.CreditNotePrepared(number=credit.number, invoice=invoice.number)
    record_of(event, credit, actor)
    return credit


@transaction.atomic
def apply_credit(*, actor: Actor, credit_id: UUID) -> Invoice:
    """Let a filed credit note reduce its invoice, which ends when nothing is left. As the system.

    Twice the same changes nothing. Locks the order, the credit note, then its invoice.
    """
    credit = lock_invoice(credit_id)
    filed = (InvoiceState.FILED, InvoiceState.RECEIVED)
    if not credit.is_credit or credit.state not in filed or credit.credits_id is None:
        return credit
    invoice = Invoice.objects.select_for_update(of=("self",)).get(pk=credit.credits_id)
    event = events.CreditNoteApplied(number=credit.number, invoice=invoice.number)
    applied = move_invoice("apply", credit, actor, event=event)
    _reduce(invoice, applied, actor)
    if invoice.order_id is not None:
        look_at_order(actor=actor, order_id=invoice.order_id)
    return applied


def applied_credits(invoice: Invoice) -> list[Invoice]:
    """Return the credit notes that have reduced an invoice, the oldest first."""
    own = {"landlord_id": invoice.landlord_id, "credits_id": invoice.pk}
    rows = Invoice.objects.filter(**own, state=InvoiceState.APPLIED)
    return list(rows.order_by("issued_on", "number"))


def left_of(invoice: Invoice) -> tuple[Decimal, Decimal]:
    """Return what no credit note takes back, filed or not: (excluding VAT, including VAT)."""
    own = {"landlord_id": invoice.landlord_id, "credits_id": invoice.pk}
    rows = list(Invoice.objects.filter(**own).exclude(state__in=GIVEN_UP))
    without_vat = sum((row.total_without_vat for row in rows), NOTHING)
    with_vat = sum((row.total_with_vat for row in rows), NOTHING)
    return invoice.total_without_vat - without_vat, invoice.total_with_vat - with_vat


def exceeds(invoice: Invoice, without_vat: Decimal, with_vat: Decimal) -> bool:
    """Tell whether a credit note of so much takes back more than is left.

    VAT, rounded once on each of them, may differ.
    """
    left, left_with_vat = left_of(invoice)
    return without_vat > left or with_vat > left_with_vat + policies.VAT_GAP


# --- inside -----------------------------------------------------------------------------------


def _waiting(invoice: Invoice) -> Invoice | None:
    own = {"landlord_id": invoice.landlord_id, "credits_id": invoice.pk}
    found: Invoice | None = Invoice.objects.filter(**own, state__in=UNFILED).first()
    return found


def _rests(invoice: Invoice, lines: list[InvoiceLine], rows: list[InvoiceLine]) -> list[Creditable]:
    """Return what is left of each VAT rate, as a line: together all that is left of the invoice.

    rows: the lines of its credit notes.
    """
    sums: dict[Decimal, Decimal] = {}
    for line in lines:
        sums[line.vat_rate] = sums.get(line.vat_rate, NOTHING) + line.total_without_vat
    for row in rows:
        sums[row.vat_rate] = sums.get(row.vat_rate, NOTHING) - row.total_without_vat
    credits = {row.invoice.pk: row.invoice.total_without_vat for row in rows}
    left = invoice.total_without_vat - sum(credits.values(), NOTHING)
    parts: dict[Decimal, Decimal] = {}
    # The largest first: a file with other rates may leave less of one than that.
    for rate, total in sorted(sums.items(), key=lambda each: each[1], reverse=True):
        part = min(total, left)
        if part > 0:
            parts[rate] = part
            left -= part
    if left and parts:  # a file whose lines don't come to its sum
        parts[next(iter(parts))] += left
    return [_rest(invoice, rate, part) for rate, part in parts.items()]


def _rest(invoice: Invoice, rate: Decimal, total: Decimal) -> Creditable:
    assert invoice.contractor_id is not None
    line = InvoiceLine(
        # The same each time that it is asked for: a form names it.
        id=uuid5(invoice.pk, f"rest-{rate}"),
        landlord_id=invoice.landlord_id,
        contractor_id=invoice.contractor_id,
        label=f"Reste de la facture {invoice.number}, TVA {number(rate)}\u00a0%",
        unit="forfait",
        unit_price=total,
        vat_rate=rate,
        quantity=Decimal(1),
        total_without_vat=total,
    )
    return Creditable(line, line.quantity, total, is_rest=True)


def _chosen(invoice: Invoice, quantities: Mapping[UUID, Decimal] | None) -> list[InvoiceLine]:
    """Return the lines of the credit note."""
    left = creditable_lines(invoice)
    if quantities is None:
        return [_line(each, each.quantity, each.total) for each in left]
    found = []
    errors: dict[str, list[str]] = {}
    for each in left:
        wanted = quantities.get(each.line.pk, NOTHING)
        if not 0 <= wanted <= max(each.quantity, NOTHING):
            errors[f"line_{each.line.pk}"] = ["La quantité va de zéro à ce qui reste de la ligne."]
        elif wanted:
            found.append(_line(each, wanted, _share(each, wanted)))
    if errors:
        raise Invalid(errors)
    if not found:
        raise Invalid({"": ["Indiquez au moins une quantité."]})
    whole = sum((each.total for each in left), NOTHING)
    if invoice.state in GIVEN_UP and totals_of(found)[0] != whole:
        raise Invalid({"": ["Une facture refusée s’annule en entier."]})
    return found


def _share(each: Creditable, quantity: Decimal) -> Decimal:
    """Return the sum of a part of a line: the rest of it goes with its last quantity."""
    if quantity == each.quantity:
        return each.total
    share = each.line.total_without_vat * quantity / each.line.quantity
    return min(share.quantize(CENT, ROUND_HALF_UP), each.total)


def _line(each: Creditable, quantity: Decimal, total: Decimal) -> InvoiceLine:
    copied = {name: getattr(each.line, name) for name in _COPIED}
    # The rest of a rate is no line of the invoice.
    known = None if each.is_rest else each.line.pk
    return InvoiceLine(**copied, quantity=quantity, total_without_vat=total, credited_line=known)


def _require_within(invoice: Invoice, without_vat: Decimal, with_vat: Decimal) -> None:
    """Raise Invalid for nothing, and for more than is left."""
    if without_vat <= 0:
        raise Invalid({"": ["Indiquez au moins une quantité."]})
    if exceeds(invoice, without_vat, with_vat):
        raise Invalid({"": ["Les avoirs dépasseraient le montant de la facture."]})


def _reduce(invoice: Invoice, credit: Invoice, actor: Actor) -> None:
    """Keep what is taken back of a locked invoice; all of it ends it.

    A refused one stays refused: it never was in anybody's journal, nor is what takes it back.
    """
    credits = applied_credits(invoice)
    without_vat = sum((row.total_without_vat for row in credits), NOTHING)
    with_vat = sum((row.total_with_vat for row in credits), NOTHING)
    # VAT is rounded once on each of them: what is whole without it is whole.
    is_whole = without_vat >= invoice.total_without_vat
    taken = invoice.total_with_vat if is_whole else min(with_vat, invoice.total_with_vat)
    if is_whole and invoice.state in CREDITABLE and invoice.state not in GIVEN_UP:
        event = events.InvoiceCredited(number=invoice.number, credit=credit.number)
        moved = move_invoice("credit", invoice, actor, event=event, changes={"credited": taken})
        _keep_given_back(credit, moved, lessen(moved))
        end_all(moved, actor)
        return
    invoice.credited = taken
    invoice.version += 1
    invoice.save(update_fields=["credited", "version"])
    _keep_given_back(credit, invoice, lessen(invoice))
    record_of(events.InvoiceReduced(number=invoice.number, credit=credit.number), invoice, actor)
    shrink(invoice)
    if not policies.is_open(invoice):
        end_all(invoice, actor)


def _keep_given_back(credit: Invoice, invoice: Invoice, amount: Decimal) -> None:
    """Note on a credit note what went back to the advance of what the accounts have recovered."""
    if amount and invoice.recovered_on is not None:
        credit.recovered_then, credit.recovered_on = amount, clock.today()
        credit.save(update_fields=["recovered_then", "recovered_on"])

"""Drafting the order by which another company takes over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Conflict, Invalid, Refused
from orders import policies
from orders.models import Contract, Order, PriceItem
from orders.natures import WITHOUT_CONTRACT
from orders.services.bulk import contact_since, input_again, ordinary_nature
from orders.services.drafts import OrderInput, draft_order
from orders.services.moves import lock_order
from orders.services.order_files import copy_files
from orders.services.pricing import LineInput, items_in_force
from orders.services.variations import require_none_open
from orders.states import OrderState, SupersedeReason


@transaction.atomic
def draft_successor(
    *, actor: Actor, order_id: UUID, contract_id: UUID, reason: str, note: str = ""
) -> Order:
    """Draft an order with the same contents for the company of another contract, on the same case.

    On a case of its own where somebody else lives there now: the former tenant reads nothing of it.
    What was agreed with the former company stays behind: its prices, its cap, its quotes, and that
    it worked without a contract. Lines take the article of the other schedule (`_asked_of`); what
    that hasn't is asked without a price, and the draft doesn't leave before it has one. The former
    order ends when the draft leaves. Locks it. Raises Invalid without a coded reason or for a
    contract of the same company, Refused for an order that can't be taken away or is being replaced
    already.
    """
    if reason not in SupersedeReason.values or reason == SupersedeReason.CORRECTED:
        raise Invalid({"reason": ["Choisissez un motif."]})
    former = _former(actor, order_id)
    contract = Contract.objects.filter(pk=contract_id, landlord_id=former.landlord_id).first()
    if contract is None or contract.contractor_id == former.contractor_id:
        raise Invalid({"contract": ["Choisissez le marché d’une autre entreprise."]})
    return _succeed(actor, former, contract, reason, note)


@transaction.atomic
def draft_correction(*, actor: Actor, order_id: UUID) -> Order:
    """Draft a declined or returned order again for the same company, to be corrected. Locks it.

    It may get another dwelling and another contract of that company. The former one ends when the
    draft leaves. Raises Refused unless its company has returned it, or declined it for something
    else than want of capacity; and when it is being replaced already.
    """
    former = _former(actor, order_id)
    if not policies.can_correct(actor, former):
        raise Refused("Cette commande ne se corrige pas : confiez-la à une autre.", code="state")
    return _succeed(actor, former, former.contract, SupersedeReason.CORRECTED.value, "")


@transaction.atomic
def duplicate_order(*, actor: Actor, order_id: UUID) -> Order:
    """Draft an order with the same contents on a case of its own; nothing of the first changes.

    Lines whose article the schedule in force hasn't are left out, and so are the numbers of the
    landlord's own, files, a date that is over, what left the rule of attribution and the contact
    of a tenant who has moved out. Raises Refused when the actor only reads.
    """
    order = Order.objects.get(pk=order_id)
    typed = input_again(order)
    over = typed.target_date is not None and typed.target_date <= clock.today()
    lines = _lines(typed.lines, order.contract) if order.contract else ()
    data = replace(
        typed,
        target_date=None if over else typed.target_date,
        target_note="",
        external_number="",
        commitment_number="",
        rule_reason="",
        rule_note="",
        lines=tuple(lines),
    )
    return draft_order(actor=actor, data=data)


def successor_of(order: Order) -> Order | None:
    """Return the order that takes this one's place, or will when it leaves; no cancelled one."""
    return (
        Order.objects.filter(landlord_id=order.landlord_id, supersedes_id=order.pk)
        .exclude(state=OrderState.CANCELLED)
        .first()
    )


# --- inside -----------------------------------------------------------------------------------


def _former(actor: Actor, order_id: UUID) -> Order:
    """Return the order whose place will be taken, locked; nobody takes it already."""
    former = lock_order(order_id)
    if not policies.can_supersede(actor, former):
        raise Conflict("Cette commande ne peut pas être confiée à une autre entreprise.")
    require_none_open(former, gives_up=True)
    there = successor_of(former)
    if there is not None:
        raise Refused(f"La commande {there.reference} remplace déjà celle-ci.", code="successor")
    return former


def _succeed(
    actor: Actor, former: Order, contract: Contract | None, reason: str, note: str
) -> Order:
    """Draft what takes the former one's place. contract: none where its company worked without."""
    typed = input_again(former)
    late = typed.target_date is not None and typed.target_date <= clock.today()
    corrects = reason == SupersedeReason.CORRECTED
    if not corrects:
        assert contract is not None
        typed = _for_another(typed, former, contract)
    elif contract is not None:
        typed = replace(typed, lines=tuple(_lines(typed.lines, contract)))
    data = replace(
        typed,
        contract_id=contract.pk if contract else None,
        target_date=None if late else typed.target_date,
        external_number="",  # one number of the landlord's own names one order
        # Where it isn't the turn of the one that is chosen, this is why; corrected: as before.
        rule_reason=typed.rule_reason if corrects else reason,
        rule_note=typed.rule_note if corrects else note,
    )
    former.superseded_reason = reason
    former.superseded_note = note.strip()[:300]
    former.save(update_fields=["superseded_reason", "superseded_note"])
    moved = contact_since(former) is not None
    made = draft_order(actor=actor, data=data, replaces=former, own_case=moved)
    copy_files(former, made, same_company=corrects)
    return made


def _for_another(typed: OrderInput, former: Order, contract: Contract) -> OrderInput:
    """Leave out what was agreed with the former company; what had no contract gets an ordinary one.

    Its prices, its cap, its name and why it worked without a contract are between it and the
    landlord.
    """
    off = typed.nature in WITHOUT_CONTRACT
    return replace(
        typed,
        nature=ordinary_nature(former.unit) if off else typed.nature,
        quote_cap=None,
        clauses=replace(typed.clauses, company_id=None, off_reason=""),
        lines=tuple(_asked_of(typed.lines, contract)),
    )


def _lines(typed: tuple[LineInput, ...], contract: Contract) -> Iterator[LineInput]:
    """Return lines of the contract as its schedule in force has them; without what it hasn't."""
    keys = [line.price_item_id for line in typed if line.price_item_id]
    codes = dict(PriceItem.objects.filter(pk__in=keys).values_list("pk", "code"))
    held = items_in_force(contract.pk, clock.today()).filter(code__in=codes.values())
    by_code = {item.code: item.pk for item in held}
    for line in typed:
        if line.price_item_id is None:
            yield line
        elif (found := by_code.get(codes.get(line.price_item_id, ""))) is not None:
            yield LineInput(found, line.quantity)


def _asked_of(typed: tuple[LineInput, ...], contract: Contract) -> Iterator[LineInput]:
    """Return lines of another company's order as this contract's company prices them.

    By the article of the same code, else by the one of the same wording and unit; without a price
    where its schedule has neither: the former company's is none of its own.
    """
    keys = [line.price_item_id for line in typed if line.price_item_id]
    known = PriceItem.objects.in_bulk(keys)
    asked = [_worded(line, known) for line in typed]
    wanted = Q(code__in=[item.code for item in known.values()])
    for line in asked:
        wanted |= Q(label__iexact=line.label, unit__iexact=line.unit)
    held = list(items_in_force(contract.pk, clock.today()).filter(wanted))
    by_code = {item.code: item for item in held}
    by_words = {(item.label.casefold(), item.unit.casefold()): item for item in held}
    for line, former in zip(asked, typed, strict=True):
        item = known.get(former.price_item_id) if former.price_item_id else None
        found = by_code.get(item.code) if item else None
        found = found or by_words.get((line.label.casefold(), line.unit.casefold()))
        yield LineInput(found.pk, line.quantity) if found else line


def _worded(line: LineInput, known: dict[UUID, PriceItem]) -> LineInput:
    """Return a line in words, its price to be asked. known: articles by their keys."""
    said = known[line.price_item_id] if line.price_item_id else line
    return LineInput(
        None, line.quantity, said.label, said.unit, vat_rate=said.vat_rate, to_price=True
    )

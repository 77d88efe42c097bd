"""Drafting the order by which another company takes over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.errors import Conflict, Invalid, Refused
from orders import policies
from orders.models import Contract, Order, PriceItem
from orders.services.bulk import input_again, input_of, ordinary_nature
from orders.services.drafts import OrderInput, draft_order
from orders.services.moves import lock_order
from orders.services.order_files import copy_files
from orders.services.pricing import LineInput, items_in_force
from orders.services.variations import require_none_open
from orders.states import Nature, OrderState, SupersedeReason


@transaction.atomic
def draft_successor(
    *, actor: Actor, order_id: UUID, contract_id: UUID, reason: str, note: str = ""
) -> Order:
    """Draft an order on the same case, with the same contents, for the company of another contract.

    What was agreed with the former company stays behind: its cap, its quotes, and that it worked
    without a contract. Lines take the article of the same code where the other schedule has one,
    and are left out where it hasn't. The former order ends when the draft leaves. Locks it. Raises
    Invalid without a coded reason or for a contract of the same company, Refused for an order that
    can't be taken away or is being replaced already.
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
    """Draft a declined order again for the same company, to be corrected. Locks it.

    The declined one ends when the draft leaves. Raises Refused unless its company has declined it
    for something else than want of capacity, or when it is being replaced already.
    """
    former = _former(actor, order_id)
    contract = former.contract
    if contract is None or not policies.can_correct(actor, former):
        raise Refused("Cette commande ne se corrige pas : confiez-la à une autre.", code="state")
    return _succeed(actor, former, contract, SupersedeReason.CORRECTED.value, "")


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


def _succeed(actor: Actor, former: Order, contract: Contract, reason: str, note: str) -> Order:
    typed = input_of(former)
    late = typed.target_date is not None and typed.target_date <= clock.today()
    corrects = reason == SupersedeReason.CORRECTED
    if not corrects:
        typed = _for_another(typed, former)
    data = replace(
        typed,
        contract_id=contract.pk,
        target_date=None if late else typed.target_date,
        external_number="",  # one number of the landlord's own names one order
        # Where it isn't the turn of the one that is chosen, this is why; corrected: as before.
        rule_reason=typed.rule_reason if corrects else reason,
        rule_note=typed.rule_note if corrects else note,
        lines=tuple(_lines(typed.lines, contract)),
    )
    former.superseded_reason = reason
    former.superseded_note = note.strip()[:300]
    former.save(update_fields=["superseded_reason", "superseded_note"])
    made = draft_order(actor=actor, data=data, replaces=former)
    copy_files(former, made, same_company=corrects)
    return made


def _for_another(typed: OrderInput, former: Order) -> OrderInput:
    """Leave out what was agreed with the former company; what had no contract gets an ordinary one.

    Its cap, its name and why it worked without a contract are between it and the landlord.
    """
    off = typed.nature == Nature.OFF_CONTRACT
    return replace(
        typed,
        nature=ordinary_nature(former.unit) if off else typed.nature,
        quote_cap=None,
        clauses=replace(typed.clauses, company_id=None, off_reason=""),
    )


def _lines(typed: tuple[LineInput, ...], contract: Contract) -> Iterator[LineInput]:
    keys = [line.price_item_id for line in typed if line.price_item_id]
    codes = dict(PriceItem.objects.filter(pk__in=keys).values_list("pk", "code"))
    held = items_in_force(contract.pk, clock.today()).filter(code__in=codes.values())
    by_code = {item.code: item.pk for item in held}
    for line in typed:
        if line.price_item_id is None:
            yield line
        elif (found := by_code.get(codes.get(line.price_item_id, ""))) is not None:
            yield LineInput(found, line.quantity)

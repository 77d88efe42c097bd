"""Variations for tests: typed, asked, answered."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import MessageFile, OrderExport, Variation
from orders.services import exports
from tests.factories.acting import act, photo_bytes
from tests.factories.world import Party

FREE = services.LineInput(
    None, Decimal(2), label="Flexible inox", unit="u", unit_price=Decimal("40.00")
)


def exported(party: Party, who: str = "manager", data: bytes = b"Reference\n") -> OrderExport:
    """Keep an export of the party's orders for a person, as a worker would."""
    found = act(party, who, services.ask_export, query="", file_format="csv")
    with system_scope("tests: export"):
        return exports.keep_export(
            actor=SYSTEM,
            export_id=found.pk,
            name="commandes.csv",
            data=data,
            rows=1,
            is_cut=False,
        )


def typed(party: Party, *, quantity: int = 1, photo: bool = True) -> services.VariationInput:
    """Return a whole variation as typed: an article of the schedule (62,50 €) and a free line."""
    lines = (
        services.LineInput(quantity=Decimal(quantity), price_item_id=party.item.pk),
        FREE,
    )
    return services.VariationInput(
        reason="hidden_defect",
        note=f"Le flexible est percé aussi. {party.landlord.name[14:]}".strip(),
        lines=lines,
        photo=photo_bytes() if photo else None,
    )


def drafted(party: Party, *, who: str = "desk", **kwargs) -> Variation:
    """Draft a variation on the party's order, which its contractor has."""
    data = typed(party, **kwargs)
    return act(party, who, services.draft_variation, order_id=party.order.pk, data=data)


def asked(party: Party, **kwargs) -> Variation:
    """Draft and ask."""
    pk = drafted(party, **kwargs).pk
    return act(party, "desk", services.ask_variation, variation_id=pk)


def asked_elsewhere(party: Party) -> Variation:
    """Ask on another order of the party, on which its technician has a visit."""
    order = act(party, "manager", services.draft_order, data=party.order_input())
    act(party, "manager", services.issue_order, order_id=order.pk)
    act(party, "desk", services.accept_order, order_id=order.pk)
    start = clock.now() + timedelta(hours=30)
    act(
        party,
        "desk",
        services.propose_visit,
        order_id=order.pk,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=party.technician.pk,
        off_hours=True,
    )
    data = typed(party)
    variation = act(party, "technician", services.draft_variation, order_id=order.pk, data=data)
    return act(party, "desk", services.ask_variation, variation_id=variation.pk)


def talked(party: Party) -> MessageFile:
    """Say something on the party's order: everybody to all, with a photo; return its file.

    Each house writes a note of its own too; the tenant has read all but the last.
    """
    house = party.landlord.name
    order_id = party.order.pk
    message = act(
        party,
        "manager",
        services.send_message,
        order_id=order_id,
        text=f"Bonjour de {house}",
        audience="everyone",
        uploads=[photo_bytes((50, 40))],
    )
    act(
        party,
        "tenant",
        services.send_message,
        order_id=order_id,
        text=f"Merci {house}",
        audience="everyone",
    )
    for who in ("manager", "desk"):
        act(
            party,
            who,
            services.write_note,
            order_id=order_id,
            text=f"Entre nous, {house}",
            uploads=[photo_bytes((50, 41))],
        )
    act(party, "tenant", services.mark_read, order_id=order_id)
    act(
        party,
        "desk",
        services.send_message,
        order_id=order_id,
        text=f"Nous passons demain, {house}",
        audience="everyone",
    )
    with scope_of(party.actor("manager")):
        return MessageFile.objects.get(message=message)


def regularised(party: Party, *, reason: str = "danger") -> Variation:
    """Ask for urgent works that were done beyond the party's order: a free line (80 €)."""
    data = services.VariationInput(
        kind="regularisation",
        reason=reason,
        note="La vanne a cédé.",
        urgency="Gardienne prévenue à 10 h 20.",
        lines=(FREE,),
    )
    draft = act(party, "desk", services.draft_variation, order_id=party.order.pk, data=data)
    return act(party, "desk", services.ask_variation, variation_id=draft.pk)

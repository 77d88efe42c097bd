"""What this app puts into the pages of orders."""

from __future__ import annotations

from django.db.models import Exists, Q
from django.urls import reverse

from contractors import policies
from contractors.final_states import LIVE
from contractors.models import FinalAccount, Invoice
from contractors.selectors.blocks import held_of
from contractors.selectors.pages import panel
from contractors.selectors.retentions import contract_money
from contractors.selectors.subcontracts import contract_subcontracts, order_subcontractors
from contractors.states import GRANTED, InvoiceState
from nexxio.core.actors import Actor, Side
from nexxio.core.errors import Refused
from nexxio.core.models import Organisation
from nexxio.core.slots import Part, fills
from orders.models import Contract, Order
from orders.obstacles import stands_in_the_way

_PROMISED = (*GRANTED, InvoiceState.ANNOUNCED, InvoiceState.PAID)


@stands_in_the_way("reopen")
def approved_already(order: Order) -> Refused | None:
    """An order whose invoice is approved is not reopened: what is owed would change under it.

    Nor is one whose final account is under way or definitive.
    """
    own = {"landlord_id": order.landlord_id, "order_id": order.pk}
    settled = Exists(FinalAccount.objects.filter(**own, state__in=LIVE))
    rows = Invoice.objects.filter(Q(state__in=_PROMISED) | settled, **own)
    found = rows.order_by("rank").first()
    if found is None:
        return None
    if found.state not in _PROMISED:
        text = "Le décompte final de cette commande est remis : elle ne se rouvre plus."
        return Refused(text, code="final")
    return Refused(
        f"La facture {found.number} est approuvée : la commande ne se rouvre plus. Créez une"
        " commande de reprise, ou notez la malfaçon dans la discussion.",
        code="invoiced",
    )


@fills("order.money")
def invoicing(actor: Actor, order: Order) -> Part | None:
    """Fill the place below an order's price lines: its invoice, and what holds or would hold it."""
    found = panel(actor, order)
    if found is None:
        return None
    return Part("contractors/panel.html", {"panel": found, "side": actor.side.value})


@fills("contract.money")
def retained_and_advanced(actor: Actor, contract: Contract) -> Part | None:
    """Fill the place below a contract's terms: its retention and its advance."""
    if not policies.reads(actor):
        return None
    found = contract_money(actor, contract)
    context = {"money": found, "side": actor.side.value}
    return Part("contractors/contract_money.html", context)


@fills("contract.money")
def subcontracted(actor: Actor, contract: Contract) -> Part | None:
    """Fill the place below a contract's money: who is declared to do its works, too."""
    if not policies.reads(actor):
        return None
    context = {"found": contract_subcontracts(actor, contract), "side": actor.side.value}
    return Part("contractors/subcontracts.html", context)


@fills("order.money")
def who_comes(actor: Actor, order: Order) -> Part | None:
    """Fill the place below an order's invoice: who comes in its company's place."""
    found = order_subcontractors(actor, order)
    if found is None:
        return None
    return Part("contractors/subcontractors.html", {"found": found, "side": actor.side.value})


@fills("desk.foot")
@fills("preferences.more")
def morning(actor: Actor, house: Organisation) -> Part | None:
    """Fill the foot of a desk's page, and of preferences: the morning's e-mail of it."""
    if not policies.desk(actor):
        return None
    url = reverse(f"contractors:{actor.side}_digest", args=[house.slug])
    return Part("contractors/digest_link.html", {"url": url})


@fills("order.before_sending")
def owed_to(actor: Actor, company: Organisation) -> Part | None:
    """Fill the place beside an urgent order not sent yet: what is blocked of the company's."""
    held = held_of(actor, company.pk) if actor.side is Side.LANDLORD else None
    if held is None:
        return None
    return Part("contractors/before_sending.html", {"held": held, "company": company})

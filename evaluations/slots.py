"""What this app puts into the pages of orders, contracts and tenants."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from evaluations import access, policies
from evaluations.selectors.bonus import open_statements, versions_of
from evaluations.selectors.desk import panel_of
from evaluations.selectors.results import latest_of_company
from evaluations.states import EvaluationState
from nexxio.core import clock, links
from nexxio.core.actors import Actor, Side
from nexxio.core.slots import Part, fills
from orders.models import Contract, Order


@fills("order.opinions")
def opinions(actor: Actor, order: Order) -> Part | None:
    """Fill the place below an order's invoice: what is asked of the reader, what is shared."""
    if not policies.reads(actor) or order.done_at is None:
        return None
    cards = panel_of(actor, order)
    if not cards:
        return None
    return Part("evaluations/panel.html", {"cards": cards, "side": actor.side.value})


@fills("contract.company")
def of_company(actor: Actor, contract: Contract) -> Part | None:
    """Fill the place on a contract's page: what is published of its company."""
    if not policies.reads(actor):
        return None
    told = latest_of_company(actor, contract.contractor_id)
    if not told:
        return None
    context = {"told": told, "side": actor.side.value, "company": contract.contractor_id}
    return Part("evaluations/company.html", context)


@fills("contract.terms")
def bonus(actor: Actor, contract: Contract) -> Part | None:
    """Fill the place below a contract's terms: its rules of bonus and malus, and statements."""
    if not policies.reads(actor):
        return None
    versions = versions_of(contract)
    can_prepare = policies.proposes_bonus(actor)
    if not versions and not can_prepare:
        return None
    standing = {version.status.code for version in versions}
    context = {
        "versions": versions,
        "statements": open_statements(contract) if versions else [],
        "contract": contract,
        "side": actor.side.value,
        "can_prepare": can_prepare and "prepared" not in standing,
        "holds": "held" in standing,
    }
    return Part("evaluations/bonus/contract.html", context)


@fills("tenant.follow")
def opinion_of_tenant(actor: Actor, _page: Any) -> Part | None:
    """Fill the place on a tenant's page: his opinion, asked for or given."""
    if actor.side is not Side.TENANT:
        return None
    found = access.tenants_evaluation(actor)
    if found is None:
        return None
    is_open = policies.is_open(found, clock.now())
    given = found.state not in (EvaluationState.INVITED, EvaluationState.EXPIRED)
    if not (is_open or given):
        return None
    return Part("evaluations/follow.html", {"is_open": is_open, "url": _url(actor)})


def _url(actor: Actor) -> str:
    if actor.link_id is not None:
        return reverse("evaluations:opinion", args=[links.token_of(actor.link_id)])
    return reverse("evaluations:case_opinion", args=[actor.case_id])

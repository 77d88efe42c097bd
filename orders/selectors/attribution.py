"""What pages show of attribution: perimeters, who may be chosen, how a contract's rule was kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.estate.residences import find_ids
from nexxio.core.models import Agency, Group, Sector
from orders.attribution import Due
from orders.models import Contract, ContractPlace, Order, RuleDeparture
from orders.services.attribution import COUNTED, due_at, gave_up, where_of_order
from orders.services.ceilings import NOT_DRAWN
from orders.states import DeclineReason
from orders.terms import Attribution, AttributionReason

FOUND = 12
Choice = tuple[str, str]


def perimeter_choices(actor: Actor, group_ids: Iterable[UUID]) -> dict[str, list[Choice]]:
    """Return what a perimeter may be made of. group_ids: the residences that are chosen already."""
    own = {"landlord_id": actor.own_id, "archived_at__isnull": True}
    sectors = Sector.objects.filter(**own).select_related("agency").order_by("agency__name", "name")
    return {
        "agencies": [
            (str(one.pk), one.name) for one in Agency.objects.filter(**own).order_by("name")
        ],
        "sectors": [(str(one.pk), f"{one.agency.name} · {one.name}") for one in sectors],
        "groups": group_choices(actor, group_ids),
    }


def group_choices(actor: Actor, group_ids: Iterable[UUID], q: str = "") -> list[Choice]:
    """Return residences that are chosen, then those that hold every word of `q`."""
    chosen = set(group_ids)
    found = set(find_ids(q, size=FOUND)) if q.strip() else set()
    rows = Group.objects.filter(
        landlord_id=actor.own_id, archived_at__isnull=True, pk__in=chosen | found
    )
    named = sorted(rows, key=lambda one: (one.pk not in chosen, one.postcode, one.name))
    return [(str(one.pk), str(one)) for one in named]


def place_names(contracts: Iterable[Contract]) -> dict[UUID, list[str]]:
    """Return the names of what each contract's perimeter is made of."""
    rows = ContractPlace.objects.filter(contract_id__in=[one.pk for one in contracts])
    found: dict[UUID, list[str]] = {}
    for contract_id, name in rows.order_by("name").values_list("contract_id", "name"):
        found.setdefault(contract_id, []).append(name)
    return found


@dataclass(frozen=True)
class Tally:
    """A contract's orders of the last twelve months against its rule.

    against: of its own orders, those that were another one's turn. elsewhere: orders that were its
    turn and left, by reason. defaults: orders that its company declined for want of capacity.
    """

    orders: int
    against: int
    defaults: int
    elsewhere: list[tuple[str, int]]

    @property
    def gone(self) -> int:
        """How many orders left although it was this contract's turn."""
        return sum(count for _reason, count in self.elsewhere)

    @property
    def is_shown(self) -> bool:
        """Tell whether there is anything to count."""
        return bool(self.orders or self.gone or self.defaults)


def tally_of(contract: Contract) -> Tally:
    """Count a contract's orders against its rule, for both parties. Two queries."""
    since = clock.now() - COUNTED
    own = {"landlord_id": contract.landlord_id, "contract_id": contract.pk}
    kept = ~Q(state__in=NOT_DRAWN)
    counted = Order.objects.filter(**own, issued_at__gte=since).aggregate(
        orders=Count("pk", filter=kept),
        against=Count("pk", filter=kept & ~Q(rule_reason="")),
        defaults=Count("pk", filter=Q(decline_reason=DeclineReason.NO_CAPACITY)),
    )
    left = RuleDeparture.objects.filter(**own, created_at__gte=since)
    by_reason = left.order_by().values_list("reason").annotate(n=Count("pk"))
    elsewhere = sorted(
        ((str(AttributionReason(code).label), n) for code, n in by_reason), key=lambda one: -one[1]
    )
    return Tally(elsewhere=elsewhere, **counted)


def others_due(order: Order) -> Due:
    """Return who takes an order over from its company: whose turn comes next, then the others."""
    excluding = gave_up(order) | {order.contractor_id}
    due = due_at(
        order.landlord_id,
        trade=order.trade_id or "",
        where=where_of_order(order),
        excluding={pk for pk in excluding if pk},
    )
    return due.without(order.contractor_id)


def rule_words(contract: Contract) -> str:
    """Return how a contract gets its orders, with its rank where ranks count."""
    words = str(contract.get_attribution_display())
    if contract.attribution in (Attribution.CASCADE, Attribution.ROTATION):
        words += f", rang {contract.attribution_rank}"
    if contract.attribution == Attribution.ROTATION and contract.attribution_share:
        words += f", {contract.attribution_share}\u00a0% des commandes"
    return words


def choices_of(due: Due, current: Contract | None = None) -> list[tuple[str, list[Choice]]]:
    """Return contracts to choose from, in two groups. current: kept where it isn't among them."""
    first = due.first
    groups = [
        ("Titulaire" if len(due.fitting) == 1 else "Dans la règle d’attribution", due.fitting),
        ("Autres marchés", due.others) if first else ("Marchés en vigueur", due.others),
    ]
    found = [
        (title, [(str(one.pk), _named(one)) for one in contracts])
        for title, contracts in groups
        if contracts
    ]
    offered = {one.pk for one in (*due.fitting, *due.others)}
    if current is not None and current.pk not in offered:
        title = "Ne convient plus" if offered or due.outside else "Marché de la commande"
        found.append((title, [(str(current.pk), _named(current))]))
    return found


def _named(contract: Contract) -> str:
    return f"{contract.contractor.name} · {contract.number} · {rule_words(contract)}"

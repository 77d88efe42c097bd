"""The desks: what waits for each side, group by group, each found and counted by its index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import CharField, DateTimeField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from nexxio.core import clock
from nexxio.core.actors import Actor
from nexxio.core.db.counts import capped_counts
from nexxio.core.members.absences import stood_for
from orders.models import Order
from orders.querysets import OPEN_STATES
from orders.selectors.approvals import Above, approvable, approvers
from orders.selectors.lists import COUNT_CAP, OrderRow, mine_of, row_of, silent, with_rows
from orders.selectors.situations import SITUATIONS, narrowed, own_of
from orders.selectors.territory import EVERYTHING, Reach
from orders.states import OrderState

DESK_GROUP = 8
ABOVE = "above"
"""What waits for an approval that the reader's limit doesn't cover."""
REISSUE = "a-retransmettre"
"""What was completed after a return, within the reader's limit and over that of whoever did."""
Orders = Mapping[str, QuerySet[Order]]
_LANDLORD = (
    ("Messages à lire", "messages-non-lus"),
    ("Constats à signer", "a-signer"),
    ("Régularisations à régler", "regularisation"),
    ("Devis complémentaires à examiner", "devis"),
    ("Moins-values à examiner", "moins-value"),
    ("Non réglées selon le locataire", "contestee"),
    ("Absences à trancher", "absence"),
    ("En attente : à nous de lever", "attente-chez-nous"),
    ("Réserves reprises, à vérifier", "reserves-reprises"),
    ("À compléter", OrderState.RETURNED),
    ("Réserves à traiter", OrderState.DECLINED),
    ("À valider", OrderState.PENDING_APPROVAL),
    ("À valider : complétées, à transmettre à nouveau", REISSUE),
    ("À valider par d’autres", ABOVE),
    ("Brouillons à transmettre", OrderState.DRAFT),
)
_CONTRACTOR = (
    ("À accepter", OrderState.ISSUED),
    ("Messages à lire", "messages-non-lus"),
    ("Non réglées, à replanifier", "a-replanifier"),
    ("À planifier", "a-planifier"),
    ("Moins-values à examiner", "moins-value"),
    ("Absences : réponse à donner", "absence-a-repondre"),
    ("Constats refusés, à corriger", "constat-refuse"),
    ("Réserves à lever", "reserves-a-lever"),
    ("Devis : réponse à lire", "reponse-a-lire"),
    ("Devis à envoyer", "devis-a-envoyer"),
    ("En attente : à nous de lever", "attente-a-suivre"),
)
"""Titles, and the state or the situation of each group."""


@dataclass(frozen=True)
class Group:
    """What waits for one thing. rows: the first ones; count: all of them, at most COUNT_CAP.

    query: of the list that shows them all.
    """

    title: str
    code: str
    rows: list[OrderRow]
    count: int
    is_capped: bool
    query: str


@dataclass(frozen=True)
class Desk:
    """What waits for us today: groups, and figures (label, count, query, tone).

    above: who may approve what the reader may not.
    """

    groups: list[Group]
    figures: list[tuple[str, int, str, str]]
    above: list[Above]

    @property
    def is_busy(self) -> bool:
        """Tell whether anything waits."""
        return any(group.rows for group in self.groups)


def landlord_desk(actor: Actor, reach: Reach = EVERYTHING) -> Desk:
    """Return what waits for the landlord in a part of its estate, what waits most first."""
    mine = reach.narrow(mine_of(actor))
    figures = {
        ("Commandes en cours", "?etat=open", "info"): mine.filter(state__in=OPEN_STATES),
        ("En attente d’acceptation", "?etat=issued", "warning"): mine.filter(
            state=OrderState.ISSUED
        ),
        ("En retard", "?retard=1", "danger"): _late(mine),
        ("Urgences dépassées", "?tri=urgence", "danger"): _past_clock(mine),
        ("Silencieuses", "?silence=1", "warning"): silent(mine),
        ("Réalisées", "?etat=done", "success"): mine.filter(state=OrderState.DONE),
    }
    return _desk(actor, _LANDLORD, figures, reach, _parted(actor, mine))


def _parted(actor: Actor, mine: QuerySet[Order]) -> Orders:
    """Part what waits for a limit: the reader's covers it, or another one's."""
    absent = stood_for(actor)
    pending = mine.filter(state=OrderState.PENDING_APPROVAL)
    asked = mine.filter(state=OrderState.RETURNED, reissue_asked_at__isnull=False)
    able = approvable(actor, pending, absent)
    able_again = approvable(actor, asked, absent, own=True)
    states = (OrderState.PENDING_APPROVAL, OrderState.RETURNED)
    waiting = Q(state=OrderState.PENDING_APPROVAL) | Q(reissue_asked_at__isnull=False)
    return {
        OrderState.PENDING_APPROVAL.value: able,
        OrderState.RETURNED.value: mine.filter(
            state=OrderState.RETURNED, reissue_asked_at__isnull=True
        ),
        REISSUE: able_again,
        ABOVE: mine.filter(waiting, state__in=states)
        .exclude(pk__in=able.values("pk"))
        .exclude(pk__in=able_again.values("pk")),
    }


def contractor_desk(actor: Actor) -> Desk:
    """Return what waits for the contractor, what waits most first, all landlords at once."""
    mine = mine_of(actor)
    figures = {
        ("À accepter", "?etat=issued", "warning"): mine.filter(state=OrderState.ISSUED),
        ("En cours", "?etat=open", "info"): mine.filter(state__in=OPEN_STATES),
        ("En retard", "?retard=1", "danger"): _late(mine),
        ("Urgences dépassées", "?tri=urgence", "danger"): _past_clock(mine),
        ("Silencieuses", "?silence=1", "warning"): silent(mine),
        ("Renvoyées au bailleur", "?etat=returned", "neutral"): mine.filter(
            state=OrderState.RETURNED
        ),
    }
    return _desk(actor, _CONTRACTOR, figures, EVERYTHING, {})


def _late(orders: QuerySet[Order]) -> QuerySet[Order]:
    return orders.filter(state__in=OPEN_STATES, target_date__lt=clock.today())


def _past_clock(orders: QuerySet[Order]) -> QuerySet[Order]:
    """Keep those whose clock of urgency has passed; the sort by that clock shows them first."""
    return orders.filter(urgent_at__lt=clock.now())


def _desk(
    actor: Actor,
    groups: Sequence[tuple[str, str]],
    figures: Mapping[tuple[str, str, str], QuerySet[Order]],
    reach: Reach,
    parted: Orders,
) -> Desk:
    """Return a desk. parted: the orders of groups that a state alone doesn't tell."""
    mine = reach.narrow(mine_of(actor))
    keys = _first_keys(actor, [code for _title, code in groups], reach, parted)
    wanted = {pk for found in keys.values() for pk in found}
    rows = {
        order.pk: row_of(order, actor)
        for order in with_rows(Order.objects.filter(pk__in=wanted))
        if wanted
    }
    own = own_of(actor)
    counted = {
        code: narrowed(mine, code, own) if code in SITUATIONS else mine.filter(state=code)
        for _title, code in groups
        if code not in parted
    }
    counted |= parted
    counted |= {label: orders for (label, *_), orders in figures.items()}
    counts = capped_counts(counted, cap=COUNT_CAP)
    return Desk(
        groups=[
            Group(
                title=title,
                code=str(code),
                rows=[rows[pk] for pk in keys[code] if pk in rows],
                count=min(counts[code], COUNT_CAP),
                is_capped=counts[code] > COUNT_CAP,
                query=_query(code),
            )
            for title, code in groups
        ],
        figures=[(label, counts[label], query, tone) for label, query, tone in figures],
        above=_who_approves([rows[pk].order for pk in keys.get(ABOVE, ()) if pk in rows]),
    )


def _query(code: str) -> str:
    if code in SITUATIONS:
        return f"?situation={code}"
    return f"?etat={OrderState.PENDING_APPROVAL if code == ABOVE else code}"


def _who_approves(orders: list[Order]) -> list[Above]:
    names = approvers(orders)
    return [Above(order.reference, names[order.pk]) for order in orders]


def _first_keys(
    actor: Actor, codes: Sequence[str], reach: Reach, parted: Orders
) -> dict[str, list[UUID]]:
    """Return the orders that wait most in each group, each slice found by its index: one query."""
    first, *others = (_slice(actor, code, reach, parted) for code in codes)
    found: dict[str, dict[UUID, datetime]] = {code: {} for code in codes}
    for code, pk, since in first.union(*others, all=True):
        # Two reserves of an order are one line: the first of them counts.
        known = found[code].get(pk)
        found[code][pk] = min(known, since) if known else since
    return {code: sorted(keys, key=lambda pk: (keys[pk], pk)) for code, keys in found.items()}


def _slice(actor: Actor, code: str, reach: Reach, parted: Orders) -> QuerySet[Any]:
    if code in SITUATIONS and code not in parted:
        situation = SITUATIONS[code]
        rows, order, key = situation.rows(own_of(actor)), situation.order, situation.key
        rows = reach.narrow(rows, situation.prefix)
    else:
        mine = reach.narrow(mine_of(actor))
        rows = parted[code] if code in parted else mine.filter(state=code)
        order, key = ("created_at", "id"), "pk"
    told = rows.annotate(
        desk_group=Value(str(code), output_field=CharField()),
        since=Cast(F(order[0]), DateTimeField()),
    )
    found: QuerySet[Any] = told.order_by(*order).values_list("desk_group", key, "since")
    return found[:DESK_GROUP]

"""Kinds of what waits for a landlord's signature, each found by its own index.

One table for the tabs of the parapheur: certificates, and what else takes one's name: approvals of
orders, of extra works before and after they are done, of works less, and reserves to be lifted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Actor
from orders.certificate_states import CertificateState, ReserveState
from orders.models import Certificate, Order, Reserve, Variation, awaits_limit
from orders.querysets import OPEN_STATES
from orders.selectors.approvals import able_within
from orders.selectors.situations import SITUATIONS
from orders.states import OrderState
from orders.variation_states import VariationKind, VariationState

CERTIFICATES = "constats"
Limit = Decimal | None
Parts = tuple[QuerySet[Any], QuerySet[Any]]


@dataclass(frozen=True)
class Kind:
    """One of them. parts: what is within a limit, and what is above it, in the order of waiting.

    Their rows have `euros` (excluding VAT) and `since` annotated. order: what they are sorted by;
    prefix: how they name their order. company: how they name the company. states: of the orders
    among which words are searched. page: the name of the page that has the act, about `target`.
    """

    code: str
    label: str | Promise
    parts: Callable[[Actor, Limit], Parts]
    order: tuple[str, str]
    states: tuple[str, ...]
    page: str
    target: str = "pk"
    prefix: str = "order__"
    company: str = "contractor_id"

    def title_of(self, row: Any) -> str:
        """Return what a row is, in two words; "" where its order says it all."""
        if isinstance(row, Variation):
            return f"n° {row.number}"
        if isinstance(row, Order) and row.state == OrderState.RETURNED:
            return "complétée, à transmettre à nouveau"
        if isinstance(row, Reserve):
            return f"Réserve {row.number} : {row.text}"
        return ""


def _own(actor: Actor) -> dict[str, Any]:
    return {"landlord_id": actor.own_id}


def _halves(rows: QuerySet[Any], weight: str, limit: Limit) -> Parts:
    if limit is None:
        return rows, rows.none()
    within, above = Q(**{f"{weight}__lte": limit}), Q(**{f"{weight}__gt": limit})
    return rows.filter(within), rows.filter(above)


def _certificates(actor: Actor, limit: Limit) -> Parts:
    rows = Certificate.objects.filter(
        **_own(actor), state=CertificateState.TO_SIGN, order__state=OrderState.DONE
    ).annotate(euros=F("total_without_vat"), since=F("asked_at"))
    return _halves(rows, "total_without_vat", limit)


def _approvals(actor: Actor, limit: Limit) -> Parts:
    """Before the company has seen it never one's own: somebody else looks at it.

    What it returned is completed and sent again by whoever has the limit, its author too.
    """
    cap = Coalesce(F("budget__quote_cap"), Value(Decimal(0)))
    rows = Order.objects.filter(awaits_limit(), **_own(actor)).annotate(
        euros=Greatest(F("budget__total_without_vat"), cap),
        since=Coalesce(F("reissue_asked_at"), F("state_since")),
    )
    able = able_within(actor, rows, limit, own=True)
    if actor.user_id:
        able = able.exclude(state=OrderState.PENDING_APPROVAL, author_id=actor.user_id)
    return able, rows.exclude(pk__in=able.values("pk"))


def _extras(kind: VariationKind) -> Callable[[Actor, Limit], Parts]:
    """Works beyond the order: what it would come to is what a limit is compared with."""

    def parts(actor: Actor, limit: Limit) -> Parts:
        asked = Variation.objects.filter(**_own(actor), state=VariationState.ASKED, kind=kind)
        rows = asked.annotate(
            euros=F("terms__asked"),
            since=F("asked_at"),
            after=F("order__budget__total_without_vat") + F("terms__asked"),
        )
        return _halves(rows, "after", limit)

    return parts


def _reductions(actor: Actor, _limit: Limit) -> Parts:
    rows = SITUATIONS["moins-value"].rows(_own(actor))
    rows = rows.annotate(euros=F("terms__asked"), since=F("asked_at"))
    return rows, rows.none()


def _reserves(actor: Actor, _limit: Limit) -> Parts:
    """With the last one the record is sealed: behind all of an order's is what was certified."""
    own = _own(actor)
    before = Reserve.objects.filter(
        **own,
        state=ReserveState.CLAIMED,
        order_id=OuterRef("order_id"),
        number__lt=OuterRef("number"),
    )
    rows = Reserve.objects.filter(**own, state=ReserveState.CLAIMED).annotate(
        euros=Case(When(Exists(before), then=None), default=F("certificate__total_without_vat")),
        since=F("claimed_at"),
    )
    return rows, rows.none()


_ASKED = ("asked_at", "id")
KINDS: dict[str, Kind] = {
    kind.code: kind
    for kind in (
        Kind(
            CERTIFICATES,
            _("Constats"),
            _certificates,
            _ASKED,
            (OrderState.DONE,),
            "orders:landlord_certificate",
        ),
        Kind(
            "validations",
            _("Commandes à valider"),
            _approvals,
            ("created_at", "id"),
            (OrderState.PENDING_APPROVAL, OrderState.RETURNED),
            "orders:landlord_detail",
            prefix="",
            company="contract__contractor_id",
        ),
        Kind(
            "devis",
            _("Devis"),
            _extras(VariationKind.VARIATION),
            _ASKED,
            OPEN_STATES,
            "orders:landlord_variation",
        ),
        Kind(
            "regularisations",
            _("Régularisations"),
            _extras(VariationKind.REGULARISATION),
            _ASKED,
            (*OPEN_STATES, OrderState.DONE),
            "orders:landlord_variation",
        ),
        Kind(
            "moins-values",
            _("Moins-values"),
            _reductions,
            _ASKED,
            (*OPEN_STATES, OrderState.DONE),
            "orders:landlord_variation",
        ),
        Kind(
            "reserves",
            _("Réserves reprises"),
            _reserves,
            ("claimed_at", "id"),
            (OrderState.CERTIFIED_WITH_RESERVES,),
            "orders:landlord_detail",
            target="order_id",
        ),
    )
}

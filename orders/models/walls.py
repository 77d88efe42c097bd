"""Who reads what hangs on an order: the rules that its rows share."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from django.db.models import Q

from nexxio.core import clock
from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import (
    PARTIES,
)
from orders.states import (
    FINISHED,
)

CONTACT_LIFE = timedelta(days=90)
"""How long after the works a contractor may still read the contact (docs/adr/0005)."""
# Who holds an order's paper reads and writes what its contractor does, of that order only.
PAPER_OF_ORDER = Custom(
    f"order_id = {setting('paper')} AND contractor_id IS NOT NULL",
    lambda scope: Q(order_id=scope.order_id, contractor__isnull=False),
)
MONEY_SIDES = Rule(
    landlord="landlord_id",
    contractor="contractor_id",
    paper=PAPER_OF_ORDER,
    read_only=frozenset({"contractor", "paper"}),
)
PARTIES_OF_ORDER: Rule = replace(PARTIES, paper=PAPER_OF_ORDER)
IN_CLEAR_SQL = (
    "(o.state IN ('accepted', 'partly_done')"
    " OR o.state IN ('done', 'with_reserves', 'certified', 'closed')"
    f" AND o.done_at > now() - interval '{CONTACT_LIFE.days} days')"
)
"""SQL: order `o` is in a state in which its contractor reads contact and access in clear."""


def in_clear() -> Q:
    """The same condition as IN_CLEAR_SQL, for a row that points at its order."""
    return Q(order__state__in=["accepted", "partly_done"]) | Q(
        order__state__in=FINISHED, order__done_at__gt=clock.now() - CONTACT_LIFE
    )

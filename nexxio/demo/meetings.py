"""The demo world's contract reviews: held each quarter, a few days after its results are out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from evaluations import access
from evaluations import services as evaluating
from evaluations.models import Review
from evaluations.quarters import Quarter
from evaluations.selectors.agenda import agenda_of, open_decisions
from nexxio.core import clock
from nexxio.core.actors import Actor, Role, scope_of
from nexxio.core.http import actor_of
from nexxio.core.scoping import system_scope
from orders.models import Contract

_AFTER = 4
_MINUTES = (
    "Tour de table sur les écarts et les blocages de l’ordre du jour. Les constats en attente sont"
    " passés en revue un par un ; les passages sans accès aussi. Chaque côté dit ce qui l’aide."
)
_POINT = "Préciser l’accès aux parties communes sur les commandes"
_DECISIONS = (
    ("landlord", "Patrimoine", "Signer les constats de service fait sous dix jours"),
    ("contractor", "Exploitation", "Donner l’heure d’arrivée dès la veille par l’application"),
    ("landlord", "Proximité", "Compléter les codes d’accès avant l’envoi des commandes"),
)


def is_due(day: date) -> bool:
    """Tell whether reviews are held on a day."""
    return day == Quarter.of(day).previous.publishes_on + timedelta(days=_AFTER)


def hold(members: Iterable[Any], day: date) -> int:
    """Hold the review of each contract whose two houses have a manager; return how many."""
    heads: dict[UUID, Actor] = {}
    for member in members:
        if Role.MANAGER.value in member.roles:
            heads.setdefault(member.organisation_id, actor_of(member))
    with system_scope("demo: contracts to be reviewed"):
        rows = Contract.objects.filter(starts_on__lte=day, ends_on__gte=day, orders__isnull=False)
        contracts = list(
            rows.select_related("landlord", "contractor").distinct().order_by("number")
        )
    held = 0
    for contract in contracts:
        ours, theirs = heads.get(contract.landlord_id), heads.get(contract.contractor_id)
        if ours is not None and theirs is not None:
            with clock.moved_to(datetime.combine(day, time(10), clock.PARIS)):
                _review(contract, ours, theirs, day)
            held += 1
    return held


# --- inside -----------------------------------------------------------------------------------


def _review(contract: Contract, ours: Actor, theirs: Actor, day: date) -> None:
    quarter = Quarter.of(day).previous.first
    with scope_of(ours):
        review = evaluating.open_review(
            actor=ours, contract=contract, quarter=quarter, meets_on=day
        )
        for former in open_decisions(review):
            evaluating.settle_decision(actor=ours, decision_id=former.pk, outcome="done")
    with scope_of(theirs):
        evaluating.add_point(actor=theirs, review_id=review.pk, text=_POINT)
        evaluating.write_minutes(actor=theirs, review_id=review.pk, text=_MINUTES, version=1)
    side, owner, text = _DECISIONS[(quarter.month // 3) % len(_DECISIONS)]
    with scope_of(ours):
        evaluating.add_decision(
            actor=ours,
            review_id=review.pk,
            text=text,
            side=side,
            owner=owner,
            due_on=day + timedelta(days=45),
        )
        kept = [one.kept() for one in agenda_of(ours, access.get_review(ours, review.pk))]
        closed = evaluating.close_review(actor=ours, review_id=review.pk, agenda=kept, version=2)
    for actor in (ours, theirs):
        with scope_of(actor):
            _sign(actor, closed)


def _sign(actor: Actor, review: Review) -> None:
    evaluating.sign_review(actor=actor, review_id=review.pk, sha256=review.sha256)

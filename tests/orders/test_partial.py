"""A repair in several visits: each may end in part, and says what follows."""

from __future__ import annotations

from datetime import timedelta

from evaluations.axes import Axis
from evaluations.bonus_facts import units_of
from evaluations.bonus_spans import Span
from evaluations.facts import facts_of
from evaluations.quarters import Quarter
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, Visit
from tests.factories.full import act


def _visit(party, *, days: int):
    start = clock.now() + timedelta(days=days)
    return act(
        party,
        "desk",
        services.propose_visit,
        order_id=party.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=party.technician.pk,
        call_noted=True,
    )


def _order(party) -> Order:
    with scope_of(party.actor("manager")):
        return Order.objects.get(pk=party.order.pk)


def test_three_visits_two_of_them_in_part(world):
    party = world.first
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    for days, step in ((1, "Pièce commandée"), (2, "La bonne pièce arrive jeudi")):
        visit = _visit(party, days=days)
        act(
            party,
            "technician",
            services.complete_visit,
            visit_id=visit.pk,
            in_part=True,
            next_step=step,
        )
        order = _order(party)
        assert (order.state, order.next_step, order.done_at) == ("partly_done", step, None)
    act(party, "technician", services.complete_visit, visit_id=_visit(party, days=3).pk)
    order = _order(party)
    assert (order.state, order.next_step) == ("done", "")
    assert order.done_at is not None
    with scope_of(party.actor("manager")):
        states = Visit.objects.filter(order_id=order.pk).order_by("number")
        assert list(states.values_list("state", flat=True)) == [
            "partly_done",
            "partly_done",
            "done",
        ]
        kinds = Event.objects.filter(order_id=order.pk, kind__startswith="order.").order_by("id")
        assert list(kinds.values_list("kind", flat=True))[-3:] == [
            "order.partly_done",
            "order.partly_done",
            "order.done",
        ]


def test_a_repair_in_several_visits_was_not_fixed_the_first_time(world):
    party = world.first
    act(party, "desk", services.accept_order, order_id=party.order.pk)
    part = {"in_part": True, "next_step": "Pièce commandée"}
    complete = services.complete_visit
    act(party, "technician", complete, visit_id=_visit(party, days=1).pk, **part)
    act(party, "technician", complete, visit_id=_visit(party, days=2).pk)
    with system_scope("tests: facts"):
        facts = facts_of(Quarter.of(clock.today()), landlord_id=party.landlord.pk)
        units = units_of(party.contract, Span(clock.today().replace(day=1)))
    assert [unit.value for unit in units if unit.fact == "first_time"] == [1]
    assert facts[Axis.COMPETENCE.value].value == 0

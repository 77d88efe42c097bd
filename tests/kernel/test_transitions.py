"""Every (state, transition, side) of the tables, through apply() itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.errors import Conflict, Refused
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from nexxio.core.transitions import apply
from orders import services
from orders.access_states import ACCESS_CHECK, AccessCheckState
from orders.events import OrderDrafted, TechnicianLeft
from orders.models import AccessCheck, Order, Visit
from orders.states import ORDER, VISIT
from tests.factories.full import act, visited

_ROLES = frozenset({Role.MANAGER})


@pytest.fixture
def rows(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    visit = visited(world.first, state="no_access")
    with system_scope("tests: check"):
        check = AccessCheck.objects.get(visit=visit)
        Visit.objects.filter(pk=visit.pk).update(state="proposed", finished_at=None)
    places = {
        "order": (Order, world.first.order.pk),
        "visit": (Visit, visit.pk),
        "access_check": (AccessCheck, check.pk),
    }
    return places, world.first


def _shape(model, state) -> dict:
    """What the database's constraints ask of a row in `state`."""
    now = clock.now()
    if model is Visit:
        return {"confirmed_at": now, "left_at": now, "arrived_at": now, "finished_at": now}
    if model is AccessCheck:
        asked = state == AccessCheckState.COMPANY
        return {"remind_at": clock.now() if asked else None}
    hidden = state in ("draft", "pending_approval")
    return {
        "closed_at": clock.now()
        if state in ("cancelled", "closed_no_access", "superseded", "closed")
        else None,
        **({"contractor_id": None} if hidden else {}),
        "returned_items": ["phone"],
        "decline_reason": "no_capacity",
        "cancel_reason": "duplicate",
        "superseded_reason": "reserves",
        "issued_at": now,
        "accepted_at": now,
        "done_at": now,
        "next_step": "Retour avec la pièce.",
        "closed_how": "paid",
    }


def _outcome(table, name, state, side, model, pk, party) -> str:
    """Try one triple from a row put into `state`; all is rolled back."""
    actor = replace(party.actor("manager"), side=side, roles=_ROLES)
    event = OrderDrafted() if model is Order else TechnicianLeft()
    savepoint = transaction.savepoint()
    try:
        with system_scope("tests: triple"):
            model.objects.filter(pk=pk).update(state=state, **_shape(model, state))
            before = Event.objects.count()
            changes = _shape(model, table.transitions[name].target)
            if model is Order and table.transitions[name].target == "issued":
                changes["contractor_id"] = party.contractor.pk
            try:
                moved = apply(
                    table, name, model=model, pk=pk, actor=actor, event=event, changes=changes
                )
            except Conflict:
                found = "conflict"
            except Refused:
                found = "refused"
            else:
                assert moved.state == table.transitions[name].target
                assert model.objects.get(pk=pk).state == moved.state
                found = "moved"
            assert Event.objects.count() - before == (found == "moved")
    finally:
        transaction.savepoint_rollback(savepoint)
    return found


def _wanted(table, name, state, side) -> str:
    transition = table.transitions[name]
    if side not in transition.sides:
        return "refused"
    return "moved" if state in transition.sources else "conflict"


@pytest.mark.parametrize("table", [ORDER, VISIT, ACCESS_CHECK], ids=lambda table: table.name)
def test_every_triple_does_what_the_table_says(rows, table):
    places, party = rows
    model, pk = places[table.name]
    wrong = []
    for name, transition in table.transitions.items():
        if not transition.sources:
            continue
        for state in map(str, table.states):
            for side in Side:
                found = _outcome(table, name, state, side, model, pk, party)
                if found != _wanted(table, name, state, side):
                    wrong.append(f"{name} from {state} by {side}: {found}")
    assert wrong == []


def test_a_late_fact_is_recorded_and_moves_nothing(rows):
    places, party = rows
    model, pk = places["visit"]
    wrong = []
    for name, transition in VISIT.transitions.items():
        for state in transition.late_from:
            savepoint = transaction.savepoint()
            with system_scope("tests: late"):
                model.objects.filter(pk=pk).update(state=state, **_shape(model, state))
                before = Event.objects.count()
                actor = replace(party.actor("desk"), roles=_ROLES)
                row = apply(
                    VISIT,
                    name,
                    model=model,
                    pk=pk,
                    actor=actor,
                    event=TechnicianLeft(),
                    happened_at=clock.now() - timedelta(hours=1),
                )
                if row.state != state or Event.objects.count() != before + 1:
                    wrong.append(f"{name} from {state}")
            transaction.savepoint_rollback(savepoint)
    assert wrong == []


def test_apply_locks_the_row_of_its_own_table_only(rows, assert_locks):
    places, party = rows
    model, pk = places["order"]
    with system_scope("tests"), assert_locks(Order):
        apply(
            ORDER,
            "cancel",
            model=model,
            pk=pk,
            actor=party.actor("manager"),
            event=OrderDrafted(),
            changes={"closed_at": clock.now(), "cancel_reason": "duplicate"},
        )


def test_the_order_is_locked_before_its_visit(world, assert_locks):
    party = world.first
    visit = visited(party, state="proposed")
    with assert_locks(Order, Visit):
        act(party, "tenant", services.confirm_visit, visit_id=visit.pk)
    with assert_locks(Order, Visit):
        act(party, "technician", services.complete_visit, visit_id=visit.pk)


def test_a_lock_that_is_missing_or_late_is_noticed(rows, assert_locks):
    places, _party = rows
    _model, pk = places["order"]

    def never_asked():
        with assert_locks(Order):
            Order.objects.select_for_update(of=("self",)).filter(pk=pk)

    def too_late():
        with assert_locks(Order):
            Order.objects.filter(pk=pk).update(title="x")
            Order.objects.select_for_update(of=("self",)).get(pk=pk)

    with system_scope("tests"):
        with pytest.raises(AssertionError, match="not locked"):
            never_asked()
        with pytest.raises(AssertionError, match="before it is locked"):
            too_late()

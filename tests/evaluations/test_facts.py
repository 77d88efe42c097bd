"""Facts beside opinions: one or two by axis, what isn't measured says so, none of another pair."""

from __future__ import annotations

from datetime import timedelta

import pytest

from evaluations.axes import Axis, Criterion
from evaluations.facts import facts_of
from evaluations.quarters import Quarter
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.ids import new_id
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Certificate, Order, SignOff, Variation, Visit
from tests.evaluations.steps import done
from tests.factories.acting import act

NOW = Quarter.of(clock.today())
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def party(world):
    world.first.order = done(world.first)
    return world.first


def facts(party, who: str = "manager"):
    actor = party.actor(who)
    with scope_of(actor):
        return facts_of(NOW, landlord_id=party.landlord.pk, contractor_id=party.contractor.pk)


def put(model, pk, **values) -> None:
    with system_scope("tests: facts"):
        model.objects.filter(pk=pk).update(**values)


def test_both_houses_count_the_same_and_nothing_of_another_pair(world, party):
    ours = facts(party)
    assert ours == facts(party, "desk")
    assert ours[Axis.COMPETENCE.value].value == 100
    assert Axis.CONDUCT.value not in ours
    assert Axis.VALUES.value not in ours
    assert facts(world.second) != ours
    visit = facts(party)[Criterion.DELAYS.value]
    assert {one.code for one in visit.parts} >= {"appointments"}


def test_orders_count_as_complete_unless_returned_and_by_how_soon_they_were_taken(world, party):
    with system_scope("tests: order"):
        order = Order.objects.get(pk=party.order.pk)
    put(Order, order.pk, accepted_at=order.issued_at + 36 * HOUR)
    found = facts(party)
    assert found[Axis.ADAPTABILITY.value].code == "complete"
    assert found[Axis.ADAPTABILITY.value].value == 100
    cooperation = {one.code: one.value for one in found[Axis.COOPERATION.value].parts}
    assert str(cooperation["taken_days"]) == "1.5"
    other = world.second
    act(other, "desk", services.return_order, order_id=other.order.pk, items=["phone"])
    assert facts(other)[Axis.ADAPTABILITY.value].value == 0


def test_minutes_to_the_tenants_page_are_the_middle_one(party):
    assert facts(party)[Axis.EXPERIENCE.value].value == 0
    with system_scope("tests: events"):
        told = Event.objects.filter(order_id=party.order.pk, kind="visit.done").get()
        for minutes in (4, 4, 4, 5, 600):
            told.pk, told._state.adding = new_id(), True
            told.happened_at = told.recorded_at - timedelta(minutes=minutes)
            told.save(force_insert=True)
    assert facts(party)[Axis.EXPERIENCE.value].value == 4
    assert facts(party, "desk")[Axis.EXPERIENCE.value].value == 4


def test_a_variation_answered_while_the_technician_is_there_was_settled_on_site(party):
    with system_scope("tests: visit"):
        visit = Visit.objects.filter(order_id=party.order.pk, state="done").get()
        asked_at = visit.finished_at - HOUR
        Visit.objects.filter(pk=visit.pk).update(arrived_at=asked_at - HOUR)
        for number, answered_at in enumerate((asked_at + HOUR / 2, asked_at + 3 * DAY), 7):
            Variation.objects.create(
                landlord_id=visit.landlord_id,
                contractor_id=visit.contractor_id,
                order_id=visit.order_id,
                number=number,
                state="granted",
                reason="hidden_defect",
                asked_at=asked_at,
                answered_at=answered_at,
            )
    found = facts(party)
    assert (found[Axis.AUTONOMY.value].code, found[Axis.AUTONOMY.value].value) == ("settled", 50)
    assert str(found[Axis.COOPERATION.value].value) == "1.5"  # the mean of half an hour and 3 days


def test_a_certificate_counts_by_the_days_that_it_waited(party):
    asked = NOW.starts_at + DAY
    with system_scope("tests: certificate"):
        found = Certificate.objects.filter(order_id=party.order.pk).first()
    assert found is not None
    put(
        Certificate,
        found.pk,
        asked_at=asked,
        decided_at=asked + 3 * DAY,
        state="signed",
        remind_at=None,
    )
    consideration = facts(party)[Axis.CONSIDERATION.value]
    assert [one.code for one in consideration.parts] == ["sign_days", "wasted"]
    assert (str(consideration.value), consideration.more.value) == ("3.0", 0)
    assert "jours d’attente d’un constat à signer" in consideration.text


def test_homes_that_tenants_say_were_left_badly_stand_beside_conduct(party):
    """None where somebody signed and said nothing of it; nothing where nobody was asked."""
    with system_scope("tests: sign-offs"):
        visit = Visit.objects.filter(order_id=party.order.pk, state="done").get()
        of = {
            "landlord_id": visit.landlord_id,
            "contractor_id": visit.contractor_id,
            "order_id": visit.order_id,
            "visit": visit,
            "signer_name": "X",
            "how": "link",
            "sha256": "0" * 64,
        }
        SignOff.objects.all().delete()
    assert Axis.CONDUCT.value not in facts(party)
    with system_scope("tests: sign-offs"):
        row = SignOff.objects.create(**of, satisfied=False, reason="remains")
    assert facts(party)[Axis.CONDUCT.value].value == 0
    put(SignOff, row.pk, reason="unclean")
    found = facts(party)
    assert found[Axis.CONDUCT.value].text.endswith(": 1")
    assert found[Criterion.CLEANLINESS.value] == found[Axis.CONDUCT.value]


def test_what_a_tenant_says_isn_t_settled_is_looked_at_within_ten_days(party):
    assert Axis.LISTENING.value not in facts(party)
    with system_scope("tests: a sign-off"):
        visit = Visit.objects.filter(order_id=party.order.pk, state="done").get()
        row = SignOff.objects.create(
            landlord_id=visit.landlord_id,
            contractor_id=visit.contractor_id,
            order_id=visit.order_id,
            visit=visit,
            satisfied=False,
            reason="remains",
            signer_name="X",
            how="link",
            sha256="0" * 64,
        )
    made = NOW.starts_at + DAY
    put(SignOff, row.pk, created_at=made)
    if made + 10 * DAY < clock.now():
        assert facts(party)[Axis.LISTENING.value].value == 0
        put(SignOff, row.pk, checked_at=made + 9 * DAY, outcome="fixed")
        assert facts(party)[Axis.LISTENING.value].value == 100

"""Several windows for one visit: offered, taken back, chosen by whoever waits, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, links, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event, Message, Notification
from nexxio.core.scoping import system_scope
from orders import policies, services
from orders.access import get_order
from orders.models import Order, Visit, VisitReminder, VisitSlot
from orders.selectors.pages import order_page
from tenants.selectors import follow_page
from tests.factories.acting import act
from tests.factories.full import offered, slots_of


@pytest.fixture
def party(world):
    act(world.first, "desk", services.accept_order, order_id=world.first.order.pk)
    return world.first


def stored(visit) -> Visit:
    with system_scope("tests"):
        return Visit.objects.get(pk=visit.pk)


def choose(party, who, visit, slot, **more):
    return act(party, who, services.choose_slot, visit_id=visit.pk, slot_id=slot.pk, **more)


def followed(party):
    with scope_of(party.actor("tenant")):
        return follow_page(party.actor("tenant"))


def kinds(party) -> list[str]:
    with system_scope("tests"):
        found = Event.objects.filter(order_id=party.order.pk).order_by("recorded_at", "id")
        return list(found.values_list("kind", flat=True))


def test_the_tenant_picks_one_and_the_others_lapse(party):
    visit = offered(party)
    first, second, third = slots_of(visit)
    page = followed(party)
    assert [slot.pk for slot in page.slots] == [first.pk, second.pk, third.pk]
    assert not page.can_confirm
    assert page.next_sentence.startswith("Choisissez le créneau")
    choose(party, "tenant", visit, second)
    row = stored(visit)
    assert (row.state, row.window_start) == ("confirmed", second.window_start)
    assert row.confirmed_at is not None
    assert followed(party).slots == []
    assert kinds(party)[-2:] == ["visit.slots_proposed", "visit.confirmed"]
    for other in (first, third):
        with pytest.raises(Conflict):
            choose(party, "tenant", visit, other)
    assert stored(visit).window_start == second.window_start


def test_two_tabs_the_second_one_is_told_what_stands(party):
    visit = offered(party)
    first, second, _third = slots_of(visit)
    client = Client()
    token = links.token_of(party.link.pk)
    page = reverse("tenants:follow", args=[token])
    url = reverse("tenants:visit", args=[token, visit.pk])
    for slot in (first, second):
        answer = {"reponse": "oui", "creneau": slot.pk}
        response = client.post(url, answer, headers={"referer": f"http://testserver{page}"})
        assert response.status_code == 302
    body = client.get(page).content.decode()
    assert "Déjà fait par le locataire" in body
    assert stored(visit).window_start == first.window_start


def test_a_window_taken_back_meanwhile_is_chosen_by_nobody(party):
    visit = offered(party)
    first, second, third = slots_of(visit)
    act(party, "desk", services.withdraw_slot, visit_id=visit.pk, slot_id=first.pk)
    assert stored(visit).window_start == second.window_start
    with pytest.raises(Conflict, match="retiré ce créneau"):
        choose(party, "tenant", visit, first)
    assert stored(visit).state == "proposed"
    act(party, "desk", services.withdraw_slot, visit_id=visit.pk, slot_id=third.pk)
    with pytest.raises(Refused, match="dernier") as refusal:
        act(party, "desk", services.withdraw_slot, visit_id=visit.pk, slot_id=second.pk)
    assert refusal.value.code == "last"
    act(party, "tenant", services.confirm_visit, visit_id=visit.pk)
    assert stored(visit).window_start == second.window_start
    with pytest.raises(Conflict):
        act(party, "desk", services.withdraw_slot, visit_id=visit.pk, slot_id=second.pk)


@pytest.mark.parametrize("who", ["tenant", "manager", "technician"])
def test_only_the_companys_desk_takes_a_window_back(party, who):
    visit = offered(party)
    with pytest.raises(Refused) as refusal:
        act(party, who, services.withdraw_slot, visit_id=visit.pk, slot_id=slots_of(visit)[0].pk)
    assert refusal.value.code == "role"
    assert len(followed(party).slots) == 3


def test_the_company_notes_the_call_in_which_it_was_chosen(party):
    visit = offered(party)
    slot = slots_of(visit)[2]
    with pytest.raises(Refused) as refusal:
        choose(party, "desk", visit, slot)
    assert refusal.value.code == "call"
    choose(party, "desk", visit, slot, call_noted=True)
    with system_scope("tests"):
        event = Event.objects.get(kind="visit.confirmed", subject_id=visit.pk)
    assert event.on_behalf_of == "tenant"
    assert stored(visit).call_noted


def test_confirming_several_windows_at_once_says_that_one_is_to_be_chosen(party):
    visit = offered(party)
    with pytest.raises(Refused) as refusal:
        act(party, "tenant", services.confirm_visit, visit_id=visit.pk)
    assert refusal.value.code == "slot"


def test_a_window_that_is_over_is_chosen_by_nobody_a_later_one_is(party):
    visit = offered(party)
    first, second, _third = slots_of(visit)
    with clock.moved_to(first.window_end):
        assert followed(party).slots[0].pk == second.pk
        with pytest.raises(Refused) as refusal:
            choose(party, "tenant", visit, first)
        assert refusal.value.code == "past"
        choose(party, "tenant", visit, second)
    assert stored(visit).state == "confirmed"


def test_windows_lapse_with_their_appointment(party):
    visit = offered(party)
    act(party, "tenant", services.cancel_visit, visit_id=visit.pk, reason="Aucun")
    assert followed(party).slots == []
    with pytest.raises(Conflict):
        choose(party, "tenant", visit, slots_of(visit)[0])


def test_too_few_too_many_and_the_same_twice_are_refused(party):
    start = clock.now() + timedelta(days=2)
    windows = [
        (start + timedelta(hours=3 * n), start + timedelta(hours=3 * n + 2)) for n in range(6)
    ]
    for wrong in (windows[:1], windows, [windows[0], windows[0]]):
        with pytest.raises(Invalid) as refusal:
            act(
                party,
                "desk",
                services.propose_slots,
                order_id=party.order.pk,
                windows=wrong,
            )
        assert list(refusal.value.errors) == ["windows"]
    with system_scope("tests"):
        assert not Visit.objects.filter(order=party.order).exists()


def test_the_slot_of_another_visit_is_none_of_this_one(world, party):
    act(world.second, "desk", services.accept_order, order_id=world.second.order.pk)
    other = slots_of(offered(world.second))[0]
    visit = offered(party)
    with pytest.raises(Invalid):
        choose(party, "tenant", visit, other)


def test_the_database_keeps_one_chosen_window(party):
    visit = offered(party)
    with system_scope("tests"), pytest.raises(IntegrityError), transaction.atomic():
        VisitSlot.objects.filter(visit=visit).update(chosen_at=clock.now())


def test_the_tenant_is_written_to_and_the_desk_is_rung(party):
    visit = offered(party)
    relay.deliver_one_by_one()
    choose(party, "tenant", visit, slots_of(visit)[0])
    relay.deliver_one_by_one()
    with system_scope("tests"):
        texts = list(Message.objects.order_by("created_at").values_list("text", flat=True))
        told = Notification.objects.filter(user=party.desk.user, title__startswith="Rendez-vous")
        assert any("plusieurs créneaux" in text for text in texts)
        assert "rendez-vous confirmé" in texts[-1]
        assert told.count() == 1
        landlords = Notification.objects.filter(title__startswith="Créneau à choisir")
        assert not landlords.exists()


def test_of_common_parts_the_landlord_picks(party):
    with system_scope("tests"):
        Order.objects.filter(pk=party.order.pk).update(reader_case_id=None, tenant_id=None)
    visit = offered(party)
    relay.deliver_one_by_one()
    actor = party.actor("manager")
    with scope_of(actor):
        page = order_page(actor, get_order(actor, party.order.pk))
    assert page.ball.side == "landlord"
    assert page.visits[0].can_choose
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_visit", args=[party.landlord.slug, visit.pk, "choisir"])
    response = client.post(url, {"creneau": slots_of(visit)[1].pk})
    assert response.status_code == 302
    row = stored(visit)
    assert (row.state, row.call_noted) == ("confirmed", False)
    with system_scope("tests"):
        assert Notification.objects.filter(title__startswith="Créneau à choisir").exists()
        assert not VisitReminder.objects.exists()


def test_the_desk_types_several_windows(party):
    client = Client()
    client.force_login(party.desk.user)
    url = reverse(
        "orders:contractor_act", args=[party.contractor.slug, party.order.pk, "rendez-vous"]
    )
    typed = {"date": "2039-05-04", "slot": "8-10", "date_2": "2039-05-05", "slot_2": "14-16"}
    twice = client.post(url, {**typed, "date_3": "2039-05-04", "slot_3": "8-10"})
    assert twice.status_code == 422
    assert "proposé deux fois" in twice.content.decode()
    closed = client.post(url, {**typed, "date_2": "2039-05-08"})
    assert closed.status_code == 422
    assert "Jour férié" in closed.content.decode()
    called = client.post(url, {**typed, "call_noted": "on"})
    assert called.status_code == 422
    assert client.post(url, typed).status_code == 302
    with system_scope("tests"):
        visit = Visit.objects.get(order=party.order)
    assert (visit.state, len(slots_of(visit))) == ("proposed", 2)
    page = client.get(
        reverse("orders:contractor_detail", args=[party.contractor.slug, party.order.pk])
    ).content.decode()
    assert "2 créneaux au choix" in page
    assert "Choisi par téléphone" in page


def test_the_tenant_takes_another_of_the_windows(party):
    visit = offered(party)
    first, second, third = slots_of(visit)
    choose(party, "tenant", visit, second)
    assert [slot.pk for slot in followed(party).others] == [first.pk, third.pk]
    token = links.token_of(party.link.pk)
    url = reverse("tenants:visit", args=[token, visit.pk])
    answer = {"reponse": "autre", "creneau": third.pk}
    page = Client().post(url, answer, follow=True)
    assert "votre rendez-vous est déplacé" in page.content.decode()
    assert stored(visit).state == "rescheduled"
    with system_scope("tests"):
        new = Visit.objects.get(order=party.order, state="confirmed")
        assert VisitReminder.objects.filter(visit=new).count() == 2
    assert (new.window_start, new.technician_id) == (third.window_start, party.technician.pk)
    assert kinds(party)[-2:] == ["visit.rescheduled", "visit.confirmed"]
    # The windows go along: he may go back, and the second click of a slow phone changes nothing.
    assert [slot.window_start for slot in followed(party).others] == [
        first.window_start,
        second.window_start,
    ]
    with pytest.raises(Conflict):
        act(party, "tenant", services.switch_slot, visit_id=visit.pk, slot_id=first.pk)
    for again in (0, 1):
        slot = slots_of(new)[again]
        new = act(party, "tenant", services.switch_slot, visit_id=new.pk, slot_id=slot.pk)
    with pytest.raises(Refused) as often:
        act(party, "tenant", services.switch_slot, visit_id=new.pk, slot_id=slots_of(new)[0].pk)
    assert often.value.code == "often"


def test_a_window_that_is_near_taken_back_or_of_another_side_is_not_taken_instead(party):
    visit = offered(party, days=(1, 3, 4))
    near, second, third = slots_of(visit)
    act(party, "desk", services.withdraw_slot, visit_id=visit.pk, slot_id=third.pk)
    choose(party, "tenant", visit, second)
    switch = {"visit_id": visit.pk}
    with time_machine.travel(policies.cut_off_before(near.window_start), tick=False):
        assert followed(party).others == []
        for slot, error in ((near, Refused), (second, Refused), (third, Conflict)):
            with pytest.raises(error):
                act(party, "tenant", services.switch_slot, **switch, slot_id=slot.pk)
        with pytest.raises(Conflict):
            act(party, "manager", services.switch_slot, **switch, slot_id=near.pk)
    with (
        time_machine.travel(policies.cut_off_before(second.window_start), tick=False),
        pytest.raises(Refused) as late,
    ):
        act(party, "tenant", services.switch_slot, **switch, slot_id=near.pk)
    assert late.value.code == "cut_off"

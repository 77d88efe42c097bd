"""A thank-you: one tap, once per person, taken back within minutes, then in somebody's bell."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from evaluations import services
from evaluations.models import Thanks
from nexxio.core import clock, links
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Refused
from nexxio.core.models import Notification
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, done, page, run_clock
from tests.factories.acting import act


@pytest.fixture
def party(world):
    world.first.order = done(world.first)
    return world.first


def after(minutes: float):
    return clock.moved_to(clock.now() + timedelta(minutes=minutes))


def rung() -> list[tuple[object, str, str]]:
    with system_scope("tests: bells"):
        rows = Notification.objects.filter(kind="thanks").order_by("created_at")
        return [(row.user_id, row.title, row.url) for row in rows]


def follow_url(party) -> str:
    return reverse("tenants:follow", args=[links.token_of(party.link.pk)])


def thank_url(party, act_="dire") -> str:
    return reverse("evaluations:tenant_thanks", args=[links.token_of(party.link.pk), act_])


def test_a_tenants_thanks_reach_the_technicians_own_bell_without_a_name(party):
    shown = Client().get(follow_url(party))
    assert thank_url(party) in shown.text
    assert Client().get(thank_url(party)).status_code == 405  # no GET ever acts
    assert Client().post(thank_url(party)).status_code == 302
    run_clock()
    assert rung() == []  # it may still be taken back
    with after(6):
        run_clock()
        run_clock()
    heard = {user_id: (title, url) for user_id, title, url in rung()}
    assert set(heard) == {party.technician.user_id, party.desk.user_id}  # who leads hears it too
    title, url = heard[party.technician.user_id]
    bell = reverse("core:contractor_bell", args=[party.contractor.slug])
    assert bell in client_of(party, "technician").get(url).text
    shown = client_of(party, "technician").get(bell).text
    assert title in shown
    assert "field-bar" in shown
    assert title == f"Le locataire vous dit merci · {party.order.reference}"
    assert str(party.tenant) not in title
    assert client_of(party, "technician").get(url).status_code == 200
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        house = party.landlord if side == "landlord" else party.contractor
        detail = reverse(f"orders:{side}_detail", args=[house.slug, party.order.pk])
        assert "Le locataire a dit merci." in client_of(party, who).get(detail).text


def test_both_desks_thank_each_other_and_the_agent_who_ordered_hears_it(party):
    act(party, "clerk", services.give_thanks, order=party.order)
    act(party, "desk", services.give_thanks, order=party.order)
    with scope_of(party.actor("desk")):
        assert [row.from_side for row in Thanks.objects.all()] == ["contractor"]
    with after(6):
        run_clock()
    told = {user_id: title for user_id, title, _url in rung()}
    assert told == {
        party.technician.user_id: f"{party.landlord.name} vous dit merci · {party.order.reference}",
        party.desk.user_id: f"{party.landlord.name} vous dit merci · {party.order.reference}",
        party.order.author_id: f"{party.contractor.name} vous dit merci · {party.order.reference}",
    }
    with scope_of(party.actor("manager")):
        assert Thanks.objects.count() == 2


def test_it_is_said_once_per_person_and_taken_back_in_time_only(party):
    act(party, "manager", services.give_thanks, order=party.order)
    with pytest.raises(Conflict):
        act(party, "manager", services.give_thanks, order=party.order)
    act(party, "clerk", services.give_thanks, order=party.order)
    act(party, "manager", services.take_back_thanks, order=party.order)
    act(party, "manager", services.give_thanks, order=party.order)  # changed his mind again
    with after(6):
        with pytest.raises(Conflict):
            act(party, "manager", services.take_back_thanks, order=party.order)
        run_clock()
        with system_scope("tests"):
            first = Thanks.objects.filter(withdrawn_at__isnull=False).get()
            assert services.tell_thanks(actor=SYSTEM, thanks_id=first.pk) is False
    assert len(rung()) == 4  # of two persons, to two; what was taken back is heard by nobody


def test_nobody_thanks_before_the_works_nor_from_outside(world, party):
    other = world.second
    with pytest.raises(Refused):
        act(other, "tenant", services.give_thanks, order=other.order)  # not done yet
    with pytest.raises(Refused):
        act(other, "tenant", services.give_thanks, order=party.order)
    with pytest.raises(Refused) as refused:
        act(party, "reader", services.give_thanks, order=party.order)
    assert refused.value.code == "role"
    address = page(party, "landlord", "thanks", party.order.pk, "dire")
    assert client_of(other, "manager").post(address).status_code == 404
    with clock.moved_to(clock.now() + timedelta(days=61)), pytest.raises(Refused):
        act(party, "manager", services.give_thanks, order=party.order)

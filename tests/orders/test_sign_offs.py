"""The tenant signs: on the technician's screen or by his own link, never by the printed code."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db.utils import ProgrammingError
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, links
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, SignOff
from orders.selectors.situations import orders_in
from tests.factories.acting import act
from tests.factories.certified import finished, newest
from tests.factories.full import visited

FIXED = services.SignOffInput(name="Amina Benali", satisfied=True)
NOT_FIXED = services.SignOffInput(name="Amina Benali", satisfied=False, reason="partly")


@pytest.fixture
def first(world):
    return world.first


def test_signed_on_the_screen_it_stands_in_the_certificate(first):
    visit = visited(first, state="on_site")
    signed = act(first, "technician", services.sign_on_screen, visit_id=visit.pk, data=FIXED)
    assert (signed.how, len(signed.sha256)) == ("screen", 64)
    act(first, "technician", services.complete_visit, visit_id=visit.pk, report="Fait")
    assert newest(first).content["sign_off"]["sha256"] == signed.sha256
    # Sent again after a lost answer it is the same; somebody else's word comes too late.
    sign = services.sign_on_screen
    assert act(first, "technician", sign, visit_id=visit.pk, data=FIXED).pk == signed.pk
    other = services.SignOffInput(name="Karim Benali", satisfied=True)
    with pytest.raises(Conflict):
        act(first, "technician", sign, visit_id=visit.pk, data=other)


def test_what_was_signed_at_an_earlier_visit_stands_in_no_later_one(first):
    visit = visited(first, state="on_site")
    act(first, "technician", services.sign_on_screen, visit_id=visit.pk, data=FIXED)
    part = {"in_part": True, "next_step": "Pièce commandée"}
    act(first, "technician", services.complete_visit, visit_id=visit.pk, **part)
    start = clock.now() + timedelta(hours=40)
    window = {"start": start, "end": start + timedelta(hours=2), "off_hours": True}
    technician = {"technician_id": first.technician.pk, "call_noted": True}
    propose = services.propose_visit
    again = act(first, "desk", propose, order_id=first.order.pk, **window, **technician)
    act(first, "technician", services.arrive, visit_id=again.pk)
    browser = Client()
    browser.force_login(first.technician.user)
    page = reverse("orders:field_visit", args=[first.contractor.slug, again.pk])
    assert "Signé par le locataire" not in browser.get(page).text
    act(first, "technician", services.complete_visit, visit_id=again.pk, report="Fait")
    assert newest(first).content["sign_off"] is None


def test_the_printed_code_takes_no_signature(first):
    visit = visited(first, state="on_site")
    paper = first.actor("paper")
    with scope_of(paper), pytest.raises(Refused):
        services.sign_on_screen(actor=paper, visit_id=visit.pk, data=FIXED)
    row = act(first, "technician", services.sign_on_screen, visit_id=visit.pk, data=NOT_FIXED)
    row.pk = first.order.pk
    with scope_of(paper), pytest.raises(ProgrammingError, match="row-level"):
        row.save(force_insert=True)


def test_a_no_needs_its_reason_and_a_name(first):
    visit = visited(first, state="on_site")
    empty = services.SignOffInput(name=" ", satisfied=False)
    with pytest.raises(Invalid) as wrong:
        act(first, "technician", services.sign_on_screen, visit_id=visit.pk, data=empty)
    assert set(wrong.value.errors) == {"name", "reason"}


def test_who_has_signed_that_it_is_fixed_is_not_asked_again(first):
    finished(first)
    token = links.token_of(first.link.pk)
    follow = reverse("tenants:follow", args=[token])
    assert "Terminé : tout va bien ?" in Client().get(follow).text
    answer = {"name": "Amina", "answer": "oui"}
    assert Client().post(reverse("tenants:sign", args=[token]), answer).status_code == 302
    page = Client().get(follow).text
    assert "Terminé, vous l’avez confirmé" in page
    assert "tout va bien ?" not in page


def test_by_the_own_link_a_no_is_checked_and_the_company_comes_back(first):
    finished(first)
    token = links.token_of(first.link.pk)
    url = reverse("tenants:sign", args=[token])
    assert Client().get(url).status_code == 200
    answer = {"name": "Amina", "answer": "non", "note": "Ça goutte encore"}
    assert Client().post(url, answer).status_code == 422
    assert Client().post(url, {**answer, "reason": "remains"}).status_code == 302
    page = Client().get(reverse("tenants:follow", args=[token])).content.decode()
    assert "Nous vérifions" in page
    browser = Client()
    browser.force_login(first.manager.user)
    check = reverse("orders:landlord_act", args=[first.landlord.slug, first.order.pk, "verifier"])
    assert browser.post(check, {"outcome": "confirmed"}).status_code == 302
    with system_scope("tests"):
        order = Order.objects.get(pk=first.order.pk)
        assert (order.state, order.reopened) == ("accepted", 1)
        assert SignOff.objects.get().outcome == "confirmed"
        own = {"contractor_id": first.contractor.pk}
        assert orders_in("a-replanifier", own).filter(pk=order.pk).exists()
        assert not orders_in("a-planifier", own).filter(pk=order.pk).exists()


def test_who_says_himself_that_it_is_fixed_ends_the_check(first):
    finished(first)
    act(first, "tenant", services.sign_from_afar, data=NOT_FIXED)
    act(first, "tenant", services.sign_from_afar, data=FIXED)
    with system_scope("tests"):
        assert SignOff.objects.get(satisfied=False).outcome == "fixed"


@pytest.mark.parametrize("who", ["technician", "desk"])
def test_the_companys_screen_ends_no_check_of_the_tenants(first, who):
    finished(first)
    contested = act(first, "tenant", services.sign_from_afar, data=NOT_FIXED)
    screen = {"visit_id": contested.visit_id, "data": FIXED}
    assert act(first, who, services.sign_on_screen, **screen).satisfied
    with system_scope("tests"):
        contested.refresh_from_db()
    assert (contested.outcome, contested.checked_at) == ("", None)
    act(first, "manager", services.settle_check, order_id=first.order.pk, outcome="confirmed")
    with system_scope("tests"):
        assert Order.objects.get(pk=first.order.pk).state == "accepted"


def test_many_are_signed_at_once_each_for_itself(first):
    certificate = finished(first)
    browser = Client()
    browser.force_login(first.manager.user)
    shown = browser.get(reverse("orders:landlord_parapheur", args=[first.landlord.slug]))
    assert first.order.reference in shown.content.decode()
    url = reverse("orders:landlord_sign", args=[first.landlord.slug])
    chosen = {"constat": [str(certificate.pk), "rien"]}
    assert newest(first).state == "to_sign"
    asked = browser.post(url, chosen).content.decode()
    assert "Signer 1 constat" in asked
    assert newest(first).state == "to_sign"
    done = browser.post(url, {**chosen, "confirme": "1"}).content.decode()
    assert "1 constat signé" in done
    again = browser.post(url, {**chosen, "confirme": "1"}).content.decode()
    assert "Aucun constat signé" in again
    assert newest(first).state == "signed"


def test_after_72_hours_what_was_typed_goes_on_to_the_landlords_check(first):
    finished(first)
    token = links.token_of(first.link.pk)
    with time_machine.travel(clock.now() + timedelta(hours=73), tick=False):
        said = Client().post(
            reverse("tenants:not_fixed", args=[token]), {"motif": "Ça goutte"}, follow=True
        )
    page = said.content.decode()
    assert said.redirect_chain[-1][1] == 302
    assert 'value="Ça goutte"' in page
    form = said.context["form"]
    assert (form["answer"].value(), form["note"].value()) == ("non", "Ça goutte")
    with system_scope("tests"):
        assert Order.objects.get(pk=first.order.pk).state == "done"

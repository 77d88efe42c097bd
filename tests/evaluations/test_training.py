"""Cards at the moment of need: when one is shown, when no longer, and what is counted of it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from evaluations import services
from evaluations.models import CardReading, TrainingTally
from evaluations.services.training import TOGETHER
from evaluations.training_cards import CARDS, TIMES, cards_for
from nexxio.core.actors import Role, Side, scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import Event, Membership, User
from nexxio.core.scoping import system_scope
from orders import services as services_of_orders
from tests.evaluations.steps import client_of, later, page, run_clock
from tests.factories.acting import act
from tests.factories.extras import asked, regularised

LESSON = "lesson__title"


def card(code):
    return next(one for one in CARDS if one.code == code)


def new_order(party):
    return reverse("orders:landlord_new", args=[party.landlord.slug])


def member_of(house, n, department, roles=("clerk",)):
    user = User.objects.create_user(f"m{n}.{department}@{house.slug}.example", "x", first_name="M")
    return Membership.objects.create(
        organisation=house, user=user, department=department, roles=list(roles)
    )


def test_every_card_is_short_unique_and_on_a_page_that_exists(db):
    assert len({one.code for one in CARDS}) == len(CARDS)
    for one in CARDS:
        assert 1 <= len(one.lines) <= 3
        for place in one.places:
            name = place.partition("#")[0]
            keys = [{}, {"pk": "0" * 8 + "-0000-0000-0000-" + "0" * 12}]
            keys += [{**keys[1], "action": "x"}]
            found = 0
            for more in keys:
                try:
                    reverse(name, kwargs={"org": "x", **more})
                except Exception:  # noqa: BLE001
                    continue
                found += 1
            assert found == 1, place


@pytest.mark.parametrize(
    ("side", "role", "department", "codes"),
    [
        (Side.LANDLORD, Role.CLERK, "patrimoine", {"issue", "returned", "variation", "sign"}),
        (Side.LANDLORD, Role.CLERK, "comptabilite", {"blocked"}),
        (Side.LANDLORD, Role.READER, "patrimoine", set()),
        (Side.LANDLORD, Role.READER, "comptabilite", {"blocked"}),
        (Side.CONTRACTOR, Role.CLERK, "exploitation", {"accept", "return", "invoice"}),
        (Side.CONTRACTOR, Role.TECHNICIAN, "terrain", {"visit", "photo", "no_access"}),
    ],
)
def test_each_role_has_its_cards(side, role, department, codes):
    assert {one.code for one in cards_for(side, [role], department)} == codes


def test_a_card_is_on_its_page_until_it_is_put_away(world):
    first = world.first
    client = client_of(first, "manager")
    address = page(first, "landlord", "card_act", "issue", "compris")
    shown = client.get(new_order(first))
    assert str(card("issue").title) in shown.text
    assert address in shown.text
    answer = client.post(address, headers={"HX-Request": "true"})
    assert "Fiche rangée" in answer.text
    assert LESSON not in answer.text
    assert str(card("issue").title) not in client.get(new_order(first)).text
    # It is where all of them are, and others still meet it.
    assert str(card("issue").title) in client.get(page(first, "landlord", "cards")).text
    assert str(card("issue").title) in client_of(first, "clerk").get(new_order(first)).text


def test_without_script_the_button_leads_to_all_cards(world):
    first = world.first
    answer = client_of(first, "manager").post(
        page(first, "landlord", "card_act", "issue", "compris"), follow=True
    )
    assert answer.redirect_chain[-1][0] == page(first, "landlord", "cards")
    assert "C’est noté" in answer.text


def test_a_card_goes_after_three_days_on_which_it_was_seen(world):
    first = world.first
    seen = page(first, "landlord", "card_act", "issue", "vue")
    for day in range(TIMES):
        with later(day):
            client = client_of(first, "manager")
            assert LESSON in client.get(new_order(first)).text, day
            for _n in range(2):  # once a day counts
                assert client.post(seen).status_code == 204
    assert LESSON not in client_of(first, "manager").get(new_order(first)).text
    with system_scope("tests"):
        assert CardReading.objects.get(user=first.manager.user).days == TIMES


def test_another_version_is_shown_again(world):
    first = world.first
    act(first, "manager", services.understand_card, card=card("issue"))
    with system_scope("tests"):
        CardReading.objects.update(version=99)
    assert LESSON in client_of(first, "manager").get(new_order(first)).text


def test_an_issued_order_shows_the_companys_desk_its_card_and_an_accepted_one_does_not(told):
    first = told.first
    url = reverse("orders:contractor_detail", args=[first.contractor.slug, first.order.pk])
    client = client_of(first, "desk")
    with system_scope("tests"):
        first.order.refresh_from_db()
    shown = str(card("accept").title) in client.get(url).text
    assert shown == (first.order.state == "issued")
    assert (
        str(card("return").title)
        in client.get(
            reverse(
                "orders:contractor_act", args=[first.contractor.slug, first.order.pk, "renvoyer"]
            )
        ).text
    )


def test_who_waits_on_site_is_spoken_of_above_variations_only(world):
    for party, ask, shown in ((world.first, asked, True), (world.second, regularised, False)):
        act(party, "desk", services_of_orders.accept_order, order_id=party.order.pk)
        variation = ask(party)
        url = reverse("orders:landlord_variation", args=[party.landlord.slug, variation.pk])
        text = client_of(party, "manager").get(url).text
        assert (str(card("variation").title) in text) is shown


@pytest.fixture
def told(world):
    """The order is issued, not accepted."""
    with system_scope("tests"):
        type(world.first.order).objects.filter(pk=world.first.order.pk).update(state="issued")
    return world


def test_a_technician_meets_his_on_the_phone_and_finds_them_all_there(world):
    first = world.first
    client = client_of(first, "technician")
    day = client.get(reverse("orders:field_day", args=[first.contractor.slug]))
    assert str(card("visit").title) in day.text
    assert page(first, "contractor", "cards") in day.text
    every = client.get(page(first, "contractor", "cards"))
    assert all(str(card(code).title) in every.text for code in ("visit", "photo", "no_access"))
    assert str(card("accept").title) not in every.text


def test_nobody_reads_or_writes_what_another_one_has_read(world):
    first = world.first
    act(first, "manager", services.understand_card, card=card("issue"))
    act(first, "manager", services.see_card, card=card("returned"))
    for who in ("clerk", "desk"):
        with scope_of(first.actor(who)):
            assert not CardReading.objects.exists()
    with pytest.raises(Refused):
        act(first, "clerk", services.see_card, card=card("accept"))
    with system_scope("tests"):  # nor does an event name him
        assert not Event.objects.filter(kind__contains="card").exists()


def test_progress_is_counted_by_service_and_small_ones_are_told_together(world):
    first = world.first
    with system_scope("tests"):
        Membership.objects.filter(organisation=first.landlord).update(is_active=False)
        people = [member_of(first.landlord, n, "patrimoine") for n in range(3)]
        member_of(first.landlord, 4, "comptabilite")
        member_of(first.landlord, 5, "proximite")
        for one, code in ((people[0], "issue"), (people[1], "sign")):
            CardReading.objects.create(
                organisation=first.landlord, user=one.user, code=code, version=1, days=TIMES
            )
    run_clock()
    with system_scope("tests"):
        assert services.tally_training(
            actor=first.actor("manager"), organisation_id=first.landlord.pk
        )
        rows = list(TrainingTally.objects.filter(organisation=first.landlord))
    # Two services of one person each would be two: they go with the smallest one that is told.
    assert [(row.department, row.persons, row.wanted, row.done) for row in rows] == [
        (TOGETHER, 5, 17, 2)
    ]


def test_a_house_of_two_is_not_counted(world):
    first = world.first
    with system_scope("tests"):
        Membership.objects.filter(organisation=first.contractor).update(is_active=False)
        for n in range(2):
            member_of(first.contractor, n, "exploitation")
        kept = services.tally_training(
            actor=first.actor("desk"), organisation_id=first.contractor.pk
        )
    assert kept == 0


def test_steering_shows_services_and_companies_without_a_name(world):
    first = world.first
    with system_scope("tests"):
        for house, department in ((first.landlord, "patrimoine"), (first.contractor, "")):
            TrainingTally.objects.create(
                organisation=house,
                department=department,
                persons=4,
                wanted=12,
                done=3,
                on=first.order.created_at.date(),
            )
    shown = client_of(first, "manager").get(page(first, "landlord", "steering"))
    for words in ("Formation", "Patrimoine", first.contractor.name, "3 sur 12", "25"):
        assert words in shown.text, words
    mine = client_of(first, "desk").get(page(first, "contractor", "cards"))
    assert "Notre entreprise" in mine.text
    other = client_of(world.second, "manager").get(page(world.second, "landlord", "steering"))
    assert first.contractor.name not in other.text


def test_a_stranger_finds_no_card(world):
    assert Client().get(page(world.first, "landlord", "cards")).status_code == 302

"""A closed organisation, an ended membership, a deactivated account: whom to call, nothing lost."""

from __future__ import annotations

import pytest
from django.urls import reverse

from nexxio.core.scoping import system_scope
from tests.accounts.steps import browser, inside, log_in
from tests.watching import census


@pytest.fixture(autouse=True)
def hot_line(settings):
    settings.SUPPORT = {
        "name": "l’assistance",
        "phone": "+33140506070",
        "email": "aide@nexxio.example",
    }


def close(row) -> None:
    with system_scope("tests"):
        row.is_active = False
        row.save(update_fields=["is_active"])


def test_a_closed_organisation_says_whom_to_call_at_every_door(world):
    member = world.first.manager
    client = browser()
    log_in(client, member.user.email)
    close(member.organisation)
    before = census()
    home = client.get("/").content.decode()
    door = client.get(reverse("orders:landlord_home", args=[member.organisation.slug]))
    for text in (home, door.content.decode()):
        assert "L’espace « <strong>Rivage Habitat</strong> » est fermé" in text
        assert "01 40 50 60 70" in text.replace("\u202f", " ").replace("\u00a0", " ")
        assert "Rien n’est effacé" in text
    assert door.status_code == 404
    assert census() == before


def test_an_ended_membership_says_so_and_tells_nothing_of_other_addresses(world):
    member = world.first.clerk
    client = browser()
    log_in(client, member.user.email)
    close(member)
    pages = [
        client.get(reverse("orders:landlord_home", args=[slug]))
        for slug in (member.organisation.slug, world.second.landlord.slug, "nulle-part")
    ]
    assert {page.status_code for page in pages} == {404}
    for page in pages:
        text = page.content.decode()
        assert "Votre place dans une organisation a été retirée" in text
        assert "Rivage" not in text
        assert "ZZ9" not in text


def test_one_closed_space_leaves_the_others_open(world):
    member = world.first.clerk
    with system_scope("tests"):
        type(member).objects.create(
            organisation=world.second.landlord,
            user=member.user,
            department="patrimoine",
            roles=["reader"],
        )
    close(member)
    client = browser()
    log_in(client, member.user.email)
    assert client.get("/", follow=True).status_code == 200
    open_one = reverse("orders:landlord_home", args=[world.second.landlord.slug])
    assert client.get(open_one).status_code == 200


def test_outsiders_still_get_the_plain_page(world):
    client = browser()
    client.force_login(world.outsider)
    page = client.get(reverse("orders:landlord_home", args=[world.first.landlord.slug]))
    assert page.status_code == 404
    assert "aide@nexxio.example" not in page.content.decode()


def test_a_deactivated_account_is_told_after_its_right_password_only(world):
    user = world.first.manager.user
    client = browser()
    log_in(client, user.email)
    close(user)
    assert client.get(reverse("account_overview")).status_code == 302
    wrong = log_in(browser(), user.email, "ce n’est pas le bon")
    assert "ne correspond pas" in wrong.content.decode()
    told = browser()
    page = told.get(log_in(told, user.email)["Location"])
    assert not inside(told)
    assert "aide@nexxio.example" in page.content.decode()

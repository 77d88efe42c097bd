"""An organisation that asks for a second factor lets nobody in without one, by any address."""

from __future__ import annotations

import re

import pytest
from django.contrib import admin
from django.db import ProgrammingError, connection, transaction
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.identity.services import set_second_factor
from nexxio.core.models import Event, Organisation
from nexxio.core.scoping import system_scope
from tests.access.test_matrix import routes
from tests.accounts.steps import browser, code_now, log_in, prove, show
from tests.watching import nothing_happens

NOBODYS = "0199c0de-0000-7000-8000-000000000000"


def ask_for_it(actor, *, required=True) -> bool:
    with scope_of(actor):
        return set_second_factor(actor=actor, required=required)


def required_of(organisation) -> bool:
    with system_scope("tests"):
        return Organisation.objects.get(pk=organisation.pk).requires_second_factor


def doors(side: str, slug: str) -> list[str]:
    """Give every address of a side's space, with ids that nobody has."""
    found = []
    for name, route in sorted(routes().items()):
        if not route.startswith(f"{side}/<slug:org>/"):
            continue
        values = {
            key: NOBODYS if kind == "uuid" else "annuler"
            for kind, key in re.findall(r"<(\w+):(\w+)>", route)
        }
        values["org"] = slug
        found.append(reverse(name, kwargs=values))
    return found


@pytest.mark.parametrize("side", ["bailleur", "prestataire"])
def test_nothing_of_the_space_opens_without_a_factor(world, side, closed):
    party = world.first
    member = party.manager if side == "bailleur" else party.desk
    boss = party.actor("manager" if side == "bailleur" else "desk")
    client = browser()
    log_in(client, member.user.email)
    ask_for_it(boss)
    urls = doors(side, member.organisation.slug)
    assert len(urls) > 8
    protect = reverse("account_protect")
    with nothing_happens():
        for url in urls:
            answers = [client.get(url), client.post(url)]
            led = [a for a in answers if a.status_code == 302]
            # An address may take only one of the two.
            assert {a.status_code for a in answers} <= {302, 405}, url
            assert led, url
            assert all(a["Location"].startswith(protect) for a in led), url
            method = "get" if answers[0].status_code == 302 else "post"
            if method == "get":
                page_of_it = url
            fragment = getattr(client, method)(url, headers={"HX-Request": "true"})
            assert (fragment.status_code, fragment["HX-Refresh"]) == (403, "true"), url
    stream = f"{reverse('core:stream_token')}?space=org.{member.organisation_id}"
    assert client.get(stream).status_code == 403
    page = client.get(page_of_it, follow=True).content.decode()
    assert "Protégez votre compte pour continuer" in page
    assert member.organisation.name in page


def test_a_factor_shown_in_this_session_opens_the_space(world, protected, closed):
    member = world.first.manager
    ask_for_it(world.first.actor("manager"))
    home = reverse("orders:landlord_home", args=[member.organisation.slug])
    client = browser()
    log_in(client, member.user.email)
    protected(member.user)
    # The factor was made elsewhere meanwhile: it is asked for, not made again.
    asked = client.get(home, follow=True)
    assert asked.redirect_chain[-1][0].startswith(reverse("mfa_reauthenticate"))
    back = client.post(asked.redirect_chain[-1][0], {"code": code_now(), "next": home})
    assert back["Location"] == home
    assert client.get(home).status_code == 200
    stream = f"{reverse('core:stream_token')}?space=org.{member.organisation_id}"
    assert client.get(stream).status_code == 200
    fresh = browser()
    log_in(fresh, member.user.email)
    show(fresh, code_now(later=1))
    assert fresh.get(home).status_code == 200


def test_the_gate_asks_the_database_nothing(world, protected, closed):
    member = world.first.manager
    home = reverse("orders:landlord_home", args=[member.organisation.slug])
    protected(member.user)
    client = browser()
    log_in(client, member.user.email)
    show(client, code_now())
    counts = []
    for required in (False, True):
        ask_for_it(world.first.actor("manager"), required=required)
        client.get(home)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(home).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_one_organisation_asks_for_itself_only(world, closed):
    ask_for_it(world.first.actor("manager"))
    desk = world.first.desk
    client = browser()
    log_in(client, desk.user.email)
    assert (
        client.get(reverse("orders:contractor_home", args=[desk.organisation.slug])).status_code
        == 200
    )
    assert [required_of(p.landlord) for p in (world.first, world.second)] == [True, False]


@pytest.mark.parametrize("who", ["clerk", "reader", "technician", "tenant"])
def test_only_a_manager_decides(world, who):
    with nothing_happens(), pytest.raises(Refused):
        ask_for_it(world.first.actor(who))


@pytest.mark.parametrize("who", ["manager", "desk"])
def test_the_decision_is_recorded_once_and_ends_open_streams(
    world, who, closed, django_capture_on_commit_callbacks
):
    actor = world.first.actor(who)
    with django_capture_on_commit_callbacks(execute=True):
        assert ask_for_it(actor)
        assert not ask_for_it(actor)
    assert closed == [f"org.{actor.organisation_id}"]
    with scope_of(actor):
        event = Event.objects.get(kind="organisation.second_factor")
    assert event.payload == {"required": True}
    assert event.actor_user_id == actor.user_id
    for other in (
        world.second.actor(who),
        world.first.actor("desk" if who == "manager" else "manager"),
    ):
        with scope_of(other):
            assert not Event.objects.filter(kind="organisation.second_factor").exists()


def test_the_site_can_change_no_other_organisation(world):
    with (
        scope_of(world.first.actor("manager")),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        Organisation.objects.filter(pk=world.first.landlord.pk).update(requires_second_factor=True)
    assert not required_of(world.second.landlord)


def test_the_administration_asks_staff_when_set(world, protected, settings):
    client = browser()
    log_in(client, world.staff.email)
    request = RequestFactory().get("/admin/")
    request.user, request.session = world.staff, client.session
    assert admin.site.has_permission(request)
    settings.STAFF_SECOND_FACTOR = True
    assert not admin.site.has_permission(request)
    led = admin.site.login(request)
    assert led["Location"].startswith(reverse("account_protect"))
    protected(world.staff)
    other = browser()
    log_in(other, world.staff.email)
    show(other, code_now())
    request.session = other.session
    assert admin.site.has_permission(request)


@pytest.mark.parametrize(
    "page",
    [
        "mfa_activate_totp",
        "mfa_deactivate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_generate_recovery_codes",
        "mfa_download_recovery_codes",
    ],
)
def test_a_password_alone_changes_no_factor_that_was_made_elsewhere(world, protected, closed, page):
    member = world.first.manager
    client = browser()
    log_in(client, member.user.email)
    protected(member.user)
    prove(client)
    for answer in (client.get(reverse(page)), client.post(reverse(page))):
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("account_protect"))
    client.post(reverse("mfa_reauthenticate"), {"code": code_now()})
    assert client.get(reverse("mfa_deactivate_totp")).status_code == 200


def test_another_factor_does_not_stand_for_the_one_that_was_not_shown(world, protected, closed):
    member = world.first.manager
    ask_for_it(world.first.actor("manager"))
    home = reverse("orders:landlord_home", args=[member.organisation.slug])
    client = browser()
    log_in(client, member.user.email)
    codes = protected(member.user)
    prove(client)
    shown = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    assert not [code for code in codes if code in shown]
    assert client.get(home).status_code == 302

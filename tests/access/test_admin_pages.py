"""The administration's pages: each opens, each act does what it says and is logged."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from contractors.models import BlockedThreshold, Cause, LandlordDelay, MoneyRule, PaperRule
from nexxio.core import clock, jobs, relay
from nexxio.core.actors import scope_of
from nexxio.core.admin_base import CAP, CappedPaginator
from nexxio.core.http import actor_of
from nexxio.core.models import (
    Delivery,
    Event,
    Job,
    JobState,
    Membership,
    Notification,
    Organisation,
    Partnership,
    PlatformEntry,
    PriceIndex,
    PriceIndexValue,
    Rate,
    RateKind,
    RetentionRule,
    User,
)
from nexxio.core.platform import price_indexes, rates
from nexxio.core.scoping import Scope, ScopeKind, open_scope, system_scope
from orders.models import Order, Trade
from tests.factories.world import PASSWORD

pytestmark = pytest.mark.urls("tests.kernel.admin_urls")

ADDED = {
    *(Organisation, Partnership, User, Membership),
    *(Rate, PriceIndex, PriceIndexValue, RetentionRule),
    *(Cause, BlockedThreshold, LandlordDelay, MoneyRule, PaperRule, Trade),
}
CHANGED = ADDED - {Partnership}
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    monkeypatch.setattr("nexxio.core.live.close_streams", lambda _holder: None)


@pytest.fixture
def staff(request) -> Client:
    world = request.getfixturevalue("filled" if "filled" in request.fixturenames else "world")
    client = Client()
    client.force_login(world.staff)
    return client


@pytest.fixture
def filled(filled):
    world = filled
    with system_scope("tests"):
        rates.save_rate(
            actor=world.first.actor("manager"),
            rate=Rate(
                kind=RateKind.VAT,
                code="essai",
                value=Decimal("20.0000"),
                starts_on=date(2014, 1, 1),
                source="CGI, article 278",
            ),
        )
        LandlordDelay.objects.create(
            landlord=world.first.landlord,
            days=60,
            starts_on=date(2020, 1, 1),
            source="Lettre (essai)",
        )
        price_indexes.save_index_value(
            actor=world.first.actor("manager"),
            value=PriceIndexValue(
                index_id="BT40",
                month=date(2025, 3, 1),
                value=Decimal("120.00"),
                source="Journal officiel (essai)",
            ),
        )
    client = Client()
    client.force_login(world.staff)
    act(client, Organisation, "close", world.second.contractor.pk)
    return world


def address(model, page: str, *args) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def act(client: Client, model, name: str, *keys, confirmed: bool = True):
    data = {"action": name, "_selected_action": [str(key) for key in keys]}
    if confirmed:
        data["confirmed"] = "1"
    return client.post(address(model, "changelist"), data)


def logged(model, pk) -> list[str]:
    found = LogEntry.objects.filter(
        content_type__model=model._meta.model_name, object_id=str(pk)
    ).order_by("id")
    return [entry.get_change_message() for entry in found]


def told(kind: str, organisation: Organisation) -> Event:
    """The event as the organisation itself reads it, in its own scope."""
    with system_scope("tests"):
        members = Membership.objects.select_related("user", "organisation")
        member = members.filter(organisation=organisation).first()
        actor = actor_of(member)
    with scope_of(actor):
        return Event.objects.get(kind=kind)


def test_a_page_is_named_in_good_french_and_writes_instants_as_people_do(filled, staff):
    with system_scope("tests"):
        event = Event.objects.latest("id")
        organisation = Organisation.objects.first()
    page = staff.get(address(Event, "change", event.pk)).content.decode()
    assert "<h1>Événement</h1>" in page
    assert "+00:00" not in page
    assert "Affichage de" not in page
    page = staff.get(address(Organisation, "change", organisation.pk)).content.decode()
    assert "<h1>Organisation</h1>" in page
    page = staff.get(address(Organisation, "add")).content.decode()
    assert "<h1>Ajouter : organisation</h1>" in page


# --- Pages --------------------------------------------------------------------------------------


def test_each_list_and_each_page_opens(filled, staff):
    for model in MODELS:
        looks_right(staff, model)


def looks_right(staff: Client, model) -> None:
    listed = staff.get(address(model, "changelist"))
    assert listed.status_code == 200
    with system_scope("tests"):
        row = model._default_manager.first()
    assert row is not None, f"{model.__name__} has no row to show"
    shown = staff.get(address(model, "change", row.pk))
    assert shown.status_code == 200
    assert ("_save" in shown.content.decode()) == (model in CHANGED), model
    added = staff.get(address(model, "add"))
    assert added.status_code == (200 if model in ADDED else 403), model
    assert staff.get(address(model, "delete", row.pk)).status_code == 403
    own = admin.site._registry[model]
    if own.search_fields:
        assert staff.get(address(model, "changelist"), {"q": "Rivage"}).status_code == 200
    for entry in own.list_filter:
        if isinstance(entry, type):
            (name, _label), *_rest = entry(None, {}, model, own).lookup_choices
            found = staff.get(address(model, "changelist"), {entry.parameter_name: name})
            assert found.status_code == 200


def test_aggregates_take_no_change(filled, staff):
    with system_scope("tests"):
        order = Order.objects.first()
    assert staff.post(address(Order, "change", order.pk), {"state": "done"}).status_code == 403
    assert staff.post(address(Order, "add"), {"state": "done"}).status_code == 403


def test_lists_take_few_queries_and_count_to_a_cap(filled, staff):
    for model in MODELS:
        with CaptureQueriesContext(connection) as seen:
            staff.get(address(model, "changelist"))
        asked = [query["sql"] for query in seen.captured_queries]
        counts = [sql for sql in asked if "COUNT(*)" in sql and model._meta.db_table in sql]
        assert counts, model
        assert all(f"LIMIT {CAP}" in sql for sql in counts), model
        assert len(asked) <= 16, model


def test_the_cap_is_where_counting_stops(db):
    assert CappedPaginator(Trade.objects.all(), 50).count == Trade.objects.count()


def test_the_first_page_groups_what_staff_do(filled, staff):
    page = staff.get("/admin/").content.decode()
    titles = ["Organisations", "Comptes", "Référentiels", "Fonctionnement", "Consultation"]
    places = [page.index(f'<span class="section">{title}</span>') for title in titles]
    assert places == sorted(places)
    assert "Autres" not in page
    for model in MODELS:
        assert f'href="{address(model, "changelist")}"' in page, model.__name__
    assert 'href="/admin/direct/"' in page
    assert 'href="/admin/codes/"' in page


def test_coded_lists_are_shown(staff):
    page = staff.get("/admin/codes/").content.decode()
    for title in ("Commande renvoyée à compléter", "Réserves du titulaire", "Commande annulée"):
        assert title in page
    assert "<code>no_capacity</code>" in page


def test_nothing_that_people_wrote_is_shown(filled, staff):
    words = [filled.first.tenant.phone, "Amina", "Diallo", "cuisine", "bons.csv"]
    for model in MODELS:
        if model in (User, Membership):
            continue
        with system_scope("tests"):
            keys = list(model._default_manager.values_list("pk", flat=True)[:3])
        pages = [staff.get(address(model, "changelist")).content.decode()]
        pages += [staff.get(address(model, "change", key)).content.decode() for key in keys]
        for word in words:
            assert not any(word in page for page in pages), (model.__name__, word)


@pytest.mark.parametrize("visitor", ["manager", "desk", "outsider", "anonymous"])
def test_nobody_else_sees_or_acts(world, visitor):
    client = Client()
    if visitor == "outsider":
        client.force_login(world.outsider)
    elif visitor != "anonymous":
        client.force_login(getattr(world.first, visitor).user)
    for path in ("/admin/", "/admin/direct/", "/admin/codes/"):
        assert client.get(path).status_code == 302
    for model in MODELS:
        assert client.get(address(model, "changelist")).status_code == 302
    assert act(client, Organisation, "close", world.first.landlord.pk).status_code == 302
    with system_scope("tests"):
        assert Organisation.objects.get(pk=world.first.landlord.pk).is_active
    assert not LogEntry.objects.exists()


def test_staff_who_may_only_look_cannot_act(world):
    with system_scope("tests"):
        looker = User.objects.create_user("regard@nexxio.example", PASSWORD, is_staff=True)
        looker.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client = Client()
    client.force_login(looker)
    page = client.get(address(Organisation, "changelist"))
    assert page.status_code == 200
    assert 'value="close"' not in page.content.decode()
    act(client, Organisation, "close", world.first.landlord.pk)
    door = reverse("admin:enter_organisation", args=[world.first.landlord.pk])
    asked = {"reason": "Le bailleur demande de l’aide", "minutes": 15}
    assert [client.get(door).status_code, client.post(door, asked).status_code] == [403, 403]
    with system_scope("tests"):
        assert Organisation.objects.get(pk=world.first.landlord.pk).is_active
        assert not PlatformEntry.objects.exists()


# --- Organisations ------------------------------------------------------------------------------


def test_closing_asks_first_then_closes_and_tells(world, staff):
    landlord = world.first.landlord
    asked = act(staff, Organisation, "close", landlord.pk, confirmed=False)
    assert asked.status_code == 200
    assert "Plus personne n’entrera" in asked.content.decode()
    with system_scope("tests"):
        assert Organisation.objects.get(pk=landlord.pk).is_active
    member = Client()
    member.force_login(world.first.manager.user)
    home = reverse("orders:landlord_home", args=[landlord.slug])
    assert member.get(home).status_code == 200
    act(staff, Organisation, "close", landlord.pk)
    assert member.get(home).status_code == 404
    assert logged(Organisation, landlord.pk) == ["Espace fermé"]
    act(staff, Organisation, "reopen", landlord.pk)
    assert member.get(home).status_code == 200
    assert logged(Organisation, landlord.pk) == ["Espace fermé", "Espace rouvert"]
    for kind in ("platform.organisation_closed", "platform.organisation_reopened"):
        event = told(kind, landlord)
        assert event.actor_user_id == world.staff.pk
        assert event.actor_side == "system"
    relay.deliver_one_by_one()
    with system_scope("tests"):
        bells = Notification.objects.filter(kind="platform_act", organisation=landlord)
        assert {bell.user_id for bell in bells} == {world.first.manager.user_id}
        assert sorted(bell.title for bell in bells) == [
            "L’équipe de la plateforme a fermé l’espace de votre organisation",
            "L’équipe de la plateforme a rouvert l’espace de votre organisation",
        ]


def test_a_contractor_reads_that_it_was_closed(world, staff):
    act(staff, Organisation, "close", world.first.contractor.pk)
    assert told("platform.organisation_closed", world.first.contractor).payload == {}
    with scope_of(world.first.actor("manager")):
        assert not Event.objects.filter(kind="platform.organisation_closed").exists()


def test_closing_twice_says_so_and_logs_once(world, staff):
    pk = world.first.landlord.pk
    act(staff, Organisation, "close", pk)
    response = act(staff, Organisation, "close", pk)
    page = staff.get(response["Location"]).content.decode()
    assert "déjà fermée" in page
    assert logged(Organisation, pk) == ["Espace fermé"]


def test_an_organisation_is_opened_and_corrected(world, staff):
    data = {
        "name": "Bailleur neuf",
        "slug": "bailleur-neuf",
        "kind": "landlord",
        "legal_form": "oph",
        "siret": "",
        "phone": "",
        "email": "",
        "colour": "",
    }
    assert staff.post(address(Organisation, "add"), data).status_code == 302
    with system_scope("tests"):
        made = Organisation.objects.get(slug="bailleur-neuf")
        opened = Event.objects.get(kind="platform.organisation_opened")
    assert opened.landlord_id == made.pk
    change = {**data, "name": "Bailleur renommé", "slug": "autre", "kind": "contractor"}
    assert staff.post(address(Organisation, "change", made.pk), change).status_code == 302
    with system_scope("tests"):
        made.refresh_from_db()
        event = Event.objects.get(kind="platform.organisation_changed")
    assert (made.name, made.slug, made.kind) == ("Bailleur renommé", "bailleur-neuf", "landlord")
    assert event.payload == {"fields": ["name"]}
    assert len(logged(Organisation, made.pk)) == 2


def test_a_partnership_is_between_a_landlord_and_a_contractor(world, staff):
    first, second = world.first, world.second
    wrong = {"landlord": first.contractor.pk, "contractor": second.landlord.pk}
    assert staff.post(address(Partnership, "add"), wrong).status_code == 200
    right = {"landlord": first.landlord.pk, "contractor": second.contractor.pk}
    assert staff.post(address(Partnership, "add"), right).status_code == 302
    for organisation in (first.landlord, second.contractor):
        told("platform.partnership_opened", organisation)


# --- Accounts -----------------------------------------------------------------------------------


def test_a_deactivated_account_is_out_at_once_and_its_employer_knows(world, staff):
    user = world.first.clerk.user
    client = Client()
    client.force_login(user)
    home = reverse("orders:landlord_home", args=[world.first.landlord.slug])
    assert client.get(home).status_code == 200
    act(staff, User, "deactivate", user.pk)
    assert client.get(home).status_code == 302
    assert logged(User, user.pk) == ["Compte désactivé"]
    event = told("platform.account_deactivated", world.first.landlord)
    assert event.payload == {"user_id": str(user.pk)}
    act(staff, User, "reactivate", user.pk)
    assert client.get(home).status_code == 302  # its sessions stay ended
    assert client.login(email=user.email, password=PASSWORD)
    told("platform.account_reactivated", world.first.landlord)


def test_ended_sessions_end_on_every_device_and_the_password_stays(world, staff):
    user = world.first.clerk.user
    devices = [Client(), Client()]
    for device in devices:
        device.force_login(user)
    home = reverse("orders:landlord_home", args=[world.first.landlord.slug])
    other = Client()
    other.force_login(world.first.manager.user)
    act(staff, User, "end_sessions", user.pk)
    assert [device.get(home).status_code for device in devices] == [302, 302]
    assert other.get(home).status_code == 200
    assert devices[0].login(email=user.email, password=PASSWORD)
    assert devices[0].get(home).status_code == 200
    assert logged(User, user.pk) == ["Sessions fermées"]
    told("platform.sessions_ended", world.first.landlord)


def test_staff_do_not_shut_themselves_out(world, staff):
    for name in ("deactivate", "end_sessions", "reset_factors"):
        page = staff.get(act(staff, User, name, world.staff.pk)["Location"]).content.decode()
        assert "Votre propre compte" in page
    assert logged(User, world.staff.pk) == []


def test_a_new_account_has_no_password_and_its_address_stays(staff):
    data = {"email": "Neuve@Rivage.example", "first_name": "Ana", "last_name": "Roy"}
    assert staff.post(address(User, "add"), data).status_code == 302
    made = User.objects.get(email="neuve@rivage.example")
    assert not made.has_usable_password()
    assert not made.is_staff
    change = {**data, "email": "voleur@ailleurs.example", "last_name": "Leroy"}
    staff.post(address(User, "change", made.pk), change)
    made.refresh_from_db()
    assert (made.email, made.last_name) == ("neuve@rivage.example", "Leroy")


def test_a_place_is_given_and_changed(world, staff):
    first = world.first
    data = {
        "user": world.outsider.pk,
        "organisation": first.landlord.pk,
        "department": "marches",
        "roles": ["clerk", "reader"],
        "phone": "",
        "spend_limit": "100",
        "is_active": "on",
    }
    assert staff.post(address(Membership, "add"), data).status_code == 302
    with system_scope("tests"):
        made = Membership.objects.get(user=world.outsider)
    assert made.roles == ["clerk", "reader"]
    assert told("platform.membership_changed", first.landlord).payload["fields"] == []
    wrong = staff.post(address(Membership, "change", made.pk), {**data, "roles": ["king"]})
    assert wrong.status_code == 200
    change = {**data, "spend_limit": "250", "organisation": world.second.landlord.pk}
    assert staff.post(address(Membership, "change", made.pk), change).status_code == 302
    with system_scope("tests"):
        made.refresh_from_db()
    assert (made.spend_limit, made.organisation_id) == (Decimal(250), first.landlord.pk)


# --- Machinery ----------------------------------------------------------------------------------


def job_of(party, **changes) -> Job:
    manager = party.actor("manager")
    with scope_of(manager):
        job = jobs.ask(kind="estate.rehearse", actor=manager, payload={"name": "essai"})
        Job.objects.filter(pk=job.pk).update(**changes)
    return job


def reread(job: Job) -> Job:
    with system_scope("tests"):
        return Job.objects.get(pk=job.pk)


def test_a_failed_job_runs_again(world, staff):
    now = clock.now()
    job = job_of(world.first, state="failed", attempts=4, finished_at=now, error="Interrompu")
    assert "relancera" not in act(staff, Job, "retry", job.pk, confirmed=False).content.decode()
    act(staff, Job, "retry", job.pk)
    after = reread(job)
    assert (after.state, after.attempts, after.error) == (JobState.QUEUED, 0, "")
    assert after.finished_at is None
    assert logged(Job, job.pk) == ["Travail relancé"]
    told("platform.job_retried", world.first.landlord)
    act(staff, Job, "retry", job.pk)
    assert logged(Job, job.pk) == ["Travail relancé"]


def test_a_step_below_a_later_one_is_not_run_again(world, staff):
    now = clock.now()
    payload = {"run": "7d0c1f6e-0000-7000-8000-000000000001"}
    old = job_of(world.first, state="failed", finished_at=now, payload=payload)
    job_of(world.first, payload=payload)
    page = staff.get(act(staff, Job, "retry", old.pk)["Location"]).content.decode()
    assert "plus récente" in page
    assert reread(old).state == JobState.FAILED


def test_a_job_is_abandoned_unless_somebody_works_on_it(world, staff):
    now = clock.now()
    waiting = job_of(world.first)
    held = job_of(
        world.first, state="running", attempts=1, leased_until=now + jobs.LEASE, started_at=now
    )
    act(staff, Job, "abandon", waiting.pk, held.pk)
    assert reread(waiting).state == JobState.FAILED
    assert reread(waiting).error == "Arrêté par l’équipe de la plateforme."
    assert reread(held).state == JobState.RUNNING
    assert logged(Job, waiting.pk) == ["Travail abandonné"]
    assert logged(Job, held.pk) == []
    told("platform.job_abandoned", world.first.landlord)


def test_only_a_dead_letter_is_replayed(world, staff):
    with system_scope("tests"):
        dead, living = Delivery.objects.all()[:2]
        Delivery.objects.filter(pk=dead.pk).update(dead_at=clock.now(), attempts=12, error="Panne")
    act(staff, Delivery, "replay", dead.pk, living.pk)
    with system_scope("tests"):
        dead.refresh_from_db()
    assert (dead.dead_at, dead.attempts) == (None, 0)
    assert logged(Delivery, dead.pk) == ["Remise reprise"]
    assert logged(Delivery, living.pk) == []


# --- Rates --------------------------------------------------------------------------------------


def rate_data(**changes) -> dict[str, str]:
    return {
        "kind": "late_public",
        "code": "essai",
        "value": "10,15",
        "unit": "percent",
        "starts_on": "01/07/2026",
        "ends_on": "31/12/2026",
        "source": "BCE",
        **changes,
    }


def test_rates_are_dated_and_do_not_overlap(staff):
    add = address(Rate, "add")
    assert staff.post(add, rate_data()).status_code == 302
    made = Rate.objects.get(code="essai")
    assert made.value == Decimal("10.15")
    assert len(logged(Rate, made.pk)) == 1
    refused = staff.post(add, rate_data(starts_on="01/12/2026", ends_on=""))
    assert refused.status_code == 200
    assert "vaut du 01/07/2026 au 31/12/2026" in refused.content.decode()
    backwards = staff.post(add, rate_data(starts_on="01/03/2027", ends_on="01/02/2027"))
    assert "La fin précède le début" in backwards.content.decode()
    assert staff.post(add, rate_data(starts_on="01/01/2027", ends_on="")).status_code == 302


def test_an_index_has_one_value_per_month_with_its_source(staff):
    add = address(PriceIndexValue, "add")
    typed = {"index": "BT40", "month": "01/03/2026", "value": "131,20", "source": "JO"}
    assert staff.post(add, typed).status_code == 302
    made = PriceIndexValue.objects.get(index_id="BT40", month=date(2026, 3, 1))
    assert (made.value, made.provisional) == (Decimal("131.20"), False)
    assert len(logged(PriceIndexValue, made.pk)) == 1
    for wrong in ({}, {"month": "15/04/2026"}, {"month": "01/04/2026", "source": ""}):
        assert staff.post(add, {**typed, **wrong}).status_code == 200
    assert PriceIndexValue.objects.filter(index_id="BT40").count() == 1
    scope = open_scope(Scope(kind=ScopeKind.USER))
    with scope, pytest.raises(DatabaseError), transaction.atomic():
        PriceIndexValue.objects.create(index_id="BT40", month=date(2030, 1, 1), value=1, source="x")


def test_a_day_without_a_row_has_no_rate(as_system):
    Rate.objects.filter(kind=RateKind.LATE_PRIVATE).delete()
    first, last = date(2026, 1, 1), date(2026, 6, 30)
    Rate.objects.create(
        kind=RateKind.LATE_PRIVATE,
        value=Decimal("12.15"),
        starts_on=first,
        ends_on=last,
        source="x",
    )
    for day in (first, last):
        found = rates.rate_on(RateKind.LATE_PRIVATE, day)
        assert found is not None
        assert found.value == Decimal("12.15")
    assert rates.rate_on(RateKind.LATE_PRIVATE, date(2026, 7, 1)) is None
    assert rates.rate_on(RateKind.LATE_PRIVATE, date(2025, 12, 31)) is None


def test_the_site_reads_rates_and_writes_none(db):
    with open_scope(Scope(kind=ScopeKind.USER)):
        Rate.objects.count()
        with pytest.raises(DatabaseError), transaction.atomic():
            Rate.objects.create(
                kind=RateKind.VAT, code="x", value=1, starts_on=date(2030, 1, 1), source="x"
            )

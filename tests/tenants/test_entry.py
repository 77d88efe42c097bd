"""A tenant without link or account enters with a code, and sees what is his today."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, live
from nexxio.core.entry import sending, services
from nexxio.core.entry.codes import code_of
from nexxio.core.entry.contacts import read_contact
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import EntryCode, Occupancy, Organisation, Tenant
from nexxio.core.notifications import sms
from nexxio.core.scoping import open_scope, system_scope
from orders.models import Order, Photo, Visit
from tests.access.test_canaries import sentinels
from tests.factories.full import visited
from tests.races import collide

ASK, CODE, LEAVE = "/suivi/", "/suivi/code/", "/suivi/fin/"


@pytest.fixture(autouse=True)
def fresh(db, monkeypatch):
    cache.clear()
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    monkeypatch.setattr("nexxio.core.live.close_streams", lambda _holder: None)


@pytest.fixture
def texts(monkeypatch) -> list[tuple[str, str]]:
    """(number, text) of each SMS that leaves."""
    sent: list[tuple[str, str]] = []

    def send(*, address: str, subject: str, text: str) -> None:
        sent.append((address, text))

    monkeypatch.setitem(sending.SENDERS, "sms", send)
    return sent


def ask(client: Client, contact: str):
    return client.post(ASK, {"contact": contact})


def code_in(text: str) -> str:
    (found,) = re.findall(r"\b\d{6}\b", text)
    return found


def enter(contact: str = "06 12 34 56 78") -> Client:
    """A browser that asked for a code and typed it."""
    client = Client()
    assert ask(client, contact)["Location"] == CODE
    entry = EntryCode.objects.latest("created_at")
    assert client.post(CODE, {"code": code_of(entry.pk)})["Location"] == ASK
    return client


def page(client: Client, path: str = ASK) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def case_url(party, name: str = "case", **more) -> str:
    return reverse(f"tenants:{name}", kwargs={"case": party.order.case_id, **more})


# --- Asking and typing --------------------------------------------------------------------------


def test_the_code_comes_by_sms_and_opens_the_list(world, texts):
    client = Client()
    ask(client, "06.12.34.56.78")
    assert sending.send_due() == 1
    ((address, text),) = texts
    assert address == "+33612345678"
    assert sms.segments(text) == 1
    code = code_in(text)
    client.post(CODE, {"code": f"{code[:3]} {code[3:]}"})
    listed = page(client)
    assert "Rivage Habitat" in listed
    assert "Fuite sous l’évier" in listed
    assert sending.send_due() == 0


def test_the_code_comes_by_mail(world):
    client = Client()
    ask(client, " Amina@Rivage.example ")
    assert sending.send_due() == 1
    (message,) = mail.outbox
    assert message.to == ["amina@rivage.example"]
    client.post(CODE, {"code": code_in(message.body)})
    assert "Fuite sous l’évier" in page(client)


def test_an_unknown_contact_gets_the_same_answer_and_no_message(world, texts):
    bodies = set()
    for contact in ("06 12 34 56 78", "06 00 00 00 78"):
        client = Client()
        asked = ask(client, contact)
        body = re.sub(r'value="[^"]*"|nonce="[^"]*"|"X-CSRFToken": "[^"]*"', "", page(client, CODE))
        wrong = client.post(CODE, {"code": "000000"}).content.decode()
        wrong = re.sub(r'value="[^"]*"|nonce="[^"]*"|"X-CSRFToken": "[^"]*"', "", wrong)
        bodies.add((asked.status_code, asked["Location"], body, wrong))
    assert len(bodies) == 1
    assert "•• •• •• •• 78" in bodies.pop()[2]
    sending.send_due()
    assert [address for address, _text in texts] == ["+33612345678"]
    assert not EntryCode.objects.filter(send_at__isnull=False).exists()


def test_asking_costs_the_same_queries_for_known_and_unknown(world, django_assert_num_queries):
    with django_assert_num_queries(6) as known:
        services.ask_code(contact=read_contact("06 12 34 56 78"))
    with django_assert_num_queries(6) as unknown:
        services.ask_code(contact=read_contact("06 00 00 00 01"))
    assert len(known) == len(unknown)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Indiquez votre numéro"),
        ("bonjour", "pas un numéro de portable"),
        ("06 12", "pas un numéro de portable"),
        ("01 40 00 00 00", "téléphone fixe"),
        ("amina@", "incomplète"),
        ("a" * 300, "trop long"),
    ],
)
def test_what_can_receive_no_code_is_refused_in_words(typed, said):
    response = ask(Client(), typed)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not EntryCode.objects.exists()


@pytest.mark.parametrize(
    "typed",
    ["0612345678", "06-12-34-56-78", "+33 6 12 34 56 78", "+33 (0)6 12 34 56 78", "0033612345678"],
)
def test_a_french_mobile_is_read_however_it_is_typed(typed):
    assert read_contact(typed).value == "+33612345678"


def test_a_contact_without_digits_or_at_is_refused_by_the_reader():
    with pytest.raises(Invalid):
        read_contact("…")


def test_five_attempts_wear_a_code_out(world):
    client = Client()
    ask(client, "0612345678")
    entry = EntryCode.objects.get()
    right = code_of(entry.pk)
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _attempt in range(4):
        assert client.post(CODE, {"code": wrong}).status_code == 422
    assert client.post(CODE, {"code": wrong})["Location"] == ASK
    tried = services.try_code(entry_id=entry.pk, typed=right)
    assert tried is services.Trial.OVER
    assert "Ce code ne sert plus" in page(client)


def test_a_code_lives_ten_minutes(world):
    entry = services.ask_code(contact=read_contact("0612345678"))
    with clock.moved_to(entry.expires_at):
        late = services.try_code(entry_id=entry.pk, typed=code_of(entry.pk))
    assert late is services.Trial.OVER
    with clock.moved_to(entry.expires_at - timedelta(seconds=1)):
        timely = services.try_code(entry_id=entry.pk, typed=code_of(entry.pk))
    assert timely is services.Trial.OPENED


def test_a_destination_gets_three_codes_in_a_quarter_of_an_hour(world):
    for _time in range(3):
        assert ask(Client(), "0612345678").status_code == 302
    refused = ask(Client(), "06 12 34 56 78")
    assert refused.status_code == 429
    assert "Trop de codes" in refused.content.decode()
    assert ask(Client(), "0611111111").status_code == 302
    with clock.moved_to(clock.now() + timedelta(minutes=16)):
        assert ask(Client(), "0612345678").status_code == 302


def test_an_address_asks_and_tries_so_often_only(settings):
    settings.ACCOUNT_RATE_LIMITS = {"entry_asked": "2/h/ip", "entry_tried": "2/h/ip"}
    client = Client()
    for number in ("0600000001", "0600000002"):
        assert ask(client, number).status_code == 302
    refused = ask(client, "0600000003")
    assert refused.status_code == 429
    assert "Trop de demandes" in refused.content.decode()
    for _time in range(2):
        assert client.post(CODE, {"code": "1"}).status_code == 422
    assert client.post(CODE, {"code": "1"}).status_code == 429
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert ask(elsewhere, "0600000004").status_code == 302


def test_a_stranger_leaves_codes_of_the_day_to_the_numbers_owner():
    stranger = Client(REMOTE_ADDR="203.0.113.9")
    now = clock.now()
    said = []
    for turn in range(4):
        with clock.moved_to(now + timedelta(minutes=16 * turn)):
            said += [ask(stranger, "0612345678").status_code for _time in range(2)]
    assert said == [302] * 5 + [429] * 3
    with clock.moved_to(now + timedelta(minutes=70)):
        assert ask(Client(), "0612345678").status_code == 302


def test_a_provider_that_fails_is_asked_again(world, monkeypatch, texts):
    services.ask_code(contact=read_contact("0612345678"))
    working = sending.SENDERS["sms"]

    def broken(**_kwargs) -> None:
        raise ConnectionError

    monkeypatch.setitem(sending.SENDERS, "sms", broken)
    assert sending.send_due() == 0
    monkeypatch.setitem(sending.SENDERS, "sms", working)
    assert sending.send_due() == 0
    with clock.moved_to(clock.now() + timedelta(seconds=31)):
        assert sending.send_due() == 1
    assert len(texts) == 1


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_of_two_who_type_the_same_code_one_enters():
    entry = services.ask_code(contact=read_contact("0612345678"))
    opened: list[services.Trial] = []

    def type_it() -> services.Trial:
        with open_scope(None):
            trial = services.try_code(entry_id=entry.pk, typed=code_of(entry.pk))
        opened.append(trial)
        return trial

    collide(type_it, type_it)
    assert sorted(opened) == [services.Trial.OPENED, services.Trial.OVER]


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_askings_at_once_count_one_after_the_other():
    contact = read_contact("0612345678")
    for _time in range(2):
        services.ask_code(contact=contact)

    def ask_it() -> EntryCode:
        with open_scope(None):
            return services.ask_code(contact=contact)

    assert isinstance(collide(ask_it, ask_it), Refused)
    assert EntryCode.objects.count() == 3


# --- Whose cases --------------------------------------------------------------------------------


def test_a_former_occupant_has_nothing_here(world, texts):
    ask(Client(), "06 11 11 11 11")
    assert sending.send_due() == 0
    listed = page(enter("06 11 11 11 11"))
    assert "Rien à suivre ici" in listed
    assert "Fuite" not in listed


def test_who_moves_out_no_longer_reaches_his_case(world):
    client = enter()
    assert client.get(case_url(world.first)).status_code == 200
    with system_scope("tests"):
        Occupancy.objects.filter(tenant=world.first.tenant).update(
            ends_on=clock.today() - timedelta(days=1)
        )
    assert client.get(case_url(world.first)).status_code == 404
    assert "Fuite" not in page(client)


def test_a_former_dwellings_visit_is_not_reached_through_todays_case(world):
    """The tenant's scope still reads it; the page of another case must not act on it."""
    visit = visited(world.first, state="proposed")
    with system_scope("tests"):
        other = Order.objects.get(pk=world.first.order.pk).case
        other.pk = None
        other.id = type(other)._meta.pk.get_default()
        other.reference = "D9999-0"
        other.save(force_insert=True)
    client = enter()
    url = reverse("tenants:case_visit", kwargs={"case": other.pk, "pk": visit.pk})
    assert client.post(url, {"reponse": "oui"}).status_code == 404
    with system_scope("tests"):
        visit.refresh_from_db()
    assert visit.state == "proposed"


def test_the_tenant_of_two_landlords_sees_both(world):
    with system_scope("tests"):
        Tenant.objects.filter(pk=world.second.tenant.pk).update(phone="+33612345678")
    client = enter()
    listed = page(client)
    assert listed.index("Rivage Habitat<") < listed.index("Rivage Habitat ZZ9<")
    for party in (world.first, world.second):
        assert client.get(case_url(party)).status_code == 200


def test_a_landlord_that_was_closed_is_silent(world):
    client = enter()
    with system_scope("tests"):
        Organisation.objects.filter(pk=world.first.landlord.pk).update(is_active=False)
    assert client.get(case_url(world.first)).status_code == 404
    assert "Rivage" not in page(client)


def test_the_case_reads_and_acts_as_behind_the_link(world):
    visit = visited(world.first, state="proposed")
    client = enter()
    assert "Je confirme" in page(client, case_url(world.first))
    answer = case_url(world.first, "case_visit", pk=visit.pk)
    assert client.post(answer, {"reponse": "oui"})["Location"] == case_url(world.first)
    assert client.post(answer, {"reponse": "peut-être"}).status_code == 404
    with system_scope("tests"):
        visit.refresh_from_db()
    assert visit.state == "confirmed"
    token = client.get(case_url(world.first, "case_stream_token")).json()["token"]
    grant = live.read_token(token)
    assert grant is not None
    assert grant.channels == (live.channel_for_case(world.first.order.case_id),)


def test_the_photo_of_another_case_is_not_served(filled):
    world = filled
    client = enter()
    with system_scope("tests"):
        own = Photo.objects.filter(landlord=world.first.landlord).first()
        other = Photo.objects.filter(landlord=world.second.landlord).first()
    assert client.get(case_url(world.first, "case_photo", pk=own.pk)).status_code == 200
    assert client.get(case_url(world.first, "case_photo", pk=other.pk)).status_code == 404


def test_nothing_of_others_is_on_the_pages(filled):
    world = filled
    marks = sentinels(world)
    client = enter()
    bodies = [client.get(url).content for url in (ASK, case_url(world.first))]
    bodies.append(client.get(case_url(world.first), headers={"HX-Request": "true"}).content)
    assert all(b"Fuite" in body for body in bodies)
    assert [mark for body in bodies for mark in marks if mark in body] == []
    assert not any("€".encode() in body for body in bodies)


PATHS = (
    ("get", "case", False),
    ("get", "case_photo", True),
    ("post", "case_visit", True),
    ("post", "case_not_fixed", False),
    ("get", "case_stream_token", False),
)


@pytest.mark.parametrize(("method", "name", "below"), PATHS)
@pytest.mark.parametrize("visitor", ["anonymous", "manager", "asked", "left", "other"])
def test_every_address_behind_the_code_is_closed_to_others(world, visitor, method, name, below):
    visit = visited(world.first, state="proposed")
    client = Client()
    if visitor == "manager":
        client.force_login(world.first.manager.user)
    elif visitor == "asked":
        ask(client, "0612345678")
    elif visitor == "left":
        client = enter()
        client.post(LEAVE)
    elif visitor == "other":
        client = enter("06 99 99 99 99")
    url = case_url(world.first, name, **({"pk": visit.pk} if below else {}))
    response = getattr(client, method)(url, {"reponse": "oui"})
    if visitor == "other":
        assert response.status_code == 404
    else:
        assert response["Location"] == ASK
    with system_scope("tests"):
        assert Visit.objects.get(pk=visit.pk).state == "proposed"


# --- The session --------------------------------------------------------------------------------


def test_logging_out_ends_every_copy_of_the_cookie(world):
    client = enter()
    copy = Client()
    copy.cookies = client.cookies
    kept = dict(client.session.items())
    assert client.post(LEAVE)["Location"] == ASK
    assert "Recevoir un code" in page(client)
    session = copy.session
    session.update(kept)
    session.save()
    assert "Recevoir un code" in page(copy)


def test_a_session_gets_a_key_of_its_own_and_ends_after_a_week(world):
    client = Client()
    ask(client, "0612345678")
    before = client.session.session_key
    entry = EntryCode.objects.get()
    client.post(CODE, {"code": code_of(entry.pk)})
    assert client.session.session_key != before
    entry.refresh_from_db()
    with clock.moved_to(entry.ends_at - timedelta(seconds=1)):
        assert "Fuite" in page(client)
    with clock.moved_to(entry.ends_at):
        assert "Recevoir un code" in page(client)


def test_a_fragment_of_an_ended_session_asks_to_reload(world):
    response = Client().get(case_url(world.first), headers={"HX-Request": "true"})
    assert response.status_code == 401
    assert response["HX-Refresh"] == "true"


def test_pages_are_private_and_not_listed(world):
    client = enter()
    for url in (ASK, case_url(world.first)):
        response = client.get(url)
        assert response["Cache-Control"] == "private, no-store"
        assert response["X-Robots-Tag"] == "noindex"


def test_codes_and_sessions_are_erased_a_day_after_they_are_over(world):
    enter()
    services.ask_code(contact=read_contact("0600000001"))
    assert services.erase_old() == 0
    with clock.moved_to(clock.now() + timedelta(days=1, seconds=1)):
        assert services.erase_old() == 1  # the unused one; the session goes on
    with clock.moved_to(clock.now() + services.SESSION_LIFE + timedelta(days=1, seconds=1)):
        assert services.erase_old() == 1
    assert not EntryCode.objects.exists()


def test_the_login_page_and_the_dead_links_page_lead_here(world):
    for url in ("/compte/login/", reverse("tenants:follow", args=["A" * 24])):
        assert f'href="{ASK}"' in Client().get(url).content.decode()


def test_a_person_of_the_second_landlord_sees_only_his(world):
    with system_scope("tests"):
        Occupancy.objects.filter(tenant=world.second.tenant).update(starts_on=date(2021, 1, 1))
    listed = page(enter("06 99 99 99 99"))
    assert "Rivage Habitat ZZ9" in listed
    assert "Rivage Habitat<" not in listed

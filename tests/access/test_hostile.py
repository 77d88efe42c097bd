"""Whatever an address, a form or a header holds: an answer, never a server's error."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, middleware
from nexxio.core.scoping import system_scope
from orders.models import Order, PriceItem
from tests.access.matrix import CASES, LINKS
from tests.access.test_matrix import address, scene, without_templates  # noqa: F401 (fixtures)

ZERO = "0" * 36


def _key(*parts) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


NASTY = {
    "nul": "\0",
    "inner nul": "a\0b",
    "lone surrogate": "%ED%A0%80",
    "emoji and wildcards": "😀%_\\",
    "long": "a+ " * 300,
    "negative": "-1",
    "huge number": "9" * 5000,
    "first day": "0001-01-01",
    "last day": "9999-12-31",
    "not a space": f"org.{ZERO}",
    "nul space": "org.\0",
    "uuid": ZERO[:8] + "-0000-0000-0000-000000000000",
    "key of a number": _key("2026-01-01T00:00:00+00:00", 5),
    "key without zone": _key("2026-01-01", ZERO[:32]),
    "key out of range": _key("0001-01-01T00:00:00+14:00", ZERO[:32]),
    "nested key": base64.urlsafe_b64encode(b"[" * 140).decode(),
    "quotes": "'\"; DROP TABLE x; --",
    "format": "{0.__class__} %s %(x)s",
    "direction": "\u202e\u2028\r\n",
}


class Read(QueryDict):
    """The words of an address; notes in `names` by which names they were asked for."""

    names: set[str] = set()  # of copies, which nobody looks at

    @classmethod
    def of(cls, data: QueryDict, names: set[str]) -> Read:
        read = cls(mutable=True)
        for name, values in data.lists():
            read.setlist(name, values)
        read._mutable, read.names = False, names
        return read

    def __contains__(self, name) -> bool:
        self.names.add(name)
        return super().__contains__(name)

    def __getitem__(self, name):
        self.names.add(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.names.add(name)
        return super().get(name, default)

    def getlist(self, name, default=None):
        self.names.add(name)
        return super().getlist(name, default)


@pytest.fixture
def read(monkeypatch) -> set[str]:
    """The names of parameters that pages asked for since the set was emptied."""
    names: set[str] = set()
    clean = middleware._plain
    monkeypatch.setattr(middleware, "_plain", lambda data: Read.of(clean(data), names))
    return names


def _wrong(client: Client, url: str, read: set[str], done: set[str]) -> list[str]:
    """Ask each value in all parameters that the page reads at once; and NUL alone in each, where
    another could hide it.

    done: names that stand alone on many pages, which one function reads: asked once.
    """
    read.clear()
    failed = [] if client.get(url).status_code < 500 else ["nothing"]
    if read == {"next"}:
        read -= done
        done.add("next")
    for name, value in NASTY.items() if read else ():
        # What is read only after something else was given is asked from the next round on.
        if client.get(url, dict.fromkeys(read, value)).status_code >= 500:
            failed.append(name)
    failed += [
        f"nul in {name}"
        for name in sorted(read)
        if client.get(url, {name: "\0"}).status_code >= 500
    ]
    return [f"{url}: {name}" for name in failed]


@pytest.mark.parametrize("who", ["manager", "desk", "anonymous"])
def test_no_page_fails_on_what_its_address_asks(scene, read, who):  # noqa: F811
    world = scene[0]
    client = Client(raise_request_exception=False)
    if who != "anonymous":
        client.force_login(getattr(world.first, who).user)
    urls = [address(case, scene) for case in CASES if case.get[who] == 200]
    if who == "anonymous":
        urls += [address(case, scene, scene[2]["link"]) for case in LINKS]
    assert urls
    done: set[str] = set()
    wrong = [found for url in urls for found in _wrong(client, url.partition("?")[0], read, done)]
    assert wrong == []


def order_form(party, **changes) -> dict[str, str]:
    """Return a complete order as a browser posts it."""
    return {
        "unit": str(party.unit.pk),
        "nature": "maintenance",
        "priority": "normal",
        "title": "Fuite",
        "description": "L’eau coule sous l’évier de la cuisine.",
        "trade": "plomberie",
        "contract": str(party.contract.pk),
        "target_date": (clock.today() + timedelta(days=5)).isoformat(),
        "floor": "3",
        "door": "G",
        "contact_name": "Amina",
        "phone": "0612345678",
        "access": "intercom",
        "asbestos": "no_material",
        "target_note": "Bébé au foyer",
        "vat_reason": "improvement",
        "vat_certified": "on",
        "lignes-TOTAL_FORMS": "1",
        "lignes-INITIAL_FORMS": "0",
        "lignes-0-price_item": str(party.item.pk),
        "lignes-0-quantity": "1",
        **changes,
    }


FIELDS = [
    "unit",
    "nature",
    "priority",
    "title",
    "description",
    "trade",
    "contract",
    "target_date",
    "floor",
    "contact_name",
    "phone",
    "email",
    "access",
    "access_code",
    "asbestos",
    "version",
    "lignes-TOTAL_FORMS",
    "lignes-INITIAL_FORMS",
    "lignes-0-price_item",
    "lignes-0-quantity",
]
TYPED = ["\0", "9" * 5000, "NaN", "-1e9"]


@pytest.mark.parametrize("page", ["landlord_new", "landlord_check"])
def test_no_field_of_the_order_form_makes_it_fail(scene, page):  # noqa: F811
    party = scene[0].first
    client = Client(raise_request_exception=False)
    client.force_login(party.manager.user)
    url = reverse(f"orders:{page}", args=[party.landlord.slug])
    wrong = [
        f"{name}={value[:20]!r}"
        for name in FIELDS
        for value in TYPED
        if client.post(url, order_form(party, **{name: value})).status_code >= 500
    ]
    assert wrong == []


def test_a_missing_dwelling_with_a_strange_number_is_refused_or_made(scene):  # noqa: F811
    party = scene[0].first
    client = Client(raise_request_exception=False)
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_units", args=[party.landlord.slug])
    for value in NASTY.values():
        data = {"groupe": str(party.unit.group_id), "numero": value}
        assert client.post(url, data).status_code < 500


def test_an_amount_that_no_order_can_have_names_its_line(world):
    party = world.first
    with system_scope("tests"):
        PriceItem.objects.filter(pk=party.item.pk).update(unit_price=Decimal(25000))
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_new", args=[party.landlord.slug])
    page = client.post(url, order_form(party, **{"lignes-0-quantity": "999999.999"}))
    assert page.status_code == 422
    assert "ligne 1 (PLB-01)" in page.content.decode()


@pytest.mark.parametrize(
    "referer",
    [
        "http://[bad",
        "http://testserver//evil.example/x",
        "http://evil.example/x",
        "javascript:alert(1)",
        "http://testserver\\@evil.example/",
        "http://testserver/\\evil.example",
    ],
)
def test_a_refusal_never_sends_to_another_site(world, referer):
    party = world.first
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_act", args=[party.landlord.slug, party.order.pk, "transmettre"])
    answer = client.post(url, headers={"Referer": referer})
    assert (answer.status_code, answer.get("Location")) == (409, None)


def test_a_stream_needs_an_active_organisation(world):
    party = world.first
    client = Client()
    client.force_login(party.manager.user)
    url = f"{reverse('core:stream_token')}?space=org.{party.landlord.pk}"
    assert client.get(url).status_code == 200
    with system_scope("tests"):
        party.landlord.is_active = False
        party.landlord.save(update_fields=["is_active"])
        assert Order.objects.exists()
    assert client.get(url).status_code == 403

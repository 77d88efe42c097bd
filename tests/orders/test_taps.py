"""Taps on the phone carry their moment: sent late, sent twice, refused with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders.models import NoAccessProof, Visit
from tests.factories.full import visited

OUTBOX = {"X-Outbox": "1"}


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def visit(party):
    return visited(party, state="confirmed")


@pytest.fixture
def phone(party):
    client = Client()
    client.force_login(party.technician.user)
    return client


def tapped(phone, party, visit, action, at: datetime, **data):
    address = reverse("orders:field_act", args=[party.contractor.slug, visit.pk, action])
    return phone.post(address, {"happened_at": at.isoformat(), **data}, headers=OUTBOX)


def row(visit) -> Visit:
    with system_scope("tests"):
        return Visit.objects.get(pk=visit.pk)


def test_what_waited_without_network_keeps_its_moments(party, visit, phone):
    left = clock.now().replace(microsecond=123000) - timedelta(hours=2)
    hour = timedelta(minutes=30)
    for action, at in (("en-route", left), ("sur-place", left + hour)):
        for _twice in range(2):  # the answer was lost
            assert tapped(phone, party, visit, action, at).status_code == 204
    end = left + 3 * hour
    for _twice in range(2):
        answer = tapped(phone, party, visit, "termine", end, report="Siphon changé.")
        assert answer.status_code == 204
    kept = row(visit)
    assert (kept.state, kept.report) == ("done", "Siphon changé.")
    assert (kept.left_at, kept.arrived_at, kept.finished_at) == (left, left + hour, end)
    with system_scope("tests"):
        kinds = ("visit.on_the_way", "visit.on_site", "visit.done", "order.done")
        told = Event.objects.filter(order_id=visit.order_id, kind__in=kinds)
        assert [event.happened_at for event in told.order_by("id")] == [left, left + hour, end, end]


def test_nobody_opened_is_sent_once_too(party, visit, phone):
    at = clock.now() - timedelta(hours=1)
    tapped(phone, party, visit, "sur-place", at)
    for _twice in range(2):
        answer = tapped(
            phone, party, visit, "personne", at + timedelta(minutes=15), minutes_waited="12"
        )
        assert answer.status_code == 200
        assert answer.json()["said"][0].startswith("Preuves incomplètes. Manque : ")
    assert row(visit).state == "no_access"
    with system_scope("tests"):
        assert NoAccessProof.objects.filter(visit=visit).count() == 1


@pytest.mark.parametrize(
    ("shift", "text"),
    [
        (timedelta(hours=1), "pas encore passée"),
        (-timedelta(days=2), "bien avant le rendez-vous"),
        (None, "illisible"),
    ],
)
def test_a_moment_that_can_not_be_is_refused_with_its_reason(party, visit, phone, shift, text):
    address = reverse("orders:field_act", args=[party.contractor.slug, visit.pk, "en-route"])
    at = "hier" if shift is None else (clock.now() + shift).isoformat()
    answer = phone.post(address, {"happened_at": at}, headers=OUTBOX)
    assert answer.status_code == 409
    assert text in answer.json()["errors"][0]
    assert row(visit).state == "confirmed"


def test_a_fact_that_comes_too_late_says_why(party, visit, phone):
    at = clock.now() - timedelta(hours=1)
    tapped(phone, party, visit, "termine", at)
    answer = tapped(phone, party, visit, "en-route", at + timedelta(minutes=10))
    assert answer.status_code == 409
    assert "Terminé" in answer.json()["errors"][0]
    early = visited_again(party, phone, visit, at)
    assert early.status_code == 422
    assert "avant l’arrivée" in early.json()["errors"][0]


def visited_again(party, phone, visit, at):
    """Put the visit back on site, and end it before that."""
    with system_scope("tests"):
        Visit.objects.filter(pk=visit.pk).update(state="on_site", arrived_at=at, finished_at=None)
    return tapped(phone, party, visit, "termine", at - timedelta(minutes=5))

"""What a phone without network tells of a visit that changed meanwhile: kept, nothing moves."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, relay
from nexxio.core.errors import Conflict, Refused
from nexxio.core.models import Event, Message, Notification
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import AccessCheck, NoAccessProof, Order, Photo, Visit
from orders.services import ProofInput
from tests.factories.acting import act, photo_bytes
from tests.factories.full import visited

TITLE = "Fait arrivé après coup"


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def visit(party):
    return visited(party, state="confirmed")


def row(visit) -> Visit:
    with system_scope("tests"):
        return Visit.objects.get(pk=visit.pk)


def order_of(visit) -> Order:
    with system_scope("tests"):
        return Order.objects.get(pk=visit.order_id)


def facts(visit) -> list[str]:
    with system_scope("tests"):
        found = Event.objects.filter(subject_id=visit.pk, kind="visit.late_fact").order_by("id")
        return [event.payload["what"] for event in found]


def change(party, visit, state: str) -> None:
    """Bring a confirmed visit to a state of which the technician's phone knows nothing."""
    if state == "cancelled":
        act(party, "desk", services.cancel_visit, visit_id=visit.pk, reason="Panne")
    elif state == "rescheduled":
        start = visit.window_start + timedelta(days=7)
        window = {"start": start, "end": start + timedelta(hours=2), "off_hours": True}
        act(party, "desk", services.move_visit, visit_id=visit.pk, reason="Panne", **window)
    elif state == "no_show":
        with clock.moved_to(visit.window_end + timedelta(minutes=1)):
            act(party, "manager", services.declare_no_show, visit_id=visit.pk)
    elif state == "no_access":
        there = clock.now() - timedelta(minutes=55)
        act(party, "technician", services.arrive, visit_id=visit.pk, happened_at=there)
        proof = ProofInput(minutes_waited=2)
        act(party, "technician", services.declare_no_access, visit_id=visit.pk, proof=proof)
    else:
        act(party, "technician", services.complete_visit, visit_id=visit.pk)


CHANGED = ["cancelled", "rescheduled", "no_show", "no_access", "done"]


@pytest.mark.parametrize("state", CHANGED)
def test_a_late_end_is_kept_beside_and_moves_nothing(party, visit, state):
    at = clock.now() - timedelta(minutes=50)
    change(party, visit, state)
    before, version = order_of(visit).state, row(visit).version
    late = {"visit_id": visit.pk, "happened_at": at, "report": "Siphon changé."}
    for _twice in range(2):  # the answer was lost
        act(party, "technician", services.complete_visit, **late)
    kept = row(visit)
    assert (kept.state, order_of(visit).state) == (state, before)
    assert (kept.late_state, kept.late_at) == ("done", at)
    assert (kept.late_report, kept.version) == ("Siphon changé.", version + 1)
    assert facts(visit) == ["done"]


@pytest.mark.parametrize("state", CHANGED)
def test_an_end_in_part_keeps_what_was_to_follow(party, visit, state):
    at = clock.now() - timedelta(minutes=50)
    change(party, visit, state)
    words = {"in_part": True, "report": "Joint posé.", "next_step": "Changer la robinetterie"}
    act(party, "technician", services.complete_visit, visit_id=visit.pk, happened_at=at, **words)
    kept = row(visit)
    assert (kept.state, kept.late_state) == (state, "partly_done")
    assert kept.late_report == "Joint posé.\nSuite : Changer la robinetterie"


@pytest.mark.parametrize("state", ["cancelled", "rescheduled", "no_show", "done"])
def test_nobody_home_told_late_keeps_its_proofs(party, visit, state):
    at = clock.now() - timedelta(minutes=50)
    change(party, visit, state)
    proof = ProofInput(minutes_waited=15, call_tried=True, sms_tried=True, notice_number="A7")
    late = {"visit_id": visit.pk, "proof": proof, "happened_at": at}
    for _twice in range(2):
        act(party, "technician", services.declare_no_access, photo=photo_bytes(), **late)
    assert (row(visit).state, row(visit).late_state) == (state, "no_access")
    with system_scope("tests"):
        kept = NoAccessProof.objects.get(visit=visit)
        assert (kept.minutes_waited, kept.missing) == (15, ["arrival"])
        assert Photo.objects.filter(visit=visit, moment="door").count() == 1
        assert not AccessCheck.objects.filter(visit=visit).exists()
    assert facts(visit) == ["no_access"]


def test_both_desks_are_rung_and_the_tenant_hears_nothing(party, visit):
    at = clock.now() - timedelta(minutes=50)
    change(party, visit, "cancelled")
    relay.deliver_one_by_one()
    with system_scope("tests"):
        written = Message.objects.filter(kind="tenant_follow").count()
    act(party, "technician", services.leave, visit_id=visit.pk, happened_at=at)
    act(party, "technician", services.arrive, visit_id=visit.pk, happened_at=at)
    end = at + timedelta(minutes=20)
    act(party, "technician", services.complete_visit, visit_id=visit.pk, happened_at=end)
    assert facts(visit) == ["left", "arrived", "done"]
    assert (row(visit).left_at, row(visit).arrived_at) == (at, at)
    relay.deliver_one_by_one()
    with system_scope("tests"):
        rung = Notification.objects.filter(title__startswith=TITLE)
        houses = set(rung.values_list("organisation_id", flat=True))
        assert houses == {party.landlord.pk, party.contractor.pk}
        assert set(rung.values_list("event__payload__what", flat=True)) == {"done"}
        assert Message.objects.filter(kind="tenant_follow").count() == written


def test_a_late_fact_of_the_old_appointment_leaves_the_new_one_alone(party, visit):
    at = clock.now() - timedelta(minutes=50)
    change(party, visit, "rescheduled")
    with system_scope("tests"):
        new = Visit.objects.get(order_id=visit.order_id, state="proposed")
    act(party, "tenant", services.confirm_visit, visit_id=new.pk)
    act(party, "technician", services.leave, visit_id=visit.pk, happened_at=at)
    assert row(new).state == "confirmed"
    assert order_of(visit).ball["visit"] == "confirmed"
    assert "arrived" not in order_of(visit).ball
    act(party, "technician", services.arrive, visit_id=visit.pk, happened_at=at)
    assert order_of(visit).ball["arrived"]


def test_only_a_repeat_is_refused(party, visit):
    at = clock.now() - timedelta(minutes=50)
    end = {"visit_id": visit.pk, "report": "Siphon changé."}
    act(party, "technician", services.complete_visit, happened_at=at, **end)
    minute = timedelta(minutes=1)
    with pytest.raises(Conflict):
        act(party, "technician", services.complete_visit, happened_at=at + minute, **end)
    with pytest.raises(Conflict):
        act(
            party,
            "technician",
            services.complete_visit,
            visit_id=visit.pk,
            happened_at=at + minute,
        )
    again = {"visit_id": visit.pk, "report": "Siphon et joint changés."}
    act(party, "technician", services.complete_visit, happened_at=at + minute, **again)
    with pytest.raises(Conflict):
        act(party, "technician", services.complete_visit, happened_at=at + 2 * minute, **again)
    assert facts(visit) == ["done"]


def test_without_its_moment_it_is_no_late_fact(party, visit):
    change(party, visit, "cancelled")
    with pytest.raises(Conflict):
        act(party, "technician", services.complete_visit, visit_id=visit.pk, report="Fait.")
    assert row(visit).late_state == ""


@pytest.mark.parametrize("who", ["manager", "tenant", "colleague"])
def test_others_tell_no_late_end(world, party, visit, who):
    change(party, visit, "cancelled")
    late = {"visit_id": visit.pk, "happened_at": clock.now() - timedelta(minutes=50)}
    teller, error = (world.second, Visit.DoesNotExist) if who == "colleague" else (party, Refused)
    with pytest.raises(error):
        act(teller, "desk" if who == "colleague" else who, services.complete_visit, **late)
    assert row(visit).late_state == ""


def test_photos_that_waited_reach_a_visit_that_stood(party, visit):
    change(party, visit, "cancelled")
    photo = {"visit_id": visit.pk, "photo": photo_bytes(), "moment": "after"}
    act(party, "technician", services.add_photo, **photo)
    with system_scope("tests"):
        assert Photo.objects.filter(visit=visit).count() == 1


def test_the_phone_and_both_pages_say_so(party, visit):
    at = clock.now() - timedelta(minutes=50)
    change(party, visit, "cancelled")
    phone = Client()
    phone.force_login(party.technician.user)
    address = reverse("orders:field_act", args=[party.contractor.slug, visit.pk, "termine"])
    data = {"happened_at": at.isoformat(), "report": "Siphon changé."}
    answer = phone.post(address, data, headers={"X-Outbox": "1"})
    assert answer.status_code == 200
    assert "gardé" in answer.json()["said"][0]
    for who, name, house in (
        ("manager", "orders:landlord_detail", party.landlord),
        ("desk", "orders:contractor_detail", party.contractor),
    ):
        client = Client()
        client.force_login(getattr(party, who).user)
        page = client.get(reverse(name, args=[house.slug, visit.order_id])).content.decode()
        assert "Arrivé après coup" in page
        assert "Siphon changé." in page

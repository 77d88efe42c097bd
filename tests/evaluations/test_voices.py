"""A tenant's comment that a house reports: the platform keeps or withdraws it, and says why."""

from __future__ import annotations

import pytest
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from evaluations import services
from evaluations.models import Voice, VoiceReport
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event, Notification
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, deliver, page
from tests.factories.acting import act
from tests.factories.evaluated import voiced

WORDS = "Madame Durand du troisième est insupportable"


@pytest.fixture
def voice(world) -> Voice:
    return voiced(world.first, WORDS)


def homes(party) -> list[str]:
    """Return the pages of both houses."""
    return [
        client_of(party, who).get(page(party, side, "home")).text
        for who, side in (("manager", "landlord"), ("desk", "contractor"))
    ]


def decided(service, report: VoiceReport, reason: str = "On y reconnaît une voisine"):
    with system_scope("tests: the platform"):
        return service(actor=SYSTEM, report_id=report.pk, reason=reason)


@pytest.mark.parametrize(
    ("who", "side", "role"),
    [("manager", "landlord", "reader"), ("desk", "contractor", "technician")],
)
def test_either_house_reports_it_with_a_reason_and_once(world, voice, who, side, role):
    party = world.first
    url, client = page(party, side, "voice", voice.pk), client_of(party, who)
    assert url in client.get(page(party, side, "home")).text
    assert url not in client_of(party, "reader").get(page(party, side, "home")).text
    assert WORDS in client.get(url).text
    assert client.post(url, {"note": "Sans motif"}).status_code == 422
    assert client.post(url, {"ground": "other", "note": " "}).status_code == 422
    assert client.post(url, {"ground": "person"}).status_code == 302
    again = client.post(url, {"ground": "insult"})
    assert (again.status_code, "déjà signalé" in again.text) == (422, True)
    house = party.landlord if side == "landlord" else party.contractor
    for text in homes(party):
        assert WORDS in text  # it stays until the platform has decided
        assert f"Signalé par {house.name}" in text
        assert "En examen par la plateforme" in text
        assert url not in text
    with pytest.raises(Refused):
        act(party, role, services.report_voice, voice_id=voice.pk, ground="person")


def test_what_is_withdrawn_is_read_by_nobody_any_more(world, voice):
    party = world.first
    report = act(party, "desk", services.report_voice, voice_id=voice.pk, ground="person")
    with pytest.raises(Invalid):
        decided(services.withdraw_voice, report, " ")
    decided(services.withdraw_voice, report)
    deliver()
    for text in homes(party):
        assert WORDS not in text
        assert "Retiré par la modération" in text
        assert "On y reconnaît une voisine" in text
    with system_scope("tests"):
        assert Voice.objects.get(pk=voice.pk).text == ""
        told = set(Event.objects.filter(subject_id=report.pk).values_list("kind", flat=True))
        rung = Notification.objects.filter(event__kind="voice.withdrawn")
        houses = set(rung.values_list("organisation_id", flat=True))
    assert told == {"voice.reported", "voice.withdrawn"}
    assert houses == {party.landlord.pk, party.contractor.pk}
    with pytest.raises(Conflict):
        decided(services.keep_voice, report)
    with pytest.raises(Conflict):
        act(party, "desk", services.report_voice, voice_id=voice.pk, ground="person")
    url = page(party, "landlord", "voice", voice.pk)
    assert client_of(party, "manager").get(url).status_code == 404


def test_what_is_kept_stays_with_its_reason(world, voice):
    party = world.first
    report = act(party, "manager", services.report_voice, voice_id=voice.pk, ground="off_topic")
    decided(services.keep_voice, report, "Le commentaire parle bien des travaux")
    for text in homes(party):
        assert WORDS in text
        assert "Maintenu par la plateforme" in text
        assert "parle bien des travaux" in text


def test_nobody_of_another_pair_and_no_house_decides(world, voice):
    party, other = world.first, world.second
    with pytest.raises(Voice.DoesNotExist):
        act(other, "desk", services.report_voice, voice_id=voice.pk, ground="person")
    report = act(party, "desk", services.report_voice, voice_id=voice.pk, ground="person")
    values = {"landlord": party.landlord, "contractor": party.contractor, "ground": "person"}
    spoken = voiced(party, "Très bien")
    with (
        scope_of(party.actor("manager")),
        pytest.raises(DatabaseError),
        transaction.atomic(),
    ):
        VoiceReport.objects.create(
            **values, voice=spoken, side="contractor", reported_at=report.reported_at
        )
    with scope_of(party.actor("manager")), pytest.raises(DatabaseError), transaction.atomic():
        VoiceReport.objects.filter(pk=report.pk).update(note="Non")


@pytest.mark.urls("tests.kernel.admin_urls")
@pytest.mark.parametrize("name", ["keep", "withdraw"])
def test_the_platform_decides_in_its_administration(world, voice, name):
    report = act(world.first, "desk", services.report_voice, voice_id=voice.pk, ground="person")
    staff = Client()
    staff.force_login(world.staff)
    shown = staff.get(reverse("admin:evaluations_voicereport_change", args=[report.pk]))
    assert WORDS in shown.text
    url = reverse("admin:evaluations_voicereport_changelist")
    data = {"action": name, "_selected_action": str(report.pk), "confirmed": "1"}
    assert "Écrivez quelques mots" in staff.post(url, data).text
    assert staff.post(url, {**data, "reason": "Une voisine y est nommée"}).status_code == 302
    assert LogEntry.objects.filter(object_id=str(report.pk)).exists()
    with system_scope("tests"):
        assert (
            VoiceReport.objects.get(pk=report.pk).outcome
            == {
                "keep": "kept",
                "withdraw": "withdrawn",
            }[name]
        )

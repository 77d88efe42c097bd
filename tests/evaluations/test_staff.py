"""A house's members on their own organisation: once each, by nobody, from ten answers on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from evaluations import services
from evaluations.models import Result, StaffBallot, StaffReceipt, StaffSurvey
from evaluations.quarters import Quarter
from evaluations.selectors.results import Asked, results_page
from evaluations.selectors.staff import staff_page
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.http import actor_of
from nexxio.core.models import Event, Membership, Notification, User
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, page, run_clock
from tests.factories.evaluated import C2L, published

SIX = ["autonomy", "competence", "consideration", "cooperation", "listening", "trust"]
NOW = Quarter.of(clock.today())
DAY = timedelta(days=1)


def staffed(party, house, count: int) -> list[Membership]:
    """Give a house so many more members."""
    with system_scope("tests: members"):
        return [
            Membership.objects.create(
                organisation=house,
                user=User.objects.create_user(f"{house.slug}-{n}@example.test", "x"),
                department="exploitation",
                roles=["clerk" if n else "technician"],
            )
            for n in range(count)
        ]


def opened(house) -> StaffSurvey:
    with system_scope("tests: survey"):
        return StaffSurvey.objects.get(organisation=house)


def answer(member: Membership, survey: StaffSurvey, mark: int | None = 4, **more):
    actor = actor_of(member)
    marks = {**dict.fromkeys(SIX, mark), **more}
    with scope_of(actor):
        services.answer_staff(actor=actor, survey_id=survey.pk, marks=marks)


def test_a_house_is_asked_where_it_has_ten_members_and_each_answers_once(world):
    party = world.first
    members = staffed(party, party.landlord, 9)
    with clock.moved_to(NOW.ends_at + DAY):
        run_clock()
        run_clock()
        survey = opened(party.landlord)
        assert (survey.subjects, survey.asked, survey.quarter) == (SIX, 12, NOW.first)
        with system_scope("tests"):
            assert StaffSurvey.objects.count() == 1  # the company is too small to be asked
            rung = Notification.objects.filter(kind="evaluation_staff")
            assert rung.count() == 12
            small = {"actor": SYSTEM, "organisation_id": party.contractor.pk, "quarter": NOW}
            assert services.open_staff_survey(**small) is None
        with pytest.raises(Invalid):
            answer(members[0], survey, 6)
        answer(members[0], survey)
        with pytest.raises(Conflict):
            answer(members[0], survey)
        with pytest.raises((Refused, StaffSurvey.DoesNotExist)):
            answer(party.desk, survey)
        client, url = (
            client_of(party, "manager"),
            page(party, "landlord", "staff_answer", survey.pk),
        )
        assert url in client.get(page(party, "landlord", "staff")).text
        assert client.get(url).text.count("<fieldset") == 6
        assert client.post(url, {"trust": "4"}).status_code == 422
        assert client.post(url, dict.fromkeys(SIX, "nsp")).status_code == 302
        assert client.post(url, dict.fromkeys(SIX, "4")).status_code == 409
        assert client.get(url).status_code == 302
    with clock.moved_to(NOW.ends_at + 16 * DAY), pytest.raises(Refused):
        answer(members[1], survey)


def test_who_joined_after_the_quarter_is_neither_asked_nor_counted(world):
    party = world.first
    staffed(party, party.landlord, 9)
    with clock.moved_to(NOW.ends_at + DAY):
        with system_scope("tests: a newcomer"):
            newcomer = Membership.objects.create(
                organisation=party.landlord,
                user=User.objects.create_user("newcomer@example.test", "x"),
                department="exploitation",
                roles=["clerk"],
            )
        run_clock()
        survey = opened(party.landlord)
        assert survey.asked == 12
        with system_scope("tests"):
            assert not Notification.objects.filter(
                kind="evaluation_staff", user=newcomer.user
            ).exists()
        with pytest.raises(Refused, match="ce trimestre"):
            answer(newcomer, survey)
        url = page(party, "landlord", "staff")
        asked = page(party, "landlord", "staff_answer", survey.pk)
        client = Client()
        client.force_login(newcomer.user)
        shown = client.get(url)
        assert shown.status_code == 200
        assert asked not in shown.text


def test_nobody_sees_who_answered_and_nothing_ties_an_answer_to_a_person(world):
    party = world.first
    members = staffed(party, party.landlord, 9)
    with clock.moved_to(NOW.ends_at + DAY):
        run_clock()
        survey = opened(party.landlord)
        with system_scope("tests"):
            before = Event.objects.count()
        answer(members[0], survey, 1)
        answer(members[1], survey, 5)
        for who in (party.manager, party.clerk, party.desk):
            with scope_of(actor_of(who)):
                assert not StaffReceipt.objects.exists()
                assert not StaffBallot.objects.exists()
                assert not StaffReceipt._base_manager.exists()  # nor by the database itself
                assert not StaffBallot._base_manager.exists()
        with scope_of(actor_of(members[0])):
            assert StaffReceipt.objects.count() == 1
            with pytest.raises(DatabaseError), transaction.atomic():
                StaffReceipt._base_manager.all().delete()
        # Another house's member can put nothing in, and nobody answers for somebody else.
        row = {"created_at": survey.opened_at, "organisation_id": party.landlord.pk}
        row["quarter"] = survey.quarter
        for who, made in (
            (party.desk, StaffBallot(**row, marks={"trust": 1})),
            (party.clerk, StaffReceipt(**row, user_id=party.manager.user_id)),
        ):
            with scope_of(actor_of(who)), pytest.raises(DatabaseError), transaction.atomic():
                made.save(force_insert=True)
        with system_scope("tests"):
            assert Event.objects.count() == before
            ballots, receipts = list(StaffBallot.objects.all()), list(StaffReceipt.objects.all())
    assert {row.created_at for row in (*ballots, *receipts)} == {survey.opened_at}
    assert {row.pk.version for row in (*ballots, *receipts)} == {4}
    secret = {str(each.user_id) for each in receipts}
    assert [one for one in ballots if any(name in str(vars(one)) for name in secret)] == []


@pytest.mark.parametrize(("count", "n", "mean"), [(9, 9, None), (10, 10, Decimal("4.0"))])
def test_ten_answers_are_told_to_the_direction_alone_and_then_forgotten(world, count, n, mean):
    party = world.first
    members = staffed(party, party.landlord, 11)
    with clock.moved_to(NOW.ends_at + DAY):
        run_clock()
        survey = opened(party.landlord)
        for index, member in enumerate(members[:count]):
            answer(member, survey, 3 + index % 3 if index < 9 else 4)
    with system_scope("tests"), clock.moved_to(NOW.ends_at + 16 * DAY):
        assert services.publish_staff(actor=SYSTEM, survey_id=survey.pk) == 0
    with clock.moved_to(NOW.ends_at + 60 * DAY):
        run_clock()
        run_clock()
    with system_scope("tests"):
        assert not StaffBallot.objects.exists()
        assert not StaffReceipt.objects.exists()
        rows = Result.objects.filter(direction="staff_organisation")
        assert [(row.n, row.mean) for row in rows] == [(n, mean)] * 6
    manager = party.actor("manager")
    with scope_of(manager):
        found = staff_page(manager)
        assert results_page(manager, Asked()).quarter is None  # never among the other results
    assert [line.of_staff.mean for line in found.lines] == [mean] * 6
    text = client_of(party, "manager").get(page(party, "landlord", "staff")).text
    assert ("Pas encore assez de réponses (9 sur 10)" in text) == (mean is None)
    assert ("Relation de confiance" in text) is True
    for who in ("clerk", "reader"):
        assert (
            "Relation de confiance"
            not in client_of(party, who).get(page(party, "landlord", "staff")).text
        )
    for other in (party.actor("desk"), world.second.actor("manager")):
        with scope_of(other):
            assert not Result.objects.filter(direction="staff_organisation").exists()


def test_a_companys_members_are_asked_too_and_stand_beside_both_other_sides(world):
    party = world.first
    members = staffed(party, party.contractor, 9)
    last = NOW.previous
    with system_scope("tests"):
        there = Membership.objects.filter(organisation=party.contractor)
        there.update(created_at=last.starts_at)  # who joined later isn't asked
        open_it = {"organisation_id": party.contractor.pk, "quarter": last}
        actor = replace(SYSTEM, organisation_id=party.contractor.pk)
        survey = services.open_staff_survey(actor=actor, **open_it)
        assert services.open_staff_survey(actor=actor, **open_it) is None
    for member in (*members, party.technician):
        answer(member, survey)
    technician = client_of(party, "technician")
    shown = technician.get(page(party, "contractor", "staff"))
    assert shown.status_code == 200
    assert "vous avez répondu" in shown.text
    assert technician.get(page(party, "contractor", "results")).status_code == 403
    published(party)
    with clock.moved_to(NOW.ends_at + DAY):
        run_clock()
    desk = party.actor("desk")
    with scope_of(desk):
        line = next(one for one in staff_page(desk).lines if one.of_contractor)
        assert [one.landlord_id for one in Result.objects.filter(direction=C2L)] == [
            party.landlord.pk
        ]
    assert (line.of_staff.mean, line.of_contractor.mean) == (Decimal("4.0"), Decimal("3.8"))
    assert line.of_landlord.mean == Decimal("3.8")
    assert line.symmetry.startswith("95")
    text = client_of(party, "desk").get(page(party, "contractor", "staff")).text
    assert "les trois côtés" in text
    assert party.contractor.name not in {
        view.label for view in _results(desk).views
    }  # its own house is no landlord of its own


def _results(actor):
    with scope_of(actor):
        return results_page(actor, Asked())


def test_a_technician_comes_to_the_survey_from_his_day(world):
    party = world.first
    staffed(party, party.contractor, 9)
    day = reverse("orders:field_day", args=[party.contractor.slug])
    with clock.moved_to(NOW.ends_at + DAY):
        client = client_of(party, "technician")
        assert "Votre avis sur votre entreprise" not in client.get(day).text
        run_clock()
        url = page(party, "contractor", "staff_answer", opened(party.contractor).pk)
        assert url in client.get(day).text
        asked = client.get(url)
        assert (asked.text.count("<fieldset"), "field-bar" in asked.text) == (6, True)
        assert client.post(url, dict.fromkeys(SIX, "4")).status_code == 302
        assert url not in client.get(day).text  # once he has answered
        own = client.get(page(party, "contractor", "staff")).text
        assert "Merci, vous avez répondu" in own
        assert day in own

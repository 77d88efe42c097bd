"""A landlord's own questions: beside the axes, never edited, told by the same thresholds."""

from __future__ import annotations

from uuid import UUID

import pytest

from evaluations import questionnaire, services
from evaluations.axes import Direction
from evaluations.models import OwnQuestion
from evaluations.quarters import Quarter
from evaluations.selectors.results import Asked, results_page
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, done, evaluation_of, opinion_url, page
from tests.factories.acting import act
from tests.factories.evaluated import C2L, EVERY_MARK, L2C, T2R, balloted, campaign_of

NOW = Quarter.of(clock.today())
TEXT = "L’entreprise respecte le règlement de la résidence."


def asked(party, direction=L2C, text=TEXT, **more) -> OwnQuestion:
    values = {"starts_on": NOW.first, "direction": direction, "text": text, **more}
    return act(party, "manager", services.add_question, **values)


def of_last_quarter(party, direction) -> OwnQuestion:
    """A question that the quarter before has asked."""
    found = asked(party, direction)
    with system_scope("tests"):
        OwnQuestion.objects.filter(pk=found.pk).update(starts_on=NOW.previous.first)
    return found


def test_a_manager_adds_three_by_direction_and_nobody_else_any(world):
    party = world.first
    for n in range(3):
        asked(party, text=f"{TEXT} {n}")
    for wrong in (
        {"text": f"{TEXT} 3"},
        {"direction": Direction.STAFF},
        {"text": "Court"},
        {"direction": C2L, "starts_on": NOW.previous.first},
    ):
        with pytest.raises(Invalid):
            asked(party, **wrong)
    assert asked(party, direction=C2L).position == 1
    words = {"direction": T2R, "text": TEXT, "starts_on": NOW.first}
    for who in ("clerk", "desk", "tenant"):
        with pytest.raises(Refused):
            act(party, who, services.add_question, **words)
    # Its own companies and tenants read what they are asked; other houses nothing.
    for other, count in (("desk", 4), ("tenant", 0)):
        with scope_of(party.actor(other)):
            assert OwnQuestion.objects.count() == count
    for who in ("manager", "desk", "tenant"):
        with scope_of(world.second.actor(who)):
            assert not OwnQuestion.objects.exists()


def test_other_words_are_a_next_version_and_a_withdrawn_one_ends(world):
    party = world.first
    first = of_last_quarter(party, L2C)
    words = {"question_id": first.pk, "text": "L’entreprise prévient le gardien."}
    made = act(party, "manager", services.reword_question, **words)
    assert (made.version, made.position, made.starts_on) == (2, 1, NOW.following.first)
    assert made.subject != first.subject
    with scope_of(party.actor("manager")):
        for quarter, subject in ((NOW, first.subject), (NOW.following, made.subject)):
            own = questionnaire.own_of(party.landlord.pk, L2C, quarter.first)
            assert own == [subject]
    with pytest.raises(Conflict):
        act(party, "manager", services.withdraw_question, question_id=first.pk)
    act(party, "manager", services.withdraw_question, question_id=made.pk)
    with scope_of(party.actor("manager")):
        assert questionnaire.own_of(party.landlord.pk, L2C, NOW.following.first) == []
    with system_scope("tests"):
        kinds = Event.objects.filter(kind__startswith="question.").values_list("kind", flat=True)
        assert sorted(kinds) == ["question.added", "question.added", "question.withdrawn"]


def test_the_campaign_asks_them_after_all_the_axes(world):
    party = world.first
    own = of_last_quarter(party, L2C)
    campaign = campaign_of(party)
    url = page(party, "landlord", "campaign", campaign.pk)
    client = client_of(party, "manager")
    shown = client.get(url).text
    assert shown.count("<fieldset") == 15
    assert shown.index(TEXT) > shown.index("Les délais convenus sont tenus.")
    assert client.post(url, dict.fromkeys(EVERY_MARK, "4")).status_code == 422
    given = {**dict.fromkeys(EVERY_MARK, "4"), own.subject: "5"}
    assert client.post(url, given).status_code == 302
    other = client_of(party, "desk").get(page(party, "contractor", "campaign", campaign.pk))
    assert other.text.count("<fieldset") == 11  # of another direction


def test_a_tenants_five_stay_five_and_one_is_the_landlords(world):
    party = world.first
    own = asked(party, T2R, translations={"en": "The caretaker was told.", "de": "Nein"})
    assert own.translations == {"en": "The caretaker was told."}
    done(party)
    found = evaluation_of(T2R)
    assert len(found.subjects) == 5
    assert found.subjects[:3] == ["competence", "conduct", "experience"]
    assert found.subjects[4] == own.subject
    client = client_of(party, "reader")
    assert TEXT in client.get(opinion_url(party)).text
    client.post(opinion_url(party), {"langue": "en"})
    assert "The caretaker was told." in client.get(opinion_url(party)).text
    client.post(opinion_url(party), {"langue": "pt"})  # not there in it: French, and said to be
    assert f'<span lang="fr" dir="ltr">{TEXT}</span>' in client.get(opinion_url(party)).text
    marks = dict.fromkeys(found.subjects, "4")
    assert client.post(opinion_url(party), marks).status_code == 302


def test_results_come_by_the_same_thresholds_and_to_the_company_where_it_is_named(world):
    party = world.first
    of_company, of_us, of_tenants = (of_last_quarter(party, one) for one in (L2C, C2L, T2R))
    for mark in (3, 4, 4, 5, 2):
        balloted(party, {of_tenants.subject: mark, "trust": mark})
    for mark in (4, 5):
        balloted(party, {of_company.subject: mark}, direction=L2C)
    for mark in (4, 4, 5, 4, 5):  # of one company alone: not even their number
        balloted(party, {of_us.subject: mark}, direction=C2L)
    last = NOW.previous
    at = last.starts_at.replace(hour=12) + (last.publishes_on - last.first)
    with system_scope("tests"), clock.moved_to(at):
        services.publish_quarter(actor=SYSTEM, landlord_id=party.landlord.pk, quarter=last)
    view = {"dimension": "contractor", "key": str(party.contractor.pk)}
    for who, view_of, seen in (("manager", view, {L2C, C2L, T2R}), ("desk", {}, {L2C, T2R})):
        actor = party.actor(who)
        with scope_of(actor):
            own = results_page(actor, Asked(**view_of)).own
        told = {
            direction: getattr(line, name)
            for line in own
            for direction, name in (
                *((L2C, "of_contractor"), (C2L, "of_landlord"), (T2R, "of_tenants")),
            )
            if getattr(line, name)
        }
        assert set(told) == seen
        assert (told[T2R].row.n, told[T2R].row.level) == (5, "inside")
        assert told[L2C].is_told
        assert {line.label for line in own} == {TEXT}
        side = "landlord" if who == "manager" else "contractor"
        query = {"vue": f"contractor:{party.contractor.pk}"}
        assert TEXT in client_of(party, who).get(page(party, side, "results"), query).text
    with scope_of(party.actor("manager")):
        assert not told.get(C2L)


def test_the_page_lists_adds_rewords_and_withdraws(world):
    party = world.first
    client, home = client_of(party, "manager"), page(party, "landlord", "questions")
    assert "Aucune question à vous" in client.get(home).text
    new = page(party, "landlord", "question_new")
    data = {"direction": T2R, "starts_on": NOW.first.isoformat(), "text": TEXT, "in_ar": "سؤال"}
    assert client.post(new, {**data, "text": ""}).status_code == 422
    assert client.post(new, data).status_code == 302
    with system_scope("tests"):
        pk: UUID = OwnQuestion.objects.get().pk
    shown = client.get(home).text
    assert TEXT in shown
    assert "العربية" in shown
    assert "Reformuler" not in client_of(party, "clerk").get(home).text
    acts = {
        name: page(party, "landlord", "question_act", pk, name)
        for name in ("reformuler", "retirer")
    }
    assert client.post(acts["retirer"]).status_code == 302
    assert client.get(acts["reformuler"]).status_code == 409
    assert "Retirée" in client.get(home).text

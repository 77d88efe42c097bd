"""A tenant gives an opinion by link: once, in time, unseen; then it is cut off from him."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from evaluations import access, services
from evaluations.languages import LANGUAGES
from evaluations.models import Answer, Ballot, Evaluation, Wording
from evaluations.notices import reminder
from evaluations.states import EvaluationState
from nexxio.core import clock, links
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict
from nexxio.core.models import Event, Link, LinkPurpose, Message, Notification
from nexxio.core.notifications import sms
from nexxio.core.scoping import system_scope
from orders.models import Order
from orders.services import complete_visit, propose_visit, reopen_order
from tests.evaluations.steps import (
    client_of,
    deliver,
    done,
    evaluation_of,
    later,
    opinion_url,
    page,
    run_clock,
)
from tests.factories.acting import act
from tests.factories.certified import finished_elsewhere
from tests.factories.evaluated import T2R, asked_of


@pytest.fixture
def party(world):
    done(world.first)
    return world.first


def marks_of(evaluation, mark: str = "4") -> dict[str, str]:
    return dict.fromkeys(evaluation.subjects, mark)


def test_a_done_order_asks_its_tenant_five_questions_without_another_message(party):
    found = evaluation_of(T2R)
    assert found.state == EvaluationState.INVITED
    assert found.subjects[:3] == ["competence", "conduct", "experience"]
    assert len(set(found.subjects)) == 5
    assert found.residence_id == party.unit.group_id
    with system_scope("tests"):
        kinds = set(Message.objects.values_list("kind", flat=True))
    assert "evaluation_tenant" not in kinds
    with system_scope("tests"):
        assert services.invite_for_order(actor=SYSTEM, order_id=found.order_id) == []


def test_the_page_that_is_followed_leads_to_the_form_and_a_look_changes_nothing(party):
    client, url = Client(), opinion_url(party)
    follow = client.get(reverse("tenants:follow", args=[links.token_of(party.link.pk)]))
    assert url in follow.text
    shown = client.get(url)
    assert shown.status_code == 200
    assert "checked" not in shown.text.replace(":checked", "")
    assert shown.text.count('type="radio"') == 5 * 6
    assert "Le problème est réglé." in shown.text
    assert evaluation_of(T2R).state == EvaluationState.INVITED


def test_a_missing_mark_is_named_and_nothing_is_lost(party):
    found = evaluation_of(T2R)
    data = {**marks_of(found), "text": "Bien, merci"}
    del data["conduct"]
    answer = Client().post(opinion_url(party), data)
    assert answer.status_code == 422
    assert "Choisissez une note" in answer.text
    assert "Bien, merci" in answer.text
    assert evaluation_of(T2R).state == EvaluationState.INVITED


def test_it_is_given_once_and_a_second_sending_says_so(party):
    found, client, url = evaluation_of(T2R), Client(), opinion_url(party)
    data = {**marks_of(found), "conduct": "nsp", "text": "Rapide"}
    assert client.post(url, data).status_code == 302
    with system_scope("tests"):
        kept = Answer.objects.get(evaluation=found)
    assert kept.marks["conduct"] is None
    assert kept.marks["competence"] == 4
    again = client.post(url, marks_of(found, "1"), follow=True)
    assert "déjà donné votre avis" in again.text
    with system_scope("tests"):
        assert Answer.objects.get(evaluation=found).marks == kept.marks
        assert not Event.objects.filter(kind="evaluation.answered", order_id__isnull=False).exists()
    with pytest.raises(Conflict):
        act(
            party,
            "tenant",
            services.answer_evaluation,
            evaluation_id=found.pk,
            marks=kept.marks,
        )


def test_neither_house_sees_that_he_answered_or_what(party):
    found = evaluation_of(T2R)
    Client().post(opinion_url(party), {**marks_of(found), "text": "Plombier charmant"})
    deliver()
    with system_scope("tests"):
        assert Answer.objects.get(evaluation=found).text == "Plombier charmant"
    for who in ("manager", "desk"):
        with scope_of(party.actor(who)):
            assert not Evaluation.objects.exists()
            assert not Answer.objects.exists()
        side = "landlord" if who == "manager" else "contractor"
        assert "charmant" not in client_of(party, who).get(page(party, side, "home")).text


def test_after_fourteen_days_it_is_too_late(party):
    with later(15):
        shown = Client().get(opinion_url(party), follow=True)
        assert "Le délai pour donner votre avis" in shown.text
        run_clock()
    with system_scope("tests"):
        # Asked, and no answer: it counts for the rate and names nobody.
        assert Ballot.objects.get().marks == {}
        assert not Evaluation.objects.exists()


def test_whoever_wants_to_be_called_back_is_known_and_the_company_may_reply(party):
    found = evaluation_of(T2R)
    data = {**marks_of(found, "2"), "text": "L’eau coule encore", "contact": "on"}
    Client().post(opinion_url(party), data)
    deliver()
    with system_scope("tests"):
        told = Notification.objects.filter(kind="evaluation_contact", user=party.manager.user)
        assert "recontacté" in told.get().title
    order = reverse("orders:landlord_detail", args=[party.landlord.slug, found.order_id])
    assert "coule encore" not in client_of(party, "manager").get(order).text
    with later(15):
        run_clock()
        assert "coule encore" in client_of(party, "manager").get(order).text
        act(
            party,
            "desk",
            services.reply_to_evaluation,
            evaluation_id=found.pk,
            text="Nous repassons demain.",
        )
    with later(30):
        run_clock()
        assert "coule encore" not in client_of(party, "manager").get(order).text
    with system_scope("tests"):
        ballot = Ballot.objects.get()
        assert not Answer.objects.exists()
        assert not Evaluation.objects.exists()
    assert (ballot.text, ballot.marks["competence"]) == ("", 2)


def test_counted_means_cut_off_from_order_person_and_day(party):
    found = evaluation_of(T2R)
    Client().post(opinion_url(party), {**marks_of(found), "text": "Parfait"})
    with later(15):
        run_clock()
        assert evaluation_of(T2R).is_shared is False
    with later(30):
        run_clock()
    with system_scope("tests"):
        ballot = Ballot.objects.get()
        subjects = set(Event.objects.values_list("subject_id", flat=True))
        assert not Evaluation.objects.exists()
    assert ballot.pk not in subjects
    assert ballot.pk.version == 4
    assert ballot.created_at.date() <= ballot.quarter
    for who in ("manager", "desk", "tenant"):
        with scope_of(party.actor(who)):
            assert not Ballot.objects.exists()


def test_he_is_reminded_once_by_the_platform(party):
    with later(6):
        run_clock()
        run_clock()
    with system_scope("tests"):
        message = Message.objects.get(kind="evaluation_tenant")
    assert "30 secondes" in message.text
    url = links.url_of(party.link.pk)
    with system_scope("tests: words"):
        found = Wording.objects.filter(code="reminder").values_list("language", "text")
        texts = dict(found)
    assert set(texts) == set(LANGUAGES)
    for words in texts.values():
        longest = reminder(words, "Habitat " * 20).replace("{link}", url)
        assert "Habitat" in longest
        assert sms.segments(sms.fold(longest)) <= sms.MOST


def test_he_is_reminded_in_his_language(party):
    found = evaluation_of(T2R)
    act(party, "tenant", services.choose_language, evaluation_id=found.pk, language="uk")
    with later(6):
        run_clock()
    with system_scope("tests"):
        assert "Ваша думка за 30 секунд" in Message.objects.get(kind="evaluation_tenant").text


def test_he_is_reminded_once_a_month_though_the_former_evaluation_is_deleted(party):
    first = evaluation_of(T2R)
    with later(6):
        run_clock()
    with later(9.5):
        finished_elsewhere(party)
        deliver()
    with later(14.2):
        run_clock()
    second = evaluation_of(T2R)
    assert second.pk != first.pk
    assert first.residence_id is not None
    # Once a quarter he counts in his residence: five answers aren't one household's.
    assert second.residence_id is None or second.quarter != first.quarter
    with later(15):
        run_clock()
    with system_scope("tests"):
        assert Event.objects.filter(kind="evaluation.reminded").count() == 1
        assert Message.objects.filter(kind="evaluation_tenant").count() == 1


def test_an_order_that_is_done_again_asks_its_tenant_no_second_time(party):
    with later(15):
        run_clock()
    with system_scope("tests"):
        assert not Evaluation.objects.exists()
    act(party, "manager", reopen_order, order_id=party.order.pk, reason="La fuite a repris")
    start = clock.now() + timedelta(hours=3)
    visit = act(
        party,
        "desk",
        propose_visit,
        order_id=party.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=party.technician.pk,
        call_noted=True,
    )
    act(party, "technician", complete_visit, visit_id=visit.pk)
    deliver()
    with system_scope("tests"):
        assert Event.objects.filter(kind="order.done", order_id=party.order.pk).count() == 2
        assert not Evaluation.objects.filter(direction=T2R).exists()


def test_a_link_of_before_may_evaluate_from_the_invitation_on(world):
    party = world.first
    with system_scope("tests"):
        Link.objects.filter(pk=party.link.pk).update(purposes=["follow", "choose_slot"])
    assert Client().get(opinion_url(party)).status_code == 404
    done(party)
    assert Client().get(opinion_url(party)).status_code == 200
    with system_scope("tests"):
        assert LinkPurpose.EVALUATE in Link.objects.get(pk=party.link.pk).purposes


def test_an_order_without_tenant_asks_none(world):
    order = world.first.order
    with system_scope("tests"):
        Order.objects.filter(pk=order.pk).update(reader_case=None, tenant=None)
    with system_scope("tests"):
        assert services.invite_for_order(actor=SYSTEM, order_id=order.pk) == []


def test_of_two_repairs_of_a_case_the_older_one_is_asked_first_and_named(party):
    """Not the newest alone: the other one would never be asked for."""
    other = finished_elsewhere(party).order_id
    with system_scope("tests: two repairs of one case"):
        Order.objects.filter(pk=other).update(
            title="Joint de la baignoire",
            case_id=party.order.case_id,
            reader_case_id=party.order.case_id,
        )
        second = Order.objects.get(pk=other)
    case = {"reader_case_id": party.order.case_id, "tenant_id": party.tenant.pk}
    now = clock.now()
    days = {"opened_at": now - timedelta(days=6), "closes_at": now + timedelta(days=8)}
    with system_scope("tests: none but these two"):
        Evaluation.objects.all().delete()
    older = asked_of(party, T2R, second, **{**case, **days})
    newer = asked_of(party, T2R, **case)
    with scope_of(party.actor("tenant")):
        assert access.tenants_evaluation(party.actor("tenant")) == older
    client = Client()
    shown = client.get(reverse("tenants:follow", args=[links.token_of(party.link.pk)]))
    assert "Joint de la baignoire" in shown.text
    given = {"evaluation_id": older.pk, "marks": dict.fromkeys(older.subjects, 4)}
    act(party, "tenant", services.answer_evaluation, **given)
    with scope_of(party.actor("tenant")):
        assert access.tenants_evaluation(party.actor("tenant")) == newer

"""Landlord and company evaluate each other: double blind, right of reply, moderation, campaign."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse

from evaluations import services
from evaluations.axes import Axis
from evaluations.models import Answer, Ballot, Campaign, CampaignSeat, Evaluation
from evaluations.quarters import Quarter
from evaluations.respondents import MOST_SEATS, seats_for
from evaluations.states import EvaluationState
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event, Membership, Notification, User
from nexxio.core.scoping import system_scope
from nexxio.core.territories.services import add_agency
from orders import services as orders
from orders.models import Order
from tests.evaluations.steps import client_of, deliver, done, evaluation_of, later, page, run_clock
from tests.factories.acting import act
from tests.factories.evaluated import (
    C2L,
    EVERY_MARK,
    L2C,
    T2R,
    answered_campaign,
    asked_of,
    campaign_of,
    shared,
)

TRUST = {"trust": 2}


def both_asked(party):
    """Ask both houses one question about the party's order."""
    return asked_of(party, L2C), asked_of(party, C2L)


def give(party, who, evaluation, mark=2, **more):
    marks = dict.fromkeys(evaluation.subjects, mark)
    given = {"evaluation_id": evaluation.pk, "marks": marks, **more}
    return act(party, who, services.answer_evaluation, **given)


def test_a_notable_order_asks_both_houses_one_question(world):
    party = world.first
    order = party.order
    act(party, "desk", orders.return_order, order_id=order.pk, items=["phone"])
    act(party, "manager", orders.reissue_order, order_id=order.pk)
    done(party)
    assert evaluation_of(L2C).subjects == ["cooperation"]
    assert evaluation_of(C2L).subjects == ["adaptability"]
    with system_scope("tests"):
        told = set(
            Notification.objects.filter(kind="evaluation_asked").values_list("user_id", flat=True)
        )
    # Nobody who has never touched the order: of the landlord, whoever issued it.
    assert told == {party.manager.user_id, party.desk.user_id}


def test_an_ordinary_order_asks_no_house(world):
    done(world.first)
    with system_scope("tests"):
        assert [one.direction for one in Evaluation.objects.all()] == [T2R]


def test_nothing_is_seen_before_both_have_answered_then_both_at_once(world):
    party = world.first
    ours, theirs = both_asked(party)
    give(party, "manager", ours, text="Retard répété")
    deliver()
    with scope_of(party.actor("desk")):
        assert list(Evaluation.objects.values_list("direction", flat=True)) == [C2L]
        assert not Answer.objects.exists()
    with scope_of(party.actor("clerk")):
        assert not Answer.objects.exists()  # not even a colleague
    give(party, "desk", theirs)
    deliver()
    assert {evaluation_of(L2C).state, evaluation_of(C2L).state} == {EvaluationState.REVEALED}
    with scope_of(party.actor("desk")):
        kept = Answer.objects.get(evaluation=ours)
    assert (kept.marks, kept.text, kept.user_id) == (TRUST, "Retard répété", None)
    with scope_of(party.actor("manager")):
        assert not Evaluation.objects.filter(direction=C2L).exists()
        assert list(Answer.objects.values_list("direction", flat=True)) == [L2C]
    shown = client_of(party, "desk").get(page(party, "contractor", "evaluation", ours.pk))
    assert "Retard répété" in shown.text
    # The landlord isn't told before the 14 days that the company has answered too.
    own = client_of(party, "manager").get(page(party, "landlord", "home"))
    assert "Retard répété" not in own.text


def test_one_side_alone_is_revealed_after_fourteen_days(world):
    party = world.first
    ours, theirs = both_asked(party)
    give(party, "manager", ours)
    with later(13):
        run_clock()
    assert evaluation_of(L2C).state == EvaluationState.ANSWERED
    with later(15):
        run_clock()
        assert evaluation_of(L2C).state == EvaluationState.REVEALED
        with pytest.raises((Refused, Evaluation.DoesNotExist)):
            give(party, "desk", theirs)
    with system_scope("tests"):
        assert not Evaluation.objects.filter(pk=theirs.pk).exists()


def test_an_answer_is_given_once_whole_and_by_the_right_side(world):
    party = world.first
    ours, theirs = both_asked(party)
    with pytest.raises(Invalid) as wrong:
        act(party, "manager", services.answer_evaluation, evaluation_id=ours.pk, marks={})
    assert list(wrong.value.errors) == ["trust"]
    with pytest.raises(Invalid):
        give(party, "manager", ours, mark=6)
    with pytest.raises(Refused):
        give(party, "reader", ours)
    with pytest.raises(Evaluation.DoesNotExist):
        give(party, "manager", theirs)
    give(party, "manager", ours)
    with pytest.raises(Conflict):
        give(party, "clerk", ours)


def test_the_landlord_has_no_trace_of_what_a_company_said(world):
    """Rows and events: whatever the landlord's scope reads says nothing of the company's answer."""
    party = world.first
    _ours, theirs = both_asked(party)
    give(party, "desk", theirs)
    deliver()
    with scope_of(party.actor("manager")):
        kinds = Event.objects.filter(kind__startswith="evaluation.").values_list("kind", flat=True)
        assert list(kinds) == []
        assert not Evaluation.objects.filter(direction=C2L).exists()
    with system_scope("tests"):
        event = Event.objects.get(kind="evaluation.answered")
    assert (event.landlord_id, event.actor_user_id, event.order_id) == (
        party.contractor.pk,
        None,
        None,
    )


def test_the_company_replies_or_contests_and_the_platform_settles(world, client):
    party = world.first
    found = shared(party, party.order)
    reply = page(party, "contractor", "act", found.pk, "repondre")
    desk = client_of(party, "desk")
    assert desk.post(reply, {"text": " "}).status_code == 422
    assert desk.post(reply, {"text": "Nous avons changé d’équipe."}).status_code == 302
    assert desk.post(reply, {"text": "Encore un mot ici."}).status_code == 409
    seen = client_of(party, "manager").get(page(party, "landlord", "evaluation", found.pk))
    assert "changé d’équipe" in seen.text
    with pytest.raises(Conflict):
        act(
            party,
            "desk",
            services.reply_to_evaluation,
            evaluation_id=found.pk,
            text="Encore un mot ici.",
        )
    contest = page(party, "contractor", "act", found.pk, "contester")
    assert desk.post(contest, {"reason": "Ce n’était pas nous."}).status_code == 302
    with later(40):
        run_clock()
    assert evaluation_of(L2C).state == EvaluationState.CONTESTED  # waits for the platform
    with system_scope("tests"):
        assert not Ballot.objects.exists()


@pytest.mark.urls("tests.kernel.admin_urls")
@pytest.mark.parametrize("name", ["keep", "withdraw"])
def test_moderation_is_logged_and_a_withdrawn_one_counts_nowhere(world, name):
    party = world.first
    found = shared(party, party.order)
    act(
        party,
        "desk",
        services.contest_evaluation,
        evaluation_id=found.pk,
        reason="Ce n’était pas nous.",
    )
    staff = Client()
    staff.force_login(world.staff)
    url = reverse("admin:evaluations_evaluation_changelist")
    assert staff.get(url).status_code == 200
    data = {"action": name, "_selected_action": str(found.pk), "confirmed": "1"}
    assert "Écrivez quelques mots" in staff.post(url, data).text  # both sides read why
    assert evaluation_of(L2C).state == EvaluationState.CONTESTED
    staff.post(url, {**data, "reason": "bof"})
    assert evaluation_of(L2C).state == EvaluationState.CONTESTED
    reason = "Le bon de commande le confirme."
    assert staff.post(url, {**data, "reason": reason}).status_code == 302
    deliver()
    service = {"keep": "kept", "withdraw": "withdrawn"}[name]
    assert evaluation_of(L2C).state == service
    assert LogEntry.objects.filter(object_id=str(found.pk)).exists()
    with system_scope("tests"):
        assert Event.objects.filter(kind=f"evaluation.{service}").exists()
        decide = getattr(services, f"{name}_evaluation")
        with pytest.raises(Conflict):
            decide(actor=SYSTEM, evaluation_id=found.pk, reason=reason)
        rung = Notification.objects.filter(kind="evaluation_reacted")
        assert {(one.organisation_id, one.title[:9]) for one in rung} == {
            (party.landlord.pk, "Évaluatio"),
            (party.contractor.pk, "Évaluatio"),
            (party.landlord.pk, party.contractor.name[:9]),
        }
    with later(20):
        run_clock()
    with system_scope("tests"):
        assert Ballot.objects.count() == (name == "keep")
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        client = client_of(party, who)
        seen = client.get(page(party, side, "evaluation", found.pk)).text
        assert reason in seen
        assert "Ce n’était pas nous." in seen
        assert "a contesté une évaluation" in seen
        assert f"L’équipe de la plateforme a {_DECIDED[name]}" in seen
        for address in (page(party, side, "evaluation", found.pk), page(party, side, "home")):
            text = client.get(address).text
            assert ("Bien fait" in text, "sur 5" in text) == (name == "keep",) * 2
    assert client_of(world.second, "manager").get(
        page(party, "landlord", "evaluation", found.pk)
    ).status_code in (403, 404)


def test_who_contests_first_may_still_reply_to_what_is_kept(world):
    party = world.first
    found = shared(party, party.order)
    reason = {"evaluation_id": found.pk, "reason": "Ce n’était pas nous."}
    words = {"evaluation_id": found.pk, "text": "Nous avons changé d’équipe."}
    act(party, "desk", services.contest_evaluation, **reason)
    with later(40):
        with system_scope("tests: moderation"):
            services.keep_evaluation(
                actor=SYSTEM, evaluation_id=found.pk, reason="Rien ne le contredit."
            )
        client = client_of(party, "desk")
        shown = client.get(page(party, "contractor", "evaluation", found.pk)).text
        assert "Vous pouvez répondre jusqu’au" in shown
        act(party, "desk", services.reply_to_evaluation, **words)
        shown = client.get(page(party, "contractor", "evaluation", found.pk)).text
        assert "Nous avons changé d’équipe." in shown
        assert "Maintenue après examen" in shown
        for service, given in (
            (services.contest_evaluation, reason),
            (services.reply_to_evaluation, words),
        ):
            with pytest.raises(Conflict):
                act(party, "desk", service, **given)


_DECIDED = {"keep": "maintenu", "withdraw": "retiré"}


def test_the_landlord_hears_of_no_reaction_before_its_page_shows_it(world):
    party = world.first
    found = shared(party, party.order)
    with system_scope("tests: both answered at once"):
        Evaluation.objects.filter(pk=found.pk).update(closes_at=clock.now() + timedelta(days=3))
    words = {"evaluation_id": found.pk, "text": "Nous avons changé d’équipe."}
    act(party, "desk", services.reply_to_evaluation, **words)
    deliver()
    with system_scope("tests"):
        assert not Notification.objects.filter(kind="evaluation_reacted").exists()
    shown = client_of(party, "manager").get(page(party, "landlord", "evaluation", found.pk)).text
    assert "a répondu" not in shown
    assert "changé d’équipe" not in shown


def test_what_is_said_of_a_quarter_names_it_and_is_folded(world):
    party = world.first
    campaign = answered_campaign(party)
    with later(30):
        run_clock()
    seen = client_of(party, "desk").get(page(party, "contractor", "home")).text
    assert f"{party.landlord.name} vous évalue, {Quarter(campaign.quarter)}" in seen
    assert "<summary>Voir les 14 réponses" in seen


def worked_in(party, quarter: Quarter) -> None:
    """Let the party's works have been done in a quarter."""
    done(party)
    with system_scope("tests: an older order"):
        middle = quarter.starts_at + timedelta(days=40)
        Order.objects.filter(pk=party.order.pk).update(done_at=middle)
        Evaluation.objects.all().delete()


def test_a_quarter_that_ended_opens_one_campaign_and_each_member_answers_once(world):
    party = world.first
    now = Quarter.of(clock.today())
    worked_in(party, now)
    with clock.moved_to(now.ends_at + timedelta(days=1, hours=12)):
        run_clock()
        run_clock()
        with system_scope("tests"):
            campaign = Campaign.objects.get()
        assert campaign.quarter == now.first
        clerk = client_of(party, "clerk")
        assert clerk.get(page(party, "landlord", "campaign", campaign.pk)).status_code == 403
        for who, side in (("manager", "landlord"), ("desk", "contractor")):
            client, url = client_of(party, who), page(party, side, "campaign", campaign.pk)
            assert url in client.get(page(party, side, "home")).text
            shown = client.get(url)
            assert shown.text.count("<fieldset") == (14 if side == "landlord" else 11)
            missing = client.post(url, {"trust": "4"})
            assert missing.status_code == 422
            data = dict.fromkeys(EVERY_MARK, "4")
            assert client.post(url, data).status_code == 302
            assert client.post(url, data).status_code == 409
            assert client.get(url).status_code == 302
    with clock.moved_to(now.ends_at + timedelta(days=9)):
        run_clock()
        run_clock()
    with system_scope("tests"):
        assert Event.objects.filter(kind="campaign.reminded").count() == 1
        told = Notification.objects.filter(kind="evaluation_campaign")
        assert not told.filter(title__startswith="Rappel").exists()  # all have answered
        assert Answer.objects.filter(user__isnull=False).count() == 2
    with clock.moved_to(now.ends_at + timedelta(days=16)):
        run_clock()
    with system_scope("tests"):
        assert Campaign.objects.get().closed_at is not None
        assert not Answer.objects.filter(user__isnull=False).exists()
        shown = Evaluation.objects.filter(is_shared=True)
        assert set(shown.values_list("direction", flat=True)) == {L2C}


def test_whoever_did_not_answer_counts_for_the_rate_only(world):
    party = world.first
    campaign = campaign_of(party)
    act(party, "manager", services.answer_campaign, campaign_id=campaign.pk, marks=EVERY_MARK)
    with later(8):
        run_clock()
    with system_scope("tests"):
        told = Notification.objects.filter(
            kind="evaluation_campaign", title__startswith="Rappel"
        ).values_list("user_id", flat=True)
        assert set(told) == {party.clerk.user_id, party.desk.user_id}
    with later(15):
        run_clock()
        with pytest.raises(Refused):
            act(
                party,
                "clerk",
                services.answer_campaign,
                campaign_id=campaign.pk,
                marks=EVERY_MARK,
            )
    with system_scope("tests"):
        blank = list(Ballot.objects.values_list("direction", "marks", "trade_code"))
    # In the trade in which the answers count: else every trade's rate were 100 %.
    assert sorted(blank) == [(C2L, {}, "plomberie"), (L2C, {}, "plomberie")]


def test_readers_give_nothing_and_technicians_see_nothing(world):
    party = world.first
    campaign = campaign_of(party)
    reader = client_of(party, "reader")
    assert reader.get(page(party, "landlord", "campaign", campaign.pk)).status_code == 403
    assert (
        page(party, "landlord", "campaign", campaign.pk)
        not in reader.get(page(party, "landlord", "home")).text
    )
    assert client_of(party, "technician").get(page(party, "contractor", "home")).status_code == 403
    assert set(EVERY_MARK) >= set(Axis.values)


def seats_of(campaign) -> dict[str, set]:
    with system_scope("tests"):
        rows = CampaignSeat.objects.filter(campaign=campaign)
        found: dict[str, set] = {}
        for direction, user_id in rows.values_list("direction", "user_id"):
            found.setdefault(direction, set()).add(user_id)
    return found


def clerks(party, n: int, *, first: int = 0, **changes) -> list[Membership]:
    """Put so many more clerks at the landlord's desk."""
    found = []
    with system_scope("tests"):
        for index in range(first, first + n):
            user = User.objects.create(
                email=f"guichet{index}@example.org", first_name="Guichet", last_name=str(index)
            )
            found.append(
                Membership.objects.create(
                    organisation=party.landlord,
                    user=user,
                    department="territory",
                    roles=["clerk"],
                    **changes,
                )
            )
    return found


def test_only_who_acted_on_an_order_of_the_two_is_asked(world):
    party = world.first
    now = Quarter.of(clock.today())
    worked_in(party, now)
    others = clerks(party, 3)
    with system_scope("tests"):
        acted = set(
            Event.objects.filter(order_id=party.order.pk, actor_organisation_id=party.landlord.pk)
            .exclude(actor_user=None)
            .values_list("actor_user_id", flat=True)
        )
    assert acted
    campaign = campaign_of(party, now)
    asked = seats_of(campaign)
    assert asked[L2C] == acted
    assert not asked[L2C] & {member.user_id for member in others}
    stranger = replace(party.actor("clerk"), user_id=others[0].user_id)
    given = {"campaign_id": campaign.pk, "marks": EVERY_MARK}
    with scope_of(stranger), pytest.raises(Refused):
        services.answer_campaign(actor=stranger, **given)


def test_where_who_acted_has_left_the_territory_is_asked_by_lot(world):
    party = world.first
    now = Quarter.of(clock.today())
    worked_in(party, now)
    agencies = [act(party, "manager", add_agency, name=name) for name in ("Nord", "Sud")]
    here = clerks(party, MOST_SEATS + 2, agency=agencies[0])
    clerks(party, 1, first=90, agency=agencies[1])
    with system_scope("tests"):
        Order.objects.filter(pk=party.order.pk).update(agency=agencies[0])
        left = [party.manager.pk, party.clerk.pk]
        Membership.objects.filter(pk__in=left).update(is_active=False)
    asked = seats_of(campaign_of(party, now))[L2C]
    assert len(asked) == MOST_SEATS
    assert asked < {member.user_id for member in here}
    with system_scope("tests"):  # the same lot, whoever draws it again
        campaign = Campaign.objects.get()
        CampaignSeat.objects.all().delete()
        again = {seat.user_id for seat in seats_for(campaign) if seat.direction == L2C}
    assert again == asked


def test_nobody_is_asked_about_more_houses_than_he_can_bear(world, monkeypatch):
    party = world.first
    monkeypatch.setattr("evaluations.respondents.MOST_FORMS", 1)
    before = Quarter.of(clock.today()).previous
    first = campaign_of(party, before)
    assert party.desk.user_id in seats_of(first)[C2L]
    with system_scope("tests"):
        other = Campaign.objects.create(
            landlord=world.second.landlord,
            contractor=party.contractor,
            quarter=before.first,
            opened_at=first.opened_at,
            closes_at=first.closes_at,
        )
        drawn = seats_for(other)
    assert not [seat for seat in drawn if seat.direction == C2L]
    assert [seat for seat in drawn if seat.direction == L2C]


def test_seats_are_told_to_their_own_house_which_counts_its_answers(world):
    party = world.first
    campaign = campaign_of(party)
    act(party, "manager", services.answer_campaign, campaign_id=campaign.pk, marks=EVERY_MARK)
    for who, side, direction in (("clerk", "landlord", L2C), ("desk", "contractor", C2L)):
        with scope_of(party.actor(who)):
            told = set(CampaignSeat.objects.values_list("direction", flat=True))
        assert told == {direction}
        text = client_of(party, who).get(page(party, side, "home")).text
        asked = len(seats_of(campaign)[direction])
        words = {L2C: f"1 sur {asked} a répondu", C2L: f"personne encore, sur {asked}"}
        assert words[direction] in text


def test_one_bell_a_person_and_day_whatever_the_number_of_campaigns(world):
    party = world.first
    before = Quarter.of(clock.today()).previous
    for quarter in (before, before.previous):
        campaign_of(party, quarter)
        deliver()
    with system_scope("tests"):
        told = Notification.objects.filter(kind="evaluation_campaign", user=party.desk.user_id)
        assert [one.url for one in told] == [page(party, "contractor", "home")]

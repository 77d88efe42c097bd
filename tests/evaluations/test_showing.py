"""A company's own answers: its own to show, as long as nobody else is found by them."""

from __future__ import annotations

import random

import pytest
from django.core.management import call_command

from evaluations import services
from evaluations.models import AnswerStanding, GivenAnswers
from evaluations.services.publishing import _PLANS, _results
from evaluations.services.showing import _others_stay_hidden
from evaluations.showing_notices import KIND
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event, Notification
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, deliver, later, page
from tests.evaluations.test_participation import _companies, drawn, found_out
from tests.evaluations.test_publishing import LAST, companies, publish, said
from tests.factories.acting import act
from tests.factories.evaluated import C2L, balloted
from tests.factories.world import build_world
from tests.races import collide

__all__ = ["companies"]
SHOWN = "montré par l’entreprise"


def given_of(company) -> GivenAnswers:
    with system_scope("tests: given"):
        return GivenAnswers.objects.get(contractor=company)


def asked_to_show(given) -> None:
    """As a manager of another company asks: there is nobody to log in."""
    with system_scope("tests: asked"):
        GivenAnswers.objects.filter(pk=given.pk).update(asked_at=LAST.ends_at)


def settle(given) -> bool:
    with system_scope("tests: settle"):
        return services.settle_showing(actor=SYSTEM, given_id=given.pk)


def results_of(party, **view) -> str:
    return client_of(party, "manager").get(page(party, "landlord", "results"), view).text


@pytest.fixture
def given(world, companies) -> GivenAnswers:
    """Two answers of each of four companies, published; the first one's own."""
    said(world.first, companies, [4, 3, 5, 2, 3, 3, 4, 2])
    publish(world.first)
    return given_of(companies[0])


def test_a_company_reads_its_own_answers_and_its_landlord_once_they_are_shown(world, given):
    party = world.first
    desk = client_of(party, "desk")
    shown = desk.get(page(party, "contractor", "given"))
    assert "3,5" in shown.text
    assert SHOWN not in results_of(party)
    with scope_of(party.actor("manager")):
        assert not GivenAnswers._base_manager.exists()
    url = page(party, "contractor", "given_show", given.pk)
    assert "à tout moment" in desk.get(url).text
    assert desk.post(url).status_code == 422
    assert desk.post(url, {"consents": "on"}).status_code == 302
    assert "Vérification en cours" in desk.get(page(party, "contractor", "given")).text
    deliver()
    text = results_of(party)
    assert f"{party.contractor.name}, {SHOWN}" in text
    assert "3,5" in text
    assert f"contractor:{party.contractor.pk}" not in text or SHOWN in results_of(
        party, vue=f"contractor:{party.contractor.pk}"
    )
    assert (
        client_of(world.second, "manager")
        .get(page(world.second, "landlord", "results"))
        .text.find(SHOWN)
        == -1
    )
    assert "les lit depuis" in desk.get(page(party, "contractor", "given")).text
    assert desk.get(url).status_code == 409
    assert desk.post(page(party, "contractor", "given_withdraw", given.pk)).status_code == 302
    assert SHOWN not in results_of(party)
    with scope_of(party.actor("manager")):
        assert not GivenAnswers._base_manager.exists()
    # What was shown once is shown again at once.
    act(party, "desk", services.show_answers, given_id=given.pk, consents=True)
    assert SHOWN in results_of(party)


def rung(party) -> list[tuple[str, str]]:
    """Return the house and the address of each bell of the landlord's manager, the oldest first."""
    with system_scope("tests: bells"):
        rows = Notification.objects.filter(kind=KIND, user=party.manager.user_id)
        return list(rows.order_by("created_at").values_list("organisation__slug", "url"))


def test_its_landlords_desk_is_rung_once_a_day_and_led_to_them(world, given):
    party = world.first
    act(party, "desk", services.show_answers, given_id=given.pk, consents=True)
    assert rung(party) == []  # that it is asked is the company's own business
    deliver()
    (one,) = rung(party)
    assert one[0] == party.landlord.slug
    text = client_of(party, "manager").get(one[1]).text
    assert f'id="{one[1].partition("#")[2]}"' in text
    act(party, "desk", services.withdraw_answers, given_id=given.pk)
    act(party, "desk", services.show_answers, given_id=given.pk, consents=True)
    deliver()
    assert len(rung(party)) == 1
    with later(1):
        act(party, "desk", services.withdraw_answers, given_id=given.pk)
        act(party, "desk", services.show_answers, given_id=given.pk, consents=True)
        deliver()
        assert len(rung(party)) == 2


def test_no_bell_rings_of_answers_withdrawn_or_refused(world, companies, given):
    party = world.first
    act(party, "desk", services.show_answers, given_id=given.pk, consents=True)
    assert settle(given)
    act(party, "desk", services.withdraw_answers, given_id=given.pk)
    other = given_of(companies[1])
    asked_to_show(other)
    assert settle(other) is False
    deliver()
    assert rung(party) == []


def test_only_its_direction_shows_and_with_its_word(world, given):
    party = world.first
    with pytest.raises(Refused):
        act(party, "technician", services.show_answers, given_id=given.pk, consents=True)
    with pytest.raises(Invalid):
        act(party, "desk", services.show_answers, given_id=given.pk, consents=False)
    with pytest.raises(Conflict):
        act(party, "desk", services.withdraw_answers, given_id=given.pk)
    with pytest.raises(Refused), scope_of(party.actor("desk")):
        services.settle_showing(actor=party.actor("desk"), given_id=given.pk)
    act(party, "desk", services.show_answers, given_id=given.pk, consents=True)
    with pytest.raises(Conflict):
        act(party, "desk", services.show_answers, given_id=given.pk, consents=True)
    act(party, "desk", services.withdraw_answers, given_id=given.pk)
    assert settle(given) is False  # nobody wishes it any more
    with scope_of(party.actor("manager")):
        assert not Event.objects.filter(kind__startswith="answers.").exists()


def test_what_would_tell_of_the_others_is_refused_also_after_a_withdrawal(world, companies, given):
    """Of four companies one may show; a second one would leave two, whoever has withdrawn."""
    party = world.first
    act(party, "desk", services.show_answers, given_id=given.pk, consents=True)
    deliver()
    act(party, "desk", services.withdraw_answers, given_id=given.pk)
    other = given_of(companies[1])
    asked_to_show(other)
    assert settle(other) is False
    with scope_of(party.actor("manager")):
        assert not GivenAnswers._base_manager.exists()
        kinds = set(Event.objects.values_list("kind", flat=True))
    assert "answers.shown" in kinds
    assert not {"answers.asked", "answers.refused"} & kinds
    first = given_of(companies[0])
    assert (first.shown_at is None, first.withdrawn_at is None) == (False, False)


def test_a_refused_company_reads_why(world, companies, given):
    party = world.first
    other = given_of(companies[1])
    asked_to_show(other)
    assert settle(other) is True
    url = page(party, "contractor", "given_show", given.pk)
    desk = client_of(party, "desk")
    assert desk.post(url, {"consents": "on"}).status_code == 302
    deliver()
    assert (
        "au moins cinq réponses de trois entreprises"
        in desk.get(page(party, "contractor", "given")).text
    )
    assert desk.post(url, {"consents": "on"}).status_code == 409


def test_an_axis_of_which_a_number_but_no_mean_is_told_is_not_the_companys_to_show(
    world, companies
):
    party = world.first
    said(party, companies, [4, 3, 5, 2])
    publish(party)
    with system_scope("tests"):
        assert not GivenAnswers.objects.exists()


def test_who_may_be_one_person_is_said_so(world, companies):
    party = world.first
    said(party, companies, [4, 3, 5, 2, 3, 3, 4])
    publish(party)
    alone = given_of(companies[3])
    with system_scope("tests"):
        GivenAnswers.objects.filter(pk=alone.pk).delete()
        GivenAnswers.objects.filter(contractor=companies[0]).update(lines=alone.lines)
    desk = client_of(party, "desk")
    assert "elle sera reconnaissable" in desk.get(page(party, "contractor", "given")).text
    url = page(party, "contractor", "given_show", given_of(companies[0]).pk)
    assert "Elle sera reconnaissable" in desk.get(url).text


@pytest.mark.parametrize("seed", range(20))
def test_shown_answers_tell_of_no_other_company_whether_it_answered(world, seed):
    """The attack on participation, with what companies show beside all that is published."""
    dice = random.Random(seed)
    ballots, keys = drawn(dice)
    told = list(_results(ballots, C2L, _PLANS[C2L], {}))
    overall = [row for row in told if row.dimension == "overall"]
    known: dict[int, int] = {}
    for n in dice.sample(range(len(keys)), 3):
        own = sum(bool(one.marks) for one in ballots if one.contractor_id.int == 100 + n)
        if own and hidden(ballots, told, {*known, n}):
            known[n] = own
    found = found_out(told, keys, known)
    assert {one for one in found if one[0] not in known} <= found_out(overall, keys)


def hidden(ballots, told, shown) -> bool:
    """Ask the guard about companies by their number."""
    return _others_stay_hidden(
        ballots,
        [row for row in told if row.level != "few"],
        {one.contractor_id for one in ballots if one.contractor_id.int - 100 in shown},
    )


def test_the_standing_is_a_third_among_six_companies_and_its_own(world, companies):
    party = world.first
    others = _companies(party, 3)
    for n, company in enumerate([*companies, *others[:1]]):
        before = {"direction": C2L, "contractor": company, "quarter": LAST.previous.first}
        balloted(party, {"trust": 4} if n < 4 else {}, **before)
    publish(party, LAST.previous)
    balance = page(party, "contractor", "balance")
    desk = client_of(party, "desk")
    assert "Pas encore assez d’entreprises (5 sur 6)" in desk.get(balance).text
    for n, company in enumerate([*companies, *others]):
        for answered in range(3):
            marks = {"trust": 4} if answered < (3 if n < 2 else 2 if n < 5 else 0) else {}
            balloted(party, marks, direction=C2L, contractor=company)
    publish(party)
    assert "premier tiers, parmi 7 entreprises" in desk.get(balance).text
    with system_scope("tests"):
        rows = AnswerStanding.objects.filter(quarter=LAST.first)
        thirds = {row.contractor_id: row.third for row in rows}
    assert [thirds[one.pk] for one in [*companies, *others]] == [1, 1, 1, 1, 1, 3, 3]
    with scope_of(party.actor("manager")):
        assert not AnswerStanding._base_manager.exists()


def kept() -> tuple[list, list]:
    """Return what is kept of companies: the lines of their answers, and where they stand."""
    with system_scope("tests: kept"):
        return (
            list(GivenAnswers.objects.order_by("contractor").values_list("contractor", "lines")),
            list(AnswerStanding.objects.order_by("contractor").values_list("contractor", "third")),
        )


def test_a_quarter_of_before_is_filled_once_as_if_it_had_been_kept(world, companies, given, capsys):
    before = kept()
    with system_scope("tests: a quarter published by a former version"):
        GivenAnswers.objects.all().delete()
        AnswerStanding.objects.all().delete()
    call_command("keep_given")
    call_command("keep_given")
    assert capsys.readouterr().out.split("\n")[:2] == ["1 quarters kept", "0 quarters kept"]
    assert kept() == before
    assert len(before[0]) == len(before[1]) == 4


def test_a_quarter_with_other_ballots_than_were_counted_stays_as_it_is(world, companies, given):
    party = world.first
    with system_scope("tests: a quarter published by a former version"):
        GivenAnswers.objects.all().delete()
        AnswerStanding.objects.all().delete()
    balloted(party, {"trust": 1}, direction=C2L, contractor=companies[1])
    call_command("keep_given")
    assert kept() == ([], [])
    with pytest.raises(Refused), scope_of(party.actor("desk")):
        services.keep_given_later(
            actor=party.actor("desk"), landlord_id=party.landlord.pk, quarter=LAST
        )


@pytest.mark.concurrency
@pytest.mark.django_db(transaction=True)
def test_two_companies_at_once_can_not_leave_the_others_bare(transactional_db, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests: world"):
        party = build_world().first
    houses = [party.contractor, *_companies(party, 3)]
    said(party, houses, [4, 3, 5, 2, 3, 3, 4, 2])
    publish(party)
    rows = [given_of(house) for house in houses[:2]]
    for row in rows:
        asked_to_show(row)
    assert collide(lambda: settle(rows[0]), lambda: settle(rows[1])) is False
    assert [given_of(house).shown_at is not None for house in houses[:2]] == [True, False]

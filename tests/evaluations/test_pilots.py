"""Needs and pilots: frozen at the start, measured from facts, decided with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from evaluations import services, tasks
from evaluations.axes import Direction
from evaluations.models import Evaluation, Need, Pilot, PilotContract, PilotDecision
from evaluations.perimeter_facts import Days, Part, measured
from evaluations.pilot_book import FEATURES, NeedCode, PilotFact, features_for
from evaluations.selectors.pilots import pilot_page
from evaluations.services import CriterionInput
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Agency, Notification, Sector
from nexxio.core.scoping import system_scope
from orders.models import Contract, ContractPlace, Order, Trade
from tests.evaluations.steps import client_of, deliver, done, later, page
from tests.factories.acting import act
from tests.factories.piloted import CRITERIA, needed, pilot_input, piloted

WORDS = "Les faits sont nets, les équipes aussi."


def decided(party, pilot, outcome, **more):
    values = {"outcome": outcome, "note": WORDS, "facts": [], **more}
    return act(party, "manager", services.decide_pilot, pilot_id=pilot.pk, **values)


def shown(party, pilot):
    actor = party.actor("manager")
    with scope_of(actor):
        found = Pilot.objects.select_related("landlord").get(pk=pilot.pk)
        return pilot_page(actor, found)


def asked_both(party) -> bool:
    """Whether the two houses were asked about the party's order."""
    with system_scope("tests"):
        return Evaluation.objects.filter(
            order=party.order, direction=Direction.LANDLORD_CONTRACTOR
        ).exists()


def test_the_book_leaves_no_need_without_features_and_no_feature_without_facts():
    assert all(len(features_for(code)) >= 2 for code in NeedCode.values)
    assert all(one.needs and one.facts for one in FEATURES.values())
    for one in FEATURES.values():
        assert (one.is_on is not None) == (one.switch == "contract"), one.code


def test_a_manager_lists_a_need_once_and_takes_it_back(world):
    party = world.first
    need = needed(party)
    with pytest.raises(Invalid):
        needed(party)
    with pytest.raises(Invalid):
        act(party, "manager", services.list_need, code="nothing")
    for who in ("clerk", "desk"):
        with pytest.raises(Refused):
            act(party, who, services.list_need, code="costs")
    with scope_of(party.actor("desk")):
        assert not Need.objects.exists()
    act(party, "manager", services.withdraw_need, need_id=need.pk)
    with pytest.raises(Conflict):
        act(party, "manager", services.withdraw_need, need_id=need.pk)
    assert needed(party).pk != need.pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": " "}, "name"),
        ({"way_back": "Rien"}, "way_back"),
        ({"starts_in": -1}, "starts_on"),
        ({"review_on": clock.today()}, "review_on"),
        ({"review_on": clock.today() + timedelta(days=400)}, "review_on"),
        ({"trade": ""}, "agency"),
        ({"trade": "magie"}, "trade"),
        ({"criteria": CRITERIA[:1]}, "no_go_1_fact"),
        (
            {"criteria": (*CRITERIA, CriterionInput("go", "told", "at_least", Decimal(101)))},
            "",
        ),
    ],
)
def test_a_pilot_that_makes_no_sense_is_refused_by_its_field(world, changes, field):
    with pytest.raises(Invalid) as refused:
        piloted(world.first, **changes)
    assert field in refused.value.errors


def test_a_pilot_is_written_before_its_start_and_frozen_from_then_on(world):
    party = world.first
    with pytest.raises(Invalid):
        piloted(party, need="inform", feature="tacit")
    typed = {"need": "inform", "feature": "statuses", "data": pilot_input(party)}
    for who in ("clerk", "desk"):
        with pytest.raises(Refused):
            act(party, who, services.prepare_pilot, **typed)
    pilot = piloted(party, starts_in=5)
    with pytest.raises(Conflict):
        decided(party, pilot, "go")
    data = pilot_input(party, starts_in=6, name="Autre nom")
    act(party, "manager", services.change_pilot, pilot_id=pilot.pk, data=data)
    with pytest.raises(Refused):
        act(party, "clerk", services.change_pilot, pilot_id=pilot.pk, data=data)
    with later(6):
        for service, more in (
            (services.change_pilot, {"data": data}),
            (services.withdraw_pilot, {}),
        ):
            with pytest.raises(Conflict):
                act(party, "manager", service, pilot_id=pilot.pk, **more)
    gone = piloted(party, starts_in=5)
    act(party, "manager", services.withdraw_pilot, pilot_id=gone.pk)
    with pytest.raises(Conflict):
        act(party, "manager", services.withdraw_pilot, pilot_id=gone.pk)


def test_facts_are_counted_from_what_happened_against_the_thresholds(world):
    party = world.first
    pilot = piloted(party)
    done(party)
    part, today = Part(party.landlord.pk, trade="plomberie"), clock.today()
    with scope_of(party.actor("manager")):
        facts = measured(part, Days(today - timedelta(days=1), today + timedelta(days=30)))
        elsewhere = measured(Part(party.landlord.pk, trade="toiture"), Days(today, today))
    assert (facts[PilotFact.FIRST_TIME].value, facts[PilotFact.FIRST_TIME].n) == (100, 1)
    assert facts[PilotFact.COMPLETE].value == 100
    assert facts[PilotFact.TOLD].n >= 1
    assert set(facts) == set(PilotFact.values)
    assert all(one.value is None and one.n == 0 for one in elsewhere.values())
    (go, no_go) = shown(party, pilot).groups
    assert go.rows[0].now == "moins de 10 cas"
    assert go.rows[0].n == 1
    assert go.rows[0].status.code == no_go.rows[0].status.code == "few"


def test_criteria_are_met_from_ten_cases_on(world, monkeypatch):
    party = world.first
    pilot = piloted(party)
    done(party)
    monkeypatch.setattr("evaluations.selectors.pilots.FEWEST", 1)
    found = shown(party, pilot)
    (go, no_go) = found.groups
    assert go.rows[0].status.code == "met"
    assert no_go.rows[0].status.code == "missed"
    assert "Tous les critères" in found.advice


def test_prolonged_then_kept_then_switched_back(world):
    party = world.first
    pilot = piloted(party)
    for outcome, more in (
        ("maybe", {}),
        ("go", {"note": "Oui"}),
        ("prolonged", {}),
        ("prolonged", {"review_on": pilot.review_on}),
    ):
        with pytest.raises(Invalid):
            decided(party, pilot, outcome, **more)
    with pytest.raises(Refused):
        act(
            party,
            "clerk",
            services.decide_pilot,
            pilot_id=pilot.pk,
            outcome="go",
            note=WORDS,
            facts=[],
        )
    day = pilot.review_on + timedelta(days=30)
    decided(party, pilot, "prolonged", review_on=day)
    kept = decided(party, pilot, "go", facts=[{"fact": "x"}], everywhere=True)
    assert kept.everywhere
    with pytest.raises(Conflict):
        decided(party, pilot, "go")
    decided(party, pilot, "no_go")
    with pytest.raises(Conflict):
        decided(party, pilot, "no_go")
    found = shown(party, pilot)
    assert [one.outcome for one in found.decisions] == ["no_go", "go", "prolonged"]
    assert found.pilot.review_on == day
    assert not found.pilot.everywhere
    # Nobody writes a decision anew.
    with scope_of(party.actor("manager")), pytest.raises(DatabaseError), transaction.atomic():
        PilotDecision.objects.update(note="Autre chose")


def test_where_a_pilot_runs_both_houses_are_asked_after_each_order(world):
    party = world.first
    done(party)
    assert not asked_both(party)


def test_the_feature_is_in_service_there_and_switched_back_by_the_decision(world):
    first, second = world.first, world.second
    piloted(first, need="relation", feature="each_order")
    done(first)
    assert asked_both(first)
    pilot = piloted(second, need="relation", feature="each_order")
    decided(second, pilot, "no_go")
    done(second)
    assert not asked_both(second)


@pytest.mark.parametrize("everywhere", [False, True])
def test_a_pilot_elsewhere_switches_nothing_here_until_it_is_kept_everywhere(world, everywhere):
    party = world.first
    with system_scope("tests"):
        Trade.objects.create(code="toiture", label="Toiture")
    pilot = piloted(party, need="relation", feature="each_order", trade="toiture")
    decided(party, pilot, "go", everywhere=everywhere)
    done(party)
    assert asked_both(party) == everywhere


def test_its_companies_read_name_days_and_criteria_and_nothing_else(world):
    party = world.first
    pilot = piloted(party)
    decided(party, pilot, "go", facts=[])
    deliver()
    contract = f"/prestataire/{party.contractor.slug}/marches/{party.contract.pk}/"
    response = client_of(party, "desk").get(contract)
    assert response.status_code == 200
    assert pilot.name in response.text
    assert "au moins 80" in response.text
    assert WORDS not in response.text
    with scope_of(party.actor("desk")):
        assert Pilot.objects.count() == PilotContract.objects.count() == 1
        assert not PilotDecision.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic():
            Pilot.objects.create(
                landlord=party.landlord,
                name="x",
                trade_id="plomberie",
                starts_on=clock.today(),
                review_on=clock.today() + timedelta(days=1),
                way_back="x",
            )
    for who in ("manager", "desk"):
        with scope_of(world.second.actor(who)):
            assert not Pilot.objects.exists()
    with system_scope("tests"):
        titles = set(
            Notification.objects.filter(organisation=party.contractor).values_list(
                "title", flat=True
            )
        )
    assert any("Un pilote concerne votre marché" in title for title in titles)


def test_an_agency_touches_the_contracts_that_cover_it(world):
    party = world.first
    with system_scope("tests"):
        here = Agency.objects.create(landlord=party.landlord, name="Est")
        there = Agency.objects.create(landlord=party.landlord, name="Ouest")
        sector = Sector.objects.create(landlord=party.landlord, agency=here, name="E1")
        ContractPlace.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            contract=party.contract,
            sector=sector,
            name="E1",
        )
    for agency, touched in ((here, 1), (there, 0)):
        pilot = piloted(party, trade="", agency_id=agency.pk)
        assert pilot.perimeter == agency.name
        assert len(shown(party, pilot).contracts) == touched
    with pytest.raises(Invalid):
        piloted(world.second, trade="", agency_id=here.pk)


def test_a_term_of_the_contract_is_said_contract_by_contract(world):
    party = world.first
    pilot = piloted(party, need="payment", feature="tacit")
    assert [one.is_on for one in shown(party, pilot).contracts] == [False]
    with system_scope("tests"):
        Contract.objects.filter(pk=party.contract.pk).update(tacit_clause="Silence vaut accord")
    assert [one.is_on for one in shown(party, pilot).contracts] == [True]


def test_the_pages_from_a_need_to_a_decision(world):
    party = world.first
    client = client_of(party, "manager")
    listing = page(party, "landlord", "pilots")
    assert "Que voulez-vous améliorer" in client.get(listing).text
    client.post(page(party, "landlord", "need_new"), {"code": "inform", "note": "Trop d’appels"})
    assert "Statuts donnés sur place" in client.get(listing).text
    new = page(party, "landlord", "pilot_new", "inform", "statuses")
    assert client.get(new).status_code == 200
    today = clock.today()
    typed = {
        "name": "Statuts de plomberie",
        "trade": "plomberie",
        "starts_on": today.isoformat(),
        "review_on": (today + timedelta(days=60)).isoformat(),
        "way_back": "Les appels reviennent à l’agence.",
        "go_1_fact": "told",
        "go_1_comparison": "at_least",
        "go_1_threshold": "92,5",
        "go_2_comparison": "at_least",
        "no_go_1_fact": "told",
        "no_go_1_comparison": "at_most",
        "no_go_1_threshold": "",
        "no_go_2_comparison": "at_most",
    }
    wrong = client.post(new, typed)
    assert wrong.status_code == 422
    assert "Donnez le seuil de ce fait" in wrong.text
    assert "Pour arrêter, 1 : seuil" in wrong.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Les appels reviennent" in wrong.text
    made = client.post(new, {**typed, "no_go_1_threshold": "70"}, follow=True)
    assert "Statuts de plomberie" in made.text
    assert "au moins 92,5" in made.text
    with system_scope("tests"):
        pilot = Pilot.objects.get()
    act_url = page(party, "landlord", "pilot_act", pilot.pk, "decider")
    decide = client.get(act_url)
    assert "Les appels reviennent" in decide.text
    assert "Nexxio n’éteint rien" in decide.text
    assert client.post(act_url, {"outcome": "prolonged", "note": WORDS}).status_code == 422
    gone = client.post(act_url, {"outcome": "no_go", "note": WORDS}, follow=True)
    assert WORDS in gone.text
    with system_scope("tests"):
        decision = PilotDecision.objects.get()
    assert {one["fact"] for one in decision.facts} == {"Statuts transmis dans l’heure"}
    assert client.get(act_url).status_code == 409


def test_an_order_without_agency_is_not_of_an_agency(world):
    party = world.first
    with system_scope("tests"):
        agency = Agency.objects.create(landlord=party.landlord, name="Est")
        assert Order.objects.filter(pk=party.order.pk, agency__isnull=True).exists()
    piloted(party, need="relation", feature="each_order", trade="", agency_id=agency.pk)
    done(party)
    assert not asked_both(party)


def test_its_managers_hear_once_that_a_review_is_due(world):
    party = world.first
    pilot = piloted(party)
    assert tasks.measure_due() == 0
    system = replace(SYSTEM, organisation_id=party.landlord.pk)
    with clock.moved_to(clock.now() + (pilot.review_on - clock.today()) + timedelta(days=1)):
        assert tasks.measure_due() == 1
        assert tasks.measure_due() == 0
        with system_scope("tests"):
            assert not services.tell_pilot_due(actor=system, pilot_id=pilot.pk)
        deliver()
        with system_scope("tests"):
            rung = Notification.objects.filter(kind="pilot_due")
            assert [(one.user_id, one.title) for one in rung] == [
                (party.manager.user_id, f"Bilan à faire · {pilot.name}")
            ]
            url = rung.get().url
        assert client_of(party, "manager").get(url).status_code == 200
        day = clock.today() + timedelta(days=20)
        decided(party, pilot, "prolonged", review_on=day)
        assert tasks.measure_due() == 0  # another day of review
    with clock.moved_to(clock.now() + (day - clock.today()) + timedelta(days=1)):
        assert tasks.measure_due() == 1


def test_no_figure_is_printed_of_fewer_than_ten_cases(world):
    party = world.first
    pilot = piloted(party)
    done(party)
    told = [row for group in shown(party, pilot).groups for row in group.rows]
    assert {row.now for row in told if row.n} == {"moins de 10 cas"}

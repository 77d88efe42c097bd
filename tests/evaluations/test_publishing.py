"""What a quarter publishes: once, above the thresholds, and no name in all that anybody reads."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal
from itertools import combinations

import pytest

from evaluations import services
from evaluations.models import Answer, Ballot, Evaluation, Result, Voice
from evaluations.quarters import Quarter
from evaluations.selectors.results import Asked, results_page
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict
from nexxio.core.models import Event, Group, LegalForm, Organisation, OrganisationKind, Partnership
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, page
from tests.evaluations.test_lattice import solved, spans
from tests.factories.acting import act
from tests.factories.evaluated import C2L, L2C, T2R, asked_of, balloted, campaign_of

LAST = Quarter.of(clock.today()).previous


@pytest.fixture
def companies(world) -> list[Organisation]:
    """Four companies of the first landlord, its own one first."""
    party = world.first
    with system_scope("tests: companies"):
        others = [
            Organisation.objects.create(
                kind=OrganisationKind.CONTRACTOR,
                legal_form=LegalForm.COMPANY,
                name=f"Entreprise {n}",
                slug=f"entreprise-{n}",
            )
            for n in range(3)
        ]
        for other in others:
            Partnership.objects.create(landlord=party.landlord, contractor=other)
    return [party.contractor, *others]


def publish(party, quarter: Quarter = LAST) -> int:
    with system_scope("tests: publish"), clock.moved_to(_published_at()):
        return services.publish_quarter(
            actor=SYSTEM, landlord_id=party.landlord.pk, quarter=quarter
        )


def _published_at():
    return LAST.starts_at.replace(hour=12) + (LAST.publishes_on - LAST.first)


def said(party, companies, marks, **changes):
    """Ballots of companies about the landlord, one mark each in turn."""
    for n, mark in enumerate(marks):
        company = companies[n % len(companies)]
        balloted(party, {"trust": mark}, direction=C2L, contractor=company, **changes)


def page_of(party, who, **asked):
    actor = party.actor(who)
    with scope_of(actor):
        return results_page(actor, Asked(**asked))


def line_of(found, subject):
    (line,) = [one for one in (*found.axes, *found.criteria) if one.subject == subject]
    return line


def test_companies_are_one_voice_from_five_answers_of_three_on(world, companies):
    party = world.first
    said(party, companies, [4, 3, 5, 2, 4, 3])
    balloted(party, {}, direction=C2L)
    assert publish(party) > 0
    told = line_of(page_of(party, "manager"), "trust").of_landlord
    assert (told.row.n, told.mean) == (6, Decimal("3.5"))
    assert told.interval
    assert (
        "Prestataire → bailleur",
        "86\N{NO-BREAK SPACE}%",
        "6 réponses sur 7 demandées",
    ) in (page_of(party, "manager").rates)
    # The company reads the same voice of all, and nothing of the others.
    assert line_of(page_of(party, "desk"), "trust").of_landlord.mean == Decimal("3.5")


def test_too_few_say_so_and_two_companies_say_nothing(world, companies):
    party = world.first
    said(party, companies, [4, 3, 5])
    publish(party)
    found = line_of(page_of(party, "manager"), "trust").of_landlord
    assert (found.mean, found.text) == (None, "Pas encore assez de réponses (3 sur 5)")
    assert not page_of(party, "manager").rates


def test_with_two_companies_not_even_the_number_is_told(world, companies):
    party = world.first
    said(party, companies[:2], [4, 3, 5, 4, 2, 1])
    publish(party)
    found = line_of(page_of(party, "manager"), "trust").of_landlord
    assert "trois entreprises" in found.text
    assert (found.row.n, found.row.asked) == (0, 0)


def test_tenants_mean_is_told_inside_from_five_and_published_from_ten(world):
    party = world.first
    for mark in (1, 2, 4, 5, 5):
        balloted(party, {"competence": mark})
    for mark in (3, 4, 4, 5, 5, 4, 3, 4, 5, 4):
        balloted(party, {"conduct": mark})
    for mark in (3, 4):
        balloted(party, {"values": mark})
    publish(party)
    found = page_of(party, "manager")
    inside, wide, few = (
        line_of(found, name).of_tenants for name in ("competence", "conduct", "values")
    )
    assert (inside.row.level, wide.row.level, few.row.level) == ("inside", "published", "few")
    assert "entre vous" in inside.note
    assert few.text == "Pas encore assez de réponses (2 sur 5)"
    assert found.dissatisfied == "40\N{NO-BREAK SPACE}%"


def test_both_directions_give_their_gap_and_the_fact_stands_beside(world, companies):
    party = world.first
    said(party, companies, [2, 2, 3, 2, 2])
    for mark in (4, 5, 4):
        balloted(party, {"trust": mark, "values": mark}, direction=L2C)
    publish(party)
    view = {"dimension": "contractor", "key": str(party.contractor.pk)}
    line = line_of(page_of(party, "manager", **view), "trust")
    assert line.gap == abs(line.of_contractor.mean - line.of_landlord.mean)
    assert line.symmetry.endswith("%")
    assert line_of(page_of(party, "manager", **view), "values").fact == "pas encore mesuré"


def test_a_quarter_is_published_once_and_never_changes(world, companies):
    party = world.first
    said(party, companies, [4, 3, 5, 2, 4, 3])
    with system_scope("tests"):
        early = services.publish_quarter(actor=SYSTEM, landlord_id=party.landlord.pk, quarter=LAST)
    if clock.today() < LAST.publishes_on:
        assert early == 0
        publish(party)
    with system_scope("tests"):
        before = list(Result.objects.values_list("pk", "mean"))
    balloted(party, {"trust": 1}, direction=C2L)
    assert publish(party) == 0
    with system_scope("tests"):
        assert list(Result.objects.values_list("pk", "mean")) == before


def test_what_tenants_wrote_is_read_by_month_only_among_enough(world, companies):
    party = world.first
    for n in range(5):
        balloted(party, {"competence": 4}, text=f"Mot {n}" if n < 2 else "")
    alone = {"contractor": companies[1], "text": "Seul avis"}
    balloted(party, {"competence": 4}, **alone)
    publish(party)
    with system_scope("tests"):
        assert set(Voice.objects.values_list("text", flat=True)) == {"Mot 0", "Mot 1"}
        assert not Ballot.objects.exclude(text="").exists()
    text = client_of(party, "manager").get(page(party, "landlord", "home")).text
    assert "Mot 0" in text
    assert "Seul avis" not in text


def test_pages_show_the_results_with_their_table(world, companies):
    party = world.first
    said(party, companies, [4, 3, 5, 2, 4, 3])
    for subject in ("competence", "conduct", "values"):
        for mark in (3, 4, 5, 4, 2):
            balloted(party, {subject: mark})
    publish(party)
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        client = client_of(party, who)
        shown = client.get(page(party, side, "results"))
        assert "3,5" in shown.text
        assert "<caption" in shown.text
        assert 'class="radar"' in shown.text
        strange = {"trimestre": "hier", "vue": "landlord:rien"}
        assert client.get(page(party, side, "results"), strange).status_code == 200


def test_a_residence_is_told_from_five_tenants_to_the_landlord_alone(world, companies):
    """Each tenant counts once a quarter in his residence; a company reads none of them."""
    party = world.first
    with scope_of(party.actor("manager")):
        small = Group.objects.create(
            landlord=party.landlord, name="Le Petit Clos", address="1 rue", postcode="75019"
        )
    home = party.unit.group
    for mark in (1, 2, 4, 5, 5, 4):
        balloted(party, {"competence": mark}, residence=home, trade_code="plomberie")
    for mark in (3, 4, 5):
        balloted(party, {"competence": mark}, residence=small, contractor=companies[1])
    for mark in (3, 4, 5, 5, 5):
        balloted(party, {"competence": mark}, contractor=companies[1])
    publish(party)
    shown = client_of(party, "manager").get(page(party, "landlord", "steering")).text
    assert "par vue : Résidence" in shown
    assert home.name in shown
    assert "Pas encore assez de réponses (3 sur 5)" in shown
    view = {"dimension": "residence", "key": str(home.pk)}
    told = line_of(page_of(party, "manager", **view), "competence").of_tenants
    assert (told.row.n, told.row.level) == (6, "inside")
    labels = [each.label for each in page_of(party, "manager").views]
    assert not any("Le Petit Clos" in label for label in labels)
    with scope_of(party.actor("desk")):
        assert not Result.objects.filter(dimension="residence").exists()


def test_all_that_a_landlord_may_read_combined_finds_nobody(world, companies):
    """The seeded attack over rows: quarters of answers, and whatever the landlord's scope reads."""
    party, dice = world.first, random.Random(29)
    truth: dict[str, list[int]] = {}
    for company in companies:
        for _n in range(dice.randrange(1, 5)):
            mark = dice.randrange(1, 6)
            truth.setdefault(str(company.pk), []).append(mark)
            trade = dice.choice(["plomberie", ""])
            marks = {"trust": mark}
            balloted(party, marks, direction=C2L, contractor=company, trade_code=trade)
    ours, theirs = asked_of(party, L2C), asked_of(party, C2L)
    for who, row in (("manager", ours), ("desk", theirs)):
        given = {"evaluation_id": row.pk, "marks": {"trust": 1}}
        act(party, who, services.answer_evaluation, **given)
    publish(party)
    secret = {str(theirs.pk), str(party.desk.user_id)}
    with scope_of(party.actor("manager")):
        assert not Ballot.objects.exists()
        read = [
            str(row)
            for model in (Evaluation, Answer, Result, Voice, Event)
            for row in model.objects.values()
            if model is not Event or str(row["kind"]).startswith(("evaluation", "results"))
        ]
        of_companies = Result.objects.filter(direction=C2L)
        assert not of_companies.filter(contractor__isnull=False).exists()
        assert not of_companies.filter(dimension="contractor").exists()
        for row in of_companies.exclude(level="few"):
            assert row.n >= 5
            assert row.parties >= 3
        for row in of_companies.exclude(dimension="overall"):
            assert (row.asked, row.answered) == (0, 0)
    assert [name for name in secret if any(name in text for text in read)] == []
    groups = _told(party)
    whole = sum(len(marks) for marks in truth.values())
    for cell, n in groups.items():
        assert cell == ("overall", "") or whole - n >= 5


def test_all_views_of_tenants_combined_find_nobody(world, companies):
    """The same attack over what the landlord reads of tenants: residence, trade, company, all."""
    party, dice = world.first, random.Random(31)
    with scope_of(party.actor("manager")):
        place = {"address": "1 rue", "postcode": "75019", "city": "Paris"}
        homes = [
            Group.objects.create(landlord=party.landlord, name=f"Résidence {n}", **place)
            for n in range(5)
        ]
    cells: list[dict[str, str]] = []
    for _n in range(46):
        home, company = dice.choice(homes), dice.choice([*companies[:2], companies[0]])
        trade = dice.choice(["plomberie", "peinture", ""])
        of = {"residence": home, "contractor": company, "trade_code": trade}
        balloted(party, {"competence": dice.randrange(1, 6)}, **of)
        keys = {"residence": home.pk, "contractor": company.pk, "trade": trade, "overall": ""}
        cells.append({name: str(key) for name, key in keys.items()})
    publish(party)
    with scope_of(party.actor("manager")):
        rows = Result.objects.filter(direction=T2R, subject="competence").exclude(level="few")
        told = {(row.dimension, row.key): row.n for row in rows}
    groups = [
        frozenset(n for n, keys in enumerate(cells) if keys[dimension] == key)
        for dimension, key in told
    ]
    assert [len(group) for group in groups] == list(told.values())
    assert {dimension for dimension, _key in told} >= {"overall", "residence"}
    known = solved(groups)
    small = (frozenset(some) for n in (1, 2, 3) for some in combinations(range(46), n))
    assert [group for group in small if spans(known, group)] == []


def _told(party) -> dict[tuple[str, str], int]:
    with scope_of(party.actor("manager")):
        rows = Result.objects.filter(direction=C2L).exclude(level="few")
        return {(row.dimension, row.key): row.n for row in rows}


def test_what_the_clock_has_done_it_does_not_do_again(world):
    party = world.first
    ours = asked_of(party, L2C)
    tenants = asked_of(party, T2R, opened_at=clock.now() - timedelta(days=6))
    campaign = campaign_of(party)
    with system_scope("tests"):
        again = {
            "actor": SYSTEM,
            "landlord_id": party.landlord.pk,
            "contractor_id": party.contractor.pk,
            "quarter": LAST,
        }
        assert services.open_campaign(**again) is None
        assert not services.reveal_due(actor=SYSTEM, evaluation_id=ours.pk)
        assert not services.reveal_if_both(actor=SYSTEM, evaluation_id=ours.pk)
        assert not services.count_evaluation(actor=SYSTEM, evaluation_id=ours.pk)
        assert not services.remind_campaign(actor=SYSTEM, campaign_id=campaign.pk)
        assert not services.close_campaign(actor=SYSTEM, campaign_id=campaign.pk)
        assert services.remind_tenant(actor=SYSTEM, evaluation_id=tenants.pk)
        assert not services.remind_tenant(actor=SYSTEM, evaluation_id=tenants.pk)
        for decide in (services.keep_evaluation, services.withdraw_evaluation):
            with pytest.raises(Conflict):
                decide(actor=SYSTEM, evaluation_id=ours.pk, reason="Rien à trancher.")

"""Who answered at all: out of every number that is published together, nobody is found."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from uuid import UUID

import pytest

from evaluations.models import Ballot, Result
from evaluations.services.publishing import _PLANS, _results
from nexxio.core.actors import scope_of
from nexxio.core.models import LegalForm, Organisation, OrganisationKind
from nexxio.core.scoping import system_scope
from nexxio.core.territories.services import add_agency
from tests.evaluations.test_publishing import LAST, companies, line_of, page_of, publish, said
from tests.factories.acting import act
from tests.factories.evaluated import C2L, L2C, balloted

__all__ = ["companies"]
SUBJECTS = ("trust", "values", "conduct")
TRADES = ("plomberie", "peinture", "")


@pytest.mark.parametrize("seed", range(40))
def test_all_counts_of_all_subjects_and_views_combined_tell_of_no_company(seed):
    """The attack on participation: who answered at all, out of every number that is published.

    The landlord knows which companies he asked, and of which trade and agency each is. He tries
    all numbers of answers that fit what he reads (of every subject and view together; a company
    asks five members at most). What he can't find out by how many answered in all, which is told
    on purpose, the other numbers must not tell him either.
    """
    ballots, keys = drawn(random.Random(seed))
    told = list(_results(ballots, C2L, _PLANS[C2L], {}))
    overall = [row for row in told if row.dimension == "overall"]
    assert found_out(told, keys) <= found_out(overall, keys)


def test_the_quarters_of_a_landlord_are_told_by_the_same_rule(world):
    """Two quarters of the same companies, as rows that the landlord reads."""
    party, dice = world.first, random.Random(7)
    companies = _companies(party, 6)
    agencies = [act(party, "manager", add_agency, name=name) for name in ("Nord", "Sud")]
    places = {one.pk: (dice.choice(TRADES), dice.choice([*agencies, None])) for one in companies}
    quarters = (LAST.previous, LAST)
    for quarter in quarters:
        for company in companies:
            trade, agency = places[company.pk]
            for _n in range(dice.choice([2, 2, 3])):
                marks = {"trust": dice.randrange(1, 6)} if dice.random() < 0.7 else {}
                of = {"trade_code": trade, "agency": agency, "quarter": quarter.first}
                balloted(party, marks, direction=C2L, contractor=company, **of)
        publish(party, quarter)
    keys = [
        {"trade": places[one.pk][0], "agency": str(getattr(places[one.pk][1], "pk", ""))}
        for one in companies
    ]
    with scope_of(party.actor("manager")):
        rows = list(Result.objects.filter(direction=C2L))
    for quarter in quarters:
        told = [row for row in rows if row.quarter == quarter.first]
        overall = [row for row in told if row.dimension == "overall"]
        assert found_out(told, keys) <= found_out(overall, keys)


def test_the_attack_finds_who_did_not_answer_where_nothing_is_left_over():
    """« 8 of 10 in all, 8 in plumbing »: what the former rule let pass, the attack finds."""
    keys = [{"trade": "plomberie"}] * 4 + [{"trade": "peinture"}]
    common = {"direction": C2L, "subject": "trust", "level": "published", "n": 8}
    whole = Result(**common, dimension="overall", asked=10, answered=8)
    trade = Result(**common, dimension="trade", key="plomberie")
    assert found_out([whole], keys) == set()
    assert (4, False) in found_out([whole, trade], keys)


def test_a_view_of_which_nobody_else_answered_is_not_told(world, companies):
    party = world.first
    said(party, companies, [4, 3, 5, 2, 4, 3], trade_code="plomberie")
    electrician = _companies(party, 1, "Électricité")[0]
    balloted(party, {}, direction=C2L, contractor=electrician, trade_code="electricite")
    publish(party)
    with scope_of(party.actor("manager")):
        rows = Result.objects.filter(direction=C2L).exclude(level="few")
        assert [row.dimension for row in rows] == ["overall"]
        assert [(row.answered, row.asked) for row in rows] == [(6, 7)]


def test_a_company_above_half_is_not_counted_by_what_is_left_of_the_whole(world, companies):
    party = world.first
    said(party, companies[1:], [4, 3, 5, 2, 4, 3], trade_code="plomberie")
    for mark in (1, 2, 3, 4, 5, 4, 3):
        balloted(party, {"trust": mark}, direction=C2L, trade_code="peinture")
    publish(party)
    with scope_of(party.actor("manager")):
        whole = Result.objects.get(direction=C2L, dimension="overall")
    assert (whole.level, whole.n) == ("few", 5)


def test_a_small_company_is_drawn_toward_its_trade_and_the_page_says_so(world, companies):
    party = world.first
    for mark in (5, 5, 5):
        balloted(party, {"trust": mark}, direction=L2C, trade_code="plomberie")
    for mark in (1, 2, 1):
        of = {"contractor": companies[1], "trade_code": "plomberie"}
        balloted(party, {"trust": mark}, direction=L2C, **of)
    for mark in (5, 4, 5, 5, 4, 5):
        of = {"contractor": companies[2], "trade_code": "peinture"}
        balloted(party, {"trust": mark}, direction=L2C, **of)
    publish(party)
    with scope_of(party.actor("manager")):
        rows = Result.objects.filter(direction=L2C, dimension="contractor")
        told = {row.key: row for row in rows}
        trade = Result.objects.get(direction=L2C, dimension="trade", key="plomberie")
    own, alone = told[str(party.contractor.pk)], told[str(companies[2].pk)]
    assert (own.shrunk, own.prior) == (True, "trade")
    assert own.mean == ((15 + 5 * trade.mean) / 8).quantize(Decimal("0.1"), ROUND_HALF_UP)
    assert alone.prior == "overall"  # nobody else is in its trade
    view = {"dimension": "contractor", "key": str(party.contractor.pk)}
    assert "corps d’état" in line_of(page_of(party, "manager", **view), "trust").of_contractor.note


def drawn(dice: random.Random) -> tuple[list[Ballot], list[dict[str, str]]]:
    """Return what six companies answered of three subjects, and where each of them works."""
    agencies = [UUID(int=1), UUID(int=2)]
    ballots, keys = [], []
    for n in range(6):
        last = n > 4  # alone in its trade or agency, more often than not, and rather silent
        trade = dice.choice(["plomberie", "peinture"] if last else ["plomberie"] * 6 + ["peinture"])
        agency = dice.choice([agencies[1], None] if last else [*agencies[:1] * 4, None])
        keys.append({"trade": trade, "agency": str(agency or "")})
        for _n in range(dice.choice([2, 2, 3])):
            marks = {
                subject: dice.randrange(1, 6) if dice.random() < 0.8 else None
                for subject in SUBJECTS
            }
            ballots.append(
                Ballot(
                    landlord_id=UUID(int=9),
                    contractor_id=UUID(int=100 + n),
                    direction=C2L,
                    quarter=LAST.first,
                    trade_code=trade,
                    agency_id=agency,
                    marks=marks if dice.random() < (0.3 if last else 0.9) else {},
                )
            )
    return ballots, keys


def _companies(party, n: int, name: str = "Société") -> list[Organisation]:
    with system_scope("tests: companies"):
        return [
            Organisation.objects.create(
                kind=OrganisationKind.CONTRACTOR,
                legal_form=LegalForm.COMPANY,
                name=f"{name} {index}",
                slug=f"{name[:3].lower().replace('é', 'e')}-{index}",
            )
            for index in range(n)
        ]


def found_out(rows, keys, known=None) -> set[tuple[int, bool]]:
    """Return what the numbers of one quarter prove: (company, whether it has answered).

    By trying all numbers of answers, nought to five a company. known: those that companies show.
    """
    told = [row for row in rows if row.n]
    if not told:
        return set()
    of_all = [row for row in told if row.answered]
    cells: dict[frozenset[int], int] = {}
    for row in told:
        inside = frozenset(
            n
            for n, key in enumerate(keys)
            if row.dimension == "overall" or key.get(row.dimension) == row.key
        )
        cells[inside] = max(cells.get(inside, 0), row.n)
    possible: set[tuple[int, bool]] = set()
    for answers in product(range(6), repeat=len(keys)):
        if any(answers[n] != own for n, own in (known or {}).items()):
            continue
        if of_all and sum(answers) != of_all[0].answered:
            continue
        if of_all and sum(max(1, n) for n in answers) > of_all[0].asked:
            continue
        if all(sum(answers[n] for n in inside) >= least for inside, least in cells.items()):
            possible |= {(n, answer > 0) for n, answer in enumerate(answers)}
    return {(n, yes) for n, yes in possible if (n, not yes) not in possible}

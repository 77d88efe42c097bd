"""The real open-data file, where it is present (it is never copied into the repository)."""

from __future__ import annotations

from collections import Counter

import pytest

from nexxio.core.estate.addresses import readable
from nexxio.core.estate.landlords import LandlordNames, name_key
from nexxio.core.estate.plan import Outcome, Plan, make_plan
from nexxio.core.estate.reader import EstateReader, EstateRow, Refusal
from tests.estate.files import REAL_FILE

pytestmark = pytest.mark.skipif(
    not REAL_FILE.exists(), reason=f"the real estate file is not at {REAL_FILE}"
)


def plan_for(*names: str) -> Plan:
    with REAL_FILE.open("rb") as stream:
        reader = EstateReader(stream, wanted=LandlordNames(names).__contains__)
        return make_plan(reader, {})


def test_it_has_the_rows_and_dwellings_that_its_publisher_says():
    with REAL_FILE.open("rb") as stream:
        found = list(EstateReader(stream))
    taken = [item for item in found if isinstance(item, EstateRow)]
    refused = [item for item in found if isinstance(item, Refusal)]
    assert len(found) == 4_174
    assert [(item.line, item.value) for item in refused] == [(179, "code_75020"), (3477, "-8")]
    landlords = Counter(item.landlord for item in taken)
    assert landlords["(vide)"] == 109
    assert len({name_key(name) for name in landlords}) == 66
    assert any("\n" in item.address for item in taken)


@pytest.mark.parametrize(
    ("name", "created", "refused"),
    [("RIVP", 782, [179]), ("Paris Habitat", 1_020, [3924]), ("Élogie-Siemp", 1_098, [])],
)
def test_the_three_landlords_of_the_demo(name: str, created: int, refused: list[int]):
    plan = plan_for(name)
    assert plan.counts[Outcome.CREATED] == created
    assert [refusal.line for refusal in plan.refusals] == refused
    assert plan.counts[Outcome.SKIPPED] == 4_174 - created - len(refused)
    assert plan.others[""] == 109


def test_a_pair_that_differs_in_financing_only_is_shown_to_a_person():
    (refusal,) = plan_for("AXIMO").refusals
    assert (refusal.line, refusal.identifier) == (3917, "2003476")
    assert refusal.reason.endswith("nb_plai, nb_plus, mode_real")
    assert "ligne 1014" in refusal.reason


def test_every_address_becomes_readable():
    with REAL_FILE.open("rb") as stream:
        rows = [item for item in EstateReader(stream) if isinstance(item, EstateRow)]
    labels = [readable(item.address) for item in rows]
    assert all(not found.label.isupper() for found in labels)
    assert all(len(found.label) <= 200 for found in labels)
    with_street = sum(1 for found in labels if found.streets)
    assert with_street > len(labels) * 0.98
    for found in labels:
        assert readable(found.line).streets == found.streets

"""The reduced file of the demo world: our own making, with the oddities of the real one."""

from __future__ import annotations

from pathlib import Path

import pytest

from nexxio.core.estate.landlords import LandlordNames
from nexxio.core.estate.plan import Outcome, Plan, make_plan
from nexxio.core.estate.reader import EstateReader, EstateRow
from tests.estate.files import HEADING, REAL_FILE

DEMO_FILE = Path(__file__).parents[2] / "nexxio" / "demo" / "estate.csv"


def plan_for(name: str) -> Plan:
    with DEMO_FILE.open("rb") as stream:
        return make_plan(EstateReader(stream, wanted=LandlordNames([name]).__contains__), {})


@pytest.mark.parametrize(
    ("name", "created", "refused"),
    [("RIVP", 15, 1), ("Paris Habitat", 17, 1), ("Elogie-Siemp", 16, 0), ("Coallia", 0, 1)],
)
def test_each_landlord_of_the_demo_finds_her_programmes(name: str, created: int, refused: int):
    plan = plan_for(name)
    assert plan.counts[Outcome.CREATED] == created
    assert plan.counts[Outcome.REFUSED] == refused
    assert plan.rows == 62


def test_it_has_the_columns_and_oddities_of_the_real_file():
    with DEMO_FILE.open("rb") as stream:
        reader = EstateReader(stream)
        rows = [item for item in reader if isinstance(item, EstateRow)]
    assert list(reader.columns) == HEADING
    assert sum(row.landlord == "(vide)" for row in rows) == 3
    assert any("\n" in row.address for row in rows)
    identifiers = [row.identifier for row in rows]
    assert len(identifiers) - len(set(identifiers)) == 4


@pytest.mark.skipif(not REAL_FILE.exists(), reason=f"the real estate file is not at {REAL_FILE}")
def test_none_of_its_programmes_is_taken_from_the_real_file():
    with DEMO_FILE.open("rb") as stream:
        invented = [item for item in EstateReader(stream) if isinstance(item, EstateRow)]
    with REAL_FILE.open("rb") as stream:
        real = [item for item in EstateReader(stream) if isinstance(item, EstateRow)]
    assert not {row.identifier for row in invented} & {row.identifier for row in real}
    assert not {row.address for row in invented} & {row.address for row in real}

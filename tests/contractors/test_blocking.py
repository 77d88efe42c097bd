"""What blocks, from facts alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from contractors.blocking import Facts, findings, missing_proof

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
WAIT = timedelta(hours=72)
CLEAR = Facts(
    finished=True,
    total=Decimal("110.00"),
    certified=True,
    needs_commitment=True,
    commitment_given=True,
    pieces=frozenset({"sign_off", "photos_before", "photos_after", "report"}),
    signed_off=True,
    done_at=NOW - timedelta(hours=10),
    photos_before=True,
    photos_after=True,
    report=True,
)


def found(**changes) -> list[tuple[str, str, Decimal]]:
    facts = replace(CLEAR, **changes)
    return [
        (str(each.cause), each.side, each.amount)
        for each in findings(facts, NOW, sign_off_wait=WAIT)
    ]


ALL = Decimal("110.00")
NONE = Decimal(0)


def test_nothing_blocks_when_all_is_there():
    assert found() == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"certified": False}, ("B01", "landlord", ALL)),
        ({"certified": False, "certificate_refused": True}, ("B01", "contractor", ALL)),
        ({"variation_open": True}, ("B02", "landlord", ALL)),
        ({"commitment_given": False}, ("B04", "landlord", ALL)),
        ({"signed_off": False}, ("B05", "contractor", ALL)),
        ({"signed_off": False, "contested": True}, ("B05", "landlord", ALL)),
        ({"signed_off": False, "done_at": NOW - timedelta(hours=72)}, ("B05", "landlord", ALL)),
        ({"open_reserves": 2}, ("B06", "contractor", NONE)),
        ({"claimed_reserves": 1}, ("B06", "landlord", NONE)),
        ({"photos_after": False}, ("B07", "contractor", ALL)),
        ({"report": False}, ("B07", "contractor", ALL)),
    ],
)
def test_each_fact_blocks_by_its_cause_at_the_desk_that_can_mend_it(changes, expected):
    assert found(**changes) == [expected]


def test_reserves_open_and_reserves_to_look_at_are_two_rows():
    assert found(open_reserves=1, claimed_reserves=1) == [
        ("B06", "contractor", NONE),
        ("B06", "landlord", NONE),
    ]


def test_a_tenant_never_holds_anything():
    facts = replace(CLEAR, signed_off=False, contested=True, certified=False)
    assert {each.side for each in findings(facts, NOW, sign_off_wait=WAIT)} <= {
        "landlord",
        "contractor",
    }


def test_silence_passes_nothing_on_while_nobody_knows_how_long_it_lasts():
    facts = replace(CLEAR, signed_off=False, done_at=NOW - timedelta(days=90))
    assert [each.side for each in findings(facts, NOW, sign_off_wait=None)] == ["contractor"]


def test_what_the_contract_does_not_ask_for_does_not_block():
    assert found(pieces=frozenset(), signed_off=False, photos_before=False, report=False) == []
    assert found(needs_commitment=False, commitment_given=False) == []


def test_before_the_works_are_over_nothing_blocks():
    assert found(finished=False, certified=False, variation_open=True) == []
    early = {"finished": False, "certified": False, "signed_off": False, "accepted": True}
    assert found(**early) == []
    assert found(**early, variation_open=True) == [("B02", "landlord", ALL)]
    assert found(**early, papers_lacking=True) == [("B17", "contractor", ALL)]


def test_the_missing_proof_is_named():
    facts = replace(CLEAR, photos_before=False, report=False)
    assert missing_proof(facts) == ("photos_before", "report")

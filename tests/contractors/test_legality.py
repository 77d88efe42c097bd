"""The legality guard: it warns where the law says so, explains, and lets what stands pass."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from contractors.causes import CauseCode, CauseRule, Holder, StopsClock
from contractors.legal_clock import Interruption
from contractors.legality import Act, Caution, History, Intent, warnings

D = date.fromisoformat
E = Decimal
TODAY = D("2025-01-20")
STANDS = History(
    amount=E("1000.00"),
    invoiced_on=D("2025-01-06"),
    due_on=D("2025-02-05"),
    order_number_given_on=D("2024-12-01"),
    commitment_given_on=D("2025-01-06"),
    chorus_only=True,
)
ONCE = Interruption(notified_on=D("2025-01-10"), completed_on=D("2025-01-12"))

YES, NO, DEPENDS = StopsClock.YES, StopsClock.NO, StopsClock.DEPENDS
STOPS = {
    "B03": YES,
    "B04": DEPENDS,
    "B07": YES,
    "B10": DEPENDS,
    "B14": DEPENDS,
}


def rule(code: str) -> CauseRule:
    stops = STOPS.get(code, NO)
    return CauseRule(
        code=CauseCode(code),
        label=code,
        request=code,
        holder=Holder.TO_JUDGE,
        stops_clock=stops,
        stops_unless_said=code == "B10",
    )


def codes(act: Act, code: str, history: History = STANDS, **more) -> list[Caution]:
    intent = Intent(**{"act": act, "cause": rule(code), "on": TODAY, **more})
    return [warned.code for warned in warnings(intent, history)]


@pytest.mark.parametrize("code", ["B03", "B04", "B07", "B10"])
def test_a_first_suspension_for_a_missing_piece_stands(code):
    assert codes(Act.SUSPEND, code) == []


@pytest.mark.parametrize("act", Act)
def test_the_landlords_own_act_is_no_reason(act):
    for code in ("B01", "B02", "B15"):
        assert codes(act, code) == [Caution.LANDLORDS_ACT]


@pytest.mark.parametrize("act", Act)
def test_too_late_this_month_is_no_reason(act):
    assert codes(act, "B21") == [Caution.FORBIDDEN_REASON]


def test_a_second_suspension_is_named():
    again = replace(STANDS, interruptions=(ONCE,))
    assert codes(Act.SUSPEND, "B07", again) == [Caution.SECOND_INTERRUPTION]
    assert codes(Act.DISPUTE, "B07", again) == []
    without_effect = replace(STANDS, interruptions=(replace(ONCE, on_creditor_side=False),))
    assert codes(Act.SUSPEND, "B07", without_effect) == []


@pytest.mark.parametrize("code", ["B03", "B04"])
@pytest.mark.parametrize("given", [None, D("2025-01-07")])
@pytest.mark.parametrize("act", Act)
def test_a_number_that_was_never_given_before_invoicing(code, given, act):
    history = replace(STANDS, order_number_given_on=given, commitment_given_on=given)
    assert codes(act, code, history) == [Caution.NUMBER_NEVER_GIVEN]


def test_a_number_given_before_an_invoice_of_unknown_date_counts():
    history = replace(STANDS, invoiced_on=None)
    assert codes(Act.SUSPEND, "B03", history) == []
    assert codes(Act.SUSPEND, "B04", history, said=False) == [Caution.CLOCK_RUNS]


def test_the_whole_is_not_rejected_over_an_amount():
    for code in ("B08", "B09", "B10"):
        assert codes(Act.REFUSE, code) == [Caution.WHOLE_REJECTION]
    assert codes(Act.REFUSE, "B07", amount=E("200.00")) == [Caution.WHOLE_REJECTION]
    assert codes(Act.REFUSE, "B07", amount=E("1000.00")) == []
    assert codes(Act.DISPUTE, "B08", amount=E("200.00")) == []


def test_what_came_elsewhere_is_not_refused_before_inviting_to_chorus():
    elsewhere = replace(STANDS, came_through_chorus=False)
    assert codes(Act.REFUSE, "B14", elsewhere) == [Caution.CHORUS_NOT_INVITED]
    later = replace(elsewhere, invited_to_chorus_on=D("2025-01-21"))
    assert codes(Act.REFUSE, "B14", later) == [Caution.CHORUS_NOT_INVITED]
    assert codes(Act.REFUSE, "B14", replace(elsewhere, invited_to_chorus_on=TODAY)) == []
    assert codes(Act.REFUSE, "B14", replace(elsewhere, chorus_only=False)) == []
    assert codes(Act.REFUSE, "B14") == []
    assert codes(Act.DISPUTE, "B14", elsewhere) == []


@pytest.mark.parametrize("code", ["B08", "B09", "B14", "B17", "B19", "B20"])
def test_causes_that_leave_the_clock_running(code):
    assert codes(Act.SUSPEND, code) == [Caution.CLOCK_RUNS]
    assert Caution.CLOCK_RUNS not in codes(Act.DISPUTE, code)


def test_what_is_said_of_the_case_decides():
    assert codes(Act.SUSPEND, "B14", said=True) == []
    assert codes(Act.SUSPEND, "B10", said=False) == [Caution.CLOCK_RUNS]


def test_a_delay_that_is_over_is_not_interrupted():
    assert codes(Act.SUSPEND, "B07", on=D("2025-02-05")) == []
    assert codes(Act.SUSPEND, "B07", on=D("2025-02-06")) == [Caution.ALREADY_DUE]
    assert codes(Act.SUSPEND, "B07", replace(STANDS, due_on=None), on=D("2025-02-06")) == []


def test_private_rules_know_no_suspension():
    private = replace(STANDS, is_public=False, interruptions=(ONCE,))
    assert codes(Act.SUSPEND, "B07", private) == [Caution.PRIVATE_RULES]
    assert codes(Act.DISPUTE, "B07", private) == []


def test_several_warnings_come_the_gravest_first():
    bad = replace(
        STANDS,
        interruptions=(ONCE,),
        order_number_given_on=None,
        came_through_chorus=False,
    )
    assert codes(Act.SUSPEND, "B03", bad, on=D("2025-03-01")) == [
        Caution.NUMBER_NEVER_GIVEN,
        Caution.SECOND_INTERRUPTION,
        Caution.ALREADY_DUE,
    ]
    assert codes(Act.REFUSE, "B03", bad, amount=E("1.00")) == [
        Caution.NUMBER_NEVER_GIVEN,
        Caution.WHOLE_REJECTION,
        Caution.CHORUS_NOT_INVITED,
    ]


def test_each_warning_explains_itself():
    private = replace(STANDS, is_public=False)
    bad = replace(STANDS, interruptions=(ONCE,), came_through_chorus=False)
    found = {
        warned.code: warned
        for intent, history in (
            (Intent(act=Act.SUSPEND, cause=rule("B17"), on=D("2025-03-01")), bad),
            (Intent(act=Act.REFUSE, cause=rule("B08"), on=TODAY), bad),
            (Intent(act=Act.SUSPEND, cause=rule("B07"), on=TODAY), private),
            (Intent(act=Act.SUSPEND, cause=rule("B01"), on=TODAY), STANDS),
            (Intent(act=Act.SUSPEND, cause=rule("B21"), on=TODAY), STANDS),
            (
                Intent(act=Act.HAND_BACK, cause=rule("B03"), on=TODAY),
                replace(STANDS, chorus_only=False),
            ),
            (
                Intent(act=Act.SUSPEND, cause=rule("B03"), on=TODAY),
                replace(STANDS, order_number_given_on=None),
            ),
        )
        for warned in warnings(intent, history)
    }
    assert set(found) == set(Caution)
    for warned in found.values():
        for words in (warned.title, warned.explanation, warned.source, warned.advice):
            assert str(words).strip()
        assert "'" not in f"{warned.title}{warned.explanation}{warned.advice}"

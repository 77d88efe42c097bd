"""Invoices: every (state, transition, side) triple, and the national codes both ways."""

from __future__ import annotations

import pytest

from contractors.states import (
    CODE_LABELS,
    CODE_OF,
    INVOICE,
    WRITTEN_BY_CONTRACTOR,
    InvoiceState,
    code_label,
    code_of,
    state_of,
)
from nexxio.core.actors import Side

# By hand, from the design: who may do what, and from where.
L, C, S = Side.LANDLORD, Side.CONTRACTOR, Side.SYSTEM
REST = {"partly_approved", "announced", "paid"}
JUDGED = {"filed", "received", "taken", "disputed", "completed"}
FILED = set(InvoiceState.values) - {"prepared", "to_file", "credited", "applied", "discarded"}
ALLOWED: dict[str, tuple[set[str], set[Side]]] = {
    "prepare": (set(), {C}),
    "queue_for_chorus": ({"prepared"}, {C}),
    "file": ({"prepared", "to_file"}, {C, S}),
    "receive": ({"filed"}, {C, L, S}),
    "take_charge": ({"filed", "received", "completed"}, {L}),
    "approve": (JUDGED | {"suspended"} | REST, {L}),
    "approve_in_part": (JUDGED | {"suspended"}, {L}),
    "dispute": ((JUDGED - {"disputed"}) | REST, {L}),
    "suspend": (JUDGED, {L}),
    "complete": ({"suspended"}, {C, S}),
    "refuse": (JUDGED | {"suspended"}, {L}),
    "reject": ({"filed", "received"}, {S}),
    "announce_payment": ({"approved", "partly_approved"}, {L, S}),
    "confirm_payment": ({"announced", "approved", "partly_approved"}, {C, S}),
    "owe_again": ({"announced"}, {S}),
    "owe_part_again": ({"announced", "disputed"}, {S}),
    "credit": (FILED - {"rejected", "refused"}, {S}),
    "apply": ({"filed", "received"}, {S}),
    "discard": ({"prepared"}, {C}),
}


@pytest.mark.parametrize("side", list(Side))
@pytest.mark.parametrize("state", InvoiceState.values)
@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_each_side_may_do_what_the_table_says(name, state, side):
    sources, sides = ALLOWED[name]
    permitted = INVOICE.permits(name=name, state=state, side=side)
    assert permitted == (state in sources and side in sides)


def test_the_table_has_no_other_transition():
    assert set(INVOICE.transitions) == set(ALLOWED)


def test_no_tenant_moves_an_invoice():
    assert all(Side.TENANT not in step.sides for step in INVOICE.transitions.values())


def test_the_contractor_writes_the_states_that_its_own_acts_lead_to_and_no_other():
    led = {step.target for step in INVOICE.transitions.values() if Side.CONTRACTOR in step.sides}
    assert led == set(WRITTEN_BY_CONTRACTOR)


def test_codes_and_states_map_both_ways():
    for state, code in CODE_OF.items():
        assert state_of(code) == state
        assert code_of(state) == code
    assert code_of("prepared") == code_of("to_file") == ""
    assert state_of("201") == state_of("202") == "filed"


def test_every_national_code_means_a_state_and_has_a_label():
    assert set(CODE_LABELS) == {str(code) for code in range(200, 214)}
    assert all(state_of(code) in InvoiceState.values for code in CODE_LABELS)


def test_an_unknown_code_stays_as_it_came():
    assert state_of("299") is None
    assert code_label("299") == "299"
    assert code_label("208") == "Suspendue"

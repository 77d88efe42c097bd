"""The demo world's contracts show one of each clause, and nobody's turn changes for it."""

from __future__ import annotations

from contractors.models import MoneyTerms
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.scoping import system_scope
from nexxio.demo import clauses, world
from orders import services
from orders.models import Contract, ContractPlace, PriceItem, RevisionClause
from orders.terms import Attribution, InvoicePiece


def test_each_clause_is_in_a_contract(db):
    world.DemoWorld().settle()
    with system_scope("tests: contracts"):
        found = list(Contract.objects.all())
        assert {one.attribution for one in found} == set(Attribution.values)
        assert {piece for one in found for piece in one.pieces} == set(InvoicePiece.values)
        for name in (
            "tacit_clause",
            "pieces_to_finish",
            "contractor_cancels",
            "needs_commitment",
            "on_call",
            "on_call_phone",
            "attribution_share",
            "regularisation_days",
            "urgent_ack_hours",
            "tolerance_percent",
        ):
            assert any(getattr(one, name) for one in found), name
        assert {one.variation_days for one in found} > {3}
        assert ContractPlace.objects.count() == 2
        assert RevisionClause.objects.count() == MoneyTerms.objects.count() == 1
        small = [one for one in found if one.trades == [clauses.TRADE[0]]]
        assert PriceItem.objects.filter(contract__in=small).count() == 6 * len(clauses.PRICES)


def test_the_demo_can_revise_its_prices(db):
    made = world.DemoWorld()
    made.settle()
    with system_scope("tests: the contract"):
        contract = RevisionClause.objects.select_related("contract").get().contract
    with scope_of(made.manager("rivp")):
        found = services.revision_on(contract, clock.today())
    assert not found.missing
    assert found.coefficient > 1

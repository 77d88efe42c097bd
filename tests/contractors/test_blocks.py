"""Blocks open and close by themselves, when the facts of an order change."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contractors import services
from contractors.models import Block
from contractors.tasks import chase_due
from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Event, LegalForm, Notification
from nexxio.core.scoping import system_scope
from orders import services as orders
from tests.factories.acting import act, photo_bytes
from tests.factories.certified import finished, signed
from tests.factories.full import visited
from tests.factories.invoiced import becomes, blocks_of, filed, filed_elsewhere, prepared


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


def asks_for(party, *pieces: str, commitment: bool = False) -> None:
    with system_scope("tests: contract"):
        party.contract.pieces = list(pieces)
        party.contract.needs_commitment = commitment
        party.contract.save(update_fields=["pieces", "needs_commitment"])


def delivered() -> None:
    relay.drain_batches()
    relay.deliver_one_by_one()


def open_now(party) -> list[tuple[str, str]]:
    delivered()
    return [(block.cause, block.side) for block in blocks_of(party)]


def events_of(party, kind: str) -> int:
    with system_scope("tests: events"):
        return Event.objects.filter(order_id=party.order.pk, kind=kind).count()


def certificate_of(party):
    with system_scope("tests: certificate"):
        return party.order.certificates.latest("number")


def test_nothing_is_foreseen_before_the_works_are_over(party):
    visited(party, state="confirmed")
    assert open_now(party) == []


def test_a_signature_that_is_missing_is_foreseen_and_goes_with_it(party):
    finished(party)
    assert open_now(party) == [("B01", "landlord")]
    (block,) = blocks_of(party)
    assert block.department == "patrimoine"
    assert block.due_at == certificate_of(party).due_at
    act(party, "manager", orders.sign_certificate, certificate_id=certificate_of(party).pk)
    assert open_now(party) == []
    (gone,) = blocks_of(party, open_only=False)
    assert (gone.closed_how, gone.closed_by_id) == ("fact", None)
    assert events_of(party, "block.foreseen") == events_of(party, "block.closed") == 1
    assert events_of(party, "block.opened") == 0


def test_a_refused_certificate_passes_the_turn_to_the_contractor_and_back(party):
    finished(party)
    assert open_now(party) == [("B01", "landlord")]
    typed = {"reason": "photo", "note": "Laquelle ?"}
    act(
        party,
        "manager",
        orders.refuse_certificate,
        certificate_id=certificate_of(party).pk,
        **typed,
    )
    assert open_now(party) == [("B01", "contractor")]
    again = {"report": "Refait", "submit": True}
    act(party, "desk", orders.correct_certificate, order_id=party.order.pk, **again)
    assert open_now(party) == [("B01", "landlord")]
    assert len(blocks_of(party, open_only=False)) == 3


def test_the_row_that_was_foreseen_becomes_the_block_of_the_invoice(party):
    finished(party)
    delivered()
    (before,) = blocks_of(party)
    invoice = act(party, "desk", services.prepare_invoice, order_id=party.order.pk)
    assert [block.invoice_id for block in blocks_of(party)] == [None]
    act(party, "desk", services.file_invoice, invoice_id=invoice.pk)
    (after,) = blocks_of(party)
    assert (after.pk, after.invoice_id, after.opened_at) == (
        before.pk,
        invoice.pk,
        before.opened_at,
    )
    assert events_of(party, "block.opened") == 1


def test_the_commitment_number_is_the_landlords_to_give(party):
    signed(party)
    asks_for(party, commitment=True)
    filed_invoice = act(party, "desk", services.prepare_invoice, order_id=party.order.pk)
    assert open_now(party) == [("B04", "landlord")]
    with pytest.raises(Invalid) as refused:
        act(
            party,
            "manager",
            orders.give_commitment,
            order_id=party.order.pk,
            commitment_number="EJ-1",
            service_code=" ",
        )
    assert list(refused.value.errors) == ["service_code"]
    numbers = {"commitment_number": "EJ-1", "service_code": "S1"}
    with pytest.raises(Refused):
        act(party, "desk", orders.give_commitment, order_id=party.order.pk, **numbers)
    act(party, "manager", orders.give_commitment, order_id=party.order.pk, **numbers)
    assert open_now(party) == []
    assert filed_invoice.number


def test_the_tenants_word_is_asked_for_by_the_contractor_then_checked_by_the_landlord(party):
    asks_for(party, "sign_off")
    signed(party)
    assert open_now(party) == [("B05", "contractor")]
    with clock.moved_to(clock.now() + timedelta(hours=73)), system_scope("tests: later"):
        services.look_at_order(actor=party.actor("desk"), order_id=party.order.pk)
    assert [(block.cause, block.side) for block in blocks_of(party)] == [("B05", "landlord")]
    (block,) = blocks_of(party)
    act(party, "manager", services.close_block_by_hand, block_id=block.pk, note="Vu sur place")
    assert open_now(party) == []


def test_after_72_hours_without_answer_the_clock_passes_the_sign_off_to_the_landlord(party):
    asks_for(party, "sign_off")
    signed(party)
    assert open_now(party) == [("B05", "contractor")]
    chase_due()
    assert [block.side for block in blocks_of(party)] == ["contractor"]
    with clock.moved_to(clock.now() + timedelta(hours=73)):
        chase_due()
    assert [(block.cause, block.side) for block in blocks_of(party)] == [("B05", "landlord")]


def bells(kind: str) -> list[tuple[str, str]]:
    with system_scope("tests: bells"):
        rows = Notification.objects.filter(kind=kind).order_by("created_at", "user__email")
        return [(row.user.first_name, row.title.split(" · ")[0]) for row in rows]


def test_whoever_holds_a_block_is_told_again_up_to_the_direction(party):
    filed(party, certified=False)
    signed_late = certificate_of(party)
    delivered()
    (block,) = blocks_of(party)
    start = block.opened_at
    told = []
    for day in (3, 9, 15, 27, 70):  # beyond any week-end and holiday that a step waits for
        with clock.moved_to(start + timedelta(days=day)):
            chase_due()
            delivered()
        told.append(events_of(party, "block.late"))
    assert told == [0, 1, 2, 3, 4]
    titles = {title for _name, title in bells("block_late")}
    assert "Facture bloquée depuis 5 jours" in titles
    assert "Facture bloquée depuis 10 jours" in titles
    act(party, "manager", orders.sign_certificate, certificate_id=signed_late.pk)
    delivered()
    with clock.moved_to(start + timedelta(days=90)):
        chase_due()
        # Past its due date the invoice is blocked by who has it since: a block of its own.
        assert [row.cause for row in blocks_of(party)] == ["B20"]
    with system_scope("tests: nobody left to be told"):
        assert services.remind_block(block_id=block.pk) is None
    assert events_of(party, "block.late") == 4


def test_one_cause_rings_one_person_once_a_day(party):
    filed(party, certified=False)
    delivered()
    first = bells("block_desk")
    assert len(first) == len(set(first)) > 0
    filed_elsewhere(party)
    delivered()
    assert bells("block_desk") == first
    with clock.moved_to(clock.now() + timedelta(days=9)):
        chase_due()
        delivered()
    assert len(bells("block_late")) == len(set(bells("block_late"))) > 0


def test_reserves_are_two_rows_that_hold_nothing_back(party):

    reserve = orders.ReserveInput(text="Joint", due_on=clock.today() + timedelta(days=9))
    signed(party, reserves=[reserve, reserve])
    assert open_now(party) == [("B06", "contractor")]
    with system_scope("tests: reserves"):
        first, second = party.order.reserves.all()
    act(party, "desk", orders.claim_reserve, reserve_id=first.pk, answer="Refait")
    assert open_now(party) == [("B06", "contractor"), ("B06", "landlord")]
    assert {block.amount for block in blocks_of(party)} == {0}
    act(party, "desk", orders.claim_reserve, reserve_id=second.pk, answer="Refait")
    for one in (first, second):
        act(party, "manager", orders.lift_reserve, reserve_id=one.pk)
    assert open_now(party) == []


def test_reserves_do_not_keep_anybody_from_approving(party):
    reserve = orders.ReserveInput(text="Joint", due_on=clock.today() + timedelta(days=9))
    signed(party, reserves=[reserve])
    invoice = act(party, "desk", services.prepare_invoice, order_id=party.order.pk)
    act(party, "desk", services.file_invoice, invoice_id=invoice.pk)
    approved = act(party, "manager", services.approve, invoice_id=invoice.pk)
    assert approved.state == "approved"


def test_a_photo_that_the_contract_asks_for_blocks_until_it_is_there(party):
    asks_for(party, "photos_after", "report")
    visit = visited(party, state="on_site")
    act(party, "technician", orders.complete_visit, visit_id=visit.pk, report="Fait.")
    assert ("B07", "contractor") in open_now(party)
    act(
        party,
        "technician",
        orders.add_photo,
        visit_id=visit.pk,
        photo=photo_bytes(),
        moment="after",
    )
    assert open_now(party) == [("B01", "landlord")]


def test_what_the_landlord_waives_stays_waived(party):
    asks_for(party, "photos_after")
    prepared(party)
    (block,) = blocks_of(party)
    with pytest.raises(Refused, match="Seul le bailleur"):
        act(party, "desk", services.close_block_by_hand, block_id=block.pk, note="Inutile")
    act(party, "manager", services.close_block_by_hand, block_id=block.pk, note="Vu sur place")
    with system_scope("tests: again"):
        services.look_at_order(actor=party.actor("desk"), order_id=party.order.pk)
    assert open_now(party) == []
    with pytest.raises(Refused, match="déjà levé"):
        act(party, "manager", services.close_block_by_hand, block_id=block.pk, note="Encore")


def test_the_same_cause_is_opened_once_by_hand(party):
    invoice = filed(party)
    typed = {"invoice_id": invoice.pk, "cause": "B20", "note": "Circuit interne"}
    act(party, "manager", services.open_block_by_hand, **typed)
    with pytest.raises(Invalid, match="déjà ouvert"):
        act(party, "desk", services.open_block_by_hand, **typed)


def test_nobody_blocks_what_is_paid_or_not_filed(party):
    invoice = prepared(party)
    typed = {"invoice_id": invoice.pk, "cause": "B20", "note": "Circuit interne"}
    with pytest.raises(Refused, match="Aucun blocage"):
        act(party, "desk", services.open_block_by_hand, **typed)
    act(party, "desk", services.file_invoice, invoice_id=invoice.pk)
    act(party, "manager", services.approve, invoice_id=invoice.pk)
    with pytest.raises(Refused, match="Aucun blocage"):
        act(party, "manager", services.open_block_by_hand, **typed)


def test_a_reopened_order_blocks_its_invoice_no_more_by_its_certificate(party):
    finished(party)
    assert open_now(party) == [("B01", "landlord")]
    act(party, "manager", orders.reopen_order, order_id=party.order.pk, reason="La fuite a repris")
    assert open_now(party) == []


def test_works_that_are_reopened_hold_the_invoice_at_the_company(party):
    invoice = filed(party)
    assert open_now(party) == []
    act(party, "manager", orders.reopen_order, order_id=party.order.pk, reason="La fuite a repris")
    assert open_now(party) == [("B01", "contractor")]
    with pytest.raises(Refused):
        act(party, "manager", services.approve, invoice_id=invoice.pk)


def test_both_organisations_read_the_same_rows_and_no_tenant_any(party):
    filed(party, certified=False)
    seen = {}
    for who in ("manager", "desk", "tenant", "paper"):
        with scope_of(party.actor(who)):
            seen[who] = list(Block.objects.values_list("cause", "amount"))
    assert seen["manager"] == seen["desk"]
    assert len(seen["desk"]) == 1
    assert seen["tenant"] == seen["paper"] == []

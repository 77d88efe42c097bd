"""Who holds a block: a person of the landlord's service says so; what is to judge is passed on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contractors import services
from contractors.models import Block, BlockHolder
from contractors.selectors.blocks import cards, open_of_order
from contractors.tasks import chase_due
from nexxio.core import clock, relay
from nexxio.core.actors import Role, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event, LegalForm, Membership, Notification, User
from nexxio.core.scoping import system_scope
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.invoiced import becomes, blocks_of, filed


@pytest.fixture
def party(world, monkeypatch):
    """The first party, with Inès at the landlord's contracts."""
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    becomes(world.first, LegalForm.PRIVATE)
    with system_scope("tests: a colleague"):
        user = User.objects.create_user(
            "ines@rivp.example", "x", first_name="Inès", last_name="Marchal"
        )
        world.first.ines = Membership.objects.create(
            organisation=world.first.landlord,
            user=user,
            department="marches",
            roles=[Role.CLERK],
        )
    return world.first


def delivered() -> None:
    relay.drain_batches()
    relay.deliver_one_by_one()


def disputed(party, cause: str = "B08") -> tuple:
    """Return an invoice and what somebody of the landlord says that holds it."""
    invoice = filed(party)
    typed = {"cause": cause, "note": "Un seul siphon posé"}
    block = act(party, "manager", services.open_block_by_hand, invoice_id=invoice.pk, **typed)
    delivered()
    return invoice, block


def bells(kind: str, title: str = "") -> list[str]:
    with system_scope("tests: bells"):
        rows = Notification.objects.filter(kind=kind, title__contains=title)
        return sorted(rows.values_list("user__first_name", flat=True))


def test_a_person_says_that_he_sees_to_it_and_only_his_house_knows(party):
    invoice, block = disputed(party)
    assert (block.side, block.department) == ("landlord", "marches")
    page = client_of(party, "ines").get(url(party, "landlord", "invoice", invoice.pk)).text
    assert "Je m’en occupe" in page
    act_url = url(party, "landlord", "block_act", block.pk, "prendre")
    done = client_of(party, "ines").post(act_url, follow=True).text
    assert "Inès Marchal s’en occupe" in done
    assert "Je m’en occupe" not in done
    delivered()
    for page_name in (("blocks",), ("invoice", invoice.pk)):
        own = client_of(party, "manager").get(url(party, "landlord", *page_name)).text
        assert "Inès Marchal s’en occupe" in own
        theirs = client_of(party, "desk").get(url(party, "contractor", *page_name)).text
        assert "Inès" not in theirs
        assert "Je m’en occupe" not in theirs
    order = url(party, "contractor", "detail", party.order.pk, app="orders")
    assert "Inès" not in client_of(party, "desk").get(order).text
    actor = party.actor("desk")
    with scope_of(actor):
        assert not BlockHolder.objects.exists()
        assert not Event.objects.filter(kind="block.taken").exists()
        assert getattr(open_of_order(party.landlord.pk, party.order.pk)[0], "holder", None) is None


def test_it_is_taken_once_a_colleague_takes_over_and_no_other_service_does(party):
    _invoice, block = disputed(party)
    taken = {"block_id": block.pk}
    with pytest.raises(Refused, match="service"):
        act(party, "manager", services.see_to_block, **taken)  # of another service
    with pytest.raises(Refused):
        act(party, "desk", services.see_to_block, **taken)
    act(party, "ines", services.see_to_block, **taken)
    act(party, "ines", services.see_to_block, **taken)
    with system_scope("tests: events"):
        assert Event.objects.filter(kind="block.taken").count() == 1
        assert BlockHolder.objects.get().user_id == party.ines.user_id
        Membership.objects.filter(pk=party.manager.pk).update(department="marches")
    party.manager.department = "marches"
    act(party, "manager", services.see_to_block, **taken)
    with system_scope("tests: one row"):
        assert BlockHolder.objects.get().user_id == party.manager.user_id
    act(party, "manager", services.close_block_by_hand, note="Vu", **taken)
    with pytest.raises(Refused):
        act(party, "ines", services.see_to_block, **taken)


def test_the_reminder_rings_whoever_took_it_then_those_above(party):
    _invoice, block = disputed(party)
    with system_scope("tests: a second clerk"):
        user = User.objects.create_user("omar@rivp.example", "x", first_name="Omar")
        Membership.objects.create(
            organisation=party.landlord, user=user, department="marches", roles=[Role.CLERK]
        )
    act(party, "ines", services.see_to_block, block_id=block.pk)
    with clock.moved_to(clock.now() + timedelta(days=9)):
        chase_due()
        delivered()
    assert bells("block_late", "5 jours") == ["Inès"]


def test_what_is_to_judge_is_passed_and_its_alerts_begin_anew(party):
    invoice, block = disputed(party)
    act(party, "ines", services.see_to_block, block_id=block.pk)
    said = {"block_id": block.pk, "note": "À vous de prouver la quantité"}
    with clock.moved_to(clock.now() + timedelta(days=4)):
        address = url(party, "landlord", "block_act", block.pk, "passer")
        typed = {"to": "contractor", "note": said["note"]}
        assert client_of(party, "ines").post(address, typed).status_code == 302
        delivered()
        first = blocks_of(party)[0]
        assert (first.pk, first.side, first.department) == (block.pk, "contractor", "")
        assert first.opened_at == block.opened_at
        assert first.remind_at > block.opened_at + timedelta(days=8)
        assert bells("block_passed") == sorted({*bells("block_passed")}) != []
        page = client_of(party, "desk").get(url(party, "contractor", "invoice", invoice.pk)).text
        assert said["note"] in page
        with pytest.raises(Refused, match="tient"):
            act(party, "ines", services.pass_block, to="patrimoine", **said)
        act(party, "desk", services.pass_block, to="landlord", **said)
        delivered()
    (back,) = blocks_of(party)
    assert (back.side, back.department) == ("landlord", "marches")
    actor = party.actor("ines")
    with scope_of(actor):
        rows = open_of_order(party.landlord.pk, party.order.pk)
        (card,) = cards(actor, rows, services.blocks.causes_book.load())
    assert (card.by, card.can_take, card.can_pass) == ("", True, True)  # taken before it went
    with system_scope("tests: events"):
        rows = Event.objects.filter(kind="block.passed").order_by("recorded_at")
        assert [row.payload["side"] for row in rows] == ["contractor", "landlord"]


def test_another_service_of_the_landlord_may_have_it(party):
    _invoice, block = disputed(party, "B18")
    said = {"block_id": block.pk, "note": "C’est un sujet de proximité"}
    act(party, "manager", services.pass_block, to="proximite", **said)
    assert [row.department for row in blocks_of(party)] == ["proximite"]
    for to in ("proximite", "ailleurs", "landlord", ""):
        with pytest.raises(Invalid):
            act(party, "manager", services.pass_block, to=to, **said)
    with pytest.raises(Invalid):
        act(party, "manager", services.pass_block, to="marches", block_id=block.pk, note=" ")


def test_what_a_fact_says_is_not_passed_and_one_side_has_a_cause_once(party):
    invoice = filed(party, certified=False)
    delivered()
    (block,) = blocks_of(party)
    said = {"to": "contractor", "note": "x"}
    with pytest.raises(Refused, match="trancher"):
        act(party, "manager", services.pass_block, block_id=block.pk, **said)
    typed = {"cause": "B18", "note": "Ça fuit", "invoice_id": invoice.pk}
    disputed_one = act(party, "manager", services.open_block_by_hand, **typed)
    act(party, "manager", services.pass_block, block_id=disputed_one.pk, **said)
    again = act(party, "manager", services.open_block_by_hand, **typed)
    with pytest.raises(Conflict):
        act(party, "manager", services.pass_block, block_id=again.pk, **said)


def test_facts_follow_a_block_to_where_it_was_passed(party):
    _invoice, block = disputed(party)
    with system_scope("tests: as if a file had said it"):
        Block.objects.filter(pk=block.pk).update(opened_how="fact", open_note="")
    act(party, "ines", services.pass_block, block_id=block.pk, to="contractor", note="À vous")
    with system_scope("tests: looked at"):
        row = Block.objects.get(pk=block.pk)
        finding = services.blocks.Finding(cause="B08", side="landlord", amount=row.amount)
        wanted = services.blocks._as_passed({finding.key: finding}, [row])
    assert set(wanted) == {("B08", "contractor")}

"""A contract's orders around what its parties said: the same counts to both, letters to one."""

from __future__ import annotations

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from contractors.models import ClaimLetter
from contractors.services.claims import keep_claim
from evaluations.models import Campaign
from evaluations.selectors.around import Tallied, around_of
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, RuleDeparture
from tests.factories.acting import act
from tests.factories.evaluated import campaign_of

DAY = timedelta(days=1)


def closed(party, ago: int) -> Campaign:
    """Close the party's campaign so many days ago, with the order issued before it."""
    now = clock.now()
    with system_scope("tests: a campaign that is over"):
        campaign = Campaign.objects.filter(contractor=party.contractor).first()
    campaign = campaign or campaign_of(party)
    with system_scope("tests: a campaign that is over"):
        Campaign.objects.filter(pk=campaign.pk).update(
            opened_at=now - (ago + 14) * DAY, closes_at=now - ago * DAY, closed_at=now - ago * DAY
        )
        Order.objects.filter(pk=party.order.pk).update(issued_at=now - (ago + 3) * DAY)
    return campaign


def told(party, who):
    actor = party.actor(who)
    with scope_of(actor):
        return around_of(actor, party.contract)


def contract_page(party, who: str, side: str) -> str:
    client = Client()
    client.force_login(getattr(party, who).user)
    house = party.landlord if side == "landlord" else party.contractor
    url = reverse(f"orders:{side}_contract", args=[house.slug, party.contract.pk])
    return client.get(url).text


def test_both_sides_read_the_orders_before_and_after_a_campaign(world):
    party = world.first
    assert told(party, "manager") == []  # nothing was said yet
    campaign_of(party)
    assert told(party, "manager") == []  # nor is it over
    closed(party, 20)
    with system_scope("tests: an order that left after it"):
        order = Order.objects.get(pk=party.order.pk)
        RuleDeparture.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            contract=party.contract,
            order=order,
            reason="skill",
        )
    for who in ("manager", "reader", "desk"):
        (row,) = told(party, who)
        assert (row.before, row.after, row.over) == (Tallied(1, 0, 0), Tallied(0, 0, 1), False)
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        shown = contract_page(party, who, side)
        assert "avant et après une prise de parole" in shown
        assert "1 commande reçue" in shown
        assert "1 partie vers un autre marché" in shown
    assert told(world.second, "manager") == []
    act(party, "manager", services.cancel_order, order_id=party.order.pk, reason="duplicate")
    (row,) = told(party, "desk")
    assert row.before.received == 0  # a cancelled one was never work


def test_a_letter_is_counted_around_by_its_own_company_alone(world):
    party = world.first
    closed(party, 20)
    with system_scope("tests: a letter"):
        letter = ClaimLetter.objects.create(
            organisation=party.contractor,
            debtor=party.landlord,
            invoice_ids=[party.order.pk],
            as_of=clock.today(),
            asked_at=clock.now() - 10 * DAY,
        )
        assert len(told(party, "desk")) == 1  # not printed yet
        keep_claim(actor=SYSTEM, letter_id=letter.pk, pdf=b"%PDF-1.7")
    newest, _campaign = told(party, "desk")
    assert newest.name == "Votre lettre de réclamation"
    assert len(told(party, "manager")) == 1
    assert "lettre de réclamation" not in contract_page(party, "manager", "landlord")

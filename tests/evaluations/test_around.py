"""A contract's orders around what its parties said: the same counts to both."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from contractors.models import ClaimLetter
from contractors.services.claims import keep_claim
from evaluations import services as evaluations
from evaluations.models import Campaign
from evaluations.selectors.around import Tallied, around_of
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event
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
        return around_of(party.contract)


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


def letter_of(party, ago: int = 10) -> ClaimLetter:
    """Return the company's letter to its landlord, of so many days ago, not printed yet."""
    with system_scope("tests: a letter"):
        return ClaimLetter.objects.create(
            organisation=party.contractor,
            debtor=party.landlord,
            invoice_ids=[party.order.pk],
            as_of=clock.today() - ago * DAY,
            asked_at=clock.now() - ago * DAY,
        )


def printed(letter: ClaimLetter) -> ClaimLetter:
    """Let a worker have printed a letter."""
    with system_scope("tests: a letter"):
        return keep_claim(actor=SYSTEM, letter_id=letter.pk, pdf=b"%PDF-1.7")


def test_both_sides_read_the_orders_around_a_letter_from_the_day_it_was_sent(world):
    party = world.first
    closed(party, 20)
    letter = printed(letter_of(party))
    for who in ("desk", "manager"):
        assert len(told(party, who)) == 1  # whether it ever left is its company's to say
    sent_on = clock.today() - 7 * DAY
    act(party, "desk", evaluations.note_claim_sent, letter=letter, sent_on=sent_on)
    for who, side in (("desk", "contractor"), ("manager", "landlord")):
        newest, campaign = told(party, who)
        assert (newest.name, newest.day) == ("Lettre de réclamation", sent_on)
        assert newest.before == campaign.before
        assert "Lettre de réclamation" in contract_page(party, who, side)
    assert told(world.second, "manager") == []
    with scope_of(party.actor("manager")):
        assert not ClaimLetter.objects.exists()  # the day is all that is shared
    with system_scope("tests: what was recorded"):
        (event,) = Event.objects.filter(kind="claim.sent")
    assert (event.landlord_id, event.contractor_id) == (party.landlord.pk, party.contractor.pk)


def test_a_sending_is_noted_once_by_its_company_on_a_day_that_can_be(world):
    party = world.first
    letter = letter_of(party)
    with pytest.raises(Refused, match="pas encore prête"):
        act(party, "desk", evaluations.note_claim_sent, letter=letter, sent_on=clock.today())
    letter = printed(letter)
    for who in ("manager", "technician"):
        with pytest.raises(Refused, match="bureau de l’entreprise"):
            act(party, who, evaluations.note_claim_sent, letter=letter, sent_on=clock.today())
    for day in (clock.today() + DAY, letter.as_of - DAY):
        with pytest.raises(Invalid):
            act(party, "desk", evaluations.note_claim_sent, letter=letter, sent_on=day)
    act(party, "desk", evaluations.note_claim_sent, letter=letter, sent_on=clock.today())
    with pytest.raises(Conflict, match="déjà noté"):
        act(party, "desk", evaluations.note_claim_sent, letter=letter, sent_on=clock.today())


def test_the_page_of_claims_notes_a_sending_and_shows_it(world):
    party = world.first
    letter = printed(letter_of(party))
    client = Client()
    client.force_login(party.desk.user)
    page = reverse("contractors:contractor_claims", args=[party.contractor.slug])
    assert "Noter l’envoi" in client.get(page).text
    url = reverse("evaluations:contractor_claim_sent", args=[party.contractor.slug, letter.pk])
    for wrong, why in (
        ("", "Indiquez le jour de l’envoi."),
        ("2026-02-31", "Indiquez le jour de l’envoi."),
        (f"{clock.today() + DAY:%Y-%m-%d}", "Choisissez un jour entre celui de la lettre"),
    ):
        told_wrong = client.post(url, {"envoyee_le": wrong}, follow=True).text
        assert why in told_wrong
        assert "Noter l’envoi" in told_wrong
    done = client.post(url, {"envoyee_le": f"{clock.today():%Y-%m-%d}"}, follow=True).text
    assert "envoyée le" in done
    assert "Noter l’envoi" not in done

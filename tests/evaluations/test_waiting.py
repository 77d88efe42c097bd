"""What waits in evaluations, bonus and reviews, on the page of the day."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations import services
from evaluations.quarters import Quarter
from evaluations.selectors.waiting import waiting
from nexxio.core import clock
from nexxio.core.actors import scope_of
from tests.evaluations.steps import client_of, page
from tests.factories.acting import act
from tests.factories.bonused import proposed
from tests.factories.evaluated import C2L, L2C, asked_of, campaign_of


def told(party, who) -> list[str]:
    actor = party.actor(who)
    with scope_of(actor), CaptureQueriesContext(connection) as asked:
        found = [one.text for one in waiting(actor)]
    assert len([one for one in asked.captured_queries if "SELECT COUNT" in one["sql"]]) <= 5
    return found


def test_each_role_is_told_what_it_may_do(world):
    party = world.first
    assert told(party, "manager") == told(party, "desk") == []
    asked_of(party, L2C)
    asked_of(party, C2L)
    rules = proposed(party)
    review = act(
        party,
        "manager",
        services.open_review,
        contract=party.contract,
        quarter=Quarter.of(clock.today()).first,
        meets_on=clock.today(),
    )
    key = {"review_id": review.pk}
    act(party, "manager", services.write_minutes, **key, text="Échanges.", version=1)
    closed = act(party, "manager", services.close_review, **key, agenda=[], version=2)
    assert told(party, "manager") == ["1 avis à donner", "1 compte rendu à signer"]
    assert told(party, "desk") == [
        "1 avis à donner",
        "1 règle de bonus à signer",
        "1 compte rendu à signer",
    ]
    assert told(party, "reader") == []
    assert told(world.second, "desk") == []
    act(party, "desk", services.accept_rules, rules_id=rules.pk, sha256=rules.sha256)
    act(party, "desk", services.sign_review, **key, sha256=closed.sha256)
    assert told(party, "desk") == ["1 avis à donner"]
    with clock.moved_to(clock.now() + timedelta(days=20)):
        assert told(party, "desk") == []


def test_a_campaign_waits_until_the_member_has_answered(world):
    party = world.first
    campaign_of(party)
    assert told(party, "desk") == ["1 avis à donner"]


def test_the_page_of_the_day_fetches_it_apart(world):
    party = world.first
    asked_of(party, L2C)
    place = page(party, "landlord", "waiting")
    home = reverse("orders:landlord_home", args=[party.landlord.slug])
    client = client_of(party, "manager")
    assert place in client.get(home).text
    assert "1 avis à donner" in client.get(place).text
    assert place not in client_of(party, "reader").get(home).text

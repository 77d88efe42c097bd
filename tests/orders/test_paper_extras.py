"""Extra works that a company without an account asks for behind its printed order's code."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import PaperAct, PriceItem, Variation, VariationLine, VariationTerms
from tests.factories.acting import act, photo_bytes
from tests.factories.extras import asked, drafted, typed
from tests.factories.full import on_paper, visited

HOLDER = "Bruno Petit"
REASONS = {"devis": "hidden_defect", "regularisation": "water"}
KINDS = {"devis": "variation", "regularisation": "regularisation"}


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    visited(world.first, state="on_site")
    return world.first


def page(party, action: str = "") -> str:
    token = party.paper_token()
    if action:
        return reverse("orders:paper_act", args=[token, action])
    return reverse("orders:paper", args=[token])


def rows(*lines: dict[str, str]) -> dict[str, str]:
    data = {"lignes-TOTAL_FORMS": str(len(lines)), "lignes-INITIAL_FORMS": "0"}
    for number, line in enumerate(lines):
        data |= {f"lignes-{number}-{name}": value for name, value in line.items()}
    return data


def by_code(party, **more: str) -> dict[str, str]:
    return {**rows({"price_item": party.item.code, "quantity": "2"}), **more}


@pytest.mark.parametrize("action", ["devis", "regularisation"])
def test_the_holder_of_the_paper_asks_and_the_landlord_grants(party, action):
    client = Client()
    shown = client.get(page(party, action)).content.decode()
    assert party.item.code not in shown  # a lost paper opens no schedule
    assert page(party, action) in client.get(page(party)).content.decode()
    data = {"reason": REASONS[action], "note": "Percé aussi.", "holder": HOLDER}
    answer = client.post(page(party, action), {**by_code(party, **data), "photo": photo_bytes()})
    assert answer.status_code == 302
    with system_scope("tests"):
        variation = Variation.objects.get(order=party.order)
        assert (variation.kind, variation.state) == (KINDS[action], "asked")
        assert variation.terms.asked == 2 * party.item.unit_price
        assert PaperAct.objects.filter(order=party.order, name=HOLDER).exists()
        event = Event.objects.filter(subject_id=variation.pk, kind__endswith=".asked").get()
        assert event.channel == "paper"
    act(party, "manager", services.grant_variation, variation_id=variation.pk, note="D’accord.")
    body = client.get(page(party)).content.decode()
    assert "D’accord." in body
    assert page(party, f"retirer-{action}") not in body


def test_what_lacks_is_said_and_nothing_is_kept(party):
    client = Client()
    data = by_code(party, reason="hidden_defect", holder=HOLDER)
    answer = client.post(page(party, "devis"), data)
    assert answer.status_code == 422
    assert "Il manque : une photo." in answer.content.decode()
    wrong = {**rows({"price_item": "INCONNU", "quantity": "2"}), "reason": "hidden_defect"}
    answer = client.post(page(party, "devis"), {**wrong, "holder": HOLDER})
    assert answer.status_code == 422
    assert "pas au bordereau" in answer.content.decode()
    nameless = by_code(party, reason="hidden_defect")
    assert client.post(page(party, "devis"), nameless).status_code == 422
    with system_scope("tests"):
        assert not Variation.objects.filter(order=party.order).exists()


def test_the_holder_takes_a_request_back(party):
    variation = asked(party)
    client = Client()
    url = page(party, "retirer-devis")
    assert url in client.get(page(party)).content.decode()
    assert client.post(url, {"holder": HOLDER}).status_code == 302
    with system_scope("tests"):
        assert Variation.objects.get(pk=variation.pk).state == "withdrawn"
    assert client.get(url).status_code == 404


def test_the_paper_drops_no_draft_of_its_companys_desk(party):
    """It shows none, so its holder can't know what he throws away."""
    variation = drafted(party)
    url = page(party, "retirer-devis")
    assert Client().post(url, {"holder": HOLDER}).status_code == 404
    with pytest.raises(Refused):
        on_paper(party, services.withdraw_variation, variation_id=variation.pk)
    with system_scope("tests"):
        assert Variation.objects.get(pk=variation.pk).state == "draft"


def test_one_at_a_time_whoever_writes_it(party):
    drafted(party)
    client = Client()
    assert client.get(page(party, "devis")).status_code == 404
    with pytest.raises(Refused):
        on_paper(party, services.draft_variation, order_id=party.order.pk, data=typed(party))


def test_the_paper_neither_answers_nor_reads_another_orders_prices(party, world):
    variation = asked(party)
    actor = party.actor("paper")
    with scope_of(actor):
        with pytest.raises(Refused):
            services.reject_variation(actor=actor, variation_id=variation.pk, reason="not_needed")
        with pytest.raises(DatabaseError), transaction.atomic():
            Variation.objects.filter(pk=variation.pk).update(state="granted")
        with pytest.raises(DatabaseError), transaction.atomic():
            VariationTerms.objects.filter(variation=variation).update(granted=Decimal(1))
        with pytest.raises(DatabaseError), transaction.atomic():
            VariationLine.objects.filter(variation=variation).update(granted_quantity=1)
        assert {item.landlord_id for item in PriceItem.objects.all()} == {party.landlord.pk}
        assert PriceItem.objects.update(unit_price=1) == 0
    other = world.second.actor("paper")
    with scope_of(other):
        assert not VariationTerms.objects.filter(variation=variation).exists()

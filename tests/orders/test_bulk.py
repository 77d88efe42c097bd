"""Acts on many orders of the list: boxes, confirmation, a result for each."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order
from tests.factories.acting import act


@pytest.fixture
def first(world):
    return world.first


def drafted(party, who="manager", **typed):
    return act(party, who, services.draft_order, data=party.order_input(**typed))


def states(*orders):
    with system_scope("tests: states"):
        found = dict(Order.objects.filter(pk__in=[o.pk for o in orders]).values_list("pk", "state"))
    return [found[order.pk] for order in orders]


def post(client, party, who, name, *orders, side="landlord", **more):
    client.force_login(getattr(party, who).user)
    url = reverse(f"orders:{side}_bulk", args=[getattr(party, side).slug])
    return client.post(url, {"acte": name, "commande": [o.pk for o in orders], **more})


def lines(response):
    """Return the lines of the result page: reference and what became of it."""
    items = re.findall(r"<li>.*?</li>", response.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in items if "C26-" in item]


def test_nothing_is_done_before_the_confirmation_which_says_how_many_for_how_much(client, first):
    one, other = drafted(first, title="Une"), drafted(first, title="Deux")
    response = post(client, first, "manager", "transmettre", one, other, first.order)
    assert response.status_code == 200
    assert [row.obstacle != "" for row in response.context["rows"]] == [True, False, False]
    assert response.context["sum"] == 2 * response.context["ready"][0].total > 0
    assert "Transmettre : 2 commandes" in response.text.replace("\N{NO-BREAK SPACE}", " ")
    assert states(one, other) == ["draft", "draft"]


def test_each_order_goes_its_own_way_and_one_that_fails_stops_no_other(client, first):
    lacking = drafted(first, title="Sans téléphone", phone="")
    good, last = drafted(first, title="Une"), drafted(first, title="Deux")
    response = post(
        client, first, "manager", "transmettre", lacking, good, first.order, last, confirme="1"
    )
    assert (response.context["done"], response.context["refused"]) == (2, 2)
    assert states(lacking, good, last) == ["draft", "issued", "issued"]
    said = dict(
        zip([row.row.order.pk for row in response.context["rows"]], lines(response), strict=True)
    )
    assert "incomplète (" in said[lacking.pk]
    assert "transmise, " in said[good.pk]
    assert "Déjà fait" in said[first.order.pk]


def test_the_confirmation_sent_twice_does_nothing_twice(client, first):
    order = drafted(first)
    post(client, first, "manager", "transmettre", order, confirme="1")
    again = post(client, first, "manager", "transmettre", order, confirme="1")
    assert (again.context["done"], again.context["refused"]) == (0, 1)
    assert states(order) == ["issued"]


def test_what_is_over_the_limit_goes_to_approval_and_is_approved_by_somebody_else(client, first):
    line = services.LineInput(first.item.pk, 20)
    big = drafted(first, "clerk", title="Grande", lines=(line,))
    shown = post(client, first, "clerk", "transmettre", big)
    assert "ira en validation" in shown.text
    sent = post(client, first, "clerk", "transmettre", big, confirme="1")
    assert "envoyée en validation" in sent.text
    own = post(client, first, "clerk", "valider", big, confirme="1")
    assert own.context["done"] == 0
    assert states(big) == ["pending_approval"]
    post(client, first, "manager", "valider", big, confirme="1")
    assert states(big) == ["issued"]


def test_a_contractor_accepts_what_is_ticked(client, first):
    response = post(client, first, "desk", "accepter", first.order, side="contractor", confirme="1")
    assert response.context["done"] == 1
    assert states(first.order) == ["accepted"]


def test_an_outsiders_orders_are_not_there(client, world):
    theirs = world.second.order
    response = post(client, world.first, "manager", "transmettre", theirs, confirme="1")
    assert response.status_code == 302
    assert states(theirs) == ["issued"]


@pytest.mark.parametrize(
    ("who", "side", "name", "status"),
    [
        ("reader", "landlord", "transmettre", 403),
        ("technician", "contractor", "accepter", 403),
        ("desk", "landlord", "transmettre", 404),
        ("manager", "landlord", "accepter", 404),
        ("manager", "landlord", "supprimer", 404),
    ],
)
def test_whoever_may_not_is_refused(client, first, who, side, name, status):
    order = drafted(first)
    assert post(client, first, who, name, order, side=side, confirme="1").status_code == status
    assert states(order) == ["draft"]


def test_nothing_ticked_or_nonsense_leads_back_to_the_same_list(client, first):
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_bulk", args=[first.landlord.slug])
    sent = {"acte": "transmettre", "commande": "x", "retour": "etat=draft&apres=x&pirate=1"}
    response = client.post(url, sent)
    back = reverse("orders:landlord_list", args=[first.landlord.slug])
    assert response.headers["Location"] == f"{back}?etat=draft"


def test_only_rows_that_an_act_may_reach_have_a_box_and_readers_have_none(client, first):
    order = drafted(first)
    url = reverse("orders:landlord_list", args=[first.landlord.slug])
    client.force_login(first.manager.user)
    text = client.get(url).text
    assert text.count("data-tick>") == 2  # one to send, one to chase, print or cancel
    assert f'value="{order.pk}" data-tick' in text
    client.force_login(first.reader.user)
    text = client.get(url).text
    assert "data-tick>" not in text
    assert "data-ticks-bar" not in text

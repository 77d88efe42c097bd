"""More acts on many: chase, cancel, give to a technician, print; and on the whole result."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.scoping import system_scope
from orders.models import Order, Visit
from orders.selectors import bulk, lists
from orders.views import bulk as views
from tests.factories.certified import finished_elsewhere
from tests.factories.full import printed, visited
from tests.orders.test_bulk import drafted, lines, post, states


@pytest.fixture
def first(world):
    return world.first


def test_many_are_given_up_for_one_coded_reason(client, first):
    one, other = drafted(first, title="Une"), drafted(first, title="Deux")
    asked = post(client, first, "manager", "annuler", one, other)
    assert asked.status_code == 200
    without = post(client, first, "manager", "annuler", one, other, confirme="1")
    assert (without.status_code, states(one, other)) == (422, ["draft", "draft"])
    done = post(client, first, "manager", "annuler", one, other, confirme="1", reason="duplicate")
    assert (done.context["done"], states(one, other)) == (2, ["cancelled", "cancelled"])
    with system_scope("tests: reasons"):
        assert set(
            Order.objects.filter(pk__in=[one.pk, other.pk]).values_list("cancel_reason", flat=True)
        ) == {"duplicate"}


def test_only_what_is_silent_is_chased_and_the_others_say_why(client, first):
    page = post(client, first, "manager", "relancer", first.order)
    assert page.context["rows"][0].obstacle == "a bougé récemment : rien à relancer"
    with system_scope("tests: silent"):
        Order.objects.filter(pk=first.order.pk).update(
            silent_at=clock.now() - timedelta(days=1), moved_at=clock.now() - timedelta(days=9)
        )
    done = post(client, first, "manager", "relancer", first.order, confirme="1")
    assert done.context["done"] == 1
    again = post(client, first, "manager", "relancer", first.order)
    assert again.context["rows"][0].obstacle == "déjà relancée aujourd’hui"


def test_appointments_are_given_to_a_technician(client, first):
    visit = visited(first, state="confirmed")
    with system_scope("tests: nobody yet"):
        Visit.objects.filter(pk=visit.pk).update(technician=None)
    asked = {"side": "contractor", "technician_id": str(first.technician.pk)}
    done = post(client, first, "desk", "confier", first.order, confirme="1", **asked)
    assert done.context["done"] == 1
    with system_scope("tests: given"):
        assert Visit.objects.get(pk=visit.pk).technician_id == first.technician.pk
        Visit.objects.filter(pk=visit.pk).update(state="cancelled")
    refused = post(client, first, "desk", "confier", first.order, confirme="1", **asked)
    assert "aucun rendez-vous à confier" in lines(refused)[0]


def test_several_printed_orders_come_as_one_pdf(client, first):
    printed(first)
    answer = post(client, first, "manager", "imprimer", first.order)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    draft = drafted(first)
    nothing = post(client, first, "manager", "imprimer", draft)
    assert nothing.status_code == 302
    some = post(client, first, "manager", "imprimer", first.order, draft)
    assert some.content.startswith(b"%PDF")
    assert draft.reference in said(some)[-1]


def said(answer):
    return [str(message) for message in get_messages(answer.wsgi_request)]


def test_too_many_printed_orders_at_once_are_refused(client, first, monkeypatch):
    monkeypatch.setattr(views, "MOST_PRINTED", 1)
    answer = post(client, first, "manager", "imprimer", first.order, drafted(first))
    assert answer.status_code == 302
    assert "bons au plus par impression" in said(answer)[-1]


def test_the_whole_result_is_done_not_the_page_alone(client, first, monkeypatch):
    made = [drafted(first, title=f"Volet {number}") for number in range(3)]
    monkeypatch.setattr(lists, "PAGE", 1)
    asked = post(client, first, "manager", "transmettre", tout="1", retour="q=volet")
    assert {row.order.pk for row in asked.context["ready"]} == {order.pk for order in made}
    assert not asked.context["is_cut"]
    monkeypatch.setattr(bulk, "MOST", 2)
    cut = post(client, first, "manager", "transmettre", tout="1", retour="q=volet")
    assert (len(cut.context["ready"]), cut.context["is_cut"]) == (2, True)
    monkeypatch.setattr(bulk, "MOST", 3)
    monkeypatch.setattr(bulk, "EXPORT_CAP", 3)
    cut = post(client, first, "manager", "transmettre", tout="1", retour="q=volet")
    assert (len(cut.context["ready"]), cut.context["is_cut"]) == (3, True)


def test_the_whole_result_and_its_export_hold_what_the_list_shows_for_near_words(client, first):
    made = drafted(first, title="Robinet qui goutte")
    asked = post(client, first, "manager", "transmettre", tout="1", retour="q=robient")
    assert [row.order.pk for row in asked.context["ready"]] == [made.pk]
    actor = first.actor("manager")
    with scope_of(actor):
        rows, _key = lists.export_chunk(actor, lists.Filters(q="robient"), "")
    assert [row.order.pk for row in rows] == [made.pk]


def test_the_parapheur_is_narrowed_by_company_sum_and_words(client, first):
    certificate = finished_elsewhere(first)
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_parapheur", args=[first.landlord.slug])
    sum_ = certificate.total_without_vat
    with system_scope("tests: its order"):
        order = certificate.order

    def found(**query):
        return [row.certificate.pk for row in client.get(url, query).context["page"].rows]

    assert found() == found(q=order.reference) == [certificate.pk]
    assert found(entreprise=first.contractor.pk, min=sum_, max=sum_) == [certificate.pk]
    assert found(q="xyzzy") == found(entreprise=first.landlord.pk) == found(min=sum_ + 1) == []
    assert "data-tick>" in client.get(url).text

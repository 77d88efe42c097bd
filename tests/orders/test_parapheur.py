"""The parapheur beside certificates: what else waits for a signature, its age and its euros."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from nexxio.core.actors import scope_of
from nexxio.core.ids import new_id
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order, OrderBudget, OrderLine, Reserve
from orders.selectors.parapheur import Wanted, parapheur
from orders.selectors.signatures import KINDS
from tests.factories.acting import act
from tests.factories.certified import finished_elsewhere, reserved_elsewhere
from tests.factories.extras import asked, regularised
from tests.factories.full import visited

MOST_QUERIES = 8


@pytest.fixture
def first(world):
    return world.first


def shown(party, kind: str, *, who: str = "manager", limit: Decimal | None = None, **kwargs):
    actor = party.actor(who)
    actor = replace(actor, limit=limit) if limit is not None else actor
    with scope_of(actor):
        return parapheur(actor, kind=kind, **kwargs)


def pending(party):
    """An order above its author's limit."""
    lines = (services.LineInput(party.item.pk, Decimal(600)),)
    order = act(party, "clerk", services.draft_order, data=party.order_input(lines=lines))
    return act(party, "clerk", services.issue_order, order_id=order.pk)


def reduced(party):
    with system_scope("tests: line"):
        line = OrderLine.objects.get(order=party.order)
    data = services.ReductionInput(
        reason="less", note="Un seul joint.", quantities={line.pk: Decimal("0.5")}
    )
    return act(party, "desk", services.ask_reduction, order_id=party.order.pk, data=data)


def test_an_order_above_its_authors_limit_waits_for_a_colleague(client, first):
    order = pending(first)
    with system_scope("tests"):
        total = OrderBudget.objects.get(order=order).total_without_vat
    page = shown(first, "validations")
    (line,) = page.lines
    assert (line.order, line.euros, line.target) == (order, total, order.pk)
    assert (page.heap.count, page.heap.euros, page.heap.above) == (1, total, 0)
    assert page.heap.oldest is not None
    own = shown(first, "validations", who="clerk")
    assert (own.lines, own.heap.count, own.heap.above) == ([], 0, 1)
    (line,) = shown(first, "validations", who="clerk", scope="audessus").lines
    assert line.obstacle == "la vôtre : un collègue la valide"
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_parapheur", args=[first.landlord.slug])
    text = client.get(url, {"genre": "validations"}).text
    assert reverse("orders:landlord_detail", args=[first.landlord.slug, order.pk]) in text


def grown(party, who: str = "clerk"):
    """An order that its company returned and that has grown above its author's limit."""
    order = act(party, who, services.draft_order, data=party.order_input())
    act(party, who, services.issue_order, order_id=order.pk)
    back = act(party, "desk", services.return_order, order_id=order.pk, items=["quantity"])
    data = party.order_input(lines=(services.LineInput(party.item.pk, Decimal(600)),))
    version = back.version
    return act(party, who, services.update_order, order_id=order.pk, version=version, data=data)


def test_a_returned_order_that_a_colleague_is_to_send_again_waits_there_too(client, first):
    order = grown(first)
    assert shown(first, "validations").lines == []
    act(first, "clerk", services.ask_reissue, order_id=order.pk)
    page = shown(first, "validations")
    (line,) = page.lines
    assert (line.target, line.title) == (order.pk, "complétée, à transmettre à nouveau")
    with system_scope("tests"):
        asked_at = Order.objects.get(pk=order.pk).reissue_asked_at
        total = OrderBudget.objects.get(order=order).total_without_vat
    assert (line.since, line.euros) == (asked_at, total)
    own = shown(first, "validations", who="clerk", scope="audessus")
    assert [each.obstacle for each in own.lines] == ["au-dessus de votre limite"]
    # Its company has seen it: whoever has the limit sends it again, its author too.
    within = shown(first, "validations", who="clerk", limit=total)
    assert [each.target for each in within.lines] == [order.pk]
    act(first, "manager", services.reissue_order, order_id=order.pk)
    assert shown(first, "validations").lines == []


def test_approvals_are_found_by_an_index_of_their_own(first):
    actor = first.actor("manager")
    with scope_of(actor), connection.cursor() as cursor:
        for setting in ("enable_sort", "enable_seqscan", "enable_bitmapscan"):
            cursor.execute(f"SET LOCAL {setting} = off")
        able, _above = KINDS["validations"].parts(actor, None)
        assert "order_awaits_limit" in able.order_by("created_at", "id").explain()


@pytest.mark.parametrize(
    ("make", "kind"),
    [(asked, "devis"), (regularised, "regularisations"), (reduced, "moins-values")],
)
def test_works_beyond_the_order_and_less_wait_with_what_they_come_to(client, first, make, kind):
    visited(first, state="on_site")
    row = make(first)
    with system_scope("tests"):
        euros = row.terms.asked
    page = shown(first, kind)
    (line,) = page.lines
    assert (line.euros, line.target, page.heap.euros) == (euros, row.pk, euros)
    assert line.company == first.contractor.name
    counts = {heap.kind.code: heap.count for heap in page.heaps}
    assert counts == {**dict.fromkeys(KINDS, 0), kind: 1, "constats": counts["constats"]}
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_parapheur", args=[first.landlord.slug])
    text = client.get(url, {"genre": kind}).text
    assert reverse("orders:landlord_variation", args=[first.landlord.slug, row.pk]) in text


def test_extra_works_are_compared_with_what_the_order_would_come_to(first):
    visited(first, state="on_site")
    row = asked(first)
    with system_scope("tests"):
        after = OrderBudget.objects.get(order=row.order).total_without_vat + row.terms.asked
    within = shown(first, "devis", limit=after)
    assert (within.heap.count, within.heap.above) == (1, 0)
    below = shown(first, "devis", limit=after - Decimal("0.01"))
    assert (below.heap.count, below.heap.above, below.lines) == (0, 1, [])


def test_a_claimed_reserve_waits_with_what_was_certified_once_for_its_order(client, first):
    with system_scope("tests"):
        reserve = Reserve.objects.select_related("order", "certificate").get(
            pk=reserved_elsewhere(first).pk
        )
        other = Reserve.objects.get(pk=reserve.pk)
        other.pk, other.number = new_id(), 2
        other.save(force_insert=True)
    assert shown(first, "reserves").lines == []
    for row in (reserve, other):
        act(first, "desk", services.claim_reserve, reserve_id=row.pk, answer="Repeint.")
    page = shown(first, "reserves")
    certified = reserve.certificate.total_without_vat
    assert [line.euros for line in page.lines] == [certified, None]
    assert (page.heap.count, page.heap.euros) == (2, certified)
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_parapheur", args=[first.landlord.slug])
    assert "déjà compté" in client.get(url, {"genre": "reserves"}).text
    act(first, "manager", services.lift_reserve, reserve_id=reserve.pk)
    assert [line.euros for line in shown(first, "reserves").lines] == [certified]


def test_each_kind_is_narrowed_by_company_sum_and_words(first):
    visited(first, state="on_site")
    row = asked(first)
    with system_scope("tests"):
        reference, euros = row.order.reference, row.terms.asked

    def found(**wanted):
        return len(shown(first, "devis", wanted=Wanted(**wanted)).lines)

    assert found(q=reference) == found(company=first.contractor.pk) == found(least=euros) == 1
    assert found(q="xyzzy") == found(company=first.landlord.pk) == found(most=euros - 1) == 0
    assert shown(first, "devis").companies == [(str(first.contractor.pk), first.contractor.name)]
    assert shown(first, "reserves").companies == []


def test_pages_of_a_kind_follow_each_other(first, monkeypatch):
    monkeypatch.setattr("orders.selectors.parapheur.PAGE", 1)
    for _ in range(2):
        pending(first)
    seen, key = [], ""
    for _ in range(2):
        page = shown(first, "validations", after=key)
        seen += [line.order.pk for line in page.lines]
        key = page.next_key
    assert (len(set(seen)), key) == (2, "")


def test_the_other_landlord_reads_nothing_of_it(world):
    pending(world.first)
    page = shown(world.second, "validations")
    assert [heap.count for heap in page.heaps if heap.kind.code != "constats"] == [0] * 5


@pytest.mark.parametrize("kind", list(KINDS))
def test_the_page_takes_few_queries_and_its_links_keep_what_was_asked(client, first, kind):
    finished_elsewhere(first)
    first.manager.spend_limit = 1
    with system_scope("tests"):
        first.manager.save()
    client.force_login(first.manager.user)
    url = reverse("orders:landlord_parapheur", args=[first.landlord.slug])
    query = {"genre": kind, "min": "1", "perimetre": "tout"}
    client.get(url, query)
    with CaptureQueriesContext(connection) as seen:
        text = client.get(url, query).text
    assert len(seen) <= MOST_QUERIES
    assert ("montre=audessus" in text) == (kind == "constats")
    if kind == "constats":
        assert f"?genre={kind}&amp;min=1&amp;perimetre=tout&amp;montre=audessus" in text

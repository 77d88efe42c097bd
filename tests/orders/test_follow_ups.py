"""Works done in part: what follows is coded, another trade goes on, the landlord decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, links
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid
from nexxio.core.ids import new_id
from nexxio.core.models import Case, Unit
from nexxio.core.scoping import system_scope
from orders import ball, services
from orders.models import Order, OrderLink, PriceItem
from orders.selectors.pages import order_page
from orders.waits import with_waits
from tests.factories.attributed import attached, contract_beside
from tests.factories.full import act, visited
from tests.factories.moving import newcomer_at


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def browser(party) -> Client:
    client = Client()
    client.force_login(party.manager.user)
    return client


def _in_part(party, kind: str, **more) -> Order:
    visit = visited(party, state="confirmed")
    step = {"in_part": True, "next_step": "Reprendre l’enduit", "next_kind": kind, **more}
    act(party, "technician", services.complete_visit, visit_id=visit.pk, **step)
    return _order(party.order.pk)


def _order(pk) -> Order:
    with system_scope("tests: order"):
        return Order.objects.get(pk=pk)


def _page(party, who: str, pk):
    actor = party.actor(who)
    with scope_of(actor):
        return order_page(actor, with_waits(Order.objects.filter(pk=pk)).get())


def test_materials_need_a_day_and_no_silence_before_it(party):
    visit = visited(party, state="confirmed")
    step = {"in_part": True, "next_step": "Mitigeur commandé", "next_kind": "materials"}
    for day in (None, clock.today() - timedelta(days=1), date(9999, 12, 31)):
        with pytest.raises(Invalid):
            act(
                party,
                "technician",
                services.complete_visit,
                visit_id=visit.pk,
                next_date=day,
                **step,
            )
    day = clock.today() + timedelta(days=20)
    act(party, "technician", services.complete_visit, visit_id=visit.pk, next_date=day, **step)
    order = _order(party.order.pk)
    assert (order.next_kind, order.next_date, order.holder) == (
        "materials",
        day,
        ball.Holder.CONTRACTOR,
    )
    assert order.silent_at.date() > day
    assert "fournitures" in _page(party, "desk", order.pk).ball.what


def test_an_unknown_code_is_refused_and_none_means_another_visit(party):
    visit = visited(party, state="confirmed")
    step = {"in_part": True, "next_step": "Retour"}
    with pytest.raises(Invalid):
        act(
            party,
            "technician",
            services.complete_visit,
            visit_id=visit.pk,
            next_kind="bof",
            **step,
        )
    act(party, "technician", services.complete_visit, visit_id=visit.pk, **step)
    assert _order(party.order.pk).next_kind == "return"


def test_another_trade_goes_on_on_the_same_case(world, party, browser):
    former = _in_part(party, "other_trade")
    assert former.holder == ball.Holder.LANDLORD
    shown = _page(party, "manager", former.pk)
    assert (shown.ball.side, shown.can["follow"]) == ("landlord", True)
    url = reverse("orders:landlord_new", args=[party.landlord.slug])
    form = browser.get(f"{url}?suite={former.pk}").content.decode()
    assert former.reference in form
    assert f'name="follows" value="{former.pk}"' in form

    contract = contract_beside(party, world.second.contractor)
    with system_scope("tests: its article"):
        item = PriceItem.objects.get(contract=contract)
    lines = (services.LineInput(item.pk, Decimal(1)),)
    typed = party.order_input(
        title="Enduit à reprendre", contract_id=contract.pk, lines=lines, rule_reason="follow_up"
    )
    with system_scope("tests: another dwelling"):
        elsewhere = Unit.objects.create(
            landlord=party.landlord, group_id=party.unit.group_id, number="99"
        )
    wrong = replace(typed, unit_id=elsewhere.pk)
    with pytest.raises(Invalid):
        act(party, "manager", services.draft_follow_up, former_id=former.pk, data=wrong)
    made = act(party, "manager", services.draft_follow_up, former_id=former.pk, data=typed)
    with system_scope("tests: cases"):
        case = Case.objects.get(landlord=party.landlord)
    assert (made.case_id, made.follows_id, made.supersedes_id) == (case.pk, former.pk, None)
    assert case.title == former.title
    (link,) = _page(party, "manager", former.pk).links
    assert (link.label, link.pk) == ("Suivie par", made.pk)
    # A draft is the landlord's alone.
    assert _page(party, "desk", former.pk).links == []
    # It is begun: the page shows it in place of the way to make another.
    assert not _page(party, "manager", former.pk).can["follow"]
    detail = reverse("orders:landlord_detail", args=[party.landlord.slug, former.pk])
    shown = browser.get(detail).content.decode()
    assert f"Ouvrir {made.reference}, déjà préparée pour l’autre métier" in shown
    assert "Créer la commande pour l’autre métier" not in shown
    with pytest.raises(Conflict, match="déjà préparée"):
        act(party, "manager", services.draft_follow_up, former_id=former.pk, data=typed)

    act(party, "manager", services.issue_order, order_id=made.pk)
    former = _order(former.pk)
    assert (former.state, former.holder) == ("partly_done", ball.Holder.CONTRACTOR)
    (link,) = _page(party, "desk", former.pk).links
    assert (link.reference, link.trade, link.company, link.pk) == (
        made.reference,
        "Plomberie",
        "",
        None,
    )
    (link,) = _page(world.second, "desk", made.pk).links
    assert (link.label, link.reference, link.company) == ("Suite de", former.reference, "")
    with scope_of(world.second.actor("desk")):
        assert not Order.objects.filter(pk=former.pk).exists()
        assert not OrderLink.objects.filter(order=former).exists()
    with pytest.raises(Conflict):
        act(party, "manager", services.draft_follow_up, former_id=former.pk, data=typed)
    _the_tenant_follows_both(world, party, former, made)


def _the_tenant_follows_both(world, party, former: Order, made: Order) -> None:
    """Whoever comes is shown first, the other order beside it, with its appointment."""
    url = reverse("tenants:follow", args=[links.token_of(party.link.pk)])

    def shown() -> tuple[UUID, list[tuple[UUID, bool]]]:
        page = Client().get(url).context["page"]
        return page.order.pk, [(one.order.pk, one.visit is not None) for one in page.aside]

    assert shown() == (made.pk, [(former.pk, False)])
    start = clock.now() + timedelta(hours=3)
    window = {"start": start, "end": start + timedelta(hours=2), "off_hours": True}
    act(party, "desk", services.propose_visit, order_id=former.pk, **window)
    assert shown() == (former.pk, [(made.pk, False)])
    act(world.second, "desk", services.accept_order, order_id=made.pk)
    visit = act(world.second, "desk", services.propose_visit, order_id=made.pk, **window)
    assert shown() == (made.pk, [(former.pk, True)])
    answer = reverse("tenants:visit", args=[links.token_of(party.link.pk), visit.pk])
    assert Client().post(answer, {"reponse": "oui"}).status_code == 302


def test_the_form_sends_what_follows(party, browser):
    former = _in_part(party, "other_trade")
    url = reverse("orders:landlord_new", args=[party.landlord.slug])
    typed = {
        "unit": str(party.unit.pk),
        "nature": "maintenance",
        "priority": "normal",
        "title": "Enduit",
        "own_id": str(new_id()),
        "follows": str(former.pk),
        "lignes-TOTAL_FORMS": "0",
        "lignes-INITIAL_FORMS": "0",
        "pieces-kind": "photo",
        "keep": "1",
    }
    for _again in range(2):
        answer = browser.post(url, typed)
        assert answer.status_code == 302, answer.content.decode()[:3000]
    with system_scope("tests: order"):
        assert Order.objects.filter(follows=former).count() == 1


def test_after_a_move_the_former_tenant_reads_nothing_of_what_follows(party, browser):
    former = _in_part(party, "other_trade")
    attached(party, order_id=former.pk)
    attached(party, order_id=former.pk, kind="quote")
    newcomer = newcomer_at(party)
    url = reverse("orders:landlord_new", args=[party.landlord.slug])
    form = browser.get(f"{url}?suite={former.pk}").content.decode()
    assert "le locataire a changé" in form
    assert str(newcomer) in form
    assert str(party.tenant) not in form

    typed = party.order_input(title="Enduit", contact_name=str(newcomer), phone=newcomer.phone)
    made = act(party, "manager", services.draft_follow_up, former_id=former.pk, data=typed)
    assert made.follows_id == former.pk
    assert made.case_id != former.case_id
    with scope_of(party.actor("manager")):
        assert [row.kind for row in services.files_of(made)] == ["photo"]
    # Its own case has its own name.
    act(
        party,
        "manager",
        services.update_order,
        order_id=made.pk,
        version=made.version,
        data=replace(typed, title="Enduit et peinture"),
    )
    issued = act(party, "manager", services.issue_order, order_id=made.pk)
    assert (issued.tenant_id, issued.reader_case_id) == (newcomer.pk, made.case_id)
    with system_scope("tests: cases"):
        case = Case.objects.get(pk=made.case_id)
    assert (case.tenant_id, case.title) == (newcomer.pk, "Enduit et peinture")
    with scope_of(party.actor("tenant")):
        assert not Order.objects.filter(pk=made.pk).exists()


@pytest.mark.parametrize(
    ("former", "nature"),
    [("on_call", "maintenance"), ("off_contract", "maintenance"), ("claim", "claim")],
)
def test_another_trade_takes_a_nature_that_is_not_its_companys_alone(
    party, browser, former, nature
):
    order = _in_part(party, "other_trade")
    with system_scope("tests: its nature"):
        Order.objects.filter(pk=order.pk).update(nature=former)
    url = reverse("orders:landlord_new", args=[party.landlord.slug])
    form = browser.get(f"{url}?suite={order.pk}").content.decode()
    assert f'<option value="{nature}" selected>' in form


def test_the_landlord_decides_and_the_company_has_its_turn(party, browser):
    order = _in_part(party, "landlord")
    assert order.holder == ball.Holder.LANDLORD
    with pytest.raises(Conflict):
        act(
            party, "manager", services.draft_follow_up, former_id=order.pk, data=party.order_input()
        )
    for who in ("desk", "reader"):
        with pytest.raises(Conflict):
            act(party, who, services.decide_next_step, order_id=order.pk, decision="Oui")
    url = reverse("orders:landlord_act", args=[party.landlord.slug, order.pk, "suite"])
    assert browser.post(url, {"decision": ""}).status_code == 422
    assert browser.post(url, {"decision": "Remplacez la robinetterie."}).status_code == 302
    order = _order(order.pk)
    assert (order.next_step, order.next_kind, order.holder) == (
        "Remplacez la robinetterie.",
        "return",
        ball.Holder.CONTRACTOR,
    )
    with pytest.raises(Conflict):
        act(party, "manager", services.decide_next_step, order_id=order.pk, decision="Encore")

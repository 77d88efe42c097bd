"""Contracts as managers write them, and what they say on orders."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.scoping import system_scope
from orders import services
from orders.completeness import check
from orders.models import Contract, Order
from orders.order_facts import facts_from, sla_date
from orders.selectors.pages import order_page
from orders.services import ContractInput
from orders.waits import with_waits
from orders.working_days import add_working_days
from tests.access.test_hostile import order_form
from tests.factories.full import act

TYPED = {
    "variation_days": "3",
    "variation_hours": "4",
    "number": "2026-NEUF",
    "title": "Plomberie nord",
    "trades": ["plomberie"],
    "starts_on": "2026-01-01",
    "ends_on": "2030-12-31",
    "ceiling": "20000",
    "target_days": "10",
    "certificate_days": "30",
    "urgent_hours": "4",
    "tolerance_percent": "10",
    "tolerance_amount": "150",
    "attribution": "cascade",
    "attribution_rank": "2",
    "pieces": ["photos_after", "sign_off"],
}


@pytest.fixture
def party(world):
    return world.first


@pytest.fixture
def browser(party) -> Client:
    client = Client()
    client.force_login(party.manager.user)
    return client


def _url(party, name: str, *args) -> str:
    return reverse(f"orders:{name}", args=[party.landlord.slug, *args])


def _input(**changes) -> ContractInput:
    values = {
        "number": "2026-NEUF",
        "title": "Plomberie nord",
        "trades": ("plomberie",),
        "starts_on": date(2026, 1, 1),
        "ends_on": date(2030, 12, 31),
    }
    return ContractInput(**{**values, **changes})


def test_a_manager_opens_a_contract_with_a_partner(party, browser):
    url = _url(party, "landlord_contract_new")
    answer = browser.post(url, {**TYPED, "contractor": str(party.contractor.pk)})
    with system_scope("tests"):
        made = Contract.objects.get(number="2026-NEUF", landlord=party.landlord)
    assert answer.headers["Location"] == _url(party, "landlord_contract", made.pk)
    assert (made.tolerance_percent, made.tolerance_amount) == (10, 150)
    assert (made.attribution, made.attribution_rank) == ("cascade", 2)
    assert made.pieces == ["photos_after", "sign_off"]
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "a ouvert le marché" in page
    assert "Photos après travaux" in page


def test_what_is_wrong_is_said_beside_its_field(party, browser, world):
    url = _url(party, "landlord_contract_new")
    mine = {**TYPED, "contractor": str(party.contractor.pk)}
    for changes, field in (
        ({"number": party.contract.number}, "number"),
        ({"ends_on": "2025-01-01"}, "ends_on"),
        ({"contractor": str(world.second.contractor.pk)}, "contractor"),
        ({"trades": []}, "trades"),
        ({"pieces": ["autre"]}, "pieces"),
        ({"tolerance_percent": "101"}, "tolerance_percent"),
        ({"ceiling": "0"}, "ceiling"),
    ):
        answer = browser.post(url, {**mine, **changes})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


def test_a_company_that_is_no_partner_gets_no_contract(world):
    with pytest.raises(Invalid) as raised:
        act(
            world.first,
            "manager",
            services.open_contract,
            contractor_id=world.second.contractor.pk,
            data=_input(),
        )
    assert list(raised.value.errors) == ["contractor"]


def test_a_change_is_recorded_and_an_old_form_is_refused(party, browser):
    url = _url(party, "landlord_contract_act", party.contract.pk, "modifier")
    typed = {**TYPED, "number": party.contract.number, "version": "1"}
    assert browser.post(url, typed).status_code == 302
    page = browser.get(_url(party, "landlord_contract", party.contract.pk)).content.decode()
    assert "a modifié le marché" in page
    again = browser.post(url, {**typed, "title": "Autre"})
    assert again.status_code == 422
    assert again.context["form"]["version"].value() == "2"
    with system_scope("tests"):
        assert Contract.objects.get(pk=party.contract.pk).title == "Plomberie nord"


@pytest.mark.parametrize("who", ["clerk", "reader", "desk"])
def test_nobody_else_writes_contracts(party, who):
    with pytest.raises(Refused):
        act(
            party,
            who,
            services.change_contract,
            contract_id=party.contract.pk,
            version=1,
            data=_input(),
        )


def test_an_order_shows_the_ceiling_to_both_offices_and_the_pieces(party):
    with system_scope("tests"):
        Contract.objects.filter(pk=party.contract.pk).update(
            ceiling=Decimal(75), pieces=["sign_off"]
        )
        order = with_waits(
            Order.objects.select_related("landlord", "contractor", "contract", "budget")
        ).get(pk=party.order.pk)
    for who, percent in (("manager", 83), ("desk", 83), ("technician", None)):
        actor = party.actor(who)
        with scope_of(actor):
            page = order_page(actor, order)
        assert (page.ceiling and page.ceiling.percent) == percent
        assert [line.label for line in page.pieces.lines] == [
            "Bon d’intervention signé par le locataire"
        ]


def test_four_fifths_of_the_ceiling_warn_and_do_not_block(party):
    with system_scope("tests"):
        Contract.objects.filter(pk=party.contract.pk).update(ceiling=Decimal(150))
    order = act(party, "manager", services.draft_order, data=party.order_input())
    with scope_of(party.actor("manager")):
        found = check(services.facts_of(Order.objects.get(pk=order.pk)))
    assert found.is_complete
    assert "ceiling_nearly" in [rule.code for rule in found.warnings]


def test_the_contracts_delay_gives_the_date(party):
    for priority, expected in (
        ("urgent", clock.today() + timedelta(days=1)),
        ("normal", add_working_days(clock.today(), 15)),
    ):
        data = party.order_input(target_date=None, priority=priority)
        order = act(party, "manager", services.draft_order, data=data)
        assert order.target_date == expected
    data = party.order_input(target_date=clock.today() + timedelta(days=2), target_note="")
    order = act(party, "manager", services.draft_order, data=data)
    with scope_of(party.actor("manager")):
        found = check(services.facts_of(Order.objects.get(pk=order.pk)))
    assert [rule.code for rule in found.missing] == ["target_date_sla"]


def test_working_days_leave_out_weekends_and_holidays():
    # 8 and 14 May 2026 are holidays (Victory, Ascension).
    assert add_working_days(date(2026, 5, 7), 1) == date(2026, 5, 11)
    assert add_working_days(date(2026, 5, 13), 1) == date(2026, 5, 15)
    contract = Contract(target_days=2, urgent_hours=4)
    late = datetime(2026, 5, 7, 20, tzinfo=UTC)
    assert sla_date(contract, "urgent", since=late) == date(2026, 5, 8)
    assert sla_date(contract, "normal", since=late) == date(2026, 5, 12)


def test_the_form_warns_by_the_holidays_of_the_place():
    """26 December is one in Alsace: what is owed there is a later day."""
    contract = Contract(
        target_days=1,
        urgent_hours=4,
        starts_on=date(2025, 1, 1),
        ends_on=date(2026, 12, 31),
        ceiling=None,
        trades=[],
    )
    with time_machine.travel(datetime(2025, 12, 24, 9, tzinfo=UTC)):
        found = {
            where: facts_from(
                {},
                contract=contract,
                ceiling_left=None,
                line_count=0,
                total=Decimal(0),
                where=where,
            ).earliest
            for where in ("67", "75")
        }
    assert found == {"67": date(2025, 12, 29), "75": date(2025, 12, 26)}


def test_open_orders_of_the_same_place_and_trade_are_shown_first(party, browser):
    page = browser.post(_url(party, "landlord_check"), order_form(party)).content.decode()
    assert party.order.reference in page
    other = browser.post(_url(party, "landlord_check"), order_form(party, trade=""))
    assert party.order.reference not in other.content.decode()
    act(party, "manager", services.cancel_order, order_id=party.order.pk, reason="duplicate")
    page = browser.post(_url(party, "landlord_check"), order_form(party)).content.decode()
    assert party.order.reference not in page

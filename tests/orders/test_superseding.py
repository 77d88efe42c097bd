"""Another company takes over on the same case; a certified order that is paid is closed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from contractors import services as contractors
from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Incomplete, Invalid, Refused
from nexxio.core.models import Case, LegalForm, Partnership
from nexxio.core.scoping import system_scope
from orders import ball, services
from orders.completeness import check
from orders.models import (
    Contract,
    Order,
    OrderBudget,
    OrderContact,
    OrderFile,
    PriceItem,
    PriceSchedule,
    Visit,
)
from orders.selectors import lists
from orders.selectors.pages import order_page
from orders.waits import with_waits
from tenants.selectors import follow_page
from tests.factories.acting import act
from tests.factories.attributed import attached
from tests.factories.certified import signed
from tests.factories.full import visited
from tests.factories.invoiced import becomes
from tests.factories.moving import newcomer_at


@pytest.fixture
def first(world):
    becomes(world.first, LegalForm.PRIVATE)
    return world.first


@pytest.fixture
def other(world, first) -> Contract:
    """A contract of the first landlord with the second company, with the same article."""
    with system_scope("tests: another company"):
        company = world.second.contractor
        Partnership.objects.get_or_create(landlord=first.landlord, contractor=company)
        contract = Contract.objects.get(pk=first.contract.pk)
        contract.pk, contract._state.adding = None, True
        contract.contractor, contract.number = company, "M-2026-99"
        contract.save(force_insert=True)
        schedule = PriceSchedule.objects.get(pk=first.item.schedule_id)
        schedule.pk, schedule._state.adding = None, True
        schedule.contract, schedule.contractor = contract, company
        schedule.save(force_insert=True)
        item = PriceItem.objects.get(pk=first.item.pk)
        item.pk, item._state.adding = None, True
        item.contract, item.contractor, item.schedule = contract, company, schedule
        item.unit_price = Decimal("70.00")
        item.save(force_insert=True)
    return contract


def _order(pk) -> Order:
    with system_scope("tests: order"):
        return Order.objects.get(pk=pk)


def _successor(party, contract, **more) -> Order:
    values = {"contract_id": contract.pk, "reason": "no_capacity", "note": "Effectif réduit"}
    return act(
        party, "manager", services.draft_successor, order_id=party.order.pk, **{**values, **more}
    )


def test_another_company_takes_over_on_the_same_case(world, first, other):
    visit = visited(first, state="confirmed")
    with pytest.raises(Invalid):
        _successor(first, other, reason="bof")
    with pytest.raises(Invalid, match="autre entreprise"):
        _successor(first, first.contract)
    made = _successor(first, other)
    assert (made.case_id, made.state, made.title) == (
        first.order.case_id,
        "draft",
        first.order.title,
    )
    with scope_of(first.actor("manager")):
        lines = [(line.code, line.unit_price) for line in made.lines.all()]
        assert lines == [("PLB-01", Decimal("70.0000"))]
        assert OrderContact.objects.get(order=made).phone
    with pytest.raises(Refused, match="remplace déjà"):
        _successor(first, other)
    # As long as it is a draft, the company has the order and the tenant his appointment.
    assert _order(first.order.pk).state == "accepted"
    with scope_of(first.actor("tenant")):
        assert follow_page(first.actor("tenant")).order.pk == first.order.pk
    act(first, "manager", services.issue_order, order_id=made.pk)
    former = _order(first.order.pk)
    assert (former.state, former.holder) == ("superseded", ball.Holder.NOBODY)
    assert former.closed_at is not None
    with system_scope("tests: visit"):
        assert Visit.objects.get(pk=visit.pk).state == "cancelled"
        assert Case.objects.filter(landlord=first.landlord).count() == 1
    with scope_of(first.actor("tenant")):
        page = follow_page(first.actor("tenant"))
        assert page.order.pk == made.pk
        assert page.replaces == first.order.reference
    with scope_of(first.actor("desk")):
        order = with_waits(Order.objects.filter(pk=first.order.pk)).get()
        page = order_page(first.actor("desk"), order)
        assert page.status.label == "Annulée et remplacée"
        assert page.successor is None
        assert not Order.objects.filter(pk=made.pk).exists()
    with scope_of(world.second.actor("desk")):
        assert Order.objects.filter(pk=made.pk).exists()
        assert not Order.objects.filter(pk=first.order.pk).exists()


def test_what_was_agreed_with_the_former_company_stays_behind(world, first, other):
    attached(first)
    attached(first, kind="quote", note="Devis de la première")
    with system_scope("tests: its cap"):
        OrderBudget.objects.filter(order=first.order).update(quote_cap=Decimal(900))
    made = _successor(first, other)
    act(first, "manager", services.issue_order, order_id=made.pk)
    with scope_of(world.second.actor("desk")):
        assert [row.kind for row in OrderFile.objects.filter(order=made)] == ["photo"]
        assert OrderBudget.objects.get(order=made).quote_cap is None


def test_a_correction_keeps_quote_and_cap_and_its_company(first, other):
    attached(first, kind="quote")
    with system_scope("tests: its cap"):
        OrderBudget.objects.filter(order=first.order).update(quote_cap=Decimal(900))
    act(first, "desk", services.decline_order, order_id=first.order.pk, reason="date_impossible")
    made = act(first, "manager", services.draft_correction, order_id=first.order.pk)
    with scope_of(first.actor("manager")):
        assert [row.kind for row in services.files_of(made)] == ["quote"]
        assert OrderBudget.objects.get(order=made).quote_cap == Decimal(900)
    # Given up meanwhile, the declined one still says whose the correction is.
    act(first, "manager", services.cancel_order, order_id=first.order.pk, reason="duplicate")
    with scope_of(first.actor("manager")):
        item = PriceItem.objects.get(contract=other)
    lines = (services.LineInput(item.pk, Decimal(1)),)
    data = first.order_input(contract_id=other.pk, lines=lines, rule_reason="reserves")
    act(
        first,
        "manager",
        services.update_order,
        order_id=made.pk,
        version=made.version,
        data=data,
    )
    with pytest.raises(Refused, match="même entreprise"):
        act(first, "manager", services.issue_order, order_id=made.pk)


def _off_contract(party, **more) -> Order:
    line = services.LineInput(None, Decimal(1), "Motorisation", "u", Decimal(300))
    clauses = services.ClausesInput(
        company_id=party.contractor.pk, off_reason="skill", purchase_family="Portes"
    )
    data = party.order_input(
        nature="off_contract", contract_id=None, lines=(line,), clauses=clauses, **more
    )
    order = act(party, "manager", services.draft_order, data=data)
    attached(party, order_id=order.pk, kind="quote")
    return act(party, "manager", services.issue_order, order_id=order.pk)


def test_works_without_a_contract_are_given_to_a_company_that_has_one(world, first, other):
    order = _off_contract(first)
    typed = {"contract_id": other.pk, "reason": "no_capacity"}
    made = act(first, "manager", services.draft_successor, order_id=order.pk, **typed)
    assert (made.nature, made.contract_id) == ("maintenance", other.pk)
    with scope_of(first.actor("manager")):
        assert services.clauses_of(made).company_id is None
        assert services.files_of(made) == []
        item = PriceItem.objects.get(contract=other)
    lines = (services.LineInput(item.pk, Decimal(1)),)
    data = first.order_input(contract_id=other.pk, lines=lines, rule_reason="reserves")
    version = made.version
    act(first, "manager", services.update_order, order_id=made.pk, version=version, data=data)
    issued = act(first, "manager", services.issue_order, order_id=made.pk)
    assert issued.contractor_id == world.second.contractor.pk
    assert _order(order.pk).state == "superseded"


def _relined(party, *lines: services.LineInput) -> None:
    """Have the party's order say other lines, while its company hasn't accepted it."""
    order = act(party, "manager", services.draft_order, data=party.order_input(lines=lines))
    party.order = act(party, "manager", services.issue_order, order_id=order.pk)


def test_prices_of_the_former_company_stay_behind(world, first, other):
    with system_scope("tests: what the other schedule has in its own words"):
        item = PriceItem.objects.get(contract=other)
        item.pk, item._state.adding = None, True
        item.code, item.label, item.unit = "P-9", "Pose d’un Robinet d’arrêt", "U"
        item.unit_price = Decimal("33.00")
        item.save(force_insert=True)
    _relined(
        first,
        services.LineInput(None, Decimal(2), "Pose d’un robinet d’arrêt", "u", Decimal(41)),
        services.LineInput(None, Decimal(1), "Location de nacelle", "jour", Decimal(300)),
    )
    made = _successor(first, other)
    with scope_of(first.actor("manager")):
        lines = list(made.lines.all())
        found = services.facts_of(made)
        assert [(line.code, line.unit_price, line.lacks_price) for line in lines] == [
            ("P-9", Decimal("33.0000"), False),
            ("", Decimal(0), True),
        ]
        assert OrderBudget.objects.get(order=made).total_without_vat == Decimal("66.00")
        assert "line_prices" in [rule.code for rule in check(found).missing]
    with pytest.raises(Incomplete) as refused:
        act(first, "manager", services.issue_order, order_id=made.pk)
    assert "Le prix de chaque ligne hors bordereau" in refused.value.missing[0][1]
    browser = Client()
    browser.force_login(first.manager.user)
    own = [first.landlord.slug, made.pk]
    assert "À demander" in browser.get(reverse("orders:landlord_detail", args=own)).text
    form = browser.get(reverse("orders:landlord_edit", args=own)).text
    assert "Location de nacelle" in form
    assert 'value="300' not in form
    priced = services.LineInput(None, Decimal(1), "Location de nacelle", "jour", Decimal(280))
    data = first.order_input(contract_id=other.pk, lines=(priced,), rule_reason="reserves")
    version = made.version
    act(first, "manager", services.update_order, order_id=made.pk, version=version, data=data)
    act(first, "manager", services.issue_order, order_id=made.pk)
    with scope_of(world.second.actor("desk")):
        assert [line.unit_price for line in made.lines.all()] == [Decimal("280.0000")]


def test_an_article_that_the_other_schedule_lacks_is_asked_without_a_price(first, other):
    with system_scope("tests: another code and wording"):
        PriceItem.objects.filter(contract=other).update(code="X-1", label="Autre chose")
    made = _successor(first, other)
    with scope_of(first.actor("manager")):
        (line,) = made.lines.all()
    assert (line.label, line.code, line.lacks_price) == (first.item.label, "", True)


def test_after_a_move_the_former_tenant_reads_nothing_of_the_successor(first, other):
    newcomer = newcomer_at(first)
    made = _successor(first, other)
    assert made.case_id != first.order.case_id
    with scope_of(first.actor("manager")):
        contact = OrderContact.objects.get(order=made)
        page = order_page(first.actor("manager"), with_waits(Order.objects).get(pk=made.pk))
        assert page.former is not None
    assert (contact.name, contact.phone) == (str(newcomer), newcomer.phone)
    issued = act(first, "manager", services.issue_order, order_id=made.pk)
    assert (issued.tenant_id, issued.reader_case_id) == (newcomer.pk, made.case_id)
    assert _order(first.order.pk).state == "superseded"
    with scope_of(first.actor("tenant")):
        assert follow_page(first.actor("tenant")).order.pk == first.order.pk


def test_works_without_a_contract_are_corrected_for_their_company(first):
    order = _off_contract(first)
    act(first, "desk", services.decline_order, order_id=order.pk, reason="date_impossible")
    with scope_of(first.actor("manager")):
        shown = with_waits(Order.objects).get(pk=order.pk)
        assert order_page(first.actor("manager"), shown).can["correct"]
    made = act(first, "manager", services.draft_correction, order_id=order.pk)
    assert (made.nature, made.contract_id) == ("off_contract", None)
    with scope_of(first.actor("manager")):
        (line,) = made.lines.all()
        assert line.unit_price == Decimal(300)
    issued = act(first, "manager", services.issue_order, order_id=made.pk)
    assert issued.contractor_id == first.contractor.pk
    assert _order(order.pk).state == "superseded"


def test_a_successor_without_a_contract_is_no_way_back_to_the_same_company(first, other):
    made = _successor(first, other)
    line = services.LineInput(None, Decimal(1), "Motorisation", "u", Decimal(300))
    clauses = services.ClausesInput(
        company_id=first.contractor.pk, off_reason="skill", purchase_family="Portes"
    )
    data = first.order_input(
        nature="off_contract", contract_id=None, lines=(line,), clauses=clauses
    )
    act(
        first,
        "manager",
        services.update_order,
        order_id=made.pk,
        version=made.version,
        data=data,
    )
    attached(first, order_id=made.pk, kind="quote")
    with pytest.raises(Refused, match="déjà chez cette entreprise"):
        act(first, "manager", services.issue_order, order_id=made.pk)


def test_nobody_is_sent_away_from_works_that_go_on(first, other):
    visited(first, state="confirmed")
    made = _successor(first, other)
    with system_scope("tests: visit"):
        visit = Visit.objects.get(order=first.order)
    act(first, "technician", services.leave, visit_id=visit.pk)
    with pytest.raises(Refused, match="en route ou sur place"):
        act(first, "manager", services.issue_order, order_id=made.pk)
    act(first, "technician", services.complete_visit, visit_id=visit.pk)
    with pytest.raises(Refused, match="ne peut plus être remplacée"):
        act(first, "manager", services.issue_order, order_id=made.pk)
    assert _order(made.pk).state == "draft"
    with pytest.raises(Conflict):
        act(
            first,
            "manager",
            services.draft_successor,
            order_id=first.order.pk,
            contract_id=other.pk,
            reason="late",
        )


def test_from_the_page_and_back(first, other):
    act(first, "desk", services.decline_order, order_id=first.order.pk, reason="no_capacity")
    browser = Client()
    browser.force_login(first.manager.user)
    own = [first.landlord.slug, first.order.pk]
    detail = reverse("orders:landlord_detail", args=own)
    assert "Confier à une autre entreprise" in browser.get(detail).text
    url = reverse("orders:landlord_act", args=[*own, "confier-a-une-autre"])
    assert "M-2026-99" in browser.get(url).text
    assert browser.post(url, {"contract": "", "reason": "late"}).status_code == 422
    typed = {"contract": str(other.pk), "reason": "reserves", "note": "Voir le courrier"}
    drafted = browser.post(url, typed, follow=True)
    assert drafted.status_code == 200
    assert "Brouillon" in drafted.text
    with scope_of(first.actor("manager")):
        made = Order.objects.get(supersedes=first.order)
    shown = browser.get(reverse("orders:landlord_detail", args=[own[0], made.pk])).text
    assert first.order.reference in shown
    assert "Voir le courrier" in shown
    act(first, "manager", services.issue_order, order_id=made.pk)
    assert made.reference in browser.get(detail).text
    browser.force_login(first.desk.user)
    company = reverse("orders:contractor_detail", args=[first.contractor.slug, first.order.pk])
    told = browser.get(company).text
    assert "N’intervenez pas" in told
    assert made.reference not in told


def _delivered() -> None:
    relay.drain_batches()
    relay.deliver_one_by_one()


def _label(party, who: str) -> str:
    actor = party.actor(who)
    with scope_of(actor):
        (order,) = lists.with_rows(Order.objects.filter(pk=party.order.pk))
        return lists.row_of(order, actor).status.label


def test_certified_and_paid_in_full_it_is_closed(first):
    signed(first)
    invoice = act(first, "desk", contractors.prepare_invoice, order_id=first.order.pk)
    act(first, "desk", contractors.file_invoice, invoice_id=invoice.pk)
    _delivered()
    act(first, "manager", contractors.approve, invoice_id=invoice.pk)
    today = clock.today()
    act(first, "desk", contractors.confirm_payment, invoice_id=invoice.pk, paid_on=today)
    assert _order(first.order.pk).state == "certified"
    _delivered()
    assert _order(first.order.pk).state == "closed"
    assert _order(first.order.pk).holder == ball.Holder.NOBODY
    assert [_label(first, who) for who in ("manager", "desk", "tenant")] == [
        "Soldée",
        "Soldée",
        "Terminé",
    ]
    with pytest.raises(Conflict):
        act(first, "manager", services.reopen_order, order_id=first.order.pk, reason="Fuit")
    browser = Client()
    browser.force_login(first.desk.user)
    own = [first.contractor.slug, first.order.pk]
    assert invoice.number in browser.get(reverse("orders:contractor_detail", args=own)).text
    with system_scope("tests: again"):  # twice the same changes nothing
        actor = first.actor("manager")
        assert contractors.close_if_settled(actor=actor, order_id=first.order.pk) is None
        assert services.close_order(actor=actor, order_id=first.order.pk, how="paid") is None


def test_with_nothing_to_invoice_it_ends_without(first):
    with system_scope("tests: free of charge"):
        OrderBudget.objects.filter(order=first.order).update(
            total_without_vat=0, total_vat=0, total_with_vat=0
        )
        first.order.lines.all().update(unit_price=0, total_without_vat=0)
    signed(first)
    _delivered()
    assert _label(first, "manager") == "Sans suite"

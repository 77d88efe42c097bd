"""Works on call: opened by the company under a cap, regularised or contested by the landlord."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.ids import new_id
from nexxio.core.models import Case, Group, LegalForm, Notification, Unit
from nexxio.core.scoping import system_scope
from orders import on_call, services
from orders.models import Contract, Order, OrderBudget, OrderContact, Variation, Visit
from orders.selectors.desks import contractor_desk, landlord_desk
from orders.services.bulk import input_of
from orders.services.contracts import contract_as_typed
from tests.factories.acting import act
from tests.factories.invoiced import becomes, blocks_of

CAP = Decimal("400.00")


@pytest.fixture
def first(world):
    becomes(world.first, LegalForm.PRIVATE)
    _on_call(world.first)
    return world.first


def _on_call(party, **changes) -> None:
    with system_scope("tests: on call"):
        values = {"on_call": True, "on_call_cap": CAP, **changes}
        Contract.objects.filter(pk=party.contract.pk).update(**values)


def _typed(party, **changes) -> services.OnCallInput:
    values = {
        "group_id": party.unit.group_id,
        "number": "31",
        "trade_code": "plomberie",
        "reason": "water",
        "description": "La colonne fuit au troisième, l’eau coule dans l’escalier.",
        "caller": "La gardienne",
        "phone": "+33612121212",
        "amount": Decimal("250.00"),
        "measures": "Sans percement.",
    }
    return services.OnCallInput(**{**values, **changes})


def _open(party, who: str = "technician", **changes) -> Order:
    data = _typed(party, **changes)
    return act(party, who, services.open_on_call, contract_id=party.contract.pk, data=data)


def _asked(order: Order) -> Variation:
    with system_scope("tests: on call"):
        return Variation.objects.get(order=order, state="asked")


def _causes(party, order: Order) -> set[tuple[str, str]]:
    relay.drain_batches()
    relay.deliver_one_by_one()
    found = blocks_of(replace(party, order=order))
    return {(block.cause, block.side) for block in found if block.cause == "B02"}


def _completion(**changes) -> services.Completion:
    return services.Completion(**{"number": "31", **changes})


def test_opened_on_site_regularised_and_no_block_is_left(first):
    order = _open(first)
    assert (order.state, order.nature, order.priority) == ("accepted", "on_call", "urgent")
    assert (order.external_number, order.contractor_id) == ("", first.contractor.pk)
    assert order.holder == "contractor"
    asked = _asked(order)
    with scope_of(first.actor("technician")):
        visit = Visit.objects.get(order=order)
        assert (visit.state, visit.technician_id) == ("confirmed", first.technician.pk)
    with scope_of(first.actor("manager")):
        assert OrderContact.objects.get(order=order).name == "La gardienne"
        assert Case.objects.get(pk=order.case_id).tenant_id is None
        desk = landlord_desk(first.actor("manager"))
        groups = {group.code: group.rows for group in desk.groups}
        assert [row.order.pk for row in groups["regularisation"]] == [order.pk]
    relay.drain_batches()
    relay.deliver_one_by_one()
    with system_scope("tests: told"):
        told = Notification.objects.filter(user=first.manager.user, url__contains=str(order.pk))
        (title,) = [notice.title for notice in told]
    assert title.startswith(f"Astreinte ouverte : à régulariser · {order.reference}")
    act(first, "technician", services.leave, visit_id=visit.pk)
    act(first, "technician", services.arrive, visit_id=visit.pk)
    act(first, "technician", services.complete_visit, visit_id=visit.pk, report="Vanne fermée.")
    assert _causes(first, order) == {("B02", "landlord")}
    _on_call(first, needs_commitment=True)
    settle = services.settle_on_call
    with pytest.raises(Invalid) as lacking:
        act(first, "manager", settle, variation_id=asked.pk, completion=_completion())
    assert set(lacking.value.errors) == {"commitment_number", "service_code"}
    done = _completion(
        number="32", commitment_number="E-7", service_code="S-1", external_number="B-77"
    )
    act(first, "manager", settle, variation_id=asked.pk, completion=done)
    with scope_of(first.actor("manager")):
        settled = Order.objects.get(pk=order.pk)
        assert (settled.external_number, settled.place_unit) == ("B-77", "Logement 32")
        assert Case.objects.get(pk=order.case_id).unit_id == settled.unit_id
        budget = OrderBudget.objects.get(order=order)
        assert (budget.commitment_number, budget.total_without_vat) == ("E-7", Decimal("250.00"))
        assert not on_call.owes_regularisation(settled)
        assert input_of(settled).nature == "maintenance"
    assert _causes(first, order) == set()


def test_contested_it_is_the_companys_turn_and_nothing_is_signed(first):
    order = _open(first)
    with scope_of(first.actor("technician")):
        visit = Visit.objects.get(order=order)
    act(first, "technician", services.leave, visit_id=visit.pk)
    act(first, "technician", services.arrive, visit_id=visit.pk)
    act(first, "technician", services.complete_visit, visit_id=visit.pk, report="Vanne fermée.")
    reject = services.reject_variation
    act(first, "manager", reject, variation_id=_asked(order).pk, reason="unproven")
    assert _causes(first, order) == {("B02", "contractor")}
    with scope_of(first.actor("manager")):
        certificate = order.certificates.latest("number")
    with pytest.raises(Refused, match="pas régularisée"):
        act(first, "manager", services.sign_certificate, certificate_id=certificate.pk)


def test_only_a_contract_that_says_so_opens_only_its_landlords_estate(world, first):
    second = world.second
    with scope_of(first.actor("technician")):
        assert not Group.objects.exists()
        assert not Unit.objects.exists()
        names = [
            place.name
            for place in on_call.find_places(first.actor("technician"), first.contract.pk, "lilas")
        ]
    assert names == [first.unit.group.name]
    with pytest.raises(Invalid, match="ne couvre pas cette résidence"):
        _open(first, group_id=second.unit.group_id)
    foreign = services.open_on_call
    with pytest.raises(Refused) as refused:
        act(first, "desk", foreign, contract_id=second.contract.pk, data=_typed(second))
    assert refused.value.code == "contract"
    with pytest.raises(Invalid) as over:
        _open(first, amount=CAP + 1, trade_code="serrurerie")
    assert set(over.value.errors) == {"amount", "trade"}
    with pytest.raises(Invalid, match="numéros de 1 à 40"):
        _open(first, number="41")
    for changes in ({"on_call": False}, {"on_call_cap": None}, {"ends_on": "2021-01-01"}):
        _on_call(first, **changes)
        with pytest.raises(Refused, match="pas d’astreinte"):
            _open(first)
        _on_call(first, ends_on="2040-12-31")
    with pytest.raises(Refused, match="Votre rôle"):
        act(first, "manager", foreign, contract_id=first.contract.pk, data=_typed(first))
    with system_scope("tests: nothing"):
        assert not Order.objects.filter(nature="on_call").exists()


def test_the_pages_open_one_order_and_show_what_is_wrong(first):
    client = Client()
    client.force_login(first.technician.user)
    slug = first.contractor.slug
    assert "Ouvrir une astreinte" in client.get(reverse("orders:field_day", args=[slug])).text
    pick = client.get(reverse("orders:field_on_call", args=[slug]), {"q": "lilas"}).text
    url = reverse("orders:field_on_call_open", args=[slug, first.contract.pk, first.unit.group_id])
    assert url in pick
    assert first.tenant.last_name not in pick
    form = {
        "reason": "water",
        "trade": "plomberie",
        "description": "La colonne fuit dans l’escalier.",
        "kind": "dwelling",
        "number": "12",
        "caller": "La gardienne",
        "phone": "06 12 34 56 78",
        "amount": "900",
        "measures": "Sans percement.",
        "send_key": str(new_id()),
    }
    wrong = client.post(url, form)
    assert wrong.status_code == 422
    assert "400,00" in wrong.text
    assert "La gardienne" in wrong.text
    made = [client.post(url, {**form, "amount": "300"}) for _time in range(2)]
    assert [answer.status_code for answer in made] == [302, 302]
    assert made[0]["Location"] == made[1]["Location"]
    page = client.get(made[0]["Location"]).text
    assert first.tenant.last_name not in page
    with system_scope("tests: one"):
        order = Order.objects.get(nature="on_call")
        assert order.unit_id == first.unit.pk
    manager = Client()
    manager.force_login(first.manager.user)
    house = first.landlord.slug
    asked = _asked(order)
    assert (
        "Astreinte" in manager.get(reverse("orders:landlord_detail", args=[house, order.pk])).text
    )
    answer = reverse("orders:landlord_variation", args=[house, asked.pk])
    assert "ouvert cette commande en astreinte" in manager.get(answer).text
    grant = reverse("orders:landlord_variation_act", args=[house, asked.pk, "accorder"])
    none = manager.post(grant, {"ligne-1": "1", "number": "99"})
    assert none.status_code == 422
    done = manager.post(grant, {"ligne-1": "1", "number": "12", "external_number": "B-1"})
    assert done.status_code == 302
    with system_scope("tests: settled"):
        assert Order.objects.get(pk=order.pk).external_number == "B-1"


def test_what_waited_on_a_phone_opens_one_order_and_says_what_is_wrong(first):
    client = Client()
    client.force_login(first.technician.user)
    slug = first.contractor.slug
    url = reverse("orders:field_on_call_open", args=[slug, first.contract.pk, first.unit.group_id])
    for page in (client.get(url).text, client.get(reverse("orders:field_day", args=[slug])).text):
        assert "data-outbox-list" in page
    form = {
        "reason": "water",
        "trade": "plomberie",
        "description": "La colonne fuit dans l’escalier.",
        "kind": "dwelling",
        "number": "12",
        "caller": "La gardienne",
        "phone": "06 12 34 56 78",
        "amount": "900",
        "measures": "Sans percement.",
        "send_key": str(new_id()),
    }
    outbox = {"X-Outbox": "1"}
    wrong = client.post(url, form, headers=outbox)
    assert wrong.status_code == 422
    assert "400,00" in wrong.json()["errors"][0]
    assert wrong.json()["errors"][0].startswith("Montant estimé HT : ")
    for _twice in range(2):
        sent = client.post(url, {**form, "amount": "300"}, headers=outbox)
        assert "Astreinte ouverte" in sent.json()["said"][0]
    again = client.post(url, {**form, "amount": "300", "send_key": str(new_id())}, headers=outbox)
    assert again.status_code == 200
    with system_scope("tests: two emergencies"):
        assert Order.objects.filter(nature="on_call").count() == 2


def test_urgencies_past_their_clock_are_counted_on_both_desks(first):
    order = _open(first, "desk")
    with clock.moved_to(
        order.arrival_due_at.replace(microsecond=0) + (order.arrival_due_at - order.issued_at)
    ):
        for who, desk in (("manager", landlord_desk), ("desk", contractor_desk)):
            actor = first.actor(who)
            with scope_of(actor):
                figures = {label: count for label, count, _query, _tone in desk(actor).figures}
            assert figures["Urgences dépassées"] == 1


def test_a_hazard_has_its_own_clock_and_is_shown_to_who_goes_there(first):
    order = _open(first, hazard="gas")
    assert order.arrival_due_at is not None
    with scope_of(first.actor("technician")):
        visit = Visit.objects.get(order=order)
    client = Client()
    client.force_login(first.technician.user)
    page = client.get(reverse("orders:field_visit", args=[first.contractor.slug, visit.pk])).text
    assert "Gaz : odeur" in page
    assert "Arrivée sur place attendue" in page
    with pytest.raises(Invalid):
        _open(first, hazard="feu")


def test_who_lives_in_the_corrected_dwelling_reads_along_instead_of_the_caller(first):
    order = _open(first)
    act(
        first,
        "manager",
        services.settle_on_call,
        variation_id=_asked(order).pk,
        completion=_completion(number=first.unit.number),
    )
    with scope_of(first.actor("manager")):
        found = Order.objects.select_related("case").get(pk=order.pk)
        contact = OrderContact.objects.get(order=order)
    assert (found.unit_id, found.tenant_id) == (first.unit.pk, first.tenant.pk)
    assert (found.reader_case_id, found.case.tenant_id) == (found.case_id, first.tenant.pk)
    assert (contact.phone, contact.second_phone) == (first.tenant.phone, "+33612121212")


@pytest.mark.parametrize(
    ("at", "inside"),
    [
        ("2026-11-17 19:30", True),  # a Tuesday's evening
        ("2026-11-17 03:00", True),
        ("2026-11-17 08:00", False),
        ("2026-11-17 14:00", False),
        ("2026-11-21 14:00", True),  # a Saturday
        ("2026-11-11 14:00", True),  # Armistice
    ],
)
def test_a_contract_has_its_company_on_call_at_its_hours(at, inside):
    nights = Contract(on_call_from=time(18), on_call_to=time(8), on_call_days_off=True)
    moment = datetime.fromisoformat(at).replace(tzinfo=clock.PARIS)
    assert on_call.covers(nights, moment) is inside
    assert on_call.covers(Contract(), moment)
    lunch = Contract(on_call_from=time(12), on_call_to=time(14, 30))
    assert on_call.covers(lunch, moment) is (moment.hour == 14)


def test_outside_its_hours_an_emergency_is_opened_and_both_sides_read_it(first):
    now = clock.now().astimezone(clock.PARIS)
    start, end = (now + timedelta(hours=2)).time(), (now + timedelta(hours=3)).time()
    _on_call(
        first, on_call_from=start, on_call_to=end, on_call_hours=1, on_call_phone="+33199000000"
    )
    client = Client()
    client.force_login(first.technician.user)
    args = [first.contractor.slug, first.contract.pk, first.unit.group_id]
    page = client.get(reverse("orders:field_on_call_open", args=args)).content.decode()
    assert "hors des heures d’astreinte" in page
    order = _open(first)
    assert order.arrival_due_at - order.issued_at == timedelta(hours=1)
    for who, side, slug in (
        ("manager", "landlord", first.landlord.slug),
        ("desk", "contractor", first.contractor.slug),
    ):
        client.force_login(getattr(first, who).user)
        said = client.get(reverse(f"orders:{side}_detail", args=[slug, order.pk]))
        assert "hors des heures du marché" in said.content.decode()
        terms = client.get(reverse(f"orders:{side}_contract", args=[slug, first.contract.pk]))
        assert "01\xa099\xa000\xa000\xa000" in terms.content.decode().replace(" ", "\xa0")


def test_who_types_an_urgent_order_reads_the_number_to_call(first):
    _on_call(first, on_call_phone="+33199000000")
    client = Client()
    client.force_login(first.clerk.user)
    for priority, shown in (("urgent", True), ("normal", False)):
        data = first.order_input(priority=priority)
        draft = act(first, "clerk", services.draft_order, data=data)
        url = reverse("orders:landlord_edit", args=[first.landlord.slug, draft.pk])
        assert ("tel:+33199000000" in client.get(url).content.decode()) is shown


def test_hours_of_on_call_are_two_or_none(first):
    with system_scope("tests: terms"):
        data = contract_as_typed(Contract.objects.get(pk=first.contract.pk))
    own = {"contract_id": first.contract.pk, "version": 1}
    for wrong in ({"on_call_from": time(18)}, {"on_call_to": time(8)}, {"on_call_hours": 100}):
        with pytest.raises(Invalid):
            act(first, "manager", services.change_contract, **own, data=replace(data, **wrong))
    nights = replace(data, on_call_from=time(18), on_call_to=time(8))
    act(first, "manager", services.change_contract, **own, data=nights)
    with system_scope("tests: terms"):
        assert Contract.objects.get(pk=first.contract.pk).on_call_to == time(8)

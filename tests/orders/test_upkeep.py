"""A contract of upkeep: its equipment, visits without an order each, what is done, due, late."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Unit
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Equipment, Order, OrderClauses, UpkeepVisit
from orders.selectors import upkeep as selectors
from tests.factories.acting import act
from tests.factories.upkeep import kept_up, seen_to
from tests.imports.books import book_of
from tests.imports.steps import applied, counts, lines, undone


def fresh(one: Equipment) -> Equipment:
    with system_scope("tests"):
        return Equipment.objects.get(pk=one.pk)


def standing(party) -> selectors.Upkeep:
    with scope_of(party.actor("reader")):
        return selectors.upkeep_of(party.contract)


def test_a_visit_moves_the_next_one_a_period_on_and_no_access_leaves_it_due(world):
    party, today = world.first, clock.today()
    boiler = kept_up(party, first_due_on=today - timedelta(days=1))
    assert standing(party) == selectors.Upkeep(total=1, late=1, due=0, missed=0)
    seen_to(party, boiler, ago=9, outcome="no_access")
    assert standing(party) == selectors.Upkeep(total=1, late=1, due=0, missed=1)
    done = seen_to(party, boiler, ago=2, sheet="AT-118")
    one = fresh(boiler)
    assert (one.done_on, one.missed) == (today - timedelta(days=2), 0)
    assert one.due_on == clock.months_from(one.done_on, 12)
    assert standing(party) == selectors.Upkeep(total=1, late=0, due=0, missed=0)
    act(party, "desk", services.withdraw_upkeep, visit_id=done.pk)
    assert standing(party) == selectors.Upkeep(total=1, late=1, due=0, missed=1)
    with pytest.raises(Conflict):
        act(party, "desk", services.withdraw_upkeep, visit_id=done.pk)


def test_an_older_sheet_typed_late_moves_nothing_back(world):
    party = world.first
    boiler = kept_up(party)
    seen_to(party, boiler, ago=3)
    seen_to(party, boiler, ago=200, outcome="no_access")
    assert (fresh(boiler).done_on, fresh(boiler).missed) == (clock.today() - timedelta(days=3), 0)


def test_what_cannot_be_is_refused_at_its_field(world):
    party, today = world.first, clock.today()
    boiler = kept_up(party)
    for field, changes in (
        ("unit_number", {"unit_number": "999999"}),
        ("mark", {}),
        ("months", {"mark": "B2", "months": 0}),
    ):
        with pytest.raises(Invalid) as refused:
            kept_up(party, **changes)
        assert list(refused.value.errors) == [field]
    seen_to(party, boiler)
    for ago in (0, -1, (today - party.contract.starts_on).days + 1):
        with pytest.raises(Invalid) as refused:
            seen_to(party, boiler, ago=ago)
        assert list(refused.value.errors) == ["visited_on"]
    with pytest.raises(Invalid):
        seen_to(party, boiler, ago=1, outcome="perhaps")
    with pytest.raises(Invalid):
        act(
            party,
            "desk",
            services.note_upkeep,
            contract_id=party.contract.pk,
            visited_on=today,
            lines=[],
        )
    act(party, "clerk", services.retire_equipment, equipment_id=boiler.pk)
    with pytest.raises(Conflict):
        seen_to(party, boiler, ago=1)


def test_each_side_writes_its_own_part_only(world):
    party = world.first
    boiler = kept_up(party)
    visit = seen_to(party, boiler)
    line = services.UpkeepLine(equipment_id=boiler.pk, outcome="done")
    for who in ("manager", "technician"):
        with pytest.raises(Refused):
            act(
                party,
                who,
                services.note_upkeep,
                contract_id=party.contract.pk,
                visited_on=clock.today(),
                lines=[line],
            )
        with pytest.raises(Refused):
            act(party, who, services.withdraw_upkeep, visit_id=visit.pk)
    for who in ("reader", "desk"):
        with pytest.raises(Refused):
            act(party, who, services.retire_equipment, equipment_id=boiler.pk)
        with pytest.raises(Refused):
            act(
                party,
                who,
                services.note_equipment,
                contract_id=party.contract.pk,
                group_id=party.unit.group_id,
                data=services.EquipmentInput(kind="lift", first_due_on=clock.today()),
            )


def test_an_equipment_of_another_contract_or_company_is_out_of_reach(world):
    mine, other = kept_up(world.first), kept_up(world.second)
    lines = [
        services.UpkeepLine(equipment_id=one.pk, outcome="done", sheet="") for one in (mine, other)
    ]
    with pytest.raises(Conflict):
        act(
            world.first,
            "desk",
            services.note_upkeep,
            contract_id=world.first.contract.pk,
            visited_on=clock.today(),
            lines=lines,
        )
    with system_scope("tests"):
        assert not UpkeepVisit.objects.exists()


def test_the_company_notes_a_day_on_its_page_and_the_landlord_reads_it(world):
    party, today = world.first, clock.today()
    boiler, lift = kept_up(party), kept_up(party, kind="lift", unit_number="", months=1)
    desk = Client()
    desk.force_login(party.desk.user)
    url = reverse("orders:contractor_upkeep", args=[party.contractor.slug, party.contract.pk])
    assert desk.get(url).status_code == 200
    typed = {
        "visited_on": f"{today}",
        "equipment": [boiler.pk, lift.pk],
        f"outcome_{boiler.pk.hex}": "done",
        f"sheet_{boiler.pk.hex}": "AT-2026-77",
        f"outcome_{lift.pk.hex}": "",
    }
    assert desk.post(f"{url}?etat=a-faire", typed).status_code == 302
    assert (fresh(boiler).done_on, fresh(lift).done_on) == (today, None)
    again = desk.post(url, typed)
    assert again.status_code == 422
    assert "Un passage est déjà noté ce jour-là." in again.content.decode()
    reader = Client()
    reader.force_login(party.reader.user)
    args = [party.landlord.slug, party.contract.pk]
    page = reader.get(reverse("orders:landlord_upkeep", args=args)).content.decode()
    assert "AT-2026-77" in page
    late = reader.get(reverse("orders:landlord_upkeep", args=args), {"etat": "a-jour"})
    assert [row.equipment.pk for row in late.context["rows"]] == [boiler.pk]
    file = reader.get(reverse("orders:landlord_upkeep_export", args=args)).content.decode()
    assert f"Chaudière individuelle;;{party.unit.group.name};" in file
    assert f"{today:%d/%m/%Y};AT-2026-77;" in file
    contract = reader.get(reverse("orders:landlord_contract", args=args)).content.decode()
    assert "1 entretien fait" in contract


def test_an_order_of_the_period_says_what_was_seen_to_in_it(world):
    party, today = world.first, clock.today()
    boiler, lift = kept_up(party), kept_up(party, kind="lift", unit_number="")
    seen_to(party, boiler, ago=2)
    seen_to(party, lift, ago=2, outcome="no_access")
    with scope_of(party.actor("desk")):
        since = today - timedelta(days=10)
        found = selectors.in_period(party.contract.pk, since, today)
        assert found == selectors.Period(total=2, done=1, missed=1)
        since_then = selectors.in_period(party.contract.pk, since, today - timedelta(days=3))
        assert since_then == selectors.Period(total=2, done=0, missed=0)
    with scope_of(world.second.actor("desk")):
        assert selectors.in_period(party.contract.pk, since, today) is None


def test_the_page_of_an_upkeep_order_counts_what_it_bills(world):
    party, today = world.first, clock.today()
    seen_to(party, kept_up(party), ago=2)
    with system_scope("tests: an order of the period"):
        Order.objects.filter(pk=party.order.pk).update(nature="upkeep")
        OrderClauses.objects.update_or_create(
            order=party.order,
            defaults={
                "landlord": party.landlord,
                "contractor": party.contractor,
                "period_from": today - timedelta(days=30),
                "period_to": today,
            },
        )
    for who, house in (("reader", party.landlord), ("desk", party.contractor)):
        browser = Client()
        browser.force_login(getattr(party, who).user)
        side = "landlord" if who == "reader" else "contractor"
        url = reverse(f"orders:{side}_detail", args=[house.slug, party.order.pk])
        assert "1 sur 1 pendant la période" in browser.get(url).content.decode()


HEADINGS = ("Marché", "Résidence", "Logement", "Équipement", "Mois", "Dernier entretien")


def test_a_list_is_imported_once_and_taken_back(world):
    party = world.first
    number, group = party.contract.number, party.unit.group
    with system_scope("tests: a residence whose dwellings aren't named"):
        Unit.objects.filter(group=group).update(is_placeholder=True)
        group.dwellings = 60
        group.save(update_fields=["dwellings"])
    file = book_of(
        HEADINGS,
        (number, group.name, party.unit.number, "Chaudière gaz", "", "15/01/2026"),
        (number, group.name, "", "Ascenseur", 1, "01/11/2026"),
        (number, group.name, "57", "VMC", 24, "15/01/2026"),
        (number, group.name, "99", "VMC", 24, "15/01/2026"),
        (number, group.name, "", "Chaufferie", "", ""),
        ("Inconnu", group.name, "", "Chaufferie", "", "15/01/2026"),
    )
    run = applied(party, "equipment", file, who="clerk")
    assert counts(run) == (3, 0, 0, 0, 3)
    assert [line for line, _column, _reason in lines(run)] == [5, 6, 7]
    with system_scope("tests"):
        found = {one.kind: one for one in Equipment.objects.all()}
        assert f"{found['boiler'].due_on} {found['lift'].due_on}" == "2027-01-15 2026-12-01"
        assert found["ventilation"].place_unit
    assert counts(applied(party, "equipment", file)) == (0, 0, 3, 0, 3)
    seen_to(party, found["lift"])
    result = undone(party, run, who="clerk").job.result
    assert (result["removed"], len(result["kept"])) == (2, 1)

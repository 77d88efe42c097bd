"""A landlord's steering page: what each service holds up, and what tenants say, by view."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from contractors.models import Block
from evaluations.models import Result
from evaluations.quarters import Quarter
from evaluations.selectors.steering import steering
from evaluations.small_services import TOGETHER
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.models import Membership, User
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Order
from tests.evaluations.steps import client_of, page
from tests.factories.acting import act
from tests.factories.evaluated import T2R
from tests.factories.invoiced import filed_elsewhere


def blocked(party, department, euros, *, since: int, lifted: int | None = None, invoice=None):
    """Hold the party's order, or an invoice, since so many days, and until so many days ago."""
    now = clock.now()
    closed = {} if lifted is None else {"closed_at": now - timedelta(days=lifted)}
    with system_scope("tests: block"):
        return Block.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            order=None if invoice else party.order,
            invoice=invoice,
            cause="B02" if lifted is None else "B03",
            amount=Decimal(euros),
            side="landlord",
            department=department,
            opened_at=now - timedelta(days=since),
            closed_how="fact" if closed else "",
            **closed,
        )


def peopled(party, **departments: int) -> None:
    """Give the landlord's services so many more members each."""
    with system_scope("tests: members"):
        for department, count in departments.items():
            for n in range(count):
                Membership.objects.create(
                    organisation=party.landlord,
                    user=User.objects.create_user(f"{department}{n}@example.test", "x"),
                    department=department,
                    roles=["clerk"],
                )


def told(party, dimension, key, label, **values):
    with system_scope("tests: results"):
        Result.objects.create(
            landlord=party.landlord,
            direction=T2R,
            quarter=Quarter.of(clock.today()).previous.first,
            dimension=dimension,
            key=key,
            label=label,
            subject="competence",
            **values,
        )


def test_each_service_shows_euros_orders_age_and_its_twelve_weeks(world):
    party = world.first
    invoice = filed_elsewhere(party)
    peopled(party, marches=3, patrimoine=3, comptabilite=3)
    with system_scope("tests"):
        Block.objects.filter(landlord=party.landlord).delete()
        Order.objects.filter(landlord=party.landlord).update(holder="", held_since=None)
    blocked(party, "marches", "500.00", since=40, invoice=invoice)
    blocked(party, "marches", "120.00", since=3)
    blocked(party, "patrimoine", "90.00", since=20, lifted=10, invoice=invoice)
    blocked(world.second, "marches", "999.00", since=40)
    manager = party.actor("manager")
    with scope_of(manager):
        found = steering(manager, desk="patrimoine")
    desks = {one.key: one for one in found.desks}
    assert set(desks) == {"marches", "patrimoine"}
    held = desks["marches"]
    assert (held.euros, held.invoices, held.orders, held.oldest) == (Decimal(500), 1, 1, 40)
    assert (held.before, held.change) == (Decimal(0), "en hausse")
    assert [week.invoices for week in held.weeks][-2:] == [1, 1]
    lifted = desks["patrimoine"]
    assert (lifted.euros, lifted.lifted, lifted.held) == (Decimal(0), 1, Decimal("10.0"))
    assert found.desk == lifted
    shown = client_of(party, "manager").get(page(party, "landlord", "steering"))
    assert shown.status_code == 200
    assert "Marchés" in shown.text
    assert shown.text.count("<caption") >= 2  # each chart has its table


def test_twelve_weeks_are_eighty_four_days(world):
    party = world.first
    invoice = filed_elsewhere(party)
    peopled(party, marches=3, patrimoine=3, comptabilite=3)
    with system_scope("tests"):
        Block.objects.filter(landlord=party.landlord).delete()
        Order.objects.filter(landlord=party.landlord).update(holder="", held_since=None)
    blocked(party, "marches", "500.00", since=75, invoice=invoice)
    blocked(party, "patrimoine", "90.00", since=100, lifted=80, invoice=invoice)
    manager = party.actor("manager")
    with scope_of(manager):
        desks = {one.key: one for one in steering(manager).desks}
    weeks = desks["marches"].weeks
    assert weeks[0].until == clock.today() - timedelta(days=84)
    assert [week.euros for week in weeks] == [Decimal(0)] * 2 + [Decimal(500)] * 11
    assert (desks["marches"].before, desks["marches"].change) == (Decimal(0), "en hausse")
    assert (desks["patrimoine"].before, desks["patrimoine"].lifted) == (Decimal(90), 1)


def test_satisfaction_is_told_by_view_above_the_thresholds_only(world):
    party = world.first
    many = {"level": "published", "n": 14, "mean": "3.9", "low": "3.5", "high": "4.3"}
    told(party, "trade", "plomberie", "Plomberie", **many, dissatisfied="0.21")
    told(party, "trade", "peinture", "Peinture", level="few", n=2, needed=5)
    told(party, "contractor", str(party.contractor.pk), party.contractor.name, **many)
    told(party, "overall", "", "", **many, dissatisfied="0.30")
    manager = party.actor("manager")
    with scope_of(manager):
        found = steering(manager)
    trades = next(view for view in found.views if view.dimension == "trade")
    assert [(one.label, one.is_told) for one in trades.rows] == [
        ("Plomberie", True),
        ("Peinture", False),
    ]
    assert trades.chart is not None
    assert len(trades.chart.bars) == 1
    text = client_of(party, "manager").get(page(party, "landlord", "steering")).text
    assert "Pas encore assez de réponses (2 sur 5)" in text
    assert "1 sur 3" in text
    assert client_of(party, "desk").get(page(party, "landlord", "steering")).status_code == 404


def test_a_service_of_fewer_than_three_persons_is_told_with_others(world):
    party = world.first
    invoice = filed_elsewhere(party)
    peopled(party, comptabilite=1, marches=2, proximite=4)
    with system_scope("tests"):
        Block.objects.filter(landlord=party.landlord).delete()
        Order.objects.filter(landlord=party.landlord).update(holder="", held_since=None)
    blocked(party, "comptabilite", "500.00", since=40, invoice=invoice)
    blocked(party, "marches", "120.00", since=3)
    blocked(party, "proximite", "10.00", since=3, lifted=1, invoice=invoice)
    manager = party.actor("manager")
    with scope_of(manager):
        desks = {one.key: one for one in steering(manager).desks}
    assert set(desks) == {TOGETHER, "proximite"}
    assert (desks[TOGETHER].euros, desks[TOGETHER].orders) == (Decimal(500), 1)
    text = client_of(party, "reader").get(page(party, "landlord", "steering")).text
    assert "Services réunis" in text
    assert "Comptabilité" not in text


def test_orders_that_wait_for_a_service_are_counted_with_their_age(world):
    party = world.first
    peopled(party, patrimoine=3, marches=3)
    with system_scope("tests"):
        Block.objects.filter(landlord=party.landlord).delete()
    act(party, "desk", services.return_order, order_id=party.order.pk, items=["phone"])
    with system_scope("tests: since nine days"):
        row = Order.objects.get(pk=party.order.pk)
        assert (row.holder, row.state) == ("landlord", "returned")
        since = clock.now() - timedelta(days=9, minutes=5)
        Order.objects.filter(pk=row.pk).update(held_since=since, department="patrimoine")
    manager = party.actor("manager")
    with scope_of(manager):
        (desk,) = [one for one in steering(manager).desks if one.waiting and one.waiting.orders]
    assert (desk.key, desk.waiting.orders, desk.waiting.oldest) == ("patrimoine", 1, 9)
    assert (str(desk.waiting.mean), desk.waiting.whats) == (
        "9.0",
        (("renvoyées à compléter", 1),),
    )
    text = client_of(party, "manager").get(page(party, "landlord", "steering")).text
    assert "la plus ancienne depuis 9 j" in text
    other = client_of(world.second, "manager").get(page(world.second, "landlord", "steering"))
    assert "renvoyées à compléter" not in other.text


def test_measurement_says_what_is_established_or_what_lacks(world):
    party = world.first
    url = page(party, "landlord", "steering")
    assert "Aucune mise en service n’est datée" in client_of(party, "manager").get(url).text

"""Prices revised by indexes: exact sums, what is missing said, the version that comes of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Contract, PriceItem, PriceSchedule
from tests.factories.full import act
from tests.factories.revised import MONTH_ZERO, formula, index_value
from tests.factories.schedules import item_of


@pytest.fixture
def party(world):
    """A contract of several years, whose first version costs 62,50 and 10,07."""
    party = world.first
    today = clock.today()
    with system_scope("tests"):
        Contract.objects.filter(pk=party.contract.pk).update(
            starts_on=clock.months_from(today, -24), ends_on=clock.months_from(today, 48)
        )
        first = PriceSchedule.objects.get(pk=party.item.schedule_id)
        PriceItem.objects.filter(schedule=first).exclude(pk=party.item.pk).delete()
        item_of(first, "PLB-50", "10.07").save()
        party.contract.refresh_from_db()
    index_value("BT40", MONTH_ZERO, "120.00")
    return party


@pytest.fixture
def browser():
    def of(user) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return of


def month_read(day: date) -> date:
    return clock.months_from(day.replace(day=1), -3)


def revised(party, day: date, coefficient: str) -> PriceSchedule:
    return act(
        party,
        "manager",
        services.revise_schedule,
        contract_id=party.contract.pk,
        effective_on=day,
        coefficient=Decimal(coefficient),
    )


def published(party, day: date, coefficient: str) -> PriceSchedule:
    made = revised(party, day, coefficient)
    return act(party, "manager", services.publish_schedule, schedule_id=made.pk)


def prices(schedule: PriceSchedule) -> dict[str, Decimal]:
    with system_scope("tests"):
        found = PriceItem.objects.filter(schedule_id=schedule.pk)
        return dict(found.values_list("code", "unit_price"))


def on(party, day: date):
    with scope_of(party.actor("manager")):
        return services.revision_on(party.contract, day)


def test_a_coefficient_is_rounded_as_the_contract_says(party):
    day = clock.today()
    index_value("BT40", month_read(day), "131.20")
    # 0,15 + 0,85 × 131,20 / 120,00 = 1,0793333…
    for rounding, expected in (("up_3", "1.080"), ("nearest_3", "1.079"), ("nearest_4", "1.0793")):
        formula(party, rounding=rounding)
        found = on(party, day)
        assert (found.coefficient, found.exact) == (Decimal(expected), Decimal("1.079333"))
        assert found.missing == []
    # An exact thousandth stays: 0,15 + 0,85 × 132,00 / 120,00 = 1,085.
    index_value("BT40", month_read(day), "132.00")
    formula(party)
    assert on(party, day).coefficient == Decimal("1.085")


def test_two_indexes_share_a_formula(party):
    day = clock.today()
    terms = (("BT40", Decimal("0.50")), ("ICHT-IME", Decimal("0.35")))
    formula(party, terms=terms, rounding="nearest_4")
    index_value("BT40", month_read(day), "126.00")
    index_value("ICHT-IME", MONTH_ZERO, "130.00")
    assert on(party, day).missing == [("ICHT-IME", month_read(day))]
    index_value("ICHT-IME", month_read(day), "133.90", provisional=True)
    found = on(party, day)
    # 0,15 + 0,50 × 1,05 + 0,35 × 1,03 = 1,0355
    assert found.coefficient == Decimal("1.0355")
    assert found.is_provisional


def test_a_version_is_made_line_by_line_with_its_sources(party):
    day = clock.today()
    index_value("BT40", month_read(day), "131.20")
    formula(party)
    made = revised(party, day, "1.080")
    assert prices(made) == {"PLB-01": Decimal("67.50"), "PLB-50": Decimal("10.88")}
    assert made.published_at is None
    assert f"BT40 de {month_read(day):%m/%Y} : coefficient 1,080" in made.note
    with scope_of(party.actor("manager")):
        kept, parts = services.kept_revision(made.pk)
    assert kept.coefficient == Decimal("1.08")
    assert [one.value for one in parts[0].readings] == [Decimal("120.00"), Decimal("131.20")]
    assert parts[0].current.source == "Journal officiel, BT40"
    with scope_of(party.actor("desk")):
        assert services.kept_revision(made.pk) is None
    act(party, "manager", services.publish_schedule, schedule_id=made.pk)
    index_value("BT40", month_read(day), "140.00")
    with scope_of(party.actor("desk")):
        kept, parts = services.kept_revision(made.pk)
    assert parts[0].current.value == Decimal("131.20")


def test_the_second_revision_starts_from_the_first_prices(party):
    formula(party)
    first = clock.today()
    index_value("BT40", month_read(first), "131.20")
    published(party, first, "1.080")
    with pytest.raises(Refused, match="avant le"):
        revised(party, clock.months_from(first, 11), "1.080")
    second = clock.months_from(first, 12)
    index_value("BT40", month_read(second), "127.00")
    # 0,15 + 0,85 × 127 / 120 = 1,0495833… → 1,050; 62,50 × 1,05 = 65,625; 10,07 × 1,05 = 10,5735
    assert on(party, second).coefficient == Decimal("1.050")
    made = revised(party, second, "1.050")
    assert prices(made) == {"PLB-01": Decimal("65.63"), "PLB-50": Decimal("10.57")}


def test_an_article_that_came_later_holds_the_coefficient_of_its_day(party):
    formula(party)
    first = clock.today()
    index_value("BT40", month_read(first), "131.20")
    published(party, first, "1.080")
    extra = act(
        party,
        "manager",
        services.prepare_schedule,
        contract_id=party.contract.pk,
        effective_on=clock.months_from(first, 2),
    )
    item = services.ItemInput("PLB-90", "Nouvel article", "U", Decimal("108.00"))
    act(party, "manager", services.write_items, schedule_id=extra.pk, items=[item])
    act(party, "manager", services.publish_schedule, schedule_id=extra.pk)
    second = clock.months_from(first, 12)
    index_value("BT40", month_read(second), "132.00")
    made = revised(party, second, "1.085")
    # 108,00 / 1,080 × 1,085 = 108,50; the others from the first version.
    assert prices(made) == {
        "PLB-01": Decimal("67.81"),
        "PLB-50": Decimal("10.93"),
        "PLB-90": Decimal("108.50"),
    }


def test_nothing_is_guessed_and_nothing_is_made_behind_a_back(party):
    day = clock.today()
    with pytest.raises(Refused) as refused:
        on(party, day)
    assert refused.value.code == "clause"
    formula(party)
    with pytest.raises(Refused) as refused:
        revised(party, day, "1.080")
    assert refused.value.code == "index"
    index_value("BT40", month_read(day), "131.20")
    with pytest.raises(Refused) as refused:
        revised(party, day, "1.079")
    assert refused.value.code == "version"
    with pytest.raises(Refused) as refused:
        act(
            party,
            "clerk",
            services.revise_schedule,
            contract_id=party.contract.pk,
            effective_on=day,
            coefficient=Decimal("1.080"),
        )
    assert refused.value.code == "role"
    made = revised(party, day, "1.080")
    with pytest.raises(Invalid):
        act(
            party,
            "manager",
            services.move_schedule,
            schedule_id=made.pk,
            effective_on=clock.months_from(day, 2),
        )
    act(party, "manager", services.drop_schedule, schedule_id=made.pk)
    act(
        party,
        "manager",
        services.set_revision_clause,
        contract_id=party.contract.pk,
        clause=None,
    )
    with system_scope("tests"):
        said = Event.objects.filter(kind="contract.changed", subject_id=party.contract.pk)
        assert said.count() == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"fixed_part": Decimal("0.2")}, "fixed_part"),
        ({"terms": (("BT99", Decimal("0.85")),)}, "index_1"),
        ({"terms": ()}, "index_1"),
        ({"lag_months": 13}, "lag_months"),
        ({"period_months": 0}, "period_months"),
        ({"rounding": "down"}, "rounding"),
    ],
)
def test_a_formula_makes_sense(party, changes, field):
    with pytest.raises(Invalid) as invalid:
        formula(party, **changes)
    assert list(invalid.value.errors) == [field]


def test_pages_show_the_sum_and_make_the_version(party, browser):
    day = clock.today()
    slug, pk = party.landlord.slug, party.contract.pk
    manager = browser(party.manager.user)
    to_write = reverse("orders:landlord_contract_act", args=[slug, pk, "formule"])
    typed = {
        "fixed_part": "0,15",
        "index_1": "BT40",
        "share_1": "0,85",
        "reference_month": "01/2024",
        "lag_months": "3",
        "period_months": "12",
        "rounding": "up_3",
    }
    assert manager.post(to_write, {**typed, "share_1": "0,80"}).status_code == 422
    assert manager.post(to_write, typed).status_code == 302
    assert 'value="2024-01"' in manager.get(to_write).content.decode()
    page = reverse("orders:landlord_contract_act", args=[slug, pk, "reviser"])
    asked = {"effective_on": day.isoformat()}
    missing = manager.get(page, asked).content.decode()
    assert "Il manque un indice" in missing
    assert "Préparer la version révisée" not in missing
    index_value("BT40", month_read(day), "131.20", provisional=True)
    shown = manager.get(page, asked).content.decode()
    for said in ("0,15 + 0,85 × 131,2 / 120", "1,079333", "1,08", "67,50", "provisoire"):
        assert said in shown
    assert 'name="coefficient" value="1.080"' in shown
    assert manager.post(page, {**asked, "coefficient": "1.2"}).status_code == 422
    answer = manager.post(page, {**asked, "coefficient": "1.080"})
    assert answer.status_code == 302
    assert "Calcul de la révision" in manager.get(answer.url).content.decode()
    with system_scope("tests"):
        made = PriceSchedule.objects.get(contract_id=pk, published_at__isnull=True)
    act(party, "manager", services.publish_schedule, schedule_id=made.pk)
    desk = browser(party.desk.user)
    theirs = desk.get(reverse("orders:contractor_schedule", args=[party.contractor.slug, made.pk]))
    assert "Calcul de la révision" in theirs.content.decode()
    contract = desk.get(reverse("orders:contractor_contract", args=[party.contractor.slug, pk]))
    assert "0,15 + 0,85 × BT40 / BT40₀" in contract.content.decode()

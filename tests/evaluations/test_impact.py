"""Impact: a perimeter's day, what else changed, what is observed and told of it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from contractors.models import Block, Invoice, Payment
from evaluations import services, tasks
from evaluations.impact_facts import observed
from evaluations.impact_terms import Indicator, Window
from evaluations.models import ImpactEstimate, ImpactNote, Result, Rollout
from evaluations.quarters import Quarter
from evaluations.selectors.impact import impact_page
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event
from nexxio.core.scoping import system_scope
from orders.models import Visit
from tests.evaluations.steps import client_of, later, page
from tests.factories.acting import act
from tests.factories.certified import finished_elsewhere
from tests.factories.evaluated import T2R
from tests.factories.impacted import (
    TRADE,
    agency_of,
    came,
    measured,
    noted,
    placed,
    planned,
)
from tests.factories.invoiced import filed_elsewhere

DAY = timedelta(days=1)


def events_of(kind: str) -> int:
    with system_scope("tests: events"):
        return Event.objects.filter(kind=kind).count()


def estimate_of(rollout, indicator=Indicator.APPOINTMENTS) -> ImpactEstimate:
    with system_scope("tests: estimate"):
        return ImpactEstimate.objects.get(rollout=rollout, indicator=indicator)


def lived(party, *, before: int = 10, after: int = 36, other: int = 25):
    """A perimeter live since 40 days, and one that isn't: 40 appointments each, before and after.

    before, after: how many were kept there; other: elsewhere, both times.
    """
    rollout = planned(party, days=-40, name="Agence en service")
    own = placed(party.order.pk, rollout.agency)
    elsewhere = placed(finished_elsewhere(party).order_id, agency_of(party))
    with system_scope("tests: only what is made here"):
        Visit.objects.filter(landlord=party.landlord).update(state="cancelled")
    for week in range(4):
        past, since = rollout.starts_on - (7 * week + 3) * DAY, rollout.starts_on + 7 * week * DAY
        for order, day, kept in (
            (own, past, before),
            (own, since, after),
            (elsewhere, past, other),
            (elsewhere, since, other),
        ):
            share = kept // 4 + (week < kept % 4)
            came(order, day, kept=share, missed=10 - share)
    return rollout


def test_a_manager_plans_moves_and_cancels_and_nobody_else_does(world):
    party = world.first
    rollout = planned(party)
    assert rollout.starts_on - rollout.baseline_on == 84 * DAY
    assert rollout.decided_by_id == party.manager.user_id
    moved = act(
        party,
        "manager",
        services.move_rollout,
        rollout_id=rollout.pk,
        starts_on=clock.today() + DAY,
        baseline_weeks=8,
    )
    assert (moved.starts_on - moved.baseline_on, moved.measured_on) == (56 * DAY, None)
    for who in ("clerk", "reader", "desk"):
        with pytest.raises(Refused):
            act(
                party,
                who,
                services.plan_rollout,
                agency_id=rollout.agency_id,
                trade_code=TRADE,
                starts_on=clock.today(),
                baseline_weeks=8,
            )
    with pytest.raises(Refused):
        act(party, "clerk", services.cancel_rollout, rollout_id=rollout.pk)
    act(party, "manager", services.cancel_rollout, rollout_id=rollout.pk)
    with pytest.raises(Conflict):
        act(party, "manager", services.cancel_rollout, rollout_id=rollout.pk)
    for kind in ("planned", "moved", "cancelled"):
        assert events_of(f"rollout.{kind}") == 1
    assert planned(party).pk != rollout.pk  # a perimeter that was given up may have another day


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"baseline_weeks": 7}, "baseline_weeks"),
        ({"baseline_weeks": 13}, "baseline_weeks"),
        ({"days": 400}, "starts_on"),
        ({"days": -400}, "starts_on"),
        ({"trade_code": "inconnu"}, "perimeter"),
    ],
)
def test_what_is_wrong_of_a_roll_out_names_its_field(world, wrong, field):
    with pytest.raises(Invalid) as caught:
        planned(world.first, **wrong)
    assert list(caught.value.errors) == [field]


def test_a_perimeter_has_one_day_and_another_house_is_no_perimeter(world):
    planned(world.first)
    with pytest.raises(Invalid) as caught:
        planned(world.first, days=60)
    assert "perimeter" in caught.value.errors
    theirs = agency_of(world.second).pk
    with pytest.raises(Invalid):
        planned(world.first, agency_id=theirs)


def test_a_day_that_has_come_stays(world):
    rollout = planned(world.first, days=1)
    with later(1):
        for service, more in (
            (services.cancel_rollout, {}),
            (
                services.move_rollout,
                {"starts_on": clock.today() + 9 * DAY, "baseline_weeks": 8},
            ),
        ):
            with pytest.raises(Conflict):
                act(world.first, "manager", service, rollout_id=rollout.pk, **more)


def test_a_roll_out_moves_to_a_day_to_come_only(world):
    rollout = planned(world.first)
    with pytest.raises(Invalid) as caught:
        act(
            world.first,
            "manager",
            services.move_rollout,
            rollout_id=rollout.pk,
            starts_on=clock.today(),
            baseline_weeks=12,
        )
    assert "starts_on" in caught.value.errors


def test_the_diary_is_added_to_and_withdrawn_from_never_edited(world):
    party = world.first
    note = act(
        party, "clerk", services.note_change, happened_on=clock.today(), text="Grève des transports"
    )
    with pytest.raises(Refused):
        act(
            party,
            "reader",
            services.note_change,
            happened_on=clock.today(),
            text="Je lis seulement",
        )
    for wrong, field in (
        ({"happened_on": clock.today() + DAY}, "happened_on"),
        ({"text": "Non"}, "text"),
        ({"agency_id": agency_of(world.second).pk, "trade_code": TRADE}, "perimeter"),
        ({"agency_id": agency_of(party).pk}, "perimeter"),
    ):
        with pytest.raises(Invalid) as caught:
            noted(party, **wrong)
        assert list(caught.value.errors) == [field]
    others = noted(party, agency_id=agency_of(party).pk, trade_code=TRADE)
    with pytest.raises(Refused):
        act(party, "clerk", services.withdraw_note, note_id=others.pk)
    for who, one in (("clerk", note), ("manager", others)):
        act(party, who, services.withdraw_note, note_id=one.pk)
    with pytest.raises(Conflict):
        act(party, "manager", services.withdraw_note, note_id=note.pk)
    assert (events_of("impact.noted"), events_of("impact.note_withdrawn")) == (2, 2)
    with scope_of(party.actor("reader")):
        assert ImpactNote.objects.count() == 2
    for who in ("desk", "tenant"):
        with scope_of(party.actor(who)):
            assert not ImpactNote.objects.exists()
            assert not Rollout.objects.exists()


def test_an_effect_is_told_from_thirty_in_each_cell_on(world):
    rollout = lived(world.first)
    assert measured(rollout) == 1
    found = estimate_of(rollout)
    counts = (found.n_before, found.n_after, found.n_other_before, found.n_other_after)
    assert counts == (40, 40, 40, 40)
    assert (found.mean_before, found.mean_after) == (Decimal(25), Decimal(90))
    assert found.effect == Decimal(65)
    assert 0 < found.low < 65 < found.high
    assert sum(week[1] for week in found.weeks) == 80
    others = estimate_of(rollout, Indicator.PAYMENT)
    assert (others.effect, others.mean_after) == (None, None)


def test_a_perimeter_that_goes_live_meanwhile_is_compared_with_no_more(world):
    rollout = lived(world.first)
    planned(world.first, days=-10, name="Agence Rive")
    assert measured(rollout) == 0
    found = estimate_of(rollout)
    assert (found.n_other_before, found.others, found.effect) == (0, 0, None)


def test_the_clock_measures_each_once_a_day_and_not_for_ever(world):
    rollout = lived(world.first)
    assert tasks.measure_due() == 1
    assert tasks.measure_due() == 0
    with later(1):
        assert tasks.measure_due() == 1
    with later(200):
        assert tasks.measure_due() == 1
    with later(210):
        assert tasks.measure_due() == 0
    assert events_of("rollout.measured") == 3
    tasks.measure_impact()
    with system_scope("tests"):
        assert ImpactEstimate.objects.filter(rollout=rollout).count() == len(Indicator)


def test_a_cancelled_one_is_not_measured(world):
    rollout = planned(world.first)
    act(world.first, "manager", services.cancel_rollout, rollout_id=rollout.pk)
    assert tasks.measure_due() == 0
    with system_scope("tests"):
        assert services.measure_rollout(actor=SYSTEM, rollout_id=rollout.pk) == 0


def test_a_window_leaves_out_what_has_not_settled():
    today = clock.today()
    window = Window.of(today - 100 * DAY, today - 16 * DAY, today, settles=30)
    assert window.until == today - 30 * DAY
    assert Window.of(today - 500 * DAY, today - 400 * DAY, today, settles=1).until == (
        today - 400 * DAY + 26 * 7 * DAY
    )
    assert (window.week_of(window.starts_on), window.week_of(window.starts_on - DAY)) == (0, -1)


def seen(party, indicator):
    until = clock.today() + DAY
    with system_scope("tests: facts"):
        return list(
            observed(indicator, landlord_id=party.landlord.pk, since=until - 200 * DAY, until=until)
        )


def test_a_second_visit_for_the_same_trade_within_thirty_days_is_a_repeat(world):
    party, agency = world.first, agency_of(world.first)
    own = placed(party.order.pk, agency)
    again = placed(finished_elsewhere(party).order_id, agency)
    with system_scope("tests"):
        Visit.objects.filter(landlord=party.landlord).update(state="cancelled")
        again.__class__.objects.filter(pk=again.pk).update(unit=own.unit)
    first = clock.today() - 90 * DAY
    came(own, first, kept=1)
    came(again, first + 29 * DAY, kept=1)
    assert [(one.day, one.value) for one in seen(party, Indicator.REPEATS)] == [
        (first, 100),
        (first + 29 * DAY, 0),
    ]
    with system_scope("tests"):
        Visit.objects.filter(order=again, state="done").delete()
    came(again, first + 31 * DAY, kept=1)
    assert [one.value for one in seen(party, Indicator.REPEATS)] == [0, 0]
    came(own, first + 3 * DAY, kept=1)  # it wasn't settled the first time
    assert [one.value for one in seen(party, Indicator.REPEATS)] == [100, 0]


def test_an_invoice_counts_by_its_largest_early_block_and_by_its_days_to_payment(world):
    party = world.first
    invoice = filed_elsewhere(party)
    placed(invoice.order_id, agency_of(party))
    with system_scope("tests"):
        Block.objects.filter(invoice=invoice).delete()
        early, late = invoice.filed_at + DAY, invoice.filed_at + 40 * DAY
        for euros, opened, cause in (("120.50", early, "B02"), ("80", early, "B03")):
            _block(party, invoice, euros, opened, cause)
        _block(party, invoice, "999", late, "B04")
        Invoice.objects.filter(pk=invoice.pk).update(received_on=clock.today() - 20 * DAY)
    assert [one.value for one in seen(party, Indicator.BLOCKED)] == [12050]
    assert [one.value for one in seen(party, Indicator.PAYMENT)] == [60]
    with system_scope("tests"):
        Payment.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            invoice=invoice,
            amount=Decimal(10),
            paid_on=clock.today() - 2 * DAY,
            announced_at=clock.now(),
        )
    assert [one.value for one in seen(party, Indicator.PAYMENT)] == [18]


def _block(party, invoice, euros, opened_at, cause):
    Block.objects.create(
        landlord=party.landlord,
        contractor=party.contractor,
        invoice=invoice,
        cause=cause,
        amount=Decimal(euros),
        side="landlord",
        department="marches",
        opened_at=opened_at,
    )


# --- the page ---------------------------------------------------------------------------------


def test_the_page_says_what_is_sure_and_shows_where_it_comes_from(world):
    party = world.first
    rollout = lived(party)
    measured(rollout)
    noted(party, text="Nouveau logiciel des gardiens")
    text = client_of(party, "manager").get(page(party, "landlord", "impact")).content.decode()
    assert "Les rendez-vous sont plus souvent tenus : +65,0" in text
    assert "En service depuis le" in text
    assert "déclarée après coup" in text
    assert "n = 40" in text
    assert "Pas encore assez d’observations (0 sur 30)" in text
    assert "Nouveau logiciel des gardiens" in text
    assert 'class="lines"' in text
    steering = client_of(party, "manager").get(page(party, "landlord", "steering")).text
    assert "Les rendez-vous sont plus souvent tenus : +65,0" in steering
    assert "mise en service" in text


def test_without_an_effect_there_is_no_headline(world):
    party = world.first
    measured(lived(party, before=25, after=25))
    with scope_of(party.actor("manager")):
        detail = impact_page(party.actor("manager")).detail
    assert detail.findings == []
    text = client_of(party, "clerk").get(page(party, "landlord", "impact")).content.decode()
    assert "On ne peut pas conclure" in text
    steering = client_of(party, "manager").get(page(party, "landlord", "steering")).text
    assert "Rien n’est établi" in steering
    assert "plus souvent tenus" not in steering
    assert "plus souvent tenus" not in text


def test_below_thirty_no_percentage_is_printed(world):
    party = world.first
    rollout = planned(party, days=-40)
    came(placed(party.order.pk, rollout.agency), clock.today() - 30 * DAY, kept=12)
    measured(rollout)
    text = client_of(party, "manager").get(page(party, "landlord", "impact")).content.decode()
    assert "Pas encore assez d’observations (0 sur 30)" in text
    assert "n = 12" in text
    assert "100\N{NO-BREAK SPACE}%" not in text
    assert 'class="lines"' not in text


def test_satisfaction_stays_by_agency_or_by_trade(world):
    party = world.first
    rollout = planned(party, days=-40)
    with system_scope("tests"):
        for dimension, key, mean in (("agency", str(rollout.agency_id), 4), ("trade", TRADE, 3)):
            Result.objects.create(
                landlord=party.landlord,
                direction=T2R,
                quarter=Quarter.of(clock.today()).previous.first,
                dimension=dimension,
                key=key,
                label=key,
                subject="competence",
                level="published",
                n=12,
                mean=mean,
                low=mean,
                high=mean,
            )
    with scope_of(party.actor("manager")):
        detail = impact_page(party.actor("manager")).detail
    (place,) = detail.satisfaction
    assert (place.of_agency.told.mean, place.of_trade.told.mean) == (4, 3)


def test_an_empty_page_says_what_a_perimeter_is(world):
    party = world.first
    text = client_of(party, "reader").get(page(party, "landlord", "impact")).content.decode()
    assert "Aucun périmètre pour l’instant" in text
    assert "Prévoir une mise en service" not in text


def test_forms_keep_what_was_typed_and_say_what_is_wrong(world):
    party = world.first
    rollout = planned(party)
    client = client_of(party, "manager")
    key = f"{rollout.agency_id}:{TRADE}"
    typed = {"perimeter": key, "starts_on": "2020-01-01", "baseline_weeks": "12"}
    url = page(party, "landlord", "rollout_new")
    answer = client.post(url, typed)
    assert answer.status_code == 422
    assert "à moins d’un an" in answer.content.decode()
    assert "2020-01-01" in answer.content.decode()
    answer = client.post(url, {**typed, "starts_on": clock.today().isoformat()})
    assert "déjà prévue ou faite sur ce périmètre" in answer.content.decode()
    assert client.post(url, {**typed, "perimeter": "n’importe:quoi"}).status_code == 422
    move = page(party, "landlord", "rollout_act", rollout.pk, "deplacer")
    day = clock.today() + 50 * DAY
    answer = client.post(move, {"starts_on": day.isoformat(), "baseline_weeks": "9"})
    assert answer.status_code == 302
    answer = client.post(
        page(party, "landlord", "impact_note"),
        {"perimeter": key, "happened_on": clock.today().isoformat(), "text": "Gel de décembre"},
    )
    assert answer.status_code == 302
    with system_scope("tests"):
        assert Rollout.objects.get(pk=rollout.pk).starts_on == day
        assert ImpactNote.objects.get().agency_id == rollout.agency_id


def test_the_file_holds_one_line_by_indicator(world):
    party = world.first
    measured(lived(party))
    answer = client_of(party, "reader").get(page(party, "landlord", "impact_file"))
    rows = answer.content.decode("utf-8-sig").splitlines()
    assert len(rows) == 1 + len(Indicator)
    assert ";65,00;" in rows[1]
    assert "Mieux" in rows[1]
    assert "Pas encore assez d’observations" in rows[-1]

"""The morning's e-mail: what waits for a member, once a working day, as long as he wants it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from contractors import services
from contractors.models import Block, MorningDigest
from contractors.selectors.digest import digest_of
from contractors.selectors.trend import trend
from contractors.tasks import tell_desks, tell_mornings
from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Refused
from nexxio.core.models import Absence, Message
from nexxio.core.scoping import system_scope
from tests.contractors.steps import client_of, url
from tests.factories.acting import act
from tests.factories.certified import finished
from tests.factories.invoiced import filed_elsewhere

FRIDAY_AT_NINE = datetime(2026, 12, 4, 9, tzinfo=clock.PARIS)
SATURDAY_AT_NINE = FRIDAY_AT_NINE + timedelta(days=1)
CHRISTMAS_AT_NINE = datetime(2026, 12, 25, 9, tzinfo=clock.PARIS)


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


def letters(party) -> list[Message]:
    relay.deliver_one_by_one()
    with system_scope("tests"):
        return list(Message.objects.filter(kind="morning", address=party.manager.user.email))


def test_who_has_something_to_do_is_written_to_once_a_day(party):
    finished(party)
    assert tell_desks() > 0
    (letter,) = letters(party)
    assert "1 constat à signer" in letter.text
    assert f"{party.landlord.name} : votre point du matin" in letter.subject
    assert "/point-du-matin/" in letter.text
    assert tell_desks() == 0
    assert len(letters(party)) == 1
    with system_scope("tests"):
        assert MorningDigest.objects.filter(membership=party.manager).count() == 1


def test_who_does_not_want_it_gets_none_and_sees_it_on_his_page(party):
    finished(party)
    client: Client = client_of(party, "manager")
    page = url(party, "landlord", "digest")
    assert page in client.get(url(party, "landlord", "home", app="orders")).text
    assert "1 constat à signer" in client.get(page).text
    assert "ne part plus" in client.post(page, {"recevoir": "non"}, follow=True).text
    tell_desks()
    assert letters(party) == []
    assert "Vous ne recevez pas ce point" in client.get(page).text
    client.post(page, {"recevoir": "oui"})
    tell_desks()
    assert len(letters(party)) == 1
    with pytest.raises(Refused):
        act(party, "reader", services.choose_digest, is_wanted=False)


def test_who_is_absent_gets_none_though_somebody_stands_in(party):
    finished(party)
    today = clock.today()
    with system_scope("tests"):
        Absence.objects.create(
            organisation=party.landlord,
            member=party.manager,
            substitute=party.clerk,
            starts_on=today,
            ends_on=today,
        )
    tell_desks()
    assert letters(party) == []


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [(FRIDAY_AT_NINE, 1), (SATURDAY_AT_NINE, 0), (CHRISTMAS_AT_NINE, 0),
     (FRIDAY_AT_NINE.replace(hour=13), 0)],
)  # fmt: skip
def test_it_leaves_on_the_morning_of_a_working_day(party, moment, leaves):
    finished(party)
    with time_machine.travel(moment, tick=False):
        tell_mornings()
        assert len(letters(party)) == leaves


def test_a_company_reads_what_is_stuck_elsewhere(party):
    filed_elsewhere(party)
    with scope_of(party.actor("desk")):
        lines = [line.text for line in digest_of(party.actor("desk"), party.contractor.slug)]
    assert any("bloquée chez les bailleurs" in line for line in lines), lines


def test_the_trend_counts_what_was_blocked_at_each_weeks_end(party):
    invoice = filed_elsewhere(party)
    with system_scope("tests"):
        (block,) = Block.objects.filter(invoice=invoice, closed_at__isnull=True)[:1]
        others = Block.objects.filter(invoice=invoice).exclude(pk=block.pk)
        opened = clock.now() - timedelta(days=40)
        others.update(
            opened_at=opened, closed_at=clock.now() - timedelta(days=39), closed_how="fact"
        )
        Block.objects.filter(pk=block.pk).update(
            opened_at=opened, closed_at=clock.now() - timedelta(days=19), closed_how="fact"
        )
        type(invoice).objects.filter(pk=invoice.pk).update(filed_at=opened)
    for who, side in (("manager", "landlord"), ("desk", "contractor")):
        with scope_of(party.actor(who)):
            found = trend(party.actor(who))
        assert found.weeks[0].euros == found.weeks[-1].euros == 0
        blocked = [week for week in found.weeks if week.euros]
        assert [week.euros for week in blocked] == [block.amount] * len(blocked)
        assert 2 <= len(blocked) <= 4
        assert found.holders[0].days == 21
        assert found.weeks[-1].until == date.fromordinal(clock.today().toordinal())
        text = client_of(party, who).get(url(party, side, "trend")).text
        assert "Qui a tenu la balle" in text

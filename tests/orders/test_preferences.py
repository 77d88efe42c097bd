"""What members want to be told: boxes that are off, what is sent all the same."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import relay
from nexxio.core.actors import scope_of
from nexxio.core.models import Event, Membership, Message, NoticeMute, Notification
from nexxio.core.notifications import preferences
from nexxio.core.notifications.registry import Notice, all_kinds
from nexxio.core.scoping import system_scope
from orders import services
from tests.factories.acting import act


def boxes(party, who: str) -> set[str]:
    """All boxes that a member may tick."""
    actor = party.actor(who)
    with scope_of(actor):
        lines = preferences.preferences_of(actor)
    return {tick.name for line in lines if not line.always for tick in line.ticks if tick.name}


def issued(party):
    order = act(party, "manager", services.draft_order, data=party.order_input())
    act(party, "manager", services.issue_order, order_id=order.pk)
    relay.deliver_one_by_one()
    return order


def told(order) -> tuple[list[str], list[str]]:
    """Kinds of bells and of messages about an order, of the contractor's desk."""
    with system_scope("tests"):
        bells = Notification.objects.filter(event__order_id=order.pk)
        # New orders of ten minutes are lines of one e-mail.
        sent = Message.objects.filter(kind="order_to_accept", text__contains=order.reference)
        return (
            sorted(bells.values_list("kind", flat=True)),
            sorted(sent.values_list("channel", flat=True)),
        )


def test_all_is_on_at_first_and_off_once_it_is_unticked(world):
    party = world.first
    bells, sent = told(issued(party))
    assert "contractor_desk" in bells
    assert "email" in sent
    wanted = boxes(party, "desk") - {"contractor_desk:bell", "order_to_accept:email"}
    assert act(party, "desk", preferences.choose_notices, wanted=wanted) == 2
    assert act(party, "desk", preferences.choose_notices, wanted=wanted) == 2
    with system_scope("tests"):
        assert Event.objects.filter(kind="member.notices_chosen").count() == 1
    bells, sent = told(issued(party))
    assert "contractor_desk" not in bells
    assert sent == []
    act(party, "desk", preferences.choose_notices, wanted=boxes(party, "desk"))
    assert "contractor_desk" in told(issued(party))[0]


def test_a_colleague_is_still_told(world):
    party = world.first
    act(party, "desk", preferences.choose_notices, wanted=[])
    act(party, "manager", preferences.choose_notices, wanted=[])
    with system_scope("tests"):
        off = set(NoticeMute.objects.values_list("membership_id", flat=True))
        assert off == {party.desk.pk, party.manager.pk}
        others = Membership.objects.filter(organisation=party.landlord).exclude(pk=party.manager.pk)
        assert others.exists()
    order = issued(party)
    act(party, "desk", services.accept_order, order_id=order.pk)
    relay.deliver_one_by_one()
    with system_scope("tests"):
        rung = Notification.objects.filter(event__order_id=order.pk, kind="landlord_desk")
        users = set(rung.values_list("user_id", flat=True))
    assert users
    assert party.manager.user_id not in users


def test_what_law_wants_cannot_be_switched_off(world):
    party = world.first
    act(party, "desk", preferences.choose_notices, wanted=[])
    always = {kind.name for kind in all_kinds() if kind.always}
    assert {"bank_company", "urgent_late", "platform_entry"} <= always
    with system_scope("tests"):
        assert not NoticeMute.objects.filter(kind__in=always).exists()


def test_a_delay_with_effects_of_law_rings_whoever_muted_the_rest(world):
    party = world.first
    act(party, "manager", preferences.choose_notices, wanted=[])
    (kind,) = [one for one in all_kinds() if one.name == "landlord_desk"]
    member = party.manager
    bell = Notice(
        title="x", bell_user_id=member.user_id, bell_organisation_id=member.organisation_id
    )
    assert "certificate.submitted" in kind.anyway <= kind.event_kinds

    def is_silent(event_kind: str) -> bool:
        with system_scope("tests"):
            return preferences.mutes_of(kind, event_kind, [bell]).silences(bell)

    assert is_silent("order.accepted")
    assert not is_silent("certificate.submitted")
    with system_scope("tests: he left"):
        Membership.objects.filter(pk=member.pk).update(is_active=False)
    assert not is_silent("order.accepted")


def test_every_kind_that_rings_members_is_among_the_preferences():
    elsewhere = {"morning"}  # has a page of its own
    silent = [kind.name for kind in all_kinds() if not kind.label and "bell" in kind.channels]
    assert set(silent) - elsewhere == set()


@pytest.mark.parametrize(("side", "who"), [("landlord", "manager"), ("contractor", "desk")])
def test_the_page_keeps_what_is_ticked(world, side, who):
    party = world.first
    member = getattr(party, who)
    client = Client()
    client.force_login(member.user)
    url = reverse(f"core:{side}_preferences", args=[getattr(party, side).slug])
    page = client.get(url).content.decode()
    assert "toujours envoyé" in page
    box = f"{side}_desk:bell"
    assert f'value="{box}"' in page
    wanted = sorted(boxes(party, who) - {box})
    assert client.post(url, {"alertes": wanted}).status_code == 302
    after = client.get(url).content.decode()
    assert after.count(" checked") == page.count(" checked") - 1


def test_mutes_of_all_notices_of_an_event_are_one_query(world, django_assert_num_queries):
    party = world.first
    act(party, "desk", preferences.choose_notices, wanted=[])
    kinds = {kind.name: kind for kind in all_kinds()}
    rung = [
        Notice(title="x", bell_user_id=one.user_id, bell_organisation_id=one.organisation_id)
        for one in (party.desk, party.manager)
    ]
    written = [Notice(title="x", member_id=one.pk) for one in (party.desk, party.technician)]
    told = [*rung, *written]
    with system_scope("tests"):
        with django_assert_num_queries(1):
            bells = preferences.mutes_of(kinds["contractor_desk"], "x", told)
        emails = preferences.mutes_of(kinds["order_to_accept"], "x", told)
        with django_assert_num_queries(0):
            preferences.mutes_of(kinds["urgent_late"], "x", told)
    assert [bells.silences(one) for one in told] == [True, False, False, False]
    assert [emails.channels(one) for one in written] == [{"email", "sms"}, set()]

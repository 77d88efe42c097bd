"""The tenant's link: replaced when it has expired, renewed by a person, closed once committed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, ids, links, live, relay
from nexxio.core.errors import Refused
from nexxio.core.models import Link, Message, Occupancy
from nexxio.core.notifications.sending import rendered_text
from nexxio.core.scoping import system_scope
from orders import services
from tests.factories.full import act, visited


@pytest.fixture
def first(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


def _expire(party) -> None:
    with system_scope("tests"):
        Link.objects.filter(pk=party.link.pk).update(expires_at=clock.now() - timedelta(days=1))


def _valid(party) -> list[Link]:
    with system_scope("tests"):
        found = Link.objects.filter(case_id=party.order.case_id)
        return [link for link in found if links.find(links.token_of(link.pk))]


def _messages(party) -> list[str]:
    relay.deliver_one_by_one()
    with system_scope("tests"):
        found = Message.objects.filter(landlord=party.landlord, kind="tenant_follow")
        found = found.order_by("created_at")
        return [rendered_text(message) for message in found]


def test_an_order_sent_again_replaces_an_expired_link(first):
    _expire(first)
    act(first, "desk", services.return_order, order_id=first.order.pk, items=["phone"])
    act(first, "manager", services.reissue_order, order_id=first.order.pk)
    assert len(_valid(first)) == 1


def test_a_message_carries_a_link_that_opens(first):
    _expire(first)
    *_others, last = _messages(first)
    (link,) = _valid(first)
    assert links.url_of(link.pk) in last


def test_a_link_opens_nothing_once_its_tenant_has_moved_out(first):
    """As his code: whoever lives there now is visited, photographed and signed for from then on."""
    url = reverse("tenants:follow", args=[links.token_of(first.link.pk)])
    today = clock.today()
    with system_scope("tests"):
        Link.objects.filter(pk=first.link.pk).update(created_at=clock.now() - timedelta(days=9))
        lives = Occupancy.objects.filter(tenant=first.tenant)
        lives.update(ends_on=today)
    assert Client().get(url).status_code == 200
    with system_scope("tests"):
        lives.update(ends_on=today - timedelta(days=1))
    assert Client().get(url).status_code == 404
    paper = reverse("orders:paper", args=[first.paper_token()])
    assert Client().get(paper).status_code == 200
    before = _messages(first)
    visited(first, state="proposed")
    assert _messages(first) == before  # of the visits of whoever lives there now
    # The landlord has put the contact right: the case is followed by whom it wrote to.
    act(first, "manager", services.correct_contact, order_id=first.order.pk, phone="+33699999999")
    (link,) = [found for found in _valid(first) if found.party == "tenant"]
    assert links.url_of(link.pk) in _messages(first)[-1]
    assert Client().get(url).status_code == 404


def test_who_has_come_back_opens_his_link_again(first):
    with system_scope("tests"):
        Link.objects.filter(pk=first.link.pk).update(created_at=clock.now() - timedelta(days=9))
        left = Occupancy.objects.get(tenant=first.tenant)
        left.ends_on = clock.today() - timedelta(days=2)
        left.save()
        left.pk, left.starts_on, left.ends_on = ids.new_id(), clock.today(), None
        left.save(force_insert=True)
    assert len(_valid(first)) == 1


def test_a_link_for_somebody_else_is_not_the_tenants(first):
    paper = first.paper_token()
    with system_scope("tests"):
        Link.objects.filter(pk=first.link.pk).update(revoked_at=clock.now())
        made = links.link_for(first.order.case)
    assert (made.party, made.order_id) == ("tenant", None)
    assert links.token_of(made.pk) != paper


def test_a_renewed_link_replaces_the_former_and_is_sent(
    first, monkeypatch, django_capture_on_commit_callbacks
):
    closed = []
    monkeypatch.setattr(live, "close_streams", closed.append)
    _messages(first)
    client = Client()
    client.force_login(first.clerk.user)
    args = [first.landlord.slug, first.order.pk]
    url = reverse("orders:landlord_act", args=[*args, "renouveler-le-lien"])
    assert url in client.get(reverse("orders:landlord_detail", args=args)).content.decode()
    with django_capture_on_commit_callbacks() as waiting:
        assert client.post(url).status_code == 302
        assert closed == []
    for callback in waiting:
        callback()
    assert closed == [str(first.link.pk)]
    former, (new,) = links.token_of(first.link.pk), _valid(first)
    assert Client().get(reverse("tenants:follow", args=[former])).status_code == 404
    assert Client().get(reverse("tenants:follow", args=[links.token_of(new.pk)])).status_code == 200
    *_others, last = _messages(first)
    assert links.url_of(new.pk) in last
    assert "votre lien de suivi a changé" in last


def test_a_broker_that_is_away_keeps_no_link_alive(
    first, monkeypatch, django_capture_on_commit_callbacks
):
    def away(_holder):
        raise live.PushUnavailable

    monkeypatch.setattr(live, "close_streams", away)
    with django_capture_on_commit_callbacks(execute=True):
        act(first, "manager", services.renew_link, order_id=first.order.pk)
    assert links.find(links.token_of(first.link.pk)) is None


def test_only_the_landlords_desk_renews_and_only_a_tenants_link(first):
    with pytest.raises(Refused):
        act(first, "reader", services.renew_link, order_id=first.order.pk)
    with pytest.raises(Refused):
        act(first, "desk", services.renew_link, order_id=first.order.pk)
    draft = act(first, "manager", services.draft_order, data=first.order_input())
    with pytest.raises(Refused):
        act(first, "manager", services.renew_link, order_id=draft.pk)

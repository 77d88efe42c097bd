"""Absences: who notes them, who stands in, whom reminders reach, in whose place one approves."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, relay
from nexxio.core.actors import Role, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.http import actor_of
from nexxio.core.members import absences
from nexxio.core.models import Membership, Notification, User
from nexxio.core.notifications import bell
from nexxio.core.scoping import system_scope
from orders import services, tasks
from orders.models import Order
from orders.selectors.history import order_history
from orders.selectors.parapheur import parapheur
from orders.services import LineInput
from tests.factories.acting import act
from tests.factories.certified import finished, newest
from tests.factories.extras import regularised


@pytest.fixture
def first(world):
    return world.first


@pytest.fixture
def deputy(first):
    """Another clerk of the same service, whose limit covers next to nothing."""
    with system_scope("tests: deputy"):
        user = User.objects.create_user("awa@rivage.example", "x", first_name="Awa", last_name="Ba")
        return Membership.objects.create(
            organisation=first.landlord,
            user=user,
            department="patrimoine",
            roles=[Role.CLERK.value],
            spend_limit=Decimal(10),
        )


def away(party, who, member, *, substitute=None, start=0, days=5):
    day = clock.today() + timedelta(days=start)
    return act(
        party,
        who,
        absences.set_absence,
        membership_id=member.pk,
        starts_on=day,
        ends_on=day + timedelta(days=days),
        substitute_id=substitute and substitute.pk,
    )


def test_for_the_only_manager_of_a_house_anybody_at_a_desk_may_stand_in(first):
    with system_scope("tests: alone"):
        Membership.objects.filter(pk=first.manager.pk).update(department="marches")
    first.manager.department = "marches"
    with scope_of(first.actor("manager")):
        offered = absences.substitutes_of(first.manager)
    assert first.clerk.pk in {one.pk for one in offered}
    assert first.reader.pk not in {one.pk for one in offered}
    away(first, "manager", first.manager, substitute=first.clerk)


def test_who_notes_an_absence_and_who_may_stand_in(first, deputy):
    with pytest.raises(Refused):  # another's
        away(first, "clerk", first.manager)
    with pytest.raises(Refused):
        away(first, "reader", first.reader)
    for wrong in (first.reader, first.desk, first.clerk):
        with pytest.raises(Invalid):
            away(first, "clerk", first.clerk, substitute=wrong)
    with pytest.raises(Invalid):
        away(first, "clerk", first.clerk, start=-9)
    away(first, "clerk", first.clerk, substitute=deputy)
    with pytest.raises(Invalid):  # twice on one day
        away(first, "manager", first.clerk)
    with pytest.raises(Invalid):  # he is absent himself
        away(first, "manager", deputy, substitute=first.clerk)
    with scope_of(first.actor("manager")):
        running = absences.next_absence(first.clerk)
    end = {"membership_id": first.clerk.pk, "absence_id": running.pk}
    act(first, "manager", absences.end_absence, **end)
    with pytest.raises(Conflict):  # the second click takes nothing else back
        act(first, "clerk", absences.end_absence, **end)


def test_a_manager_lends_no_limit_above_his_own_and_none_to_himself(first, deputy):
    with system_scope("tests"):
        Membership.objects.filter(pk=first.manager.pk).update(spend_limit=5_000)
    first.manager.spend_limit = Decimal(5_000)
    for limit, substitute in ((None, deputy), (50_000, deputy), (1_000, first.manager)):
        with system_scope("tests"):
            Membership.objects.filter(pk=first.clerk.pk).update(spend_limit=limit)
        with pytest.raises(Invalid) as refused:
            away(first, "manager", first.clerk, substitute=substitute)
        assert list(refused.value.errors) == ["substitute"]
    away(first, "manager", first.clerk, substitute=deputy)


def test_reminders_reach_who_is_there(first, deputy):
    def reached():
        with system_scope("tests: bell"):
            return {one.user_id for one in bell.present(first.landlord.pk, [first.clerk])}

    assert reached() == {first.clerk.user_id}
    away(first, "clerk", first.clerk, substitute=deputy)
    assert reached() == {deputy.user_id}
    away(first, "manager", deputy, start=1)
    with clock.moved_to(clock.now() + timedelta(days=2)):
        assert reached() == set()
        with system_scope("tests: bell"):  # what can't wait reaches somebody all the same
            others = bell.reachable(first.landlord.pk, [first.clerk])
        assert [one.user_id for one in others] == [first.manager.user_id]
    with clock.moved_to(clock.now() + timedelta(days=30)):
        assert reached() == {first.clerk.user_id}


def test_an_approval_is_chased_and_given_in_the_place_of_somebody_absent(first, deputy):
    lines = (LineInput(first.item.pk, Decimal(12)),)  # 750 €, over the clerk's 500 €
    order = act(first, "clerk", services.draft_order, data=first.order_input(lines=lines))
    order = act(first, "clerk", services.issue_order, order_id=order.pk)
    assert order.state == "pending_approval"
    deputys = _Acting(first, deputy)
    with pytest.raises(Refused) as refused:
        deputys.approve(order)
    assert refused.value.code == "limit"
    away(first, "manager", first.manager, substitute=deputy, days=30)

    # The clock reminds whoever stands in, not the author and not who is absent.
    with system_scope("tests: order"):
        chase_at = Order.objects.get(pk=order.pk).chase_at
        Order.objects.exclude(pk=order.pk).update(chase_at=None)
    with clock.moved_to(chase_at):
        assert tasks.chase_due() == 1
        relay.deliver_one_by_one()
    with system_scope("tests: bell"):
        told = Notification.objects.filter(kind="approval_reminded")
        assert [note.user_id for note in told] == [deputy.user_id]

    client = Client()
    client.force_login(deputy.user)
    slug = first.landlord.slug
    page = client.get(reverse("orders:landlord_detail", args=[slug, order.pk])).text
    assert "Valider et transmettre" in page
    url = reverse("orders:landlord_bulk", args=[slug])
    ticked = client.post(url, {"acte": "valider", "commande": str(order.pk)})
    assert "en son absence" in ticked.text
    deputys.approve(order)
    with scope_of(first.actor("clerk")):
        order = Order.objects.select_related("landlord", "contractor").get(pk=order.pk)
        assert order.state == "issued"
        texts = [line.text for line in order_history(first.actor("clerk"), order)]
    assert "Awa Ba, pour Claire Martin, a validé la commande" in texts
    with scope_of(first.actor("desk")):
        texts = [line.text for line in order_history(first.actor("desk"), order)]
    assert not [text for text in texts if "Claire" in text or "Awa" in text]


def test_a_substitute_settles_and_signs_what_waits_for_who_is_absent(first, deputy):
    finished(first)
    asked = regularised(first)
    deputys = _Acting(first, deputy)
    with pytest.raises(Refused) as refused:
        deputys.do(services.grant_variation, variation_id=asked.pk)
    assert refused.value.code == "limit"
    assert deputys.see(parapheur).heap.above == 1
    away(first, "manager", first.manager, substitute=deputy)
    deputys.do(services.grant_variation, variation_id=asked.pk)
    relay.drain_batches()
    relay.deliver_one_by_one()
    certificate = newest(first)
    waiting = deputys.see(parapheur)
    assert ([row.obstacle for row in waiting.rows], waiting.limit) == ([""], None)
    deputys.do(services.sign_certificate, certificate_id=certificate.pk)
    with scope_of(first.actor("clerk")):
        order = Order.objects.select_related("landlord", "contractor").get(pk=first.order.pk)
        texts = [line.text for line in order_history(first.actor("clerk"), order)]
    for did in ("accordé la demande de l’entreprise", "signé le constat de service fait"):
        assert f"Awa Ba, pour Claire Martin, a {did}" in texts


def test_nobody_approves_his_own_order_by_standing_in(first, deputy):
    away(first, "manager", first.manager, substitute=first.clerk)
    lines = (LineInput(first.item.pk, Decimal(12)),)
    order = act(first, "clerk", services.draft_order, data=first.order_input(lines=lines))
    order = act(first, "clerk", services.issue_order, order_id=order.pk)
    with pytest.raises(Refused) as refused:
        act(first, "clerk", services.approve_order, order_id=order.pk)
    assert refused.value.code == "author"


def test_the_page_of_an_absence(first, deputy):
    client = Client()
    client.force_login(first.clerk.user)
    slug = first.landlord.slug
    url = reverse("members:landlord_absence", args=[slug, first.clerk.pk])
    assert "Awa Ba" in client.get(url).text
    today = clock.today()
    typed = {"starts_on": today.isoformat(), "ends_on": (today - timedelta(days=1)).isoformat()}
    wrong = client.post(url, typed)
    assert wrong.status_code == 422
    assert "La fin précède le début." in wrong.text
    typed |= {"ends_on": today.isoformat(), "substitute": str(deputy.pk)}
    assert client.post(url, typed).status_code == 302
    listed = client.get(reverse("members:landlord_list", args=[slug])).text
    assert "remplacé par Awa Ba" in listed
    assert "absent jusqu’au" in listed
    end = reverse("members:landlord_absence_end", args=[slug, first.clerk.pk])
    with scope_of(first.actor("clerk")):
        running = absences.next_absence(first.clerk)
    assert str(running.pk) in client.get(url).text
    assert client.post(end, {"absence": running.pk}).status_code == 302
    other = reverse("members:landlord_absence", args=[slug, first.manager.pk])
    assert client.get(other).status_code == 403


class _Acting:
    """A member whom the world doesn't name."""

    def __init__(self, party, member):
        self.party, self.member = party, member

    def approve(self, order):
        return self.do(services.approve_order, order_id=order.pk)

    def do(self, service, **kwargs):
        actor = self._actor()
        with scope_of(actor):
            return service(actor=actor, **kwargs)

    def see(self, selector):
        actor = self._actor()
        with scope_of(actor):
            return selector(actor)

    def _actor(self):
        with system_scope("tests: member"):
            member = Membership.objects.select_related("user", "organisation").get(
                pk=self.member.pk
            )
        return actor_of(member)

"""Limits by role: the house sets them, a person's own wins, approvals follow."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core.actors import Role, scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.members import services as members
from nexxio.core.members.limits import role_limits, write_role_limits
from nexxio.core.models import Membership, RoleLimit
from nexxio.core.scoping import system_scope
from orders import services
from tests.factories.full import act


@pytest.fixture
def party(world):
    return world.first


def _member(pk) -> Membership:
    with system_scope("tests: member"):
        return Membership.objects.select_related("organisation", "user").get(pk=pk)


def _unlimit(party) -> None:
    """Leave the clerk without a limit of his own."""
    with system_scope("tests: limit"):
        Membership.objects.filter(pk=party.clerk.pk).update(spend_limit=None)
    party.clerk = _member(party.clerk.pk)


def test_a_role_has_a_limit_and_a_persons_own_wins(party):
    _unlimit(party)
    act(party, "manager", write_role_limits, limits={Role.CLERK: Decimal(50)})
    party.clerk = _member(party.clerk.pk)
    assert (party.clerk.spend_limit, party.clerk.limit) == (None, Decimal(50))
    order = act(party, "clerk", services.draft_order, data=party.order_input())
    sent = act(party, "clerk", services.issue_order, order_id=order.pk)
    assert sent.state == "pending_approval"  # 62,50 €
    with system_scope("tests: own limit"):
        Membership.objects.filter(pk=party.clerk.pk).update(spend_limit=Decimal(100))
    party.clerk = _member(party.clerk.pk)
    order = act(party, "clerk", services.draft_order, data=party.order_input())
    assert act(party, "clerk", services.issue_order, order_id=order.pk).state == "issued"
    act(party, "manager", write_role_limits, limits={Role.CLERK: None})
    assert _member(party.clerk.pk).role_limit is None


def test_the_database_follows_roles_and_limits(party):
    act(party, "manager", write_role_limits, limits={Role.CLERK: Decimal(50)})
    with system_scope("tests: roles"):
        member = Membership.objects.get(pk=party.clerk.pk)
        member.roles = ["clerk", "manager"]
        member.save()
        member.refresh_from_db()
        assert member.role_limit is None  # managers have none
        member.roles = ["reader"]
        member.save()
        member.refresh_from_db()
        assert member.role_limit is None
        member.roles = ["clerk"]
        member.save()
        member.refresh_from_db()
        assert member.role_limit == Decimal(50)


def test_who_sets_them_and_how_high(world, party):
    for who in ("clerk", "reader", "desk"):
        with pytest.raises(Refused):
            act(party, who, write_role_limits, limits={Role.CLERK: Decimal(1)})
    with pytest.raises(Invalid) as refusal:
        act(party, "manager", write_role_limits, limits={Role.MANAGER: Decimal(1000)})
    assert "manager_limit" in refusal.value.errors  # nobody would be left above it
    with system_scope("tests: limited manager"):
        Membership.objects.filter(pk=party.manager.pk).update(spend_limit=Decimal(300))
    party.manager = _member(party.manager.pk)
    for limit in (None, Decimal(301)):
        act(party, "manager", write_role_limits, limits={Role.CLERK: Decimal(200)})
        with pytest.raises(Invalid):
            act(party, "manager", write_role_limits, limits={Role.CLERK: limit})
    act(party, "manager", write_role_limits, limits={Role.MANAGER: Decimal(300)})
    with scope_of(party.actor("manager")):
        found = role_limits(party.actor("manager"))
        assert found == {Role.MANAGER: Decimal(300), Role.CLERK: Decimal(200)}
    with scope_of(world.second.actor("manager")):
        assert not RoleLimit.objects.exists()


def test_the_page_of_the_rules_of_the_house(party):
    client = Client()
    client.force_login(party.manager.user)
    url = reverse("orders:landlord_house", args=[party.landlord.slug])
    typed = {"billing_address": "", "manager_limit": "", "clerk_limit": "1 500,00"}
    assert client.post(url, typed).status_code == 302
    assert "1500,00" in client.get(url).content.decode().replace("\u202f", "").replace(" ", "")
    assert client.post(url, {**typed, "version": 1, "manager_limit": "10"}).status_code == 422
    # What is refused leaves the others as they were.
    assert client.post(url, {**typed, "version": 7, "clerk_limit": "3"}).status_code == 422
    with system_scope("tests: limits"):
        assert RoleLimit.objects.get().spend_limit == Decimal(1500)


def test_a_limited_manager_makes_nobody_unlimited_by_another_role(party):
    _unlimit(party)
    act(party, "manager", write_role_limits, limits={Role.CLERK: Decimal(50)})
    with system_scope("tests: limited manager"):
        Membership.objects.filter(pk=party.manager.pk).update(spend_limit=Decimal(300))
    party.manager = _member(party.manager.pk)
    rights = members.Rights(party.clerk.department, ("manager", "clerk"), None)
    with pytest.raises(Invalid, match="au plus le vôtre"):
        act(
            party,
            "manager",
            members.change_member,
            membership_id=party.clerk.pk,
            rights=rights,
        )
    assert _member(party.clerk.pk).limit == Decimal(50)

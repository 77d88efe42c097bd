"""Managers invite, change, deactivate and take back; nobody else, and never themselves."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from nexxio.core import relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.members import selectors, services, tokens
from nexxio.core.members.services import Rights
from nexxio.core.models import Event, Invitation, Membership, Message, Notification
from nexxio.core.notifications.sending import send_due
from nexxio.core.platform import services as platform
from nexxio.core.scoping import system_scope
from tests.factories.full import act
from tests.races import collide

CLERK = Rights("proximite", ("clerk",), Decimal("300.00"))


def invite(party, who="manager", email="Nouvelle@ailleurs.example", rights=CLERK):
    return act(party, who, services.invite, email=email, rights=rights)


def deliver() -> None:
    relay.drain_batches()
    relay.deliver_one_by_one()
    send_due()


@pytest.mark.parametrize("side", ["manager", "desk"])
def test_an_invitation_leaves_by_mail_with_a_link_of_its_own(world, monkeypatch, side):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    rights = CLERK if side == "manager" else Rights("exploitation", ("clerk",))
    invitation = invite(world.first, side, rights=rights)
    deliver()
    (sent,) = mail.outbox
    assert sent.to == ["nouvelle@ailleurs.example"]
    assert tokens.url_of(invitation) in sent.body
    with system_scope("tests"):
        message = Message.objects.get(kind="invitation")
    assert tokens.token_of(invitation.pk, 1) not in message.text
    actor = world.first.actor(side)
    with scope_of(actor):
        (row,) = selectors.pending(actor)
        assert row.delivery[0] == "Envoyé"
        assert "a invité nouvelle@ailleurs.example" in selectors.history(actor)[0].text


def test_sending_again_kills_the_former_link(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    invitation = invite(world.first)
    again = act(world.first, "manager", services.resend, invitation_id=invitation.pk)
    assert tokens.find(tokens.token_of(invitation.pk, 1)) is None
    found = tokens.find(tokens.token_of(invitation.pk, 2))
    assert found is not None
    assert found.state == "open"
    deliver()
    assert len(mail.outbox) == 2
    assert all(tokens.url_of(again) in sent.body for sent in mail.outbox)


def test_an_open_invitation_is_not_made_twice_and_a_revoked_one_is_over(world):
    invitation = invite(world.first)
    with pytest.raises(Invalid, match="renvoyez-la"):
        invite(world.first)
    act(world.first, "manager", services.revoke, invitation_id=invitation.pk)
    for service in (services.revoke, services.resend):
        with pytest.raises(Conflict):
            act(world.first, "manager", service, invitation_id=invitation.pk)
    invite(world.first)


def test_an_expired_invitation_gives_way_to_a_new_one(world):
    invitation = invite(world.first)
    with system_scope("tests"):
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=invitation.created_at)
    fresh = invite(world.first)
    assert fresh.pk != invitation.pk
    found = tokens.find(tokens.token_of(invitation.pk, 1))
    assert found is not None
    assert found.state == "revoked"


@pytest.mark.parametrize(
    ("rights", "field"),
    [
        (Rights("terrain", ("clerk",)), "department"),
        (Rights("proximite", ("technician",)), "roles"),
        (Rights("proximite", ()), "roles"),
        (Rights("proximite", ("clerk",), Decimal(-1)), "spend_limit"),
    ],
)
def test_rights_that_the_side_has_not_are_refused(world, rights, field):
    with pytest.raises(Invalid) as refused:
        invite(world.first, rights=rights)
    assert list(refused.value.errors) == [field]


def test_nobody_gives_more_than_he_has(world):
    with system_scope("tests"):
        manager = world.first.manager
        manager.spend_limit = Decimal("250.00")
        manager.save()
    for limit in (None, Decimal(300)):
        with pytest.raises(Invalid, match="au plus le vôtre"):
            invite(world.first, rights=replace(CLERK, spend_limit=limit))
    invite(world.first, rights=replace(CLERK, spend_limit=Decimal(250)))
    # What a member has already is not taken from him by who has less.
    member = act(
        world.first,
        "manager",
        services.change_member,
        membership_id=world.first.clerk.pk,
        rights=Rights("patrimoine", ("reader",), Decimal("500.00")),
    )
    assert member.roles == ["reader"]


def test_a_change_is_recorded_and_taken_back(world):
    party, clerk = world.first, world.first.clerk
    rights = Rights("relation", ("manager", "clerk"), None)
    act(party, "manager", services.change_member, membership_id=clerk.pk, rights=rights)
    actor = party.actor("manager")
    with scope_of(actor):
        line = selectors.history(actor)[0]
        assert line.text.startswith("Claire Martin a modifié Samir Martin")
        assert "service Patrimoine → Relation locataire" in line.text
        assert "500,00" in line.text
        assert line.undo is not None
        services.undo_change(actor=actor, event_id=line.undo)
        clerk.refresh_from_db()
        assert (clerk.department, clerk.roles, clerk.spend_limit) == (
            "patrimoine",
            ["clerk"],
            Decimal("500.00"),
        )
        with pytest.raises(Refused, match="modifié depuis"):
            services.undo_change(actor=actor, event_id=line.undo)
        payload = Event.objects.filter(kind="member.changed").earliest("id").payload
        assert clerk.user.email not in str(payload)


@pytest.mark.parametrize(
    ("side", "member", "name"),
    [("manager", "clerk", "Samir Martin"), ("desk", "technician", "Karim Martin")],
)
def test_what_the_platform_did_is_read_among_the_rest(world, side, member, name):
    party, staff = world.first, platform.staff_actor(world.staff)
    changed = getattr(party, member)
    with system_scope("tests"):
        platform.end_sessions(actor=staff, user_id=changed.user_id)
        changed.phone = "+33612345678"
        platform.save_membership(actor=staff, membership=changed, fields=["phone"], is_new=False)
    actor = party.actor(side)
    with scope_of(actor):
        assert [
            line.text.replace("\N{NO-BREAK SPACE}", " ") for line in selectors.history(actor)
        ] == [
            f"L’équipe de la plateforme a ajouté ou modifié l’accès d’un membre : {name}",
            f"L’équipe de la plateforme a fermé les sessions d’un membre : {name}",
        ]
    other = world.second.actor(side)
    with scope_of(other):
        assert selectors.history(other) == []
    relay.deliver_one_by_one()
    with system_scope("tests"):
        bells = Notification.objects.filter(kind="platform_act")
        urls = {bell.url for bell in bells}
    house = actor.side.value
    slug = changed.organisation.slug
    assert urls == {reverse(f"members:{house}_history", args=[slug])}


def test_changing_nothing_records_nothing(world, assert_nothing_happened):
    clerk = world.first.clerk
    rights = Rights(clerk.department, tuple(clerk.roles), clerk.spend_limit)
    with assert_nothing_happened():
        act(
            world.first,
            "manager",
            services.change_member,
            membership_id=clerk.pk,
            rights=rights,
        )


def test_deactivating_shuts_at_once_and_is_undone(
    world, client, monkeypatch, django_capture_on_commit_callbacks
):
    closed: list[str] = []
    monkeypatch.setattr("nexxio.core.live.close_streams", closed.append)
    party = world.first
    client.force_login(party.clerk.user)
    home = reverse("orders:landlord_home", args=[party.landlord.slug])
    assert client.get(home).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        act(party, "manager", services.deactivate, membership_id=party.clerk.pk)
    assert closed == [f"user.{party.clerk.user_id}"]
    assert client.get(home).status_code == 404
    with pytest.raises(Conflict):
        act(party, "manager", services.deactivate, membership_id=party.clerk.pk)
    act(party, "manager", services.reactivate, membership_id=party.clerk.pk)
    assert client.get(home).status_code == 200


@pytest.mark.parametrize("service", [services.deactivate, services.reactivate])
def test_nobody_acts_on_himself(world, service, assert_nothing_happened):
    with assert_nothing_happened(), pytest.raises(Refused, match="propres droits"):
        act(world.first, "manager", service, membership_id=world.first.manager.pk)


@pytest.mark.parametrize("who", ["clerk", "reader"])
def test_only_a_manager_acts(world, who, assert_nothing_happened):
    party = world.first
    with assert_nothing_happened():
        with pytest.raises(Refused, match="Seul un responsable"):
            invite(party, who)
        with pytest.raises(Refused, match="Seul un responsable"):
            act(party, who, services.deactivate, membership_id=party.manager.pk)


def test_nobody_reaches_another_house(world, assert_nothing_happened):
    with assert_nothing_happened(), pytest.raises(Refused, match="n’existe pas"):
        act(world.first, "manager", services.deactivate, membership_id=world.second.clerk.pk)


def _raw(actor, sql: str, params: list) -> int:
    with scope_of(actor), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.rowcount


CHANGE = "UPDATE core_membership SET roles = '{manager}' WHERE id = %s"
INVITE = (
    "INSERT INTO core_invitation (id, created_at, organisation_id, email, department, roles,"
    " invited_by_id, issue, token_hash, expires_at) VALUES (gen_random_uuid(), now(), %s,"
    " 'x@evil.example', 'patrimoine', '{manager}', %s, 1, 'x', now())"
)


def test_the_database_asks_whether_the_writer_manages(world):
    """Whatever the code asks: only a manager writes, not of himself, and not elsewhere."""
    party = world.first
    clerk, manager = party.actor("clerk"), party.actor("manager")
    assert _raw(manager, CHANGE, [party.reader.pk]) == 1
    assert _raw(manager, CHANGE, [world.second.reader.pk]) == 0
    refusals = [
        (clerk, CHANGE, [party.reader.pk]),
        (clerk, CHANGE, [party.clerk.pk]),
        (manager, CHANGE, [party.manager.pk]),
        (clerk, INVITE, [party.landlord.pk, party.clerk.user_id]),
        (manager, INVITE, [world.second.landlord.pk, party.manager.user_id]),
    ]
    for actor, sql, params in refusals:
        with pytest.raises(DatabaseError, match="row-level security"):
            _raw(actor, sql, params)


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_withdraw_each_other_leave_one(monkeypatch):
    from tests.factories.world import build_world

    monkeypatch.setattr("nexxio.core.live.close_streams", lambda _name: None)
    with system_scope("tests"), transaction.atomic():
        party = build_world().first
        other = party.clerk
        other.roles = ["manager"]
        other.save()

    def withdraw(who, whom):
        return lambda: act(party, who, services.deactivate, membership_id=whom.pk)

    outcome = collide(withdraw("manager", other), withdraw("clerk", party.manager))
    assert isinstance(outcome, Refused)
    with system_scope("tests"):
        left = Membership.objects.filter(
            organisation=party.landlord, is_active=True, roles__contains=["manager"]
        )
        assert [member.pk for member in left] == [party.manager.pk]


def test_the_list_searches_filters_and_exports(world, client):
    party = world.first
    client.force_login(party.manager.user)
    slug = party.landlord.slug
    act(party, "manager", services.deactivate, membership_id=party.reader.pk)
    page = reverse("members:landlord_list", args=[slug])

    def shown(query: str) -> set[str]:
        body = client.get(page + query).content.decode()
        table = body.partition("<tbody>")[2]
        return {name for name in ("Claire", "Samir", "Ines") if f"{name} Martin" in table}

    assert shown("") == {"Claire", "Samir"}
    assert shown("?q=samir") == {"Samir"}
    assert shown("?role=manager") == {"Claire"}
    assert shown("?etat=inactifs") == {"Ines"}
    assert shown("?etat=tous&service=patrimoine") == {"Claire", "Samir", "Ines"}
    assert shown("?q=personne&page=99") == set()
    with system_scope("tests"):
        user = party.clerk.user
        user.first_name = "=HYPERLINK()"
        user.save()
    response = client.get(reverse("members:landlord_export", args=[slug]))
    lines = response.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "500,00" in lines[1] + lines[2]
    assert ";=HYPERLINK" not in response.content.decode()

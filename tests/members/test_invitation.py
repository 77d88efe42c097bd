"""What an invited person meets: each situation its page, and one acceptance of two."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.errors import Refused
from nexxio.core.members import joining, services, tokens
from nexxio.core.models import Event, Invitation, Membership, Organisation, User
from nexxio.core.scoping import Scope, ScopeKind, open_scope, system_scope
from tests.factories.full import act
from tests.factories.world import PASSWORD, build_world
from tests.members.test_members import CLERK, invite
from tests.races import collide

NEW = {
    "first_name": "Nora",
    "last_name": "Lenoir",
    "password": "trois chats sur le toit",
    "again": "trois chats sur le toit",
}


def page_of(invitation: Invitation) -> str:
    return reverse("members:invitation", args=[tokens.token_of(invitation.pk, invitation.issue)])


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_new_person_chooses_a_name_and_a_password(world, client):
    invitation = invite(world.first)
    url = page_of(invitation)
    shown = client.get(url)
    assert shown.status_code == 200
    assert "Claire Martin vous invite" in shown.content.decode()
    assert not User.objects.filter(email=invitation.email).exists()
    answer = client.post(url, NEW)
    assert answer.status_code == 302
    user = User.objects.get(email="nouvelle@ailleurs.example")
    assert user.check_password(NEW["password"])
    assert (user.is_staff, user.is_superuser, str(user)) == (False, False, "Nora Lenoir")
    assert client.get(answer["Location"]).status_code == 200
    with system_scope("tests"):
        member = Membership.objects.get(user=user)
        assert (member.organisation_id, member.department, member.roles, member.spend_limit) == (
            world.first.landlord.pk,
            CLERK.department,
            list(CLERK.roles),
            CLERK.spend_limit,
        )
        event = Event.objects.get(kind="member.joined")
        assert (event.actor_user_id, event.subject_id) == (user.pk, member.pk)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"password": "court", "again": "court"}, "au minimum 12"),
        ({"password": "motdepasse1234", "again": "autre"}, "ne sont pas les mêmes"),
        ({"password": "nouvelle@ailleurs", "again": "nouvelle@ailleurs"}, "trop semblable"),
        ({"first_name": " "}, "obligatoire"),
    ],
)
def test_a_weak_answer_is_said_beside_its_field_and_nothing_happens(
    world, client, assert_nothing_happened, change, words
):
    url = page_of(invite(world.first))
    with assert_nothing_happened():
        answer = client.post(url, {**NEW, **change})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert "Lenoir" in answer.content.decode()
    assert not User.objects.filter(email="nouvelle@ailleurs.example").exists()


def test_a_known_person_logs_in_accepts_and_has_two_spaces(world, client):
    desk = world.first.desk
    invitation = invite(world.first, email=desk.user.email.upper())
    url = page_of(invitation)
    assert "déjà un compte" in client.get(url).content.decode()
    assert client.post(url, NEW).status_code == 409
    client.post(reverse("account_login"), {"login": desk.user.email, "password": PASSWORD})
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 302
    home = client.get(reverse("core:home")).content.decode()
    assert world.first.landlord.name in home
    assert world.first.contractor.name in home
    assert "déjà rejoint" in client.get(url).content.decode()


def test_who_was_put_out_does_not_come_back_by_an_invitation(world):
    """Also where he was moved to the department that the invitation is for."""
    party = world.first
    invitation = invite(party, email=party.clerk.user.email)
    rights = services.Rights(invitation.department, tuple(party.clerk.roles), None)
    act(party, "manager", services.change_member, membership_id=party.clerk.pk, rights=rights)
    act(party, "manager", services.deactivate, membership_id=party.clerk.pk)
    logged_in(party.clerk.user).post(page_of(invitation))
    with system_scope("tests"):
        assert not Membership.objects.get(pk=party.clerk.pk).is_active
        assert Event.objects.filter(kind="member.invitation_revoked").count() == 1


def test_somebody_else_who_is_logged_in_accepts_nothing(world, assert_nothing_happened):
    for email in (world.second.clerk.user.email, "personne.de.connu@ailleurs.example"):
        invitation = invite(world.first, email=email)
        client = logged_in(world.outsider)
        with assert_nothing_happened():
            assert "autre adresse" in client.get(page_of(invitation)).content.decode()
            assert client.post(page_of(invitation), NEW).status_code == 409


def test_the_database_gives_it_to_nobody_else(world, assert_nothing_happened):
    """Even code that asks for it: the function compares the address with who is logged in."""
    invitation = invite(world.first, email=world.second.clerk.user.email)
    token = tokens.token_of(invitation.pk, 1)
    found = tokens.find(token)
    assert found is not None
    new = joining.Newcomer("Eve", "Mal", NEW["password"])
    scopes = [None, Scope(kind=ScopeKind.USER, user_id=world.outsider.pk)]
    with assert_nothing_happened():
        for scope in scopes:
            with open_scope(scope), pytest.raises(joining.Useless) as refused:
                joining.accept(found=found, token=token, user=None, new=new)
            assert refused.value.code == "stranger"


def _revoke(world, invitation):
    act(world.first, "manager", services.revoke, invitation_id=invitation.pk)


def _expire(world, invitation):
    with system_scope("tests"):
        past = invitation.created_at - timedelta(minutes=1)
        Invitation.objects.filter(pk=invitation.pk).update(expires_at=past)


def _close(world, invitation):
    with system_scope("tests"):
        Organisation.objects.filter(pk=world.first.landlord.pk).update(is_active=False)


def _use(world, invitation):
    Client().post(page_of(invitation), NEW)


def _resend(world, invitation):
    act(world.first, "manager", services.resend, invitation_id=invitation.pk)


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_revoke, "l’a retirée"),
        (_expire, "valable sept jours"),
        (_close, "est fermé"),
        (_use, "déjà été acceptée"),
        (_resend, "message le plus récent"),
    ],
)
def test_a_useless_invitation_says_why_and_loses_nothing(
    world, client, assert_nothing_happened, spoil, words
):
    invitation = invite(world.first)
    spoil(world, invitation)
    url = page_of(invitation)
    with assert_nothing_happened():
        for answer in (client.get(url), client.post(url, {**NEW, "first_name": "Autre"})):
            assert answer.status_code == 404
            assert words in answer.content.decode()


def test_a_deactivated_member_comes_back_by_an_invitation_to_another_department(world):
    reader = world.first.reader
    act(world.first, "manager", services.deactivate, membership_id=reader.pk)
    invitation = invite(world.first, email=reader.user.email)
    assert logged_in(reader.user).post(page_of(invitation)).status_code == 302
    with system_scope("tests"):
        assert Membership.objects.filter(user=reader.user, is_active=True).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_acceptances_at_once_one_wins():
    with system_scope("tests"), transaction.atomic():
        party = build_world().first
    invitation = invite(party)
    token = tokens.token_of(invitation.pk, 1)
    found = tokens.find(token)
    assert found is not None

    def accept_as(first):
        new = joining.Newcomer(first, "Lenoir", NEW["password"])
        return lambda: joining.accept(found=found, token=token, user=None, new=new)

    outcome = collide(accept_as("Une"), accept_as("Autre"))
    assert isinstance(outcome, joining.Useless)
    assert outcome.code == "accepted"
    user = User.objects.get(email=invitation.email)
    assert user.first_name == "Une"
    with system_scope("tests"):
        assert Membership.objects.filter(user=user).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_houses_that_invite_the_same_new_address_make_one_account():
    with system_scope("tests"), transaction.atomic():
        world = build_world()
    sent = [invite(party) for party in (world.first, world.second)]
    secrets = [tokens.token_of(one.pk, 1) for one in sent]
    new = joining.Newcomer("Nora", "Lenoir", NEW["password"])

    def accept(token):
        found = tokens.find(token)
        assert found is not None
        return lambda: joining.accept(found=found, token=token, user=None, new=new)

    outcome = collide(accept(secrets[0]), accept(secrets[1]))
    assert isinstance(outcome, joining.Useless)
    assert outcome.code == "stranger"
    user = User.objects.get(email=sent[0].email)
    url = reverse("members:invitation", args=[secrets[1]])
    assert logged_in(user).post(url).status_code == 302
    with system_scope("tests"):
        assert Membership.objects.filter(user=user).count() == 2


def test_a_stolen_account_does_not_write_to_the_world(world, monkeypatch):
    monkeypatch.setattr(services, "MOST_A_DAY", 1)
    invite(world.first)
    with pytest.raises(Refused, match="reprenez demain"):
        invite(world.first, email="encore@ailleurs.example")
    with system_scope("tests"):
        Invitation.objects.update(created_at=clock.now() - timedelta(days=1, minutes=1))
    invite(world.first, email="encore@ailleurs.example")

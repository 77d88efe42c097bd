"""What the site's role may write at all, whatever its code asks."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

from nexxio.core.actors import scope_of
from nexxio.core.models import Event, User
from nexxio.core.scoping import open_scope
from tests.access.test_walls import visitors
from tests.factories.world import PASSWORD

PROMOTIONS = {
    "staff": "UPDATE core_user SET is_staff = true",
    "superuser": "UPDATE core_user SET is_superuser = true",
    "address": "UPDATE core_user SET email = 'x@evil.example'",
    "new user": "INSERT INTO core_user (id, email, password, is_superuser, first_name, last_name,"
    " is_staff, is_active, created_at) VALUES (gen_random_uuid(), 'x@evil.example', '', true, '',"
    " '', true, true, now())",
    "no user": "DELETE FROM core_user",
    "group": "INSERT INTO core_user_groups (user_id, group_id) SELECT id, 1 FROM core_user LIMIT 1",
    "whose membership": "UPDATE core_membership SET user_id = user_id, organisation_id = NULL",
    "no membership": "DELETE FROM core_membership",
    "entry": "INSERT INTO core_platformentry (id) VALUES (gen_random_uuid())",
    "longer entry": "UPDATE core_platformentry SET expires_at = now()",
    "whose invitation": "UPDATE core_invitation SET email = 'x@evil.example'",
    "membership": "INSERT INTO core_membership (id, created_at, organisation_id, user_id,"
    " department, roles, sector, phone, is_active) SELECT gen_random_uuid(), now(),"
    " organisation_id, user_id, 'x', roles, '', '', true FROM core_membership LIMIT 1",
    "partner": "INSERT INTO core_partnership (id, created_at, landlord_id, contractor_id)"
    " SELECT gen_random_uuid(), now(), contractor_id, landlord_id FROM core_partnership",
    "organisation": "UPDATE core_organisation SET is_active = true",
    "trade": "DELETE FROM orders_trade",
    "a given answer": "UPDATE evaluations_answer SET marks = '{}'",
    "a published result": "UPDATE evaluations_result SET mean = 5",
    "a ballot": "DELETE FROM evaluations_ballot",
    "a bonus that was accepted": "UPDATE evaluations_bonusanswer SET accepted = true",
    "a line of a bonus": "UPDATE evaluations_bonusline SET amount = 1",
    "a month's document": "UPDATE evaluations_report SET state = 'failed'",
    "an own question": "UPDATE evaluations_ownquestion SET text = 'x'",
    "a roll-out's perimeter": "UPDATE evaluations_rollout SET trade_id = 'x'",
    "a roll-out": "DELETE FROM evaluations_rollout",
    "a note of the diary": "UPDATE evaluations_impactnote SET text = 'x'",
    "an estimate": "UPDATE evaluations_impactestimate SET effect = 1",
    "a translation": "UPDATE evaluations_wording SET text = 'x'",
    "a staff survey": "UPDATE evaluations_staffsurvey SET asked = 1",
    "who answered of a staff": "DELETE FROM evaluations_staffreceipt",
    "what a staff answered": "DELETE FROM evaluations_staffballot",
    "a review's signature": "UPDATE evaluations_reviewsignature SET sha256 = 'x'",
    "what a reference shows": "UPDATE evaluations_peerreference SET lines = '[]'",
    "what a company gave": "UPDATE evaluations_givenanswers SET shown_at = now()",
    "where a company stands": "UPDATE evaluations_answerstanding SET third = 1",
    "who may be called": "DELETE FROM evaluations_peercontact",
    "who read a card": "UPDATE evaluations_cardreading SET user_id = user_id",
    "how far a house has come": "UPDATE evaluations_trainingtally SET done = 0",
    "history": "UPDATE core_event SET kind = 'x'",
    "migrations": "DELETE FROM django_migrations",
}


@pytest.mark.parametrize("what", PROMOTIONS)
@pytest.mark.parametrize("who", ["nobody", "first landlord", "first contractor", "first user"])
def test_the_sites_role_can_not_promote_anybody(world, what, who):
    with open_scope(visitors(world)[who]), connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("nexxio_site",)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            cursor.execute(PROMOTIONS[what])


def test_people_still_log_in_and_choose_a_password(world):
    cache.clear()
    user, new = world.first.clerk.user, "un-autre-mot-de-passe"
    client = Client()
    client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    data = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert client.post(reverse("account_change_password"), data).status_code == 302
    fresh = User.objects.get(pk=user.pk)
    assert fresh.check_password(new)
    assert fresh.last_login is not None


def _event(party, **changes) -> Event:
    values = {
        "landlord_id": party.landlord.pk,
        "contractor_id": party.contractor.pk,
        "kind": "order.accepted",
        "subject_type": "order",
        "subject_id": party.order.pk,
        "actor_side": "contractor",
        "actor_organisation_id": party.contractor.pk,
        "happened_at": party.order.created_at,
        "recorded_at": party.order.created_at,
        "channel": "web",
    }
    return Event(**{**values, **changes})


def _is_taken(event: Event) -> bool:
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except DatabaseError as error:
        assert "row-level security" in str(error)  # noqa: PT017 (either outcome is an answer)
        return False
    return True


def test_an_event_is_written_in_ones_own_name_and_among_partners(world):
    first, second = world.first, world.second
    with scope_of(first.actor("desk")):
        assert _is_taken(_event(first))
        assert not _is_taken(_event(first, actor_side="landlord"))
        assert not _is_taken(_event(first, actor_side="system"))
        assert not _is_taken(_event(first, actor_organisation_id=first.landlord.pk))
        assert not _is_taken(_event(first, landlord_id=second.landlord.pk))
    own = {"actor_side": "landlord", "actor_organisation_id": first.landlord.pk}
    with scope_of(first.actor("manager")):
        assert _is_taken(_event(first, **own))
        assert _is_taken(_event(first, **own, contractor_id=None))
        assert not _is_taken(_event(first))
        assert not _is_taken(_event(first, **own, contractor_id=second.contractor.pk))
    case = {"reader_case_id": first.order.case_id, "actor_organisation_id": first.landlord.pk}
    with scope_of(first.actor("tenant")):
        assert _is_taken(_event(first, **case, actor_side="tenant"))
        assert not _is_taken(_event(first, **case, actor_side="landlord"))
        assert not _is_taken(
            _event(first, **case, actor_side="tenant", contractor_id=second.contractor.pk)
        )

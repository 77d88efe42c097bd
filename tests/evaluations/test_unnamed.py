"""A landlord that isn't named in its companies' references: nowhere, and back at will."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from evaluations import services
from evaluations.models import PeerContact, PeerReference, PeerRule, Result
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Refused
from nexxio.core.models import Event, Organisation
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, deliver, page
from tests.factories.acting import act
from tests.factories.evaluated import callable_at, referenced, told_by_tenants

NAME = "Foyer de l’Ourcq"
INSTEAD = "un bailleur qui préfère ne pas être nommé"


@pytest.fixture(autouse=True)
def _a_name_that_no_other_holds(world):
    with system_scope("tests: name"):
        Organisation.objects.filter(pk=world.first.landlord.pk).update(name=NAME)


def named(party, *, tick: bool) -> None:
    url = page(party, "landlord", "naming")
    assert client_of(party, "manager").get(url).status_code == 200
    answer = client_of(party, "manager").post(url, {"unnamed": "on"} if tick else {})
    assert answer.status_code == 302
    deliver()


def seen_by_others(world, reference, **query) -> str:
    """Return all pages on which another landlord meets the reference."""
    client = client_of(world.second, "manager")
    directory = client.get(page(world.second, "landlord", "references"), query).text
    return directory + client.get(page(world.second, "landlord", "reference", reference.pk)).text


@pytest.fixture
def reference(world) -> PeerReference:
    contact = callable_at(world.first)
    with system_scope("tests: where"):
        rows = PeerReference.objects.filter(landlord_id=contact.landlord_id)
        rows.update(districts=["75"])
        return rows.get(withdrawn_at__isnull=True)


def test_its_name_departements_and_people_are_nowhere_any_more(world, reference):
    first = world.first
    before = seen_by_others(world, reference)
    with system_scope("tests: contact"):
        contact = PeerContact.objects.get(withdrawn_at__isnull=True)
    for words in (NAME, "départements : 75", contact.phone):
        assert words in before, words
    named(first, tick=True)
    after = seen_by_others(world, reference)
    for words in (NAME, "départements : 75", contact.phone, "Appelez-moi</strong>"):
        assert words not in after, words
    assert INSTEAD in after
    assert first.contractor.name in after
    assert (
        first.contractor.name
        not in client_of(world.second, "manager")
        .get(page(world.second, "landlord", "references"), {"zone": "75"})
        .text
    )
    with system_scope("tests: contact"):
        assert not PeerContact.objects.filter(withdrawn_at__isnull=True).exists()
    with pytest.raises(Conflict):
        act(first, "clerk", services.offer_call, reference_id=reference.pk, phone="+33140000000")
    own = client_of(first, "desk").get(page(first, "contractor", "references")).text
    assert f"{NAME} préfère ne pas être nommé" in own
    named(first, tick=False)
    again = seen_by_others(world, reference)
    assert NAME in again
    assert INSTEAD not in again


def test_what_is_published_afterwards_is_previewed_and_kept_without_it(world):
    first = world.first
    quarter = told_by_tenants(first)
    named(first, tick=True)
    chosen = {"de": f"{first.landlord.pk}:{quarter.first}", "axes": ["competence"]}
    preview = client_of(first, "desk").get(page(first, "contractor", "reference_new"), chosen).text
    assert f"Chez {INSTEAD}" in preview
    with system_scope("tests: told anew by the factory"):
        Result.objects.all().delete()
    reference = referenced(first)
    assert reference.unnamed
    assert NAME not in seen_by_others(world, reference)


def test_twice_the_same_says_nothing_and_a_rule_that_came_in_between_holds(world, reference):
    first = world.first
    for _n in range(2):
        act(first, "manager", services.name_house, unnamed=True)
    with system_scope("tests: told"):
        assert Event.objects.filter(kind="reference.rule_changed").count() == 1
        system = first.actor("manager")
        with pytest.raises(Refused):
            services.apply_peer_rule(actor=system, landlord_id=first.landlord.pk)
    deliver()
    with system_scope("tests: published while the rule changed"):
        assert PeerReference.objects.get(pk=reference.pk).unnamed
        PeerReference.objects.filter(pk=reference.pk).update(unnamed=False)
        assert services.apply_peer_rule(actor=SYSTEM, landlord_id=first.landlord.pk) == 1
        assert services.apply_peer_rule(actor=SYSTEM, landlord_id=first.landlord.pk) == 0
        assert PeerReference.objects.get(pk=reference.pk).unnamed


@pytest.mark.parametrize("who", ["clerk", "desk"])
def test_its_managers_decide_and_nobody_else(world, who):
    with pytest.raises(Refused):
        act(world.first, who, services.name_house, unnamed=True)


def test_the_database_lets_no_company_write_it(world):
    first = world.first
    act(first, "manager", services.name_house, unnamed=True)
    with scope_of(first.actor("desk")):
        assert PeerRule.objects.filter(landlord=first.landlord).exists()
    with scope_of(world.second.actor("manager")):
        assert not PeerRule.objects.exists()
    with scope_of(first.actor("desk")), pytest.raises(DatabaseError), transaction.atomic():
        PeerRule.objects.create(
            landlord=world.second.landlord,
            changed_at=first.order.created_at,
            changed_by=first.desk.user,
        )

"""References between peers: a company shows what it chooses, where it may, as long as it likes."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from evaluations import peers, services
from evaluations.models import PeerContact, PeerReference, Result
from evaluations.selectors.references import _drawn
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.ids import new_id
from nexxio.core.members.services import deactivate
from nexxio.core.models import Notification, Organisation
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, deliver, later, page
from tests.factories.acting import act
from tests.factories.evaluated import C2L, L2C, callable_at, referenced, told_by_tenants


def directory(world, **query) -> str:
    """Return the page of the other landlord."""
    second = world.second
    return client_of(second, "manager").get(page(second, "landlord", "references"), query).text


def test_a_company_reads_first_what_others_will_read_and_then_publishes_it(world):
    first, client = world.first, client_of(world.first, "desk")
    quarter = told_by_tenants(first)
    new = page(first, "contractor", "reference_new")
    chosen = {"de": f"{first.landlord.pk}:{quarter.first}", "axes": ["competence", "conduct"]}
    seen = client.get(new, chosen)
    for words in ("4,2", "3,9 à 4,5", "14 (70", "92", first.landlord.name, str(quarter)):
        assert words in seen.text, words
    assert first.contractor.name not in directory(world)
    with scope_of(first.actor("desk")):
        sha = peers.shown(first.contractor.pk, first.landlord.pk, quarter, chosen["axes"]).sha256
    assert sha in seen.text
    # Without the tick nothing is published, and nothing is lost.
    refused = client.post(new, {**chosen, "sha256": sha})
    assert refused.status_code == 422
    assert "Cochez votre accord" in refused.text
    assert "3,9 à 4,5" in refused.text
    done = client.post(new, {**chosen, "sha256": sha, "consents": "on"})
    assert done.status_code == 302
    shown = directory(world)
    for words in (first.contractor.name, first.landlord.name, "4,2", "3,9 à 4,5", "14 (70"):
        assert words in shown, words
    # Nobody of the landlord concerned counts as another one.
    own = client_of(first, "manager").get(page(first, "landlord", "references")).text
    assert "Publié sur vos résultats" in own
    assert "Aucune référence publiée" in own


def test_it_is_withdrawn_at_any_time_and_then_read_by_nobody_else(world):
    first = world.first
    reference = referenced(first)
    detail = page(world.second, "landlord", "reference", reference.pk)
    other = client_of(world.second, "manager")
    assert other.get(detail).status_code == 200
    client = client_of(first, "desk")
    client.post(page(first, "contractor", "reference_withdraw", reference.pk))
    assert other.get(detail).status_code == 404
    assert first.contractor.name not in directory(world)
    assert "Retirée le" in client.get(page(first, "contractor", "references")).text
    with pytest.raises(Conflict):
        act(first, "desk", services.withdraw_reference, reference_id=reference.pk)


@pytest.mark.parametrize(
    "changes",
    [
        {"level": "inside", "n": 9},
        {"level": "few", "n": 3, "mean": None, "low": None, "high": None},
        {"direction": L2C},
        {"direction": C2L, "dimension": "overall", "contractor": None, "key": ""},
    ],
)
def test_only_what_tenants_said_and_the_lattice_published_may_be_shown(world, changes):
    first = world.first
    quarter = told_by_tenants(first, **changes)
    client = client_of(first, "desk")
    assert "Rien à publier" in client.get(page(first, "contractor", "reference_new")).text
    with pytest.raises(Invalid):
        act(
            first,
            "desk",
            services.publish_reference,
            landlord_id=first.landlord.pk,
            quarter=quarter,
            subjects=["competence"],
            sha256="",
            consents=True,
        )


def test_nothing_else_is_published_than_what_was_read(world):
    first = world.first
    quarter = told_by_tenants(first)
    given = {"landlord_id": first.landlord.pk, "quarter": quarter, "subjects": ["competence"]}
    with pytest.raises(Conflict):
        act(first, "desk", services.publish_reference, **given, sha256="0", consents=True)
    with pytest.raises(Refused):
        act(first, "technician", services.publish_reference, **given, sha256="0", consents=True)
    with pytest.raises(Refused):
        act(first, "manager", services.publish_reference, **given, sha256="0", consents=True)


def test_a_later_quarter_takes_the_place_of_the_former_one(world):
    first = world.first
    former, newer = referenced(first), referenced(first)
    with system_scope("tests"):
        live = PeerReference.objects.filter(withdrawn_at__isnull=True)
        assert [one.pk for one in live] == [newer.pk]
        assert PeerReference.objects.get(pk=former.pk).withdrawn_at is not None


def test_the_directory_is_filtered_by_trade_and_place(world):
    first = world.first
    reference = referenced(first)
    with system_scope("tests"):
        PeerReference.objects.filter(pk=reference.pk).update(trades=["plomberie"], districts=["75"])
    name = first.contractor.name
    assert name in directory(world, metier="plomberie", zone="75")
    assert name not in directory(world, metier="electricite")
    assert name not in directory(world, zone="13")
    assert "Aucune référence pour ces filtres" in directory(world, zone="agence:x")
    where = world.second.unit.group
    in_agency = directory(world, zone=f"agence:{where.sector.agency_id}") if where.sector else name
    assert name in in_agency or where.postcode[:2] != "75"


def test_the_order_is_drawn_each_day_and_no_score_has_a_part_in_it(world):
    first = world.first
    names = [f"entreprise {n}" for n in range(8)]
    rows = []
    for n, name in enumerate(names):
        rows.append(
            PeerReference(
                landlord_id=first.landlord.pk,
                contractor_id=f"00000000-0000-0000-0000-00000000000{n}",
                company=name,
                lines=[{"mean": str(n)}],
            )
        )
    drawn = {}
    for day in range(6):
        with later(day):
            found = [one.company for one, _others in _drawn(rows)]
            assert found == [one.company for one, _others in _drawn(list(reversed(rows)))]
            drawn[day] = found
    assert all(sorted(found) == names for found in drawn.values())
    assert any(a != b for a, b in pairwise(drawn.values()))
    first_places = {found[0] for found in drawn.values()}
    assert len(first_places) > 1


def copied(reference, n):
    """Put the same reference of so many other companies."""
    with system_scope("tests"):
        for k in range(n):
            house = Organisation.objects.create(
                kind="contractor", legal_form="company", name=f"Voisine {k}", slug=f"voisine-{k}"
            )
            row = PeerReference.objects.get(pk=reference.pk)
            row.pk, row.contractor, row.company = new_id(), house, house.name
            row.save(force_insert=True)


def test_many_references_take_as_many_queries_as_one(world):
    reference = referenced(world.first)
    counts, shown = [], ""
    for n in (0, 14):
        copied(reference, n)
        with CaptureQueriesContext(connection) as found:
            shown = directory(world)
        counts.append(len(found))
    assert counts[0] == counts[1]
    # A page holds twelve, each once, with the same number of lines.
    assert shown.count("Moyenne sur 5</th>") == 12
    assert "15 entreprises" in shown


def test_a_landlord_is_told_and_lets_one_of_its_own_be_called(world):
    first = world.first
    reference = referenced(first)
    deliver()
    with system_scope("tests"):
        titles = list(
            Notification.objects.filter(user=first.manager.user).values_list("title", flat=True)
        )
    assert any("publie une référence" in title for title in titles)
    client = client_of(first, "clerk")
    call = page(first, "landlord", "reference_call", reference.pk)
    listed = page(first, "landlord", "references")
    assert call in client.get(listed).text
    empty = client.post(call, {"phone": "", "consents": "on"})
    assert empty.status_code == 422
    assert client.post(call, {"phone": "01 40 11 22 33"}).status_code == 422  # no consent
    assert client.post(call, {"phone": "01 40 11 22 33", "consents": "on"}).status_code == 302
    again = client.post(call, {"phone": "01 40 11 22 33", "consents": "on"})
    assert "déjà joignable" in again.text
    assert call not in client.get(listed).text  # nobody is asked for what he has given
    shown = directory(world)
    assert "Appelez-moi" in shown
    assert str(first.clerk.user) in shown
    with system_scope("tests"):
        contact = PeerContact.objects.get()
    client.post(page(first, "landlord", "reference_call_end", contact.pk))
    assert "Appelez-moi" not in directory(world)


def test_nobody_offers_or_ends_the_calls_of_somebody_else(world):
    contact = callable_at(world.first, "manager")
    with system_scope("tests"):
        reference = PeerReference.objects.get(withdrawn_at__isnull=True)
    with pytest.raises(Refused):
        act(world.second, "manager", services.offer_call, reference_id=reference.pk, phone="+331")
    with pytest.raises(Refused):
        act(world.first, "clerk", services.withdraw_call, contact_id=contact.pk)
    other = client_of(world.second, "manager")
    url = page(world.second, "landlord", "reference_call_end", contact.pk)
    assert other.post(url).status_code == 404
    act(world.first, "manager", services.withdraw_call, contact_id=contact.pk)


def test_whoever_leaves_the_house_is_not_called_any_more(world):
    first = world.first
    callable_at(first, "clerk")
    act(first, "manager", deactivate, membership_id=first.clerk.pk)
    deliver()
    with system_scope("tests"):
        assert PeerContact.objects.get().withdrawn_at is not None
    assert services.end_calls_of_member
    assert "Appelez-moi" not in directory(world)


def test_the_walls_show_a_published_reference_to_landlords_and_to_no_other_company(world):
    first, second = world.first, world.second
    contact = callable_at(first)
    with scope_of(second.actor("manager")):
        assert PeerReference.objects.count() == PeerReference._base_manager.count() == 1
        assert PeerContact.objects.count() == PeerContact._base_manager.count() == 1
        assert not Result.objects.filter(landlord=first.landlord).exists()
        # Reading is all: neither withdrawn nor taken over.
        with pytest.raises(DatabaseError), transaction.atomic():
            PeerContact._base_manager.filter(pk=contact.pk).update(withdrawn_at=clock.now())
    with scope_of(second.actor("desk")):
        assert PeerReference._base_manager.count() == PeerContact._base_manager.count() == 0
    with scope_of(first.actor("desk")):
        assert PeerContact._base_manager.count() == 1
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("UPDATE evaluations_peerreference SET company = 'x'")
    with system_scope("tests"):
        PeerReference.objects.update(withdrawn_at=clock.now() + timedelta(0))
    with scope_of(second.actor("manager")):
        assert PeerReference._base_manager.count() == PeerContact._base_manager.count() == 0

"""Managers divide the estate; nobody else, and nothing is moved behind anybody's back."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.members import joining, tokens
from nexxio.core.members import selectors as members_read
from nexxio.core.members import services as members
from nexxio.core.members.services import Rights
from nexxio.core.models import Agency, Event, Group, Invitation, Membership, Sector
from nexxio.core.scoping import system_scope
from nexxio.core.territories import selectors, services
from tests.factories.full import act, divided


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


def kinds() -> list[str]:
    with system_scope("tests"):
        found = Event.objects.filter(kind__startswith="territory.").order_by("id")
        return [kind.removeprefix("territory.") for kind in found.values_list("kind", flat=True)]


def group_of(party) -> Group:
    with system_scope("tests"):
        return Group.objects.get(pk=party.unit.group_id)


def test_what_a_manager_does_is_recorded_and_told_with_its_names(party):
    north, south = divided(party)
    act(party, "manager", services.rename, pk=south.pk, name="  Sud   et Est ")
    act(party, "manager", services.rename, pk=south.pk, name="Sud et Est")
    act(party, "manager", services.archive, pk=south.pk)
    act(party, "manager", services.restore, pk=south.pk)
    assert kinds() == [
        *("agency_added", "sector_added", "sector_added", "assigned"),
        *("renamed", "archived", "restored"),
    ]
    actor = party.actor("manager")
    with scope_of(actor):
        texts = [line.text for line in selectors.history(actor)]
        tree = selectors.tree(actor)
    assert texts[0] == "Claire Martin a rétabli Sud et Est"
    assert f"Claire Martin a affecté 1 résidence au secteur {north.name}" in texts
    (row,) = tree.agencies
    assert [(found.sector.name, found.residences) for found in row.sectors] == [
        (north.name, 1),
        ("Sud et Est", 0),
    ]
    assert (row.residences, tree.unassigned) == (1, 0)


@pytest.mark.parametrize("who", ["clerk", "reader"])
def test_nobody_but_a_manager_writes_and_the_database_says_so_too(party, who):
    north, _south = divided(party)
    before = kinds()
    calls = [
        (services.add_agency, {"name": "Ouest"}),
        (services.add_sector, {"agency_id": north.agency_id, "name": "Ouest"}),
        (services.rename, {"pk": north.pk, "name": "Ouest"}),
        (services.archive, {"pk": north.pk}),
        (services.restore, {"pk": north.pk}),
        (services.assign, {"group_ids": [party.unit.group_id], "sector_id": None, "expected": 1}),
    ]
    for service, values in calls:
        with pytest.raises(Refused, match="responsable"):
            act(party, who, service, **values)
    actor = party.actor(who)
    with scope_of(actor):
        for model in (Agency, Sector):
            row = model.objects.first()
            row.name = "Ouest"
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                row.save(update_fields=["name"])
    assert kinds() == before


def test_a_name_is_taken_once_whatever_its_capitals(party):
    north, _south = divided(party)
    for name in ("", "   ", "x" * 81, north.agency.name.upper()):
        with pytest.raises(Invalid) as wrong:
            act(party, "manager", services.add_agency, name=name)
        assert list(wrong.value.errors) == ["name"]
    with pytest.raises(Invalid):
        act(
            party,
            "manager",
            services.add_sector,
            agency_id=north.agency_id,
            name=north.name.upper(),
        )


def test_only_what_is_empty_is_archived(party):
    north, south = divided(party)
    with pytest.raises(Refused, match=r"1 résidence"):
        act(party, "manager", services.archive, pk=north.pk)
    with pytest.raises(Refused, match=r"2 secteur"):
        act(party, "manager", services.archive, pk=north.agency_id)
    rights = Rights("proximite", ("clerk",), None, south.agency_id, south.pk)
    act(party, "manager", members.invite, email="x@y.example", rights=rights)
    act(
        party,
        "manager",
        members.change_member,
        membership_id=party.reader.pk,
        rights=Rights("patrimoine", ("reader",), None, south.agency_id, south.pk),
    )
    with pytest.raises(Refused, match=r"1 membre.*1 invitation"):
        act(party, "manager", services.archive, pk=south.pk)
    with pytest.raises(Conflict):
        act(party, "manager", services.restore, pk=south.pk)


def test_residences_leave_a_sector_only_as_somebody_was_told(party):
    north, south = divided(party)
    ids = [party.unit.group_id]
    actor = party.actor("manager")
    with scope_of(actor):
        assert services.leaving(actor=actor, group_ids=ids, sector_id=north.pk) == 0
        assert services.leaving(actor=actor, group_ids=ids, sector_id=south.pk) == 1
    move = {"group_ids": ids, "sector_id": south.pk}
    with pytest.raises(Refused, match="entre-temps"):
        act(party, "manager", services.assign, **move, expected=0)
    assert group_of(party).sector_id == north.pk
    act(party, "manager", services.assign, **move, expected=1)
    assert act(party, "manager", services.assign, **move, expected=0) == []
    assert group_of(party).sector_id == south.pk
    act(party, "manager", services.archive, pk=north.pk)
    with pytest.raises(Invalid):
        act(party, "manager", services.assign, group_ids=ids, sector_id=north.pk, expected=1)
    act(party, "manager", services.assign, group_ids=ids, sector_id=None, expected=1)
    assert group_of(party).sector_id is None
    assert kinds()[-3:] == ["assigned", "archived", "released"]


def test_another_landlords_sector_is_no_place_for_anything(world, party):
    north, _south = divided(party)
    foreign, _other = divided(world.second)
    rights = Rights("patrimoine", ("reader",), None, foreign.agency_id, foreign.pk)
    with pytest.raises(Invalid):
        act(
            party,
            "manager",
            members.change_member,
            membership_id=party.reader.pk,
            rights=rights,
        )
    with pytest.raises(Refused):
        act(party, "manager", services.rename, pk=foreign.pk, name="A nous")
    # The keys carry the landlord: not even the system joins two landlords' rows.
    with system_scope("tests"):
        for row, name in ((group_of(party), "sector_id"), (party.reader, "sector_id")):
            setattr(row, name, foreign.pk)
            if isinstance(row, Membership):
                row.agency_id = north.agency_id
            with pytest.raises(IntegrityError), transaction.atomic():
                row.save()


def test_a_member_gets_a_territory_it_is_told_and_taken_back(party):
    north, _south = divided(party)
    rights = Rights("patrimoine", ("reader",), None, north.agency_id, north.pk)
    act(party, "manager", members.change_member, membership_id=party.reader.pk, rights=rights)
    actor = party.actor("manager")
    with scope_of(actor):
        line = members_read.history(actor)[0]
        rows = {
            row.member.pk: row
            for row in members_read.rows(actor, members_read.members(actor, members_read.Filters()))
        }
    assert line.text.endswith(f"secteur tout le patrimoine → {north.agency.name}, {north.name}")
    assert rows[party.reader.pk].territory == f"{north.agency.name}, {north.name}"
    act(party, "manager", members.undo_change, event_id=line.undo)
    with system_scope("tests"):
        fresh = Membership.objects.get(pk=party.reader.pk)
    assert (fresh.agency_id, fresh.sector_id) == (None, None)


def test_an_invitation_brings_its_territory(party):
    north, _south = divided(party)
    rights = Rights("proximite", ("clerk",), None, north.agency_id, north.pk)
    sent = act(party, "manager", members.invite, email="n@y.example", rights=rights)
    token = tokens.token_of(sent.pk, 1)
    found = tokens.find(token)
    new = joining.Newcomer("Noa", "Roy", "une-phrase-assez-longue")
    member = joining.accept(found=found, token=token, user=None, new=new)
    assert (member.agency_id, member.sector_id) == (north.agency_id, north.pk)
    with system_scope("tests"):
        assert Invitation.objects.get(pk=sent.pk).accepted_at is not None


def test_a_contractor_has_no_territory(party):
    north, _south = divided(party)
    rights = Rights("exploitation", ("clerk",), None, north.agency_id, north.pk)
    with pytest.raises(Invalid):
        act(party, "desk", members.invite, email="x@y.example", rights=rights)

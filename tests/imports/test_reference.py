"""The estate's tree, tenants, contractors and staff from a file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from nexxio.core import clock
from nexxio.core.errors import Refused
from nexxio.core.imports.registry import get_kind
from nexxio.core.models import (
    Group,
    Membership,
    Occupancy,
    Organisation,
    Partnership,
    RoleLimit,
    Tenant,
    Unit,
    User,
)
from nexxio.core.scoping import system_scope
from tests.imports.books import book_of
from tests.imports.steps import applied, counts, lines, rehearsed, undone


@pytest.fixture
def party(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


TREE = ("Résidence", "Adresse", "Code postal", "Ville", "Bâtiment", "Escalier", "Logement", "Étage")


def tree(*rows):
    return book_of(TREE, *rows)


def units(party, name) -> list[tuple]:
    with system_scope("tests"):
        found = Unit.objects.filter(landlord=party.landlord, group__name=name).order_by("number")
        return [(unit.number, unit.entrance, unit.floor) for unit in found]


def test_groups_and_units_are_made_once(party):
    data = tree(
        ["Les Ormes", "3 av. des Ormes", 1000, "Bourg", "B", "Esc. 2", "1", "RDC"],
        ["Les Ormes", "3 avenue des Ormes", "01000", "Bourg", "B", "Esc. 2", 2.0, "1"],
        ["Résidence des Lilas", None, None, None, None, None, "12", "4"],
        [None, None, None, None, None, None, "5", None],
    )
    run = applied(party, "estate_tree", data)
    assert counts(run) == (2, 1, 0, 0, 1)
    assert lines(run) == [(5, "", "la résidence manque : identifiant, nom ou adresse")]
    assert [line["key"] for line in run.job.result["lines"]["created"]] == ["", ""]
    assert units(party, "Les Ormes") == [("1", "Bât. B Esc. 2", "RDC"), ("2", "Bât. B Esc. 2", "1")]
    with system_scope("tests"):
        group = Group.objects.get(name="Les Ormes")
        assert (group.address, group.postcode) == ("3 av. des Ormes", "01000")
        assert Unit.objects.get(pk=party.unit.pk).floor == "4"
    assert counts(applied(party, "estate_tree", data)) == (0, 0, 3, 0, 1)
    result = undone(party, run).job.result
    assert (result["removed"], result["restored"], result["kept"]) == (3, 1, [])
    with system_scope("tests"):
        assert not Group.objects.filter(name="Les Ormes").exists()
        assert Unit.objects.get(pk=party.unit.pk).floor == "3"


def test_an_undo_keeps_a_unit_where_somebody_lives(party):
    data = tree(["Les Ormes", "3 av. des Ormes", "01000", "Bourg", None, None, "1", None])
    run = applied(party, "estate_tree", data)
    with system_scope("tests"):
        Occupancy.objects.create(
            landlord=party.landlord,
            unit=Unit.objects.get(group__name="Les Ormes"),
            tenant=party.tenant,
            starts_on=date(2026, 1, 1),
        )
    result = undone(party, run).job.result
    assert result["removed"] == 0
    assert [row["title"] for row in result["kept"]] == ["Logement 1", "Les Ormes, 01000 Bourg"]


PEOPLE = ("Résidence", "Logement", "Nom", "Prénom", "Téléphone", "Date d’entrée", "Date de sortie")


def test_tenants_and_occupancies(party):
    data = book_of(
        PEOPLE,
        ["Résidence des Lilas", 12, "DIALLO", "Amina", "06 99 88 77 66", None, None],
        ["Résidence des Lilas", 12, "Nguyen", "Linh", 611223344, "1er mars 2026", None],
        ["Résidence des Lilas", 12, "Weber", "Anna", None, "01/03/2026", "01/02/2026"],
        ["Résidence des Lilas", 99, "Weber", "Anna", None, None, None],
    )
    run = applied(party, "tenants", data)
    assert counts(run) == (1, 1, 0, 0, 2)
    assert [column for _line, column, _reason in lines(run)] == ["Date de sortie", "Logement"]
    with system_scope("tests"):
        linh = Tenant.objects.get(last_name="Nguyen")
        assert linh.phone == "+33611223344"
        assert Occupancy.objects.get(tenant=linh).starts_on == date(2026, 3, 1)
        assert Tenant.objects.get(pk=party.tenant.pk).phone == "+33699887766"
    assert counts(applied(party, "tenants", data)) == (0, 0, 2, 0, 2)
    result = undone(party, run).job.result
    assert (result["removed"], result["restored"]) == (1, 1)
    with system_scope("tests"):
        assert not Tenant.objects.filter(last_name="Nguyen").exists()
        assert Tenant.objects.get(pk=party.tenant.pk).phone == "+33612345678"


def test_an_end_date_moves_somebody_out(party):
    today = f"{clock.today():%d/%m/%Y}"
    data = book_of(PEOPLE, ["Résidence des Lilas", 12, "Amina Diallo", None, None, None, today])
    run = applied(party, "tenants", data)
    assert counts(run) == (0, 1, 0, 0, 0)
    with system_scope("tests"):
        assert Occupancy.objects.get(tenant=party.tenant).ends_on == clock.today()


COMPANIES = ("SIRET", "Raison sociale", "Téléphone")
KNOWN, NEW = "73282932000074", "44306184100047"


def test_contractors_are_joined_by_their_siret(world, party):
    other = world.second.contractor
    with system_scope("tests"):
        Organisation.objects.filter(pk=other.pk).update(siret=KNOWN)
    data = book_of(
        COMPANIES,
        [KNOWN, "Un autre nom", None],
        ["443 061 841 00047", "Chauffage du Nord", "03 20 00 00 00"],
        ["44306184100048", "Clé fausse", None],
    )
    run = rehearsed(party, "contractors", data)
    assert counts(run) == (2, 0, 0, 0, 1)
    assert "ZZ9" not in str(run.job.result)
    run = applied(party, "contractors", data)
    assert lines(run) == [(4, "SIRET", "SIRET invalide : 14 chiffres dont la clé doit être juste")]
    with system_scope("tests"):
        partners = Partnership.objects.filter(landlord=party.landlord)
        assert partners.filter(contractor=other).exists()
        assert Organisation.objects.get(pk=other.pk).name == "Plomberie Lutèce ZZ9"
        made = Organisation.objects.get(siret=NEW)
        assert (made.name, made.kind) == ("Chauffage du Nord", "contractor")
    assert counts(applied(party, "contractors", data)) == (0, 0, 2, 0, 1)
    assert undone(party, run).job.result["removed"] == 2
    with system_scope("tests"):
        assert partners.count() == 1
        assert Organisation.objects.filter(siret=NEW).exists()


STAFF = ("E-mail", "Prénom", "Nom", "Service", "Rôle", "Plafond")


def test_staff_get_accounts_without_password(party):
    data = book_of(
        STAFF,
        ["Lea@rivage.example", "Léa", "Roy", "Patrimoine", "Gestionnaire", "1 500,00 €"],
        ["samir@rivage.example", "Autre", "Nom", "Patrimoine", "Lecture seule", 300],
        ["claire@rivage.example", None, None, "Patrimoine", "Lecture seule", None],
        ["pas une adresse", None, None, "Patrimoine", "Lecture seule", None],
    )
    run = applied(party, "staff", data)
    assert counts(run) == (1, 1, 0, 0, 2)
    assert lines(run) == [
        (4, "E-mail", "vous ne changez pas vos propres droits"),
        (5, "E-mail", "adresse e-mail mal formée"),
    ]
    with system_scope("tests"):
        user = User.objects.get(email="lea@rivage.example")
        assert not user.has_usable_password()
        member = Membership.objects.get(user=user)
        assert (member.roles, member.spend_limit) == (["clerk"], Decimal("1500.00"))
        samir = Membership.objects.select_related("user").get(pk=party.clerk.pk)
        assert (samir.roles, samir.user.first_name) == (["reader"], "Samir")
    assert counts(applied(party, "staff", data)) == (0, 0, 2, 0, 2)
    result = undone(party, run).job.result
    assert (result["removed"], result["restored"]) == (1, 1)
    with system_scope("tests"):
        assert not Membership.objects.filter(user=user).exists()
        assert Membership.objects.get(pk=party.clerk.pk).roles == ["clerk"]


def test_nobody_gives_a_higher_limit_than_his_own(party):
    with system_scope("tests"):
        Membership.objects.filter(pk=party.manager.pk).update(spend_limit=Decimal(1000))
    data = book_of(
        STAFF,
        ["a@x.example", None, None, "Patrimoine", "Lecture seule", 1001],
        ["b@x.example", None, None, "Patrimoine", "Lecture seule", None],
        ["c@x.example", None, None, "Patrimoine", "Lecture seule", 1000],
    )
    party.manager.spend_limit = Decimal(1000)
    run = rehearsed(party, "staff", data)
    assert counts(run) == (1, 0, 0, 0, 2)
    assert all("au plus le vôtre" in reason for _line, _column, reason in lines(run))


def test_whose_limit_is_his_roles_gives_it_by_a_file_too(party):
    """A manager without a limit of his own: members of his role take the same, others none."""
    with system_scope("tests"):
        limits = RoleLimit.objects
        limits.create(organisation=party.landlord, role="manager", spend_limit=Decimal(1000))
        party.manager = Membership.objects.select_related("organisation", "user").get(
            pk=party.manager.pk
        )
    assert party.actor("manager").limit == 1000
    data = book_of(
        STAFF,
        ["a@x.example", None, None, "Patrimoine", "Responsable", None],
        ["b@x.example", None, None, "Patrimoine", "Gestionnaire", None],
        ["samir@rivage.example", None, None, "Patrimoine", "Responsable", None],
    )
    run = rehearsed(party, "staff", data)
    assert counts(run) == (1, 1, 0, 0, 1)
    assert [line for line, _column, _reason in lines(run)] == [3]


def test_an_undo_gives_nobody_more_than_its_actor_may_give(party):
    """A file lowered limits: who undoes it would raise them, his own included."""
    with system_scope("tests"):
        Membership.objects.filter(pk=party.reader.pk).update(spend_limit=Decimal(900))
    reader = party.reader
    service = reader.get_department_display()
    data = book_of(
        STAFF,
        ["samir@rivage.example", None, None, "Patrimoine", "Responsable", 100],
        [reader.user.email, None, None, service, "Lecture seule", 50],
        ["lea@rivage.example", "Léa", "Roy", "Patrimoine", "Lecture seule", 50],
    )
    run = applied(party, "staff", data)
    assert counts(run) == (1, 2, 0, 0, 0)
    party.clerk.roles, party.clerk.spend_limit = ["manager"], Decimal(100)
    result = undone(party, run, who="clerk").job.result
    assert (result["removed"], result["restored"]) == (1, 0)
    assert sorted(kept["reason"][:22] for kept in result["kept"]) == [
        "le plafond doit être a",
        "vous ne changez pas vo",
    ]
    with system_scope("tests"):
        limits = Membership.objects.filter(pk__in=[party.clerk.pk, reader.pk])
        assert sorted(limits.values_list("spend_limit", flat=True)) == [50, 100]


def test_who_is_no_manager_any_more_writes_nobody(party):
    """Two managers who demote each other at once: the second finds himself demoted."""
    actor = party.actor("manager")
    with system_scope("tests"), transaction.atomic():
        session = get_kind("staff").session(actor, {})
        Membership.objects.filter(pk=party.manager.pk).update(roles=["reader"])
        with pytest.raises(Refused, match="responsable"):
            session.write([])

"""Many rows by COPY: the same rows, behind the same walls."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from nexxio.core.actors import scope_of
from nexxio.core.db.copying import FEW, insert_all
from nexxio.core.models import Unit
from orders.models import OrderContact


def units(landlord, group, count=FEW, **values):
    return [
        Unit(landlord=landlord, group=group, number=f"N{n}", door="É\t\\N", **values)
        for n in range(count)
    ]


def test_rows_come_back_as_they_were(world):
    party = world.first
    with scope_of(party.actor("manager")):
        made = units(party.landlord, party.unit.group)
        insert_all(Unit, made)
        found = Unit.objects.in_bulk([unit.pk for unit in made])
    assert len(found) == FEW
    for unit in made:
        assert not unit._state.adding
        for field in Unit._meta.concrete_fields:
            assert getattr(found[unit.pk], field.attname) == getattr(unit, field.attname)


def test_another_landlords_rows_are_refused_by_the_policy(world):
    other = world.second
    with scope_of(world.first.actor("manager")), transaction.atomic():
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            insert_all(Unit, units(other.landlord, other.unit.group))
        assert not Unit.objects.filter(number="N0").exists()


def test_keys_and_constraints_hold(world):
    party, other = world.first, world.second
    with scope_of(party.actor("manager")):
        for wrong in (
            units(party.landlord, other.unit.group),
            [*units(party.landlord, party.unit.group), *units(party.landlord, party.unit.group, 1)],
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                insert_all(Unit, wrong)
        assert OrderContact.objects.count() == 1

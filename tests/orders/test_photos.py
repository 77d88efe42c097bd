"""Photos of a visit: when they are taken, and what waits meanwhile."""

from __future__ import annotations

import io

import pytest
from django.db import connection

from nexxio.core import files
from nexxio.core.errors import Invalid, Refused
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import Photo
from tests.factories.full import act, photo_bytes, visited


def _add(party, visit, photo=None):
    return act(
        party,
        "technician",
        services.add_photo,
        visit_id=visit.pk,
        photo=photo or photo_bytes(),
        moment="after",
    )


@pytest.mark.parametrize("state", ["cancelled", "no_access"])
def test_a_visit_that_did_not_take_place_gets_no_photo(world, state):
    first = world.first
    visit = visited(first, state="no_access" if state == "no_access" else "proposed")
    if state == "cancelled":
        act(first, "manager", services.cancel_visit, visit_id=visit.pk, reason="Doublon")
    with system_scope("tests"):
        before = Photo.objects.count()
    with pytest.raises(Refused) as refused:
        _add(first, visit)
    assert refused.value.code == "state"
    with system_scope("tests"):
        assert Photo.objects.count() == before


def test_a_finished_visit_still_gets_its_photo(world):
    first = world.first
    visit = visited(first, state="confirmed")
    act(first, "technician", services.complete_visit, visit_id=visit.pk)
    assert _add(first, visit).visit_id == visit.pk


@pytest.mark.django_db(transaction=True)
def test_nothing_is_locked_while_a_photo_is_read(world, monkeypatch):
    first = world.first
    visit = visited(first, state="confirmed")
    inside = []
    real = files.clean_photo

    def slow(*args, **kwargs):
        inside.append(connection.in_atomic_block)
        return real(*args, **kwargs)

    monkeypatch.setattr(files, "clean_photo", slow)
    _add(first, visit)
    act(first, "technician", services.leave, visit_id=visit.pk)
    proof = services.ProofInput(minutes_waited=12)
    with pytest.raises(Invalid):
        act(
            first,
            "technician",
            services.declare_no_access,
            visit_id=visit.pk,
            proof=proof,
            photo=io.BytesIO(b"no photo"),
        )
    act(
        first,
        "technician",
        services.declare_no_access,
        visit_id=visit.pk,
        proof=proof,
        photo=photo_bytes(),
    )
    assert inside == [False] * 3

"""A landlord of the world under the name that the estate files give her."""

from __future__ import annotations

import pytest

from nexxio.core.models import Organisation
from nexxio.core.scoping import system_scope
from tests.factories.world import build_world


@pytest.fixture
def rivp(world):
    """The first party; its landlord is RIVP."""
    return _named(world.first)


@pytest.fixture
def committed_rivp(transactional_db):
    """The same party as `rivp`, committed: other processes and threads see it."""
    with system_scope("tests: world"):
        party = build_world().first
    return _named(party)


def _named(party):
    with system_scope("tests"):
        Organisation.objects.filter(pk=party.landlord.pk).update(aliases=["RIVP"])
    party.landlord.aliases = ["RIVP"]
    return party

"""Of a lift that is confirmed and set aside at once one counts; so of two who ask for it."""

from __future__ import annotations

import pytest

from contractors import services
from contractors.models import PaymentTransfer
from contractors.transfers import TransferState
from nexxio.core import clock
from nexxio.core.actors import Role
from nexxio.core.errors import Conflict
from nexxio.core.models import Event, Membership, User
from nexxio.core.scoping import system_scope
from tests.factories.acting import act
from tests.factories.papered import ceded
from tests.factories.world import build_world
from tests.races import acting, collide

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def first(transactional_db, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests: world"):
        party = build_world().first
        user = User.objects.create_user("ines@rivp.example", "x", first_name="Inès")
        party.ines = Membership.objects.create(
            organisation=party.landlord, user=user, department="comptabilite", roles=[Role.CLERK]
        )
    return party


def calling() -> services.CallBack:
    return services.CallBack(
        called_name="Mme Petit",
        called_phone="03 20 00 00 01",
        number_from="site de la banque",
        called_on=clock.today(),
    )


def in_force(party) -> PaymentTransfer:
    row = ceded(party)
    return act(party, "ines", services.check_transfer, transfer_id=row.pk, call=calling())


def test_what_is_set_aside_meanwhile_is_not_lifted(first):
    row = in_force(first)
    act(first, "manager", services.ask_lift, transfer_id=row.pk, note="lettre")
    lost = collide(
        acting(first, "manager", services.keep_transfer, transfer_id=row.pk),
        acting(first, "ines", services.end_transfer, transfer_id=row.pk, call=calling()),
    )
    assert isinstance(lost, Conflict)
    with system_scope("tests: it counts"):
        assert PaymentTransfer.objects.get(pk=row.pk).state == TransferState.IN_FORCE


def test_of_two_who_ask_one_stands(first):
    row = in_force(first)
    one, two = (
        acting(first, who, services.ask_lift, transfer_id=row.pk, note=f"lettre de {who}")
        for who in ("manager", "ines")
    )
    assert isinstance(collide(one, two), Conflict)
    with system_scope("tests: who asked"):
        assert PaymentTransfer.objects.get(pk=row.pk).lift_by_id == first.manager.user_id
        assert Event.objects.filter(subject_id=row.pk, kind="transfer.lift_asked").count() == 1

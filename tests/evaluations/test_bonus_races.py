"""Of two who decide on the same rules of bonus at once one wins, and the other is told."""

from __future__ import annotations

import pytest

from evaluations import services
from evaluations.models import BonusAnswer, BonusRules
from nexxio.core.errors import Conflict
from nexxio.core.scoping import system_scope
from tests.factories.bonused import proposed
from tests.factories.world import build_world
from tests.races import acting, collide

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def first(transactional_db, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    with system_scope("tests: world"):
        return build_world().first


def accepting(party, rules):
    return acting(party, "desk", services.accept_rules, rules_id=rules.pk, sha256=rules.sha256)


def found(rules):
    with system_scope("tests: rules"):
        again = BonusRules.objects.get(pk=rules.pk)
        return BonusAnswer.objects.count(), again.withdrawn_at is not None


def test_rules_that_are_withdrawn_meanwhile_are_not_accepted(first):
    rules = proposed(first)
    withdraw = acting(first, "manager", services.withdraw_rules, rules_id=rules.pk)
    assert isinstance(collide(withdraw, accepting(first, rules)), Conflict)
    assert found(rules) == (0, True)


def test_rules_that_are_accepted_meanwhile_are_not_withdrawn(first):
    rules = proposed(first)
    withdraw = acting(first, "manager", services.withdraw_rules, rules_id=rules.pk)
    assert isinstance(collide(accepting(first, rules), withdraw), Conflict)
    assert found(rules) == (1, False)


def test_rules_are_accepted_once(first):
    rules = proposed(first)
    assert isinstance(collide(accepting(first, rules), accepting(first, rules)), Conflict)
    assert found(rules) == (1, False)

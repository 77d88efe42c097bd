"""Of two who decide on the same rules of bonus at once one wins, and the other is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contractors import services as contractors
from contractors.models import Invoice
from evaluations import services
from evaluations.models import BonusAnswer, BonusDocument, BonusRules, BonusStatement
from nexxio.core.errors import Conflict, Invalid
from nexxio.core.ids import new_id
from nexxio.core.scoping import system_scope
from tests.evaluations.test_bonus_documents import settled
from tests.evaluations.test_bonus_statements import MADE, at
from tests.factories.acting import act
from tests.factories.bonused import proposed
from tests.factories.invoiced import handed_over
from tests.factories.world import build_world
from tests.races import acting, collide

pytestmark = [pytest.mark.concurrency, pytest.mark.django_db(transaction=True)]


YEAR = timedelta(days=365)


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


def test_one_credit_note_settles_one_statement(first):
    _party, bill, statement = settled(first, 40)
    with system_scope("tests: another statement"):
        other = BonusStatement.objects.get(pk=statement.pk)
        other.pk, other.reference = new_id(), "BM-AUTRE"
        other.first, other.last = other.first - YEAR, other.last - YEAR
        other.save(force_insert=True)
        line = bill.lines.first()
    said = {"invoice_id": bill.pk, "reason": "other", "note": "Malus"}
    with at(MADE + 2):
        whole = {"quantities": {line.pk: line.quantity}}
        credit = act(first, "desk", contractors.prepare_credit_note, **said, **whole)
        handed_over(first, credit)
        with system_scope("tests: of the sum"):
            sums = {"total_without_vat": 6, "total_with_vat": 6 + credit.total_vat}
            Invoice.objects.filter(pk=credit.pk).update(**sums)
        note = {"number": credit.number}
        one, two = (
            acting(first, "desk", services.note_document, **note, statement_id=each.pk)
            for each in (statement, other)
        )
        lost = collide(one, two)
    assert isinstance(lost, Invalid)
    with system_scope("tests: documents"):
        assert BonusDocument.objects.count() == 1

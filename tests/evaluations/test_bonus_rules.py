"""Rules of bonus and malus: signed by both sides, unchanged afterwards, never backwards."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from evaluations import services
from evaluations.bonus_rules import hash_of, in_force
from evaluations.models import BonusAnswer, BonusRules, BonusTerm
from evaluations.services import TermInput
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Notification
from nexxio.core.scoping import system_scope
from tests.evaluations.steps import client_of, deliver, later
from tests.factories.acting import act
from tests.factories.bonused import TERMS, accepted, drafted, next_month, proposed, rules_input


def refuse(party, rules, reason="Le malus est trop lourd"):
    return act(party, "desk", services.refuse_rules, rules_id=rules.pk, reason=reason)


def held_on(party, day):
    with system_scope("tests: rules"):
        return in_force(party.contract, day)


def told(kind="bonus_rules") -> list:
    with system_scope("tests: notices"):
        return list(Notification.objects.filter(kind=kind).values_list("user_id", flat=True))


def test_nobody_else_sees_a_version_before_it_is_proposed(world):
    party = world.first
    rules = drafted(party)
    with scope_of(party.actor("desk")):
        assert not BonusRules.objects.exists()
        assert not BonusTerm.objects.exists()
    act(party, "manager", services.propose_rules, rules_id=rules.pk)
    deliver()
    with scope_of(party.actor("desk")):
        assert BonusTerm.objects.count() == len(TERMS)
    assert told() == [party.desk.user_id]


def test_rules_apply_once_both_sides_have_signed(world):
    party, start = world.first, next_month()
    rules = proposed(party)
    assert held_on(party, start) is None
    answer = act(party, "desk", services.accept_rules, rules_id=rules.pk, sha256=rules.sha256)
    assert (answer.applies_from, answer.user_id) == (start, party.desk.user_id)
    assert answer.sha256 == rules.sha256 == hash_of(held_on(party, start))
    assert held_on(party, start - timedelta(days=1)) is None
    with pytest.raises(Conflict):
        refuse(party, rules)


def test_an_answer_that_comes_late_moves_the_beginning(world):
    party, start = world.first, next_month()
    rules = proposed(party)
    with clock.moved_to(clock.now() + timedelta(days=45)):
        act(party, "desk", services.accept_rules, rules_id=rules.pk, sha256=rules.sha256)
        first = next_month()
    with system_scope("tests: answer"):
        assert BonusAnswer.objects.get().applies_from == first > start


def test_the_database_takes_no_answer_that_applies_backwards(world):
    accepted(world.first)
    with (
        system_scope("tests: answer"),
        pytest.raises(IntegrityError, match="bonus_rules_never_apply_backwards"),
        transaction.atomic(),
    ):
        BonusAnswer.objects.update(applies_from="2020-01-01")


def test_the_company_refuses_with_a_reason(world):
    party = world.first
    rules = proposed(party)
    with pytest.raises(Invalid):
        refuse(party, rules, " ")
    refuse(party, rules)
    assert held_on(party, next_month()) is None
    deliver()
    assert party.manager.user_id in told()
    assert drafted(party).number == rules.number + 1


def test_a_later_version_takes_over(world):
    party = world.first
    old = accepted(party)
    with later(40):
        new = accepted(party, starts_on=next_month())
        start = next_month()
    assert held_on(party, start - timedelta(days=1)).pk == old.pk
    assert held_on(party, start).pk == new.pk


def test_what_is_proposed_never_changes(world):
    party = world.first
    rules = drafted(party)
    data = rules_input(cap_malus=Decimal(1))
    act(party, "manager", services.change_rules, rules_id=rules.pk, data=data)
    act(party, "manager", services.propose_rules, rules_id=rules.pk)
    with pytest.raises(Conflict):
        act(party, "manager", services.change_rules, rules_id=rules.pk, data=rules_input())
    with pytest.raises(Conflict):
        act(party, "desk", services.accept_rules, rules_id=rules.pk, sha256="0" * 64)
    # Whoever changes a row behind the services' back finds no signature under it.
    with system_scope("tests: tampering"):
        BonusTerm.objects.filter(rules=rules, fact="appointment").update(malus=99)
        sha256 = BonusRules.objects.get(pk=rules.pk).sha256
    with pytest.raises(Conflict):
        act(party, "desk", services.accept_rules, rules_id=rules.pk, sha256=sha256)


def test_one_version_waits_at_a_time(world):
    party = world.first
    rules = proposed(party)
    another = drafted(party)
    with pytest.raises(Invalid):
        drafted(party)
    with pytest.raises(Refused):
        act(party, "manager", services.propose_rules, rules_id=another.pk)
    act(party, "manager", services.withdraw_rules, rules_id=rules.pk)
    act(party, "manager", services.propose_rules, rules_id=another.pk)
    with pytest.raises(Conflict):
        act(party, "desk", services.accept_rules, rules_id=rules.pk, sha256=rules.sha256)


def test_only_managers_sign(world):
    party = world.first
    with pytest.raises(Refused):
        act(party, "clerk", services.draft_rules, contract_id=party.contract.pk, data=rules_input())
    rules = proposed(party)
    with pytest.raises(Refused):
        act(party, "technician", services.accept_rules, rules_id=rules.pk, sha256=rules.sha256)
    with scope_of(party.actor("manager")), pytest.raises(DatabaseError), transaction.atomic():
        BonusAnswer.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            rules=rules,
            accepted=True,
            user=party.manager.user,
            answered_at=clock.now(),
            answered_on=clock.today(),
            applies_from=next_month(),
            sha256=rules.sha256,
        )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"perception_weight": 21, "perception_from": Decimal(4)}, "perception_weight"),
        ({"perception_weight": 20}, "perception_from"),
        ({"cap_malus": Decimal(11)}, "cap_malus"),
        ({"cap_bonus": Decimal(-1)}, "cap_bonus"),
        ({"starts_on": next_month().replace(day=2)}, "starts_on"),
        ({"terms": ()}, ""),
        ({"terms": (TermInput(fact="pack", bonus=Decimal(1)),)}, "pack_bonus"),  # asks no piece
        ({"terms": (TermInput(fact="status", malus=Decimal(-1)),)}, "status_bonus"),
    ],
)
def test_terms_that_no_version_can_have(world, changes, field):
    with pytest.raises(Invalid) as found:
        drafted(world.first, **changes)
    assert field in found.value.errors


def test_the_database_keeps_perception_and_caps_in_bounds(world):
    drafted(world.first)
    for changes in ({"perception_weight": 25, "perception_from": 4}, {"cap_malus": -1}):
        with (
            system_scope("tests: bounds"),
            pytest.raises(IntegrityError),
            transaction.atomic(),
        ):
            BonusRules.objects.update(**changes)


def test_rules_never_begin_in_the_past(world):
    party = world.first
    rules = drafted(party)
    with later(40), pytest.raises(Refused):
        act(party, "manager", services.propose_rules, rules_id=rules.pk)


def test_the_pages_of_both_sides(world):
    party = world.first
    manager, desk = client_of(party, "manager"), client_of(party, "desk")
    slug = party.landlord.slug
    new = reverse("evaluations:landlord_bonus_new", args=[slug, party.contract.pk])
    assert manager.get(new).status_code == 200
    typed = {"rhythm": "month", "starts_on": next_month().isoformat(), "perception_weight": "0"}
    wrong = manager.post(new, {**typed, "cap_bonus": "3", "cap_malus": "2"})
    assert wrong.status_code == 422
    right = {**typed, "cap_bonus": "3", "cap_malus": "2", "status_bonus": "1,50"}
    assert manager.post(new, right).status_code == 302
    with system_scope("tests: rules"):
        rules = BonusRules.objects.get()
    assert "1,50" in manager.get(
        reverse("evaluations:landlord_bonus_rules", args=[slug, rules.pk])
    ).text.replace("\N{NO-BREAK SPACE}", " ")
    propose = reverse("evaluations:landlord_bonus_rules_act", args=[slug, rules.pk, "proposer"])
    assert manager.post(propose).status_code == 302
    contract = reverse(
        "orders:contractor_contract", args=[party.contractor.slug, party.contract.pk]
    )
    assert "Règles, version 1" in desk.get(contract).text
    own = [party.contractor.slug, rules.pk]
    assert (
        "Accepter et signer"
        in desk.get(reverse("evaluations:contractor_bonus_rules", args=own)).text
    )
    with system_scope("tests: rules"):
        rules.refresh_from_db()
    accept = reverse("evaluations:contractor_bonus_rules_act", args=[*own, "accepter"])
    desk.post(accept, {"sha256": rules.sha256})
    assert held_on(party, next_month()).pk == rules.pk


def test_what_waits_for_a_signature_stands_above_the_statements(world):
    party = world.first
    rules = drafted(party)
    manager, desk = client_of(party, "manager"), client_of(party, "desk")
    own = reverse("evaluations:landlord_bonus", args=[party.landlord.slug])
    theirs = reverse("evaluations:contractor_bonus", args=[party.contractor.slug])
    link = reverse("evaluations:contractor_bonus_rules", args=[party.contractor.slug, rules.pk])
    assert "En préparation" in manager.get(own).text
    assert link not in desk.get(theirs).text
    act(party, "manager", services.propose_rules, rules_id=rules.pk)
    assert link in desk.get(theirs).text
    refuse(party, rules)
    assert link not in desk.get(theirs).text


def test_what_is_wrong_names_the_fact_that_it_is_about(world):
    party = world.first
    new = reverse("evaluations:landlord_bonus_new", args=[party.landlord.slug, party.contract.pk])
    shown = client_of(party, "manager").post(new, {"first_time_malus": "-5"})
    assert shown.status_code == 422
    assert "Réparé du premier coup : malus si manqué" in shown.text.replace("\u00a0", " ")

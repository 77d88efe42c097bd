"""The contract review: its agenda, both sides' points, minutes, signatures, decisions."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from contractors.models import Block
from evaluations import access, services
from evaluations.models import Report, Result, Review, ReviewDecision, ReviewSignature
from evaluations.printing import html_of
from evaluations.quarters import Quarter
from evaluations.selectors.agenda import agenda_of
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.ids import new_id
from nexxio.core.models import Notification
from nexxio.core.scoping import system_scope
from orders.models import AccessCheck, SignOff, Visit
from orders.states import VisitState
from tests.evaluations.steps import client_of, deliver, done, page
from tests.factories.acting import act
from tests.factories.evaluated import C2L, L2C

SPACES = re.compile(r"\s+")


def opened(party, *, back: int = 1) -> Review:
    quarter = Quarter.of(clock.today())
    for _each in range(back):
        quarter = quarter.previous
    return act(
        party,
        "manager",
        services.open_review,
        contract=party.contract,
        quarter=quarter.first,
        meets_on=clock.today(),
    )


def items(party, who, review):
    actor = party.actor(who)
    with scope_of(actor):
        return agenda_of(actor, access.get_review(actor, review.pk))


def told(party, direction, subject, mean, **more) -> None:
    """Publish a score of the last quarter."""
    of_company = direction == L2C
    with system_scope("tests: results"):
        Result.objects.create(
            landlord=party.landlord,
            contractor=party.contractor if of_company else None,
            direction=direction,
            quarter=Quarter.of(clock.today()).previous.first,
            dimension="contractor" if of_company else "overall",
            key=str(party.contractor.pk) if of_company else "",
            subject=subject,
            n=12,
            **({"level": "published", "mean": mean, "low": mean, "high": mean} | more),
        )


def ready(party, review) -> Review:
    """Write minutes and a decision, and close them as the landlord's manager."""
    act(party, "desk", services.write_minutes, review_id=review.pk, text="Échanges.", version=1)
    act(
        party,
        "manager",
        services.add_decision,
        review_id=review.pk,
        text="Signer les constats sous dix jours",
        side="landlord",
        owner="Patrimoine",
        due_on=clock.today() + timedelta(days=30),
    )
    agenda = [one.kept() for one in items(party, "manager", review)]
    return act(
        party, "manager", services.close_review, review_id=review.pk, agenda=agenda, version=2
    )


def test_the_agenda_writes_itself_from_gaps_blocks_and_figures_alike_for_both_sides(world):
    party = world.first
    order = done(party)
    told(party, L2C, "trust", Decimal("4.2"))
    told(party, C2L, "trust", Decimal("2.9"))
    told(party, L2C, "values", Decimal("4.0"))
    told(party, C2L, "values", None, level="few", low=None, high=None, needed=5)
    with system_scope("tests: block"):
        Block.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            order=order,
            cause="B05",
            amount=Decimal("321.50"),
            side="landlord",
            department="marches",
            opened_at=clock.now() - timedelta(days=45),
        )
    review = opened(party, back=0)
    ours, theirs = items(party, "manager", review), items(party, "desk", review)
    assert ours == theirs
    _whose, gap = [one for one in ours if one.part == "gaps"]  # of the last published quarter
    assert "1,3" in gap.detail
    block = next(one for one in ours if one.part == "blocks" and "Marchés" in one.detail)
    assert "depuis 45 jours" in block.detail
    assert "321,50" in block.detail
    assert any("premier coup" in one.title for one in ours if one.part == "figures")


def test_both_sides_add_points_each_takes_back_its_own(world):
    party = world.first
    review = opened(party)
    point = act(party, "desk", services.add_point, review_id=review.pk, text="Accès aux caves")
    with pytest.raises(Conflict):
        act(party, "manager", services.withdraw_point, review_id=review.pk, point_id=point.pk)
    with pytest.raises(Invalid):
        act(party, "manager", services.add_point, review_id=review.pk, text=" ")
    shown = client_of(party, "manager").get(page(party, "landlord", "review", review.pk))
    assert "Accès aux caves" in shown.text
    act(party, "desk", services.withdraw_point, review_id=review.pk, point_id=point.pk)
    shown = client_of(party, "manager").get(page(party, "landlord", "review", review.pk))
    assert "Accès aux caves" not in shown.text


def test_who_wrote_slower_keeps_his_words_beside_the_others(world):
    party = world.first
    review = opened(party)
    address = page(party, "landlord", "review_act", review.pk, "compte-rendu")
    client = client_of(party, "manager")
    act(party, "desk", services.write_minutes, review_id=review.pk, text="De l’autre", version=1)
    answer = client.post(address, {"text": "De moi, longuement", "version": "1"})
    assert answer.status_code == 422
    assert "De l’autre" in answer.text
    assert "De moi, longuement" in answer.text
    version = re.search(r'name="version" value="(\d+)"', answer.text)
    assert version is not None
    kept = client.post(address, {"text": "De l’autre et de moi", "version": version[1]})
    assert kept.status_code == 302
    with system_scope("tests: minutes"):
        assert Review.objects.get(pk=review.pk).minutes == "De l’autre et de moi"


def test_minutes_wait_for_the_day_of_the_meeting(world):
    party = world.first
    review = opened(party)
    later = clock.today() + timedelta(days=9)
    act(party, "desk", services.move_review, review_id=review.pk, meets_on=later)
    with pytest.raises(Invalid, match="La réunion"):
        ready(party, review)


def test_a_review_that_is_opened_is_shown(world):
    party = world.first
    address = page(party, "landlord", "review_new", party.contract.pk)
    answer = client_of(party, "manager").post(address, {"meets_on": clock.today().isoformat()})
    with system_scope("tests: opened"):
        review = Review.objects.get(landlord=party.landlord)
    assert answer.url == page(party, "landlord", "review", review.pk)


def test_nobody_writes_over_the_others_minutes_nor_opens_a_second_review(world):
    party = world.first
    review = opened(party)
    with pytest.raises(Invalid):
        opened(party)
    act(party, "desk", services.write_minutes, review_id=review.pk, text="Un début", version=1)
    with pytest.raises(Conflict):
        act(party, "manager", services.write_minutes, review_id=review.pk, text="X", version=1)
    act(party, "desk", services.move_review, review_id=review.pk, meets_on=clock.today())
    with pytest.raises(Refused):
        act(party, "reader", services.add_point, review_id=review.pk, text="Un point")
    assert (
        client_of(world.second, "manager")
        .get(page(world.second, "landlord", "review", review.pk))
        .status_code
        == 404
    )


def test_it_is_signed_by_both_with_the_hash_that_was_read_and_printed(world, monkeypatch):
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    party = world.first
    review = opened(party)
    sign = {"review_id": review.pk}
    with pytest.raises(Conflict):  # not closed yet
        act(party, "manager", services.sign_review, **sign, sha256="")
    review = ready(party, review)
    with pytest.raises(Conflict):
        act(party, "desk", services.add_point, review_id=review.pk, text="Trop tard")
    act(party, "manager", services.reopen_review, review_id=review.pk)
    agenda = [one.kept() for one in items(party, "manager", review)]
    review = act(
        party, "manager", services.close_review, review_id=review.pk, agenda=agenda, version=2
    )
    with pytest.raises(Conflict):
        act(party, "manager", services.sign_review, **sign, sha256="0" * 64)
    with pytest.raises(Refused):
        act(party, "clerk", services.sign_review, **sign, sha256=review.sha256)
    act(party, "manager", services.sign_review, **sign, sha256=review.sha256)
    with pytest.raises(Conflict):
        act(party, "manager", services.sign_review, **sign, sha256=review.sha256)
    with pytest.raises(Conflict):
        act(party, "desk", services.reopen_review, review_id=review.pk)
    answer = client_of(party, "desk").post(
        page(party, "contractor", "review_act", review.pk, "signer"), {"sha256": review.sha256}
    )
    assert answer.status_code == 302
    deliver()
    with system_scope("tests"):
        assert ReviewSignature.objects.filter(review=review).count() == 2
        report = Report.objects.select_related("landlord", "contractor").get(review_id=review.pk)
        html = SPACES.sub(" ", html_of(report))
        assert Notification.objects.filter(kind="review").exists()
    for words in (review.sha256, "Signer les constats sous dix jours", "Bailleur, Patrimoine"):
        assert words in html, words
    with pytest.raises(DatabaseError), scope_of(party.actor("desk")), transaction.atomic():
        ReviewSignature.objects.filter(review=review, side="contractor").update(sha256="x")


def test_a_decision_is_followed_at_the_next_review_until_it_is_settled(world):
    party = world.first
    ready(party, opened(party))
    with system_scope("tests"):
        decision = ReviewDecision.objects.get()
    following = opened(party, back=0)
    (follow,) = [one for one in items(party, "desk", following) if one.part == "follow"]
    assert follow.title == decision.text
    with pytest.raises(Invalid):
        act(
            party,
            "desk",
            services.settle_decision,
            decision_id=decision.pk,
            outcome="dropped",
        )
    address = page(party, "landlord", "decision", decision.pk)
    assert client_of(party, "manager").post(address, {"outcome": "done"}).status_code == 302
    with pytest.raises(Conflict):
        act(party, "desk", services.settle_decision, decision_id=decision.pk, outcome="done")
    assert not [one for one in items(party, "desk", following) if one.part == "follow"]
    other = act(
        party,
        "manager",
        services.add_decision,
        review_id=following.pk,
        text="À retirer avant la signature",
        side="contractor",
        owner="Bureau",
        due_on=clock.today() + timedelta(days=5),
    )
    act(
        party,
        "desk",
        services.withdraw_decision,
        review_id=following.pk,
        decision_id=other.pk,
    )


def test_the_agenda_names_incidents_and_measured_clauses_alike_for_both_sides(world):
    party = world.first
    order = done(party)
    review = opened(party, back=0)
    assert not [one for one in items(party, "manager", review) if one.part == "incidents"]
    with system_scope("tests: incidents"):
        visit = Visit.objects.filter(order_id=order.pk).get()
        visit.pk, visit._state.adding = new_id(), True
        visit.number, visit.state = 2, VisitState.CONTRACTOR_NO_SHOW
        visit.save(force_insert=True)
        common = {
            "landlord_id": visit.landlord_id,
            "contractor_id": visit.contractor_id,
            "order_id": order.pk,
        }
        SignOff.objects.create(
            **common,
            visit=visit,
            satisfied=False,
            reason="remains",
            signer_name="X",
            how="link",
            sha256="0" * 64,
        )
        AccessCheck.objects.create(
            **common, visit=visit, state="landlord", proven=True, contested_at=clock.now()
        )
    ours, theirs = items(party, "manager", review), items(party, "desk", review)
    assert ours == theirs
    incidents = [one for one in ours if one.part == "incidents"]
    assert [one.title.split("\N{NO-BREAK SPACE}")[0] for one in incidents] == [
        "Rendez-vous manqués par l’entreprise",
        "Réparations que le locataire dit non réglées",
        "Absences contestées, du locataire ou de l’entreprise",
    ]
    assert {one.detail for one in incidents} == {order.reference}
    clauses = [one for one in ours if one.part == "clauses"]
    assert any("Statuts de passage" in one.title and "(n = " in one.title for one in clauses)
    shown = client_of(party, "desk").get(page(party, "contractor", "review", review.pk)).text
    assert "Incidents du trimestre" in shown
    assert "Clauses mesurées du trimestre" in shown


def test_gaps_are_of_the_reviews_own_quarter_or_say_of_which(world):
    party = world.first
    told(party, L2C, "trust", Decimal("4.2"))
    told(party, C2L, "trust", Decimal("2.9"))
    own = [one for one in items(party, "manager", opened(party, back=1)) if one.part == "gaps"]
    later = [one for one in items(party, "manager", opened(party, back=0)) if one.part == "gaps"]
    assert (len(own), later[1:]) == (1, own)
    assert later[0].title == f"Rien n’est publié du {Quarter.of(clock.today())}"
    assert str(Quarter.of(clock.today()).previous) in later[0].detail

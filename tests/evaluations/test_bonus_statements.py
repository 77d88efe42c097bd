"""Statements of bonus and malus: counted from real works, contested, answered, closed for good."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from contractors import services as contractors
from evaluations import services, tasks
from evaluations.bonus_facts import units_of
from evaluations.bonus_spans import Span
from evaluations.models import BonusContest, BonusLine, BonusStatement
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Notification
from nexxio.core.scoping import owner_scope, system_scope
from orders import services as orders
from orders.models import Certificate, Photo, SignOff, Visit
from tests.evaluations.steps import client_of, deliver
from tests.factories.acting import act, photo_bytes
from tests.factories.bonused import TERMS, accepted, contested, next_month, stated
from tests.factories.invoiced import handed_over

TEN = time(10)
MADE = 37
"""The day, of the month's first one on, when statements are made here."""


def at(days: float, hours: float = 0):
    """Move the clock into the first month of the rules, so many days after its first one."""
    start = datetime.combine(FIRST, TEN, clock.PARIS)
    return clock.moved_to(start + timedelta(days=days, hours=hours))


FIRST = next_month()


def works(party, *, day: int = 3, late: int = 0, returned: bool = False, told: int = 0):
    """Do the works of a new order; the technician arrives so many minutes after the window.

    told: minutes from his arrival to when his telephone says so. Returns the certificate.
    """
    with at(day):
        order = act(party, "manager", orders.draft_order, data=party.order_input())
        act(party, "manager", orders.issue_order, order_id=order.pk)
        if returned:
            act(party, "desk", orders.return_order, order_id=order.pk, items=["phone"])
            act(party, "manager", orders.reissue_order, order_id=order.pk)
        act(party, "desk", orders.accept_order, order_id=order.pk)
        start = clock.now() + timedelta(hours=1)
        end = start + timedelta(hours=2)
        visit = act(
            party,
            "desk",
            orders.propose_visit,
            order_id=order.pk,
            start=start,
            end=end,
            technician_id=party.technician.pk,
            call_noted=True,
        )
    arrived = end + timedelta(minutes=late) if late else end - timedelta(minutes=30)
    with clock.moved_to(arrived + timedelta(minutes=told)):
        act(party, "technician", orders.arrive, visit_id=visit.pk, happened_at=arrived)
        for moment in ("before", "after"):
            photo = photo_bytes()
            act(
                party,
                "technician",
                orders.add_photo,
                visit_id=visit.pk,
                photo=photo,
                moment=moment,
            )
        act(party, "technician", orders.complete_visit, visit_id=visit.pk, report="Fait.")
    with system_scope("tests: certificate"):
        return Certificate.objects.get(order_id=order.pk)


def invoiced(party, certificate, *, day: int = 10):
    """Sign, and invoice the works; their payment isn't due before the statement is made."""
    with at(day):
        act(party, "manager", orders.sign_certificate, certificate_id=certificate.pk)
        bill = act(party, "desk", contractors.prepare_invoice, order_id=certificate.order_id)
        return handed_over(party, bill)


def made(party) -> BonusStatement:
    with at(MADE):
        found = stated(party, FIRST)
    assert found is not None
    return found


def lines() -> dict[str, BonusLine]:
    with system_scope("tests: lines"):
        return {line.fact: line for line in BonusLine.objects.order_by("rank")}


def again(statement) -> BonusStatement:
    with system_scope("tests: statement"):
        return BonusStatement.objects.get(pk=statement.pk)


@pytest.fixture
def missed(world):
    """A statement of one order: its technician came 40 minutes late, all else was as agreed."""
    party = world.first
    accepted(party)
    invoiced(party, works(party, late=40))
    return party, made(party)


def test_a_period_is_counted_from_what_happened(world):
    party = world.first
    accepted(party)
    invoiced(party, works(party, told=7))
    statement = made(party)
    found = {fact: (line.value, line.amount) for fact, line in lines().items()}
    assert found == {"appointment": (0, 2), "status": (7, 1), "first_time": (0, 3)}
    assert (statement.base, statement.bonus, statement.total) == (Decimal("62.50"), 6, 6)


def test_what_went_wrong_costs_up_to_the_cap(missed):
    _party, statement = missed
    found = lines()
    assert (found["appointment"].value, found["appointment"].amount) == (40, -10)
    assert (statement.bonus, statement.malus) == (4, 10)
    assert (statement.cap, statement.total) == (0, -6)


def test_a_cap_gives_back_what_is_beyond_it(world):
    party = world.first
    accepted(party, cap_malus=Decimal(2))
    invoiced(party, works(party, late=40))
    statement = made(party)
    assert (statement.cap, statement.total) == (Decimal("4.75"), Decimal("-1.25"))  # 2 % of 62.50


def test_an_order_that_was_incomplete_costs_nothing(world):
    party = world.first
    accepted(party)
    works(party, late=40, returned=True)
    made(party)
    found = lines()
    assert (found["appointment"].amount, found["appointment"].full) == (0, -10)
    assert {line.neutral for line in found.values()} == {"returned"}
    assert found["first_time"].amount == 3  # it counts for the bonus all the same


def test_a_signature_that_came_late_makes_the_order_neutral(world):
    party = world.first
    accepted(party)
    certificate = works(party, late=40)
    with at(3 + certificate.delay_days + 1):
        act(party, "manager", orders.sign_certificate, certificate_id=certificate.pk)
    made(party)
    assert {line.neutral for line in lines().values()} == {"signature"}


def test_a_signature_in_time_makes_nothing_neutral(missed):
    assert {line.neutral for line in lines().values()} == {""}


def test_a_payment_after_its_due_date_makes_the_order_neutral(world):
    party = world.first
    accepted(party)
    bill = invoiced(party, works(party, late=40))
    with system_scope("tests: a due date that is over"):
        type(bill).objects.filter(pk=bill.pk).update(due_on=FIRST + timedelta(days=20))
    made(party)
    assert {line.neutral for line in lines().values()} == {"payment"}


def test_there_is_no_malus_in_onboarding(world):
    party = world.first
    accepted(party, onboarding_until=FIRST + timedelta(days=30))
    invoiced(party, works(party, late=40))
    statement = made(party)
    assert (statement.malus, lines()["appointment"].neutral) == (0, "onboarding")


def test_a_closing_pack_holds_what_the_contract_asks_for(world):
    party = world.first
    with system_scope("tests: pieces"):
        type(party.contract).objects.filter(pk=party.contract.pk).update(
            pieces=["photos_before", "photos_after", "sign_off"]
        )
    accepted(party, terms=(services.TermInput(fact="pack", malus=Decimal(4)),))
    invoiced(party, works(party))
    made(party)
    assert (lines()["pack"].value, lines()["pack"].amount) == (1, -4)  # nobody signed


def test_a_closing_pack_counts_what_is_still_there_or_was_refused(world):
    party = world.first
    pieces = ["photos_before", "photos_after", "sign_off"]
    works(party)
    with system_scope("tests: facts"):
        visits = Visit.objects.filter(order__done_at__isnull=False)
        visit = visits.get()
        values = {"reason": "remains", "signer_name": "A", "how": "screen", "sha256": "0" * 64}
        own = {"landlord_id": visit.landlord_id, "contractor_id": visit.contractor_id}
        own |= {"tenant_id": visit.tenant_id, "reader_case_id": visit.reader_case_id}
        row = SignOff(**own, order_id=visit.order_id, visit=visit, satisfied=False, **values)
        row.created_at = visit.finished_at
        row.save(force_insert=True)

        def lacking():
            units = units_of(party.contract, Span(FIRST), pieces=pieces)
            return next(unit.value for unit in units if unit.fact == "pack")

        assert lacking() == 1  # what was signed settles nothing
        SignOff.objects.update(outcome="fixed", checked_at=visit.finished_at)
        assert lacking() == 0
        Photo.objects.filter(moment="after").update(
            withdrawn_at=visit.finished_at, withdrawn_because="wrong"
        )
        assert lacking() == 1
        visits.update(photos_refused=True)
        assert lacking() == 0


def test_the_clock_makes_one_statement_once_the_period_is_over(world):
    party = world.first
    accepted(party)
    works(party)
    with at(20):
        assert stated(party, FIRST) is None
        tasks.run_due()
    with at(MADE):
        tasks.run_due()
        tasks.run_due()
        assert stated(party, FIRST) is None
        deliver()
    with system_scope("tests: statements"):
        assert BonusStatement.objects.get().first == FIRST
        told = Notification.objects.filter(kind="bonus_statement")
        assert {row.organisation_id for row in told} == {party.landlord.pk, party.contractor.pk}


def test_nothing_before_the_rules_is_counted(world):
    party = world.first
    accepted(party)
    before = (FIRST - timedelta(days=1)).replace(day=1)
    of = {"actor": SYSTEM, "contract_id": party.contract.pk, "first": before}
    with at(MADE), system_scope("tests: a month before"):
        assert services.make_statement(**of) is None


def test_a_contested_line_is_neutralised_or_kept_with_a_reason(missed):
    party, statement = missed
    line = lines()["appointment"]
    with at(MADE + 1):
        contest = contested(party, line)
        with pytest.raises(Invalid):
            contested(party, line)
        with pytest.raises(Refused):
            act(party, "desk", services.close_statement, statement_id=statement.pk)
        answer = {
            "contest_id": contest.pk,
            "keeps": False,
            "answer": "Accordé, le gardien a confirmé",
        }
        with pytest.raises(Refused):
            act(party, "desk", services.answer_contest, **answer)
        act(party, "clerk", services.answer_contest, **answer)
        with pytest.raises(Conflict):
            act(party, "clerk", services.answer_contest, **answer)
    found = again(statement)
    assert (found.malus, found.total) == (0, 4)


def test_contesting_ends_after_fifteen_days_and_the_clock_closes(missed):
    party, statement = missed
    late = {"line_id": lines()["appointment"].pk, "reason": "Trop tard pour le dire"}
    with at(MADE + 14):
        tasks.run_due()
        with pytest.raises(Refused):  # the landlord can't cut the time short
            act(party, "manager", services.close_statement, statement_id=statement.pk)
    assert again(statement).closed_at is None
    with at(MADE + 15, hours=1):
        with pytest.raises(Refused):
            act(party, "desk", services.contest_line, **late)
        tasks.run_due()
    found = again(statement)
    assert (found.closed_side, found.closed_by, found.total) == ("system", None, -6)
    with pytest.raises(Conflict):
        act(party, "desk", services.close_statement, statement_id=statement.pk)


def test_silence_on_a_contest_is_for_the_company(missed):
    party, statement = missed
    with at(MADE + 1):
        contest = contested(party, lines()["appointment"])
    with at(MADE + 16):
        tasks.run_due()
        with system_scope("tests: too early"):  # the landlord may still answer
            assert not services.close_due(actor=SYSTEM, statement_id=statement.pk)
    assert again(statement).closed_at is None
    with at(MADE + 31):
        tasks.run_due()
    found = again(statement)
    assert (found.total, found.closed_side) == (4, "system")
    with system_scope("tests: contest"):
        assert BonusContest.objects.get(pk=contest.pk).outcome == "silent"


def test_a_closed_statement_never_changes(missed):
    party, statement = missed
    with at(MADE + 1):
        closed = act(party, "desk", services.close_statement, statement_id=statement.pk)
    assert (closed.closed_by_id, closed.closed_side) == (party.desk.user_id, "contractor")
    with owner_scope(), pytest.raises(DatabaseError, match="closed"), transaction.atomic():
        BonusStatement.objects.update(total=0, malus=4)


def test_the_site_writes_no_line(missed):
    party, _statement = missed
    with scope_of(party.actor("manager")), connection.cursor() as cursor:
        for what in (
            "UPDATE evaluations_bonusline SET amount = 99",
            "DELETE FROM evaluations_bonusstatement",
            "UPDATE evaluations_bonusstatement SET base = 1",
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                cursor.execute(what)


def test_no_one_is_named_in_a_statement(missed):
    party, statement = missed
    url = reverse("evaluations:landlord_bonus_statement", args=[party.landlord.slug, statement.pk])
    with at(MADE + 1):
        body = client_of(party, "manager").get(url).text
        csv = (
            client_of(party, "manager")
            .get(
                reverse(
                    "evaluations:landlord_bonus_file",
                    args=[party.landlord.slug, statement.pk, "csv"],
                )
            )
            .text
        )
    assert "40 min après le créneau" in body.replace("\N{NO-BREAK SPACE}", " ")
    assert "Manqué;;10,00;;" in csv
    assert "Résultat;;;;;6,00;" in csv  # in the column of what is taken back
    for name in ("Karim", str(party.technician.pk)):
        assert name not in body
        assert name not in csv


def test_the_period_that_runs_is_shown_alike_to_both_sides(world):
    party = world.first
    accepted(party)
    invoiced(party, works(party, late=40))
    with at(10):
        for side, who in (("landlord", "manager"), ("contractor", "desk")):
            house = getattr(party, side)
            url = reverse(f"evaluations:{side}_bonus_now", args=[house.slug, party.contract.pk])
            page = client_of(party, who).get(url).context["page"]
            assert page.counted.sums.total == -6
            assert page.counted.n == 1


def test_a_simulation_reads_the_past_in_both_scopes(world):
    party = world.first
    invoiced(party, works(party, late=40))
    with at(MADE):
        rules = accepted(party, starts_on=next_month())
        for side, who in (("landlord", "manager"), ("contractor", "desk")):
            house = getattr(party, side)
            url = reverse(f"evaluations:{side}_bonus_rules", args=[house.slug, rules.pk])
            months = client_of(party, who).get(url).context["page"].simulated
            assert [each.sums.total for each in months[-1:]] == [-6]
            assert (len(months), months[-1].neutral) == (12, 0)


def test_pages_of_contest_and_answer(missed):
    party, statement = missed
    desk, manager = client_of(party, "desk"), client_of(party, "manager")
    line = lines()["appointment"]
    contest = reverse("evaluations:contractor_bonus_contest", args=[party.contractor.slug, line.pk])
    with at(MADE + 1):
        assert desk.get(contest).status_code == 200
        assert desk.post(contest, {"reason": ""}).status_code == 422
        assert desk.post(contest, {"reason": "Le gardien nous a retenus"}).status_code == 302
        with system_scope("tests: contest"):
            row = BonusContest.objects.get()
        slug = party.landlord.slug
        answer = reverse("evaluations:landlord_bonus_contest", args=[slug, row.pk])
        assert "gardien" in manager.get(answer).text
        said = {"outcome": "kept", "answer": "Le créneau était convenu"}
        assert manager.post(answer, said).status_code == 302
        shown = desk.get(
            reverse(
                "evaluations:contractor_bonus_statement",
                args=[party.contractor.slug, statement.pk],
            )
        )
    assert "Le créneau était convenu" in shown.text
    assert again(statement).total == -6
    assert len(TERMS) == len(lines())

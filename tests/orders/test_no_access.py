"""Nobody opened: proofs, whether an absence counts, both statements, the landlord's decision."""

from __future__ import annotations

import html
import io
from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nexxio.core import clock, links, relay
from nexxio.core.actors import scope_of
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.models import Event, Job, Message
from nexxio.core.scoping import system_scope
from orders import services
from orders.models import AccessCheck, AccessLetter, NoAccessProof, Order, Visit
from orders.selectors import pages
from orders.services import reminders
from orders.services.attempts import attempts
from orders.services.drafts import draft_order
from orders.tasks import remind_due
from orders.waits import with_waits
from tests.factories.acting import act, photo_bytes
from tests.factories.full import visited, worked
from tests.factories.world import Party

FULL = services.ProofInput(
    minutes_waited=15, call_tried=True, sms_tried=True, notice_number="AV-20418"
)


@pytest.fixture
def first(world, monkeypatch) -> Party:
    monkeypatch.setattr("nexxio.core.live.publish", lambda _messages: None)
    return world.first


def attempt(
    party: Party,
    *,
    order_id=None,
    days: int = 3,
    remind: bool = True,
    full: bool = True,
    came: int = 5,
    gone: int = 25,
) -> Visit:
    """Confirm a visit, remind its tenant, find nobody; moves no clock but its own.

    came, gone: minutes after the window's beginning.
    """
    order_id = order_id or party.order.pk
    day = clock.today() + timedelta(days=days)
    start = datetime.combine(day, time(14), clock.PARIS)
    visit = act(
        party,
        "desk",
        services.propose_visit,
        order_id=order_id,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=party.technician.pk,
        call_noted=True,
    )
    if remind:
        for moment in (start - timedelta(days=1, hours=3), start - timedelta(hours=1)):
            with clock.moved_to(moment):
                remind_due()
    with clock.moved_to(start + timedelta(minutes=came)):
        act(party, "technician", services.arrive, visit_id=visit.pk)
    with clock.moved_to(start + timedelta(minutes=gone)):
        return act(
            party,
            "technician",
            services.declare_no_access,
            visit_id=visit.pk,
            proof=FULL if full else services.ProofInput(minutes_waited=12, call_tried=True),
            photo=photo_bytes() if full else None,
        )


@pytest.fixture
def accepted(first) -> Party:
    act(first, "desk", services.accept_order, order_id=first.order.pk)
    return first


def check_of(visit) -> AccessCheck:
    with system_scope("tests: check"):
        return AccessCheck.objects.get(visit_id=visit.pk)


def state_of(visit) -> str:
    with system_scope("tests: visit"):
        return Visit.objects.get(pk=visit.pk).state


def found(party: Party):
    """Return the order's attempts as its landlord sees them."""
    with scope_of(party.actor("manager")):
        order = Order.objects.get(pk=party.order.pk)
        return attempts(order, list(Visit.objects.filter(order=order).select_related("proof")))


def kinds() -> list[str]:
    with system_scope("tests: kinds"):
        return list(Event.objects.order_by("id").values_list("kind", flat=True))


def page_of(party: Party, who: str):
    with scope_of(party.actor(who)):
        order = (
            with_waits(Order.objects.all())
            .select_related("landlord", "contractor", "contract", "trade", "budget")
            .get(pk=party.order.pk)
        )
        return pages.order_page(party.actor(who), order)


def test_an_absence_counts_when_it_was_confirmed_reminded_and_proven(accepted):
    attempt(accepted)
    (one,) = found(accepted)
    assert one.chargeable
    assert one.missing == []
    assert check_of(one.visit).proven


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ({"remind": False}, "rappel de la veille non envoyé"),
        ({"remind": False}, "rappel du jour même non envoyé"),
        (
            {"full": False},
            "preuves incomplètes (SMS tenté, photo de la porte, numéro de l’avis de passage)",
        ),
    ],
)
def test_what_is_missing_makes_an_absence_count_for_nothing_and_is_said(accepted, how, reason):
    attempt(accepted, **how)
    (one,) = found(accepted)
    assert not one.chargeable
    assert reason in one.reasons


@pytest.mark.parametrize(
    ("came", "gone", "missing"),
    [
        (-90, 5, ["dix minutes d’attente dans le créneau"]),  # before the tenant owed to be there
        (5, 8, ["dix minutes d’attente dans le créneau"]),  # whatever was typed
        (150, 170, ["arrivée dans le créneau"]),  # two hours are over
        (-5, 10, []),
        (119, 130, []),
    ],
)
def test_only_what_was_waited_within_the_window_is_proof(accepted, came, gone, missing):
    visit = attempt(accepted, came=came, gone=gone)
    (one,) = found(accepted)
    assert one.missing == missing
    assert one.chargeable is not bool(missing)
    assert check_of(visit).proven is not bool(missing)


@pytest.mark.parametrize(
    ("gone", "told"), [(3, "3 min d’attente (15 déclarées)"), (20, "15 min d’attente")]
)
def test_a_wait_is_told_as_far_as_the_clock_bears_it_out(accepted, gone, told):
    attempt(accepted, came=0, gone=gone)
    client = Client()
    client.force_login(accepted.manager.user)
    url = reverse("orders:landlord_detail", args=[accepted.landlord.slug, accepted.order.pk])
    page = client.get(url).content.decode()
    assert told in page
    assert ("déclarées" in page) is (gone < 15)


@pytest.mark.parametrize(("full", "state"), [(True, "landlord"), (False, "company")])
def test_the_tenant_was_there_asks_the_landlord_or_the_company(accepted, full, state):
    visit = attempt(accepted, full=full)
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    check = check_of(visit)
    assert check.state == state
    assert (check.remind_at is not None) is (state == "company")
    if state == "company":
        assert check.remind_at - check.answered_at == timedelta(days=5)
    (one,) = found(accepted)
    assert "le locataire dit qu’il était là, rien n’est tranché" in one.reasons


def test_the_tenant_changes_his_answer_while_nothing_is_settled(accepted):
    visit = attempt(accepted, full=False)
    for was_here in (True, True, False, True):
        act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=was_here)
    assert check_of(visit).state == "company"
    assert kinds().count("visit.tenant_answered") == 3  # the same again changes nothing


@pytest.mark.parametrize("who", ["manager", "desk", "technician", "paper"])
def test_nobody_answers_for_the_tenant(accepted, who):
    visit = attempt(accepted)
    with pytest.raises(Refused):
        act(accepted, who, services.answer_absence, visit_id=visit.pk, was_here=True)
    assert check_of(visit).state == "asked"


def test_another_tenant_finds_no_visit_to_answer(world, accepted):
    visit = attempt(accepted)
    with pytest.raises(Visit.DoesNotExist):
        act(world.second, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)


def test_without_an_answer_in_five_days_the_clock_counts_the_company_as_absent(accepted):
    visit = attempt(accepted, full=False)
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    with clock.moved_to(clock.now() + timedelta(days=4, hours=23)):
        remind_due()
    assert state_of(visit) == "no_access"
    with clock.moved_to(clock.now() + timedelta(days=5, minutes=1)):
        remind_due()
        remind_due()
    assert state_of(visit) == "no_show"
    assert check_of(visit).state == "no_show"
    assert kinds().count("visit.no_show") == 1
    with system_scope("tests: event"):
        event = Event.objects.get(kind="visit.no_show")
        assert (event.actor_side, event.payload["how"]) == ("system", "lapsed")


def test_a_company_that_answers_in_time_is_not_counted_by_the_clock(accepted):
    visit = attempt(accepted, full=False)
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    act(accepted, "desk", services.contest_answer, visit_id=visit.pk, note="Passés à 14 h 05")
    with clock.moved_to(clock.now() + timedelta(days=6)):
        remind_due()
    assert state_of(visit) == "no_access"
    assert check_of(visit).state == "landlord"


def test_the_company_adds_the_pieces_that_were_missing(accepted):
    visit = attempt(accepted, full=False)
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    act(
        accepted,
        "desk",
        services.contest_answer,
        visit_id=visit.pk,
        notice_number="AV-7",
        photo=photo_bytes(),
    )
    with system_scope("tests: proof"):
        proof = NoAccessProof.objects.get(visit_id=visit.pk)
    assert (proof.notice_number, proof.missing) == ("AV-7", ["sms"])
    assert not check_of(visit).proven


def test_the_company_says_nothing_new_and_is_told_so(accepted):
    visit = attempt(accepted, full=False)
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    with pytest.raises(Invalid):
        act(accepted, "desk", services.contest_answer, visit_id=visit.pk, note="  ")
    with pytest.raises(Invalid):
        act(
            accepted,
            "desk",
            services.contest_answer,
            visit_id=visit.pk,
            photo=io.BytesIO(b"no picture"),
        )
    assert check_of(visit).state == "company"


def test_the_company_admits_its_absence(accepted):
    visit = attempt(accepted, full=False)
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    act(accepted, "desk", services.concede_no_show, visit_id=visit.pk)
    assert (state_of(visit), check_of(visit).state) == ("no_show", "no_show")
    with pytest.raises(Refused):
        act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=False)


@pytest.mark.parametrize("who", ["technician", "manager", "tenant", "paper"])
def test_only_the_companys_desk_answers_for_it(accepted, who):
    visit = attempt(accepted, full=False)
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    with pytest.raises(Refused):
        act(accepted, who, services.concede_no_show, visit_id=visit.pk)
    with pytest.raises(Refused):
        act(accepted, who, services.contest_answer, visit_id=visit.pk, note="Passés")
    assert check_of(visit).state == "company"


@pytest.mark.parametrize(
    ("came", "visit_state", "state"), [(True, "no_access", "stands"), (False, "no_show", "no_show")]
)
def test_the_landlord_settles_two_statements(accepted, came, visit_state, state):
    visit = attempt(accepted)
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    for who in ("desk", "reader", "tenant"):
        with pytest.raises(Refused):
            act(accepted, who, services.decide_absence, visit_id=visit.pk, company_came=came)
    act(
        accepted,
        "clerk",
        services.decide_absence,
        visit_id=visit.pk,
        company_came=came,
        note="Vu avec le gardien",
    )
    assert (state_of(visit), check_of(visit).state) == (visit_state, state)
    assert check_of(visit).decision_note == "Vu avec le gardien"
    with pytest.raises(Conflict):
        act(accepted, "manager", services.decide_absence, visit_id=visit.pk, company_came=came)
    (one,) = found(accepted)
    assert one.chargeable is came


def test_who_waited_says_that_nobody_came_after_the_window_only(first):
    visit = visited(first, state="confirmed")
    for who in ("tenant", "manager"):
        with pytest.raises(Refused) as refusal:
            act(first, who, services.declare_no_show, visit_id=visit.pk)
        assert refusal.value.code == "early"
    with clock.moved_to(visit.window_end + timedelta(minutes=1)):
        with pytest.raises(Refused):
            act(first, "desk", services.declare_no_show, visit_id=visit.pk)
        with pytest.raises(Refused):
            act(first, "reader", services.declare_no_show, visit_id=visit.pk)
        act(first, "tenant", services.declare_no_show, visit_id=visit.pk)
    assert state_of(visit) == "no_show"
    assert page_of(first, "desk").status.label == "Absence de l’entreprise"
    assert page_of(first, "manager").ball.what == "proposer un rendez-vous pour revenir"


def test_an_arrival_announced_for_later_puts_the_window_off(first):
    visit = visited(first, state="confirmed")
    with system_scope("tests: announced"):
        late = visit.window_end + timedelta(hours=1)
        Visit.objects.filter(pk=visit.pk).update(
            arrival_start=late - timedelta(minutes=30), arrival_end=late
        )
    with clock.moved_to(late - timedelta(minutes=1)), pytest.raises(Refused):
        act(first, "tenant", services.declare_no_show, visit_id=visit.pk)
    with clock.moved_to(late + timedelta(minutes=1)):
        act(first, "tenant", services.declare_no_show, visit_id=visit.pk)


def test_the_ball_goes_round_with_the_statements(accepted):
    visit = attempt(accepted, full=False)
    assert page_of(accepted, "manager").ball.side == "contractor"
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    assert page_of(accepted, "manager").ball.what == "répondre au locataire, qui dit qu’il était là"
    act(accepted, "desk", services.contest_answer, visit_id=visit.pk, note="Passés")
    ball = page_of(accepted, "desk").ball
    assert (ball.side, ball.what) == (
        "landlord",
        "trancher : absence du locataire, ou de l’entreprise",
    )


def test_after_two_absences_that_count_the_landlord_closes(accepted):
    attempt(accepted)
    attempt(accepted, days=6)
    page = page_of(accepted, "manager")
    assert page.ball.what == "décider après le deuxième passage"
    assert page.absences.can_close
    for who in ("desk", "reader", "tenant"):
        with pytest.raises(Refused):
            act(accepted, who, services.close_no_access, order_id=accepted.order.pk)
    order = act(accepted, "clerk", services.close_no_access, order_id=accepted.order.pk)
    assert order.state == "closed_no_access"
    assert order.closed_at is not None
    assert page_of(accepted, "desk").status.label == "Logement inaccessible"
    with pytest.raises(Refused):
        act(accepted, "manager", services.close_no_access, order_id=accepted.order.pk)
    relay.deliver_one_by_one()
    with system_scope("tests: messages"):
        texts = list(
            Message.objects.filter(event__kind="order.closed_no_access").values_list(
                "text", flat=True
            )
        )
    assert any("Rappelez-nous pour reprendre" in text for text in texts)


def test_an_absence_that_does_not_count_leaves_the_order_open_and_says_why(accepted):
    attempt(accepted)
    attempt(accepted, days=6, remind=False)
    with pytest.raises(Refused) as refusal:
        act(accepted, "manager", services.close_no_access, order_id=accepted.order.pk)
    assert "rappel de la veille non envoyé" in refusal.value.message
    assert not page_of(accepted, "manager").absences.can_close


def test_one_absence_is_nothing_to_decide(accepted):
    attempt(accepted)
    for service in (services.close_no_access, services.ask_another_attempt):
        with pytest.raises(Conflict):
            act(accepted, "manager", service, order_id=accepted.order.pk)


@pytest.mark.parametrize("duty", ["gas", "annual", "hazard"])
def test_a_legal_visit_or_a_hazard_is_never_closed(first, duty):
    with system_scope("tests: duty"):
        Order.objects.filter(pk=first.order.pk).update(access_duty=duty)
    act(first, "desk", services.accept_order, order_id=first.order.pk)
    attempt(first)
    attempt(first, days=6)
    with pytest.raises(Refused, match="mise en demeure"):
        act(first, "manager", services.close_no_access, order_id=first.order.pk)


def test_the_landlord_asks_for_another_attempt_once(accepted):
    attempt(accepted)
    attempt(accepted, days=6)
    act(accepted, "manager", services.ask_another_attempt, order_id=accepted.order.pk)
    assert page_of(accepted, "desk").ball.side == "contractor"
    with pytest.raises(Conflict):
        act(accepted, "manager", services.ask_another_attempt, order_id=accepted.order.pk)
    visit = attempt(accepted, days=9)
    assert page_of(accepted, "manager").ball.side == "landlord"
    assert page_of(accepted, "manager").absences.cards[visit.pk].place == "Passage 3 sur 3"


def test_pages_say_which_attempt_a_visit_is(accepted):
    visit = attempt(accepted)
    start = clock.now() + timedelta(days=5)
    act(
        accepted,
        "desk",
        services.propose_visit,
        order_id=accepted.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        off_hours=True,
    )
    page = page_of(accepted, "desk")
    assert page.absences.place_of_next == "Passage 2 sur 2"
    assert page.absences.cards[visit.pk].place == "Passage 1 sur 2"


@pytest.mark.parametrize(
    ("left", "before", "after"),
    [
        (20, "Nouveau passage à prévoir avant la date limite", "est dans le délai"),
        (7, "Nouveau passage à prévoir avant la date limite", "est après la date limite"),
        (0, "Nouveau passage à prévoir avant la date limite", "est après la date limite"),
        (-1, "le nouveau passage sera hors délai", "est après la date limite"),
    ],
)
def test_both_pages_say_whether_the_next_attempt_falls_inside_the_target(
    accepted, left, before, after
):
    target = clock.today() + timedelta(days=left)
    with system_scope("tests: target"):
        Order.objects.filter(pk=accepted.order.pk).update(target_date=target)
    assert page_of(accepted, "desk").absences.target == ""
    attempt(accepted)
    for who in ("manager", "desk"):
        assert before in page_of(accepted, who).absences.target
    start = clock.now() + timedelta(days=9)
    act(
        accepted,
        "desk",
        services.propose_visit,
        order_id=accepted.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        off_hours=True,
    )
    client = Client()
    client.force_login(accepted.manager.user)
    url = reverse("orders:landlord_detail", args=[accepted.landlord.slug, accepted.order.pk])
    assert after in client.get(url).text
    assert page_of(accepted, "desk").absences.is_past_target is (left < 9)


def letter_of(party: Party) -> AccessLetter:
    relay.deliver_one_by_one()
    with system_scope("tests: jobs"):
        waiting = list(Job.objects.filter(kind="access.letter", state="queued"))
    for job in waiting:
        worked(job)
    with system_scope("tests: letters"):
        return AccessLetter.objects.select_related("file").get(order_id=party.order.pk)


@pytest.mark.parametrize(("duty", "kind"), [("", "notice"), ("gas", "formal")])
def test_the_landlord_gets_a_letter_as_pdf(first, duty, kind):
    with system_scope("tests: duty"):
        Order.objects.filter(pk=first.order.pk).update(access_duty=duty)
    act(first, "desk", services.accept_order, order_id=first.order.pk)
    attempt(first)
    attempt(first, days=6)
    act(first, "clerk", services.ask_letter, order_id=first.order.pk)
    letter = letter_of(first)
    assert (letter.kind, letter.state, letter.number) == (kind, "ready", 1)
    assert letter.file.media_type == "application/pdf"
    with scope_of(first.actor("desk")):
        assert not AccessLetter.objects.exists()
    assert page_of(first, "manager").absences.letter.pk == letter.pk


def test_a_letter_needs_a_visit_that_found_nobody_and_the_landlords_desk(accepted):
    with pytest.raises(Refused):
        act(accepted, "manager", services.ask_letter, order_id=accepted.order.pk)
    attempt(accepted)
    for who in ("desk", "reader", "tenant"):
        with pytest.raises(Refused):
            act(accepted, who, services.ask_letter, order_id=accepted.order.pk)


def test_works_that_were_done_since_begin_the_count_again(accepted):
    attempt(accepted)
    start = clock.now() + timedelta(days=5)
    visit = act(
        accepted,
        "desk",
        services.propose_visit,
        order_id=accepted.order.pk,
        start=start,
        end=start + timedelta(hours=2),
        technician_id=accepted.technician.pk,
        call_noted=True,
    )
    act(accepted, "technician", services.complete_visit, visit_id=visit.pk, report="Fait.")
    assert found(accepted) == []


def test_a_second_order_of_the_same_tenant_begins_at_nought(accepted):
    attempt(accepted)
    other = act(accepted, "manager", draft_order, data=accepted.order_input())
    act(accepted, "manager", services.issue_order, order_id=other.pk)
    act(accepted, "desk", services.accept_order, order_id=other.pk)
    visit = attempt(accepted, order_id=other.pk, days=8)
    with scope_of(accepted.actor("manager")):
        order = Order.objects.get(pk=other.pk)
        (one,) = attempts(order, list(Visit.objects.filter(pk=visit.pk).select_related("proof")))
    assert one.rank == 1


def test_reminders_really_are_what_counts(accepted):
    visit = attempt(accepted, remind=False)
    assert reminders.moments_of(visit.window_start, visit.window_start - timedelta(days=2))
    (one,) = found(accepted)
    assert one.reasons == ["rappel de la veille non envoyé", "rappel du jour même non envoyé"]


# --- Pages --------------------------------------------------------------------------------------


def test_the_tenant_answers_in_one_tap_by_post_only(client, accepted):
    visit = attempt(accepted, full=False)
    token = links.token_of(accepted.link.pk)
    page = reverse("tenants:follow", args=[token])
    assert "Étiez-vous là" in client.get(page).content.decode()
    url = reverse("tenants:visit", args=[token, visit.pk])
    assert client.get(url, {"reponse": "present"}).status_code == 405
    assert check_of(visit).state == "asked"
    assert client.post(url, {"reponse": "present"}).status_code == 302
    assert check_of(visit).state == "company"
    shown = client.get(page).content.decode()
    assert "l’entreprise doit répondre" in shown
    assert "reprendre rendez-vous" in shown
    assert client.post(url, {"reponse": "empeche"}).status_code == 302
    assert check_of(visit).state == "away"


def test_both_desks_read_why_an_absence_does_not_count_and_what_was_said(client, accepted):
    visit = attempt(accepted, full=False, remind=False)
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    for side, member in (("landlord", accepted.manager), ("contractor", accepted.desk)):
        client.force_login(member.user)
        slug = getattr(accepted, side).slug
        shown = client.get(reverse(f"orders:{side}_detail", args=[slug, accepted.order.pk]))
        text = html.unescape(shown.content.decode()).replace("\u00a0", " ").replace("\u202f", " ")
        assert "Absence non imputable : rappel de la veille non envoyé" in text
        assert "Le locataire dit qu’il était là" in text


def test_the_company_answers_on_its_page(client, accepted):
    visit = attempt(accepted, full=False)
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    client.force_login(accepted.desk.user)
    url = reverse("orders:contractor_visit", args=[accepted.contractor.slug, visit.pk, "absence"])
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 422
    refused = client.post(url, {"answer": "contest", "note": ""})
    assert refused.status_code == 422
    assert "Expliquez votre passage" in refused.content.decode()
    assert client.post(url, {"answer": "contest", "note": "Passés à 14 h 05"}).status_code == 302
    assert check_of(visit).state == "landlord"


def test_the_landlord_settles_and_closes_on_his_pages(client, accepted):
    attempt(accepted)
    visit = attempt(accepted, days=6)
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    client.force_login(accepted.manager.user)
    slug = accepted.landlord.slug
    url = reverse("orders:landlord_visit", args=[slug, visit.pk, "trancher"])
    assert "Les deux versions" in client.get(url).content.decode()
    assert client.post(url).status_code == 422
    assert client.post(url, {"company_came": "yes", "note": "Badge vu"}).status_code == 302
    page = reverse("orders:landlord_detail", args=[slug, accepted.order.pk])
    assert "Clore : logement inaccessible" in html.unescape(client.get(page).content.decode())
    for action in ("courrier", "logement-inaccessible"):
        acted = reverse("orders:landlord_act", args=[slug, accepted.order.pk, action])
        assert client.post(acted).status_code == 302
    letter_of(accepted)
    pdf = client.get(reverse("orders:landlord_letter", args=[slug, accepted.order.pk]))
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    token = links.token_of(accepted.link.pk)
    shown = client.get(reverse("tenants:follow", args=[token])).content.decode()
    assert "Rappelez-nous pour reprendre" in html.unescape(shown)


def test_a_company_that_has_answered_is_not_asked_again_when_the_tenant_says_it_twice(accepted):
    visit = attempt(accepted, full=False)
    act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=True)
    assert check_of(visit).state == "company"
    act(accepted, "desk", services.contest_answer, visit_id=visit.pk, note="Passé à 14 h")
    for was_here in (False, True):
        act(accepted, "tenant", services.answer_absence, visit_id=visit.pk, was_here=was_here)
    check = check_of(visit)
    assert (check.state, check.remind_at) == ("landlord", None)
    with clock.moved_to(clock.now() + timedelta(days=30)):
        remind_due()
    assert state_of(visit) == "no_access"


def test_nothing_is_closed_while_a_tenants_word_is_open(accepted):
    attempt(accepted)
    attempt(accepted, days=6)
    act(accepted, "manager", services.ask_another_attempt, order_id=accepted.order.pk)
    third = attempt(accepted, days=9)
    act(accepted, "tenant", services.answer_absence, visit_id=third.pk, was_here=True)
    with pytest.raises(Refused, match="tranché"):
        act(accepted, "manager", services.close_no_access, order_id=accepted.order.pk)

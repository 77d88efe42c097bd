"""Evaluations for tests: asked, given, shared, counted and published, of both parties."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from evaluations import peers, services
from evaluations.axes import Axis, Direction
from evaluations.models import (
    Answer,
    AnswerStanding,
    Ballot,
    Campaign,
    CardReading,
    Evaluation,
    GivenAnswers,
    OwnQuestion,
    PeerContact,
    PeerReference,
    PeerRule,
    Report,
    Result,
    Review,
    ReviewDecision,
    StaffSurvey,
    TenantSurvey,
    Thanks,
    TrainingTally,
    Voice,
)
from evaluations.quarters import Quarter
from evaluations.states import EvaluationState
from evaluations.training_cards import CARDS
from nexxio.core import clock
from nexxio.core.actors import SYSTEM, scope_of
from nexxio.core.models import Membership
from nexxio.core.scoping import system_scope
from orders.models import Order
from tests.factories.acting import act
from tests.factories.piloted import annexed, needed, piloted, prolonged
from tests.factories.world import Party

L2C, C2L, T2R = (
    Direction.LANDLORD_CONTRACTOR,
    Direction.CONTRACTOR_LANDLORD,
    Direction.TENANT_REPAIR,
)
FIXED = ["competence", "conduct", "experience"]
EVERY_MARK = dict.fromkeys([*Axis.values, "quality", "cleanliness", "delays"], 4)


def asked_of(party: Party, direction: Direction, order: Order | None = None, **changes):
    """Ask for an evaluation of an order, as after its works; return it."""
    order = order or party.order
    now = clock.now()
    parties = {"tenant_id": party.tenant.pk, "reader_case_id": order.case_id}
    values = {
        "landlord": party.landlord,
        "contractor": party.contractor,
        "direction": direction,
        "order": order,
        "trade_code": "plomberie",
        "quarter": Quarter.of(clock.today()).first,
        "version": 1,
        "subjects": FIXED if direction == T2R else ["trust"],
        "opened_at": now,
        "closes_at": now + timedelta(days=14),
        **(parties if direction == T2R else {}),
        **changes,
    }
    with system_scope("tests: evaluation"):
        return Evaluation.objects.create(**values)


def shared(party: Party, order: Order, *, mark: int = 4) -> Evaluation:
    """Return a landlord's evaluation of its company that both sides read."""
    now = clock.now()
    found = asked_of(
        party,
        L2C,
        order,
        opened_at=now - timedelta(days=15),
        closes_at=now - timedelta(days=1),
        state=EvaluationState.REVEALED,
        answered_at=now - timedelta(days=2),
        revealed_at=now - timedelta(days=1),
        is_shared=True,
    )
    with system_scope("tests: evaluation"):
        Answer.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            evaluation=found,
            direction=L2C,
            marks={"trust": mark},
            text=f"Bien fait, {party.landlord.name}",
        )
    return found


def campaign_of(party: Party, quarter: Quarter | None = None) -> Campaign:
    """Open the campaign of a quarter, the last one that is over."""
    quarter = quarter or Quarter.of(clock.today()).previous
    with system_scope("tests: campaign"):
        found = services.open_campaign(
            actor=SYSTEM,
            landlord_id=party.landlord.pk,
            contractor_id=party.contractor.pk,
            quarter=quarter,
        )
    assert found is not None
    return found


def answered_campaign(party: Party) -> Campaign:
    """Open the campaign before the last one; the managers of both houses have answered it."""
    campaign = campaign_of(party, Quarter.of(clock.today()).previous.previous)
    for who, more in (("manager", ("quality", "cleanliness", "delays")), ("desk", ())):
        marks = dict.fromkeys([*Axis.values, *more], 4)
        act(party, who, services.answer_campaign, campaign_id=campaign.pk, marks=marks)
    return campaign


def published(party: Party) -> None:
    """Put results of the last quarter, and a voice, as publishing keeps them."""
    quarter = Quarter.of(clock.today()).previous
    common = {"landlord": party.landlord, "quarter": quarter.first, "subject": "trust"}
    told = {"level": "published", "n": 12, "mean": "3.8", "low": "3.4", "high": "4.2"}
    rows = [
        Result(**common, **told, direction=C2L, dimension="overall", asked=15, answered=12),
        Result(
            **common,
            **told,
            direction=L2C,
            dimension="contractor",
            key=str(party.contractor.pk),
            label=party.contractor.name,
            contractor=party.contractor,
            fact="paid_in",
            fact_value=28,
        ),
        Result(**common, direction=T2R, dimension="overall", level="few", n=3, needed=5),
    ]
    with system_scope("tests: results"):
        Result.objects.bulk_create(rows, ignore_conflicts=True)
        Voice.objects.create(
            created_at=quarter.starts_at,
            landlord=party.landlord,
            contractor=party.contractor,
            month=quarter.first,
            text=f"Rapide et propre, merci à {party.contractor.name}",
        )


def voiced(party: Party, text: str = "Technicien très à l’écoute") -> Voice:
    """Put a tenant's comment that both houses read."""
    quarter = Quarter.of(clock.today()).previous
    with system_scope("tests: comment"):
        return Voice.objects.create(
            created_at=quarter.starts_at,
            landlord=party.landlord,
            contractor=party.contractor,
            month=quarter.first,
            text=text,
        )


def balloted(party: Party, marks: dict[str, int], **changes) -> Ballot:
    """Put one ballot of the last quarter."""
    quarter = Quarter.of(clock.today()).previous
    values = {
        "created_at": quarter.starts_at,
        "landlord": party.landlord,
        "contractor": party.contractor,
        "direction": T2R,
        "quarter": quarter.first,
        "month": quarter.first,
        "marks": marks,
        **changes,
    }
    with system_scope("tests: ballot"):
        return Ballot.objects.create(**values)


def thanked(party: Party, order: Order) -> None:
    """Say thank you at both desks for a finished order; the tenant's is told, of his own order."""
    now = clock.now()
    with system_scope("tests: thanks"):
        Thanks.objects.create(
            landlord=party.landlord,
            contractor=party.contractor,
            order=party.order,
            from_side="tenant",
            reader_case_id=party.order.case_id,
            given_at=now - timedelta(minutes=9),
            told_at=now,
        )
    for who in ("clerk", "desk"):
        act(party, who, services.give_thanks, order=order)


def reported(party: Party) -> Report:
    """Keep a month's scorecard of both houses, as a worker prints it."""
    month = clock.today().replace(day=1)
    pair = {"landlord_id": party.landlord.pk, "contractor_id": party.contractor.pk}
    with system_scope("tests: reports"):
        report = services.ask_report(actor=SYSTEM, kind="scorecard", month=month, **pair)
        assert report is not None
        pdf = f"%PDF-1.4 {party.landlord.name}".encode()
        return services.keep_report(actor=SYSTEM, report_id=report.pk, pdf=pdf)


def reviewed(party: Party) -> tuple[Review, ReviewDecision]:
    """Close and half sign one review, with a decision to follow; open another one, with points.

    Return the open review, and the decision.
    """
    quarter = Quarter.of(clock.today()).previous
    opening = {"contract": party.contract, "meets_on": clock.today()}
    closed = act(party, "manager", services.open_review, **opening, quarter=quarter.previous.first)
    key = {"review_id": closed.pk}
    text = f"Échanges de {party.landlord.name} et de {party.contractor.name}."
    act(party, "desk", services.write_minutes, **key, text=text, version=1)
    decision = act(
        party,
        "manager",
        services.add_decision,
        **key,
        text=f"Signer les constats de {party.contractor.name}",
        side="landlord",
        owner="Patrimoine",
        due_on=clock.today() + timedelta(days=30),
    )
    closed = act(party, "manager", services.close_review, **key, agenda=[], version=2)
    act(party, "manager", services.sign_review, **key, sha256=closed.sha256)
    review = act(party, "manager", services.open_review, **opening, quarter=quarter.first)
    for who in ("manager", "desk"):
        words = f"Accès aux caves, {party.landlord.name}"
        act(party, who, services.add_point, review_id=review.pk, text=words)
    return review, decision


def own_question(party: Party, direction: Direction = T2R, **changes) -> OwnQuestion:
    """Let the party's landlord ask a question of its own, from this quarter on."""
    values = {
        "direction": direction,
        "text": f"La résidence de {party.landlord.name} est restée propre.",
        "starts_on": clock.today(),
        "translations": {"en": f"The site of {party.landlord.name} was left clean."},
        **changes,
    }
    return act(party, "manager", services.add_question, **values)


def own_survey(party: Party, **changes) -> TenantSurvey:
    """Keep what a survey of the party's landlord says of all its tenants."""
    values = {
        "agency_id": None,
        "held_on": clock.today() - timedelta(days=200),
        "respondents": 1250,
        "share": Decimal("28.4"),
        "source": f"Institut de {party.landlord.name}",
        **changes,
    }
    return act(party, "manager", services.keep_tenant_survey, **values)


def surveyed(
    party: Party, side: str, *answered: str, quarter: Quarter | None = None
) -> StaffSurvey:
    """Ask the members of one of the party's houses; `answered` of them have answered."""
    now = clock.now()
    quarter = quarter or Quarter.of(clock.today()).previous
    subjects = ["autonomy", "trust"]
    with system_scope("tests: survey"):
        there = Membership.objects.filter(organisation=getattr(party, side))
        there.update(created_at=quarter.starts_at)  # who joined later isn't asked
        survey = StaffSurvey.objects.create(
            organisation=getattr(party, side),
            quarter=quarter.first,
            version=1,
            subjects=subjects,
            asked=12,
            opened_at=now,
            closes_at=now + timedelta(days=14),
        )
    for who in answered:
        marks = dict.fromkeys(subjects, 4)
        act(party, who, services.answer_staff, survey_id=survey.pk, marks=marks)
    return survey


def told_by_tenants(party: Party, quarter: Quarter | None = None, **changes) -> Quarter:
    """Put what tenants say of the company, published for all; return of which quarter."""
    quarter = quarter or Quarter.of(clock.today()).previous.previous
    told = {"level": "published", "n": 14, "mean": "4.2", "low": "3.9", "high": "4.5"}
    values = {
        "landlord": party.landlord,
        "contractor": party.contractor,
        "quarter": quarter.first,
        "direction": T2R,
        "dimension": "contractor",
        "key": str(party.contractor.pk),
        "label": party.contractor.name,
        "asked": 20,
        "answered": 14,
        "fact": "first_time",
        "fact_value": 92,
        **told,
        **changes,
    }
    with system_scope("tests: results"):
        Result.objects.bulk_create(
            [Result(**values, subject=subject) for subject in FIXED], ignore_conflicts=True
        )
    return quarter


def referenced(party: Party, subjects=("competence", "conduct")) -> PeerReference:
    """Publish what tenants say of the party's company, for other landlords."""
    quarter = told_by_tenants(party)
    desk = party.actor("desk")
    with scope_of(desk):
        sha256 = peers.shown(party.contractor.pk, party.landlord.pk, quarter, subjects).sha256
    return act(
        party,
        "desk",
        services.publish_reference,
        landlord_id=party.landlord.pk,
        quarter=quarter,
        subjects=subjects,
        sha256=sha256,
        consents=True,
    )


def gave(party: Party, *, shows: bool = False) -> GivenAnswers:
    """Put what the company gave in a published quarter, and where it stands.

    shows: its landlord reads them; of the year before, so that both may be there.
    """
    quarter, now = Quarter.of(clock.today()).previous, clock.now()
    first = clock.months_from(quarter.first, -12) if shows else quarter.first
    of = {"landlord": party.landlord, "contractor": party.contractor, "quarter": first}
    seen = {"asked_at": now, "shown_at": now} if shows else {}
    lines = [{"subject": "trust", "n": 3, "mean": "3.7"}]
    with system_scope("tests: given"):
        AnswerStanding.objects.create(**of, companies=7, third=1)
        return GivenAnswers.objects.create(**of, **seen, lines=lines)


def callable_at(party: Party, who: str = "manager") -> PeerContact:
    """Publish a reference, and let a member of the landlord be called about it."""
    key = {"reference_id": referenced(party).pk, "phone": "+33140000000"}
    return act(party, who, services.offer_call, **key)


def trained(party: Party) -> None:
    """Let one member of each house read a card, and count both houses."""
    for who, code in (("manager", "issue"), ("desk", "accept")):
        card = next(one for one in CARDS if one.code == code)
        act(party, who, services.understand_card, card=card)
    with system_scope("tests: training"):
        assert CardReading.objects.filter(organisation=party.landlord).exists()
        for house in (party.landlord, party.contractor):
            TrainingTally.objects.create(
                organisation=house, persons=3, wanted=12, done=4, on=clock.today()
            )


def evaluated(party: Party, order_id: UUID) -> None:
    """Put rows of the party into every table of evaluations. order_id: a finished order's."""
    with system_scope("tests: evaluations"):
        finished = Order.objects.get(pk=order_id)
    asked = asked_of(party, T2R)
    marks = dict.fromkeys(FIXED, 5)
    act(party, "tenant", services.answer_evaluation, evaluation_id=asked.pk, marks=marks)
    asked_of(party, L2C)
    asked_of(party, C2L)
    shared(party, finished)
    campaign_of(party)
    answered_campaign(party)
    balloted(party, marks)
    published(party)
    with system_scope("tests: named"):
        PeerRule.objects.create(
            landlord=party.landlord, changed_at=clock.now(), changed_by=party.manager.user
        )
    act(party, "desk", services.report_voice, voice_id=voiced(party).pk, ground="person")
    own_question(party)
    own_question(party, C2L)
    own_survey(party)
    before = Quarter.of(clock.today()).previous.previous
    for side, who in (("landlord", "manager"), ("contractor", "desk")):
        surveyed(party, side, who, quarter=before)
        surveyed(party, side)
    thanked(party, finished)
    reported(party)
    reviewed(party)
    needed(party)
    prolonged(party)
    piloted(party, starts_in=30)
    annexed(party)
    trained(party)
    gave(party)
    gave(party, shows=True)
    # Withdrawn again: others read what is published, and here nobody reads a word of the other.
    callable_at(party)
    act(party, "desk", services.withdraw_reference, reference_id=referenced(party).pk)

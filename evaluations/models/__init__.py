"""Rows of evaluations: questions, campaigns, what was answered, what is published."""

from __future__ import annotations

from evaluations.models.annexes import ClauseAnnex
from evaluations.models.answers import Answer, Ballot, Voice
from evaluations.models.bonus import BonusAnswer, BonusRules, BonusTerm
from evaluations.models.bonus_statements import (
    BonusContest,
    BonusDocument,
    BonusLine,
    BonusRegularisation,
    BonusStatement,
)
from evaluations.models.campaigns import Campaign, CampaignSeat
from evaluations.models.evaluations import Evaluation
from evaluations.models.impact import ImpactEstimate, ImpactNote, Rollout
from evaluations.models.own_questions import OwnQuestion
from evaluations.models.pilots import (
    Comparison,
    Need,
    Pilot,
    PilotContract,
    PilotCriterion,
    PilotDecision,
    PilotOutcome,
    Verdict,
)
from evaluations.models.questions import Question, Wording
from evaluations.models.references import PeerContact, PeerReference, PeerRule
from evaluations.models.reports import Report, ReportKind, ReportState
from evaluations.models.results import Dimension, Level, Result
from evaluations.models.reviews import (
    DecisionOutcome,
    Review,
    ReviewDecision,
    ReviewPoint,
    ReviewSide,
    ReviewSignature,
)
from evaluations.models.sendings import ClaimSending
from evaluations.models.showing import AnswerStanding, GivenAnswers
from evaluations.models.staff import STAFF_GIVEN, StaffBallot, StaffReceipt, StaffSurvey
from evaluations.models.tenant_surveys import TenantSurvey
from evaluations.models.thanks import Thanks, ThanksFrom
from evaluations.models.training import CardReading, TrainingTally
from evaluations.models.voices import VoiceReport

__all__ = [
    "STAFF_GIVEN",
    "Answer",
    "AnswerStanding",
    "Ballot",
    "BonusAnswer",
    "BonusContest",
    "BonusDocument",
    "BonusLine",
    "BonusRegularisation",
    "BonusRules",
    "BonusStatement",
    "BonusTerm",
    "Campaign",
    "CampaignSeat",
    "CardReading",
    "ClaimSending",
    "ClauseAnnex",
    "Comparison",
    "DecisionOutcome",
    "Dimension",
    "Evaluation",
    "GivenAnswers",
    "ImpactEstimate",
    "ImpactNote",
    "Level",
    "Need",
    "OwnQuestion",
    "PeerContact",
    "PeerReference",
    "PeerRule",
    "Pilot",
    "PilotContract",
    "PilotCriterion",
    "PilotDecision",
    "PilotOutcome",
    "Question",
    "Report",
    "ReportKind",
    "ReportState",
    "Result",
    "Review",
    "ReviewDecision",
    "ReviewPoint",
    "ReviewSide",
    "ReviewSignature",
    "Rollout",
    "StaffBallot",
    "StaffReceipt",
    "StaffSurvey",
    "TenantSurvey",
    "Thanks",
    "ThanksFrom",
    "TrainingTally",
    "Verdict",
    "Voice",
    "VoiceReport",
    "Wording",
]

"""Rows of evaluations: questions, campaigns, what was answered, what is published."""

from __future__ import annotations

from evaluations.models.answers import Answer, Ballot, Voice
from evaluations.models.bonus import BonusAnswer, BonusRules, BonusTerm
from evaluations.models.bonus_statements import (
    BonusContest,
    BonusDocument,
    BonusLine,
    BonusStatement,
)
from evaluations.models.campaigns import Campaign
from evaluations.models.evaluations import Evaluation
from evaluations.models.questions import Question
from evaluations.models.results import Dimension, Level, Result

__all__ = [
    "Answer",
    "Ballot",
    "BonusAnswer",
    "BonusContest",
    "BonusDocument",
    "BonusLine",
    "BonusRules",
    "BonusStatement",
    "BonusTerm",
    "Campaign",
    "Dimension",
    "Evaluation",
    "Level",
    "Question",
    "Result",
    "Voice",
]

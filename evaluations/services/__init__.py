"""Every write of evaluations."""

from __future__ import annotations

from evaluations.services.answering import answer_campaign, answer_evaluation
from evaluations.services.bonus_rules import (
    RulesInput,
    TermInput,
    accept_rules,
    change_rules,
    draft_rules,
    propose_rules,
    refuse_rules,
    withdraw_rules,
)
from evaluations.services.bonus_statements import (
    answer_contest,
    close_due,
    close_statement,
    contest_line,
    make_statement,
    note_document,
)
from evaluations.services.campaigns import close_campaign, open_campaign, remind_campaign
from evaluations.services.counting import count_evaluation
from evaluations.services.inviting import invite_for_order, remind_tenant
from evaluations.services.publishing import publish_quarter
from evaluations.services.reactions import (
    contest_evaluation,
    keep_evaluation,
    reply_to_evaluation,
    withdraw_evaluation,
)
from evaluations.services.revealing import reveal_due, reveal_if_both

__all__ = [
    "RulesInput",
    "TermInput",
    "accept_rules",
    "answer_campaign",
    "answer_contest",
    "answer_evaluation",
    "change_rules",
    "close_campaign",
    "close_due",
    "close_statement",
    "contest_evaluation",
    "contest_line",
    "count_evaluation",
    "draft_rules",
    "invite_for_order",
    "keep_evaluation",
    "make_statement",
    "note_document",
    "open_campaign",
    "propose_rules",
    "publish_quarter",
    "refuse_rules",
    "remind_campaign",
    "remind_tenant",
    "reply_to_evaluation",
    "reveal_due",
    "reveal_if_both",
    "withdraw_evaluation",
    "withdraw_rules",
]

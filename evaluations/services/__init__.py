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
from evaluations.services.reports import ask_report, fail_report, keep_report
from evaluations.services.revealing import reveal_due, reveal_if_both
from evaluations.services.reviews import (
    add_decision,
    add_point,
    close_review,
    move_review,
    open_review,
    reopen_review,
    settle_decision,
    sign_review,
    withdraw_decision,
    withdraw_point,
    write_minutes,
)
from evaluations.services.thanks import give_thanks, take_back_thanks, tell_thanks

__all__ = [
    "RulesInput",
    "TermInput",
    "accept_rules",
    "add_decision",
    "add_point",
    "answer_campaign",
    "answer_contest",
    "answer_evaluation",
    "ask_report",
    "change_rules",
    "close_campaign",
    "close_due",
    "close_review",
    "close_statement",
    "contest_evaluation",
    "contest_line",
    "count_evaluation",
    "draft_rules",
    "fail_report",
    "give_thanks",
    "invite_for_order",
    "keep_evaluation",
    "keep_report",
    "make_statement",
    "move_review",
    "note_document",
    "open_campaign",
    "open_review",
    "propose_rules",
    "publish_quarter",
    "refuse_rules",
    "remind_campaign",
    "remind_tenant",
    "reopen_review",
    "reply_to_evaluation",
    "reveal_due",
    "reveal_if_both",
    "settle_decision",
    "sign_review",
    "take_back_thanks",
    "tell_thanks",
    "withdraw_decision",
    "withdraw_evaluation",
    "withdraw_point",
    "withdraw_rules",
    "write_minutes",
]

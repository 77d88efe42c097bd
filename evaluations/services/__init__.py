"""Every write of evaluations."""

from __future__ import annotations

from evaluations.services.answering import answer_campaign, answer_evaluation
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
    "answer_campaign",
    "answer_evaluation",
    "close_campaign",
    "contest_evaluation",
    "count_evaluation",
    "invite_for_order",
    "keep_evaluation",
    "open_campaign",
    "publish_quarter",
    "remind_campaign",
    "remind_tenant",
    "reply_to_evaluation",
    "reveal_due",
    "reveal_if_both",
    "withdraw_evaluation",
]

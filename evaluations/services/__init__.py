"""Every write of evaluations."""

from __future__ import annotations

from evaluations.services.annexes import ask_annex, fail_annex, keep_annex
from evaluations.services.answering import answer_campaign, answer_evaluation, choose_language
from evaluations.services.bonus_documents import note_document, prepare_document
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
)
from evaluations.services.campaigns import close_campaign, open_campaign, remind_campaign
from evaluations.services.counting import count_evaluation
from evaluations.services.impact_notes import note_change, withdraw_note
from evaluations.services.inviting import invite_for_order, remind_tenant
from evaluations.services.own_questions import (
    add_question,
    reword_question,
    withdraw_question,
)
from evaluations.services.pilots import (
    CriterionInput,
    PilotInput,
    change_pilot,
    decide_pilot,
    list_need,
    prepare_pilot,
    tell_pilot_due,
    withdraw_need,
    withdraw_pilot,
)
from evaluations.services.publishing import publish_quarter, publish_staff
from evaluations.services.reactions import (
    contest_evaluation,
    keep_evaluation,
    reply_to_evaluation,
    withdraw_evaluation,
)
from evaluations.services.references import (
    apply_peer_rule,
    end_calls_of_member,
    name_house,
    offer_call,
    publish_reference,
    withdraw_call,
    withdraw_reference,
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
from evaluations.services.rollouts import (
    cancel_rollout,
    measure_rollout,
    move_rollout,
    plan_rollout,
)
from evaluations.services.sendings import note_claim_sent
from evaluations.services.showing import (
    keep_given_later,
    settle_showing,
    show_answers,
    withdraw_answers,
)
from evaluations.services.staff import answer_staff, open_staff_survey
from evaluations.services.tenant_surveys import keep_tenant_survey, withdraw_tenant_survey
from evaluations.services.thanks import give_thanks, take_back_thanks, tell_thanks
from evaluations.services.training import see_card, tally_training, understand_card
from evaluations.services.voices import keep_voice, report_voice, withdraw_voice

__all__ = [
    "CriterionInput",
    "PilotInput",
    "RulesInput",
    "TermInput",
    "accept_rules",
    "add_decision",
    "add_point",
    "add_question",
    "answer_campaign",
    "answer_contest",
    "answer_evaluation",
    "answer_staff",
    "apply_peer_rule",
    "ask_annex",
    "ask_report",
    "cancel_rollout",
    "change_pilot",
    "change_rules",
    "choose_language",
    "close_campaign",
    "close_due",
    "close_review",
    "close_statement",
    "contest_evaluation",
    "contest_line",
    "count_evaluation",
    "decide_pilot",
    "draft_rules",
    "end_calls_of_member",
    "fail_annex",
    "fail_report",
    "give_thanks",
    "invite_for_order",
    "keep_annex",
    "keep_evaluation",
    "keep_given_later",
    "keep_report",
    "keep_tenant_survey",
    "keep_voice",
    "list_need",
    "make_statement",
    "measure_rollout",
    "move_review",
    "move_rollout",
    "name_house",
    "note_change",
    "note_claim_sent",
    "note_document",
    "offer_call",
    "open_campaign",
    "open_review",
    "open_staff_survey",
    "plan_rollout",
    "prepare_document",
    "prepare_pilot",
    "propose_rules",
    "publish_quarter",
    "publish_reference",
    "publish_staff",
    "refuse_rules",
    "remind_campaign",
    "remind_tenant",
    "reopen_review",
    "reply_to_evaluation",
    "report_voice",
    "reveal_due",
    "reveal_if_both",
    "reword_question",
    "see_card",
    "settle_decision",
    "settle_showing",
    "show_answers",
    "sign_review",
    "take_back_thanks",
    "tally_training",
    "tell_pilot_due",
    "tell_thanks",
    "understand_card",
    "withdraw_answers",
    "withdraw_call",
    "withdraw_decision",
    "withdraw_evaluation",
    "withdraw_need",
    "withdraw_note",
    "withdraw_pilot",
    "withdraw_point",
    "withdraw_question",
    "withdraw_reference",
    "withdraw_rules",
    "withdraw_tenant_survey",
    "withdraw_voice",
    "write_minutes",
]

"""Every write of the relation between landlord and contractor."""

from __future__ import annotations

from contractors.services.advances import pay_advance
from contractors.services.alerts import save_threshold, watch_blocked
from contractors.services.answers import (
    approve,
    approve_in_part,
    complete,
    complete_by_fact,
    dispute,
    note_code,
    refuse,
    reject,
    suspend,
    take_charge,
)
from contractors.services.apart import prepare_apart, propose_credit
from contractors.services.awaited import remind_to_invoice
from contractors.services.bank import (
    CallBack,
    check_account,
    confirm_account,
    decline_account,
    note_export,
    propose_account,
    read_account,
    refuse_account,
    tell_in_force,
    withdraw_account,
)
from contractors.services.billing import BillingInput, billing_of, save_billing
from contractors.services.blocks import (
    close_block_by_hand,
    look_at_apart,
    look_at_order,
    look_at_orders,
    open_block_by_hand,
    remind_block,
)
from contractors.services.calendars import save_payment_calendar
from contractors.services.causes import save_cause
from contractors.services.claims import ask_claim, fail_claim, keep_claim
from contractors.services.closing import close_if_settled
from contractors.services.credits import apply_credit, prepare_credit_note
from contractors.services.digests import choose_digest, tell_morning
from contractors.services.final_accounts import (
    accept_final,
    agree_final,
    contest_final,
    correct_final,
    return_final,
    submit_final,
)
from contractors.services.final_seals import (
    ask_final_seal,
    fail_final_seal,
    keep_sealed_final,
)
from contractors.services.holders import pass_block, see_to_block
from contractors.services.imputations import (
    add_account_rule,
    end_account_rule,
    impute_lines,
)
from contractors.services.invoice_files import (
    ask_invoice_file,
    fail_invoice_file,
    keep_invoice_file,
)
from contractors.services.invoices import (
    discard_invoice,
    file_invoice,
    note_chorus,
    prepare_invoice,
)
from contractors.services.paper_clock import (
    ask_newcomer,
    look_at_papers,
    remind_paper,
    share_paper,
)
from contractors.services.papers import (
    accept_paper,
    refuse_paper,
    save_paper_demand,
    save_paper_rule,
    send_paper,
)
from contractors.services.payment_terms import date_again, save_landlord_delay
from contractors.services.payments import (
    announce_payment,
    confirm_payment,
    pay_interest,
    settle_by_sum,
)
from contractors.services.proofs import ask_proof, fail_proof, keep_proof
from contractors.services.received import (
    TypedInvoice,
    attach_received,
    complete_received,
    confirm_received,
    hand_received_back,
    send_invoice_file,
    set_received_aside,
)
from contractors.services.received_chorus import (
    invite_to_chorus,
    note_chorus_of,
    note_received_chorus,
)
from contractors.services.received_ladder import remind_received
from contractors.services.received_turning import fail_received, match_waiting, settle_received
from contractors.services.refunds import note_refund
from contractors.services.rerouting import reroute
from contractors.services.retentions import (
    MoneyTermsInput,
    date_retentions,
    oppose_retention,
    release_retention,
    save_money_rule,
    save_money_terms,
    tell_retention,
)
from contractors.services.shares import pay_share, set_share
from contractors.services.situations import prepare_situation
from contractors.services.subcontractors import forget_subcontractor, name_subcontractor
from contractors.services.subcontracts import (
    SubcontractInput,
    accept_by_silence,
    accept_subcontractor,
    declare_subcontractor,
    end_subcontractor,
    refuse_subcontractor,
    withdraw_subcontractor,
)
from contractors.services.transfers import (
    Notified,
    ask_lift,
    check_transfer,
    end_transfer,
    keep_transfer,
    note_transfer,
    read_transfer,
    refuse_transfer,
)

__all__ = [
    "BillingInput",
    "CallBack",
    "MoneyTermsInput",
    "Notified",
    "SubcontractInput",
    "TypedInvoice",
    "accept_by_silence",
    "accept_final",
    "accept_paper",
    "accept_subcontractor",
    "add_account_rule",
    "agree_final",
    "announce_payment",
    "apply_credit",
    "approve",
    "approve_in_part",
    "ask_claim",
    "ask_final_seal",
    "ask_invoice_file",
    "ask_lift",
    "ask_newcomer",
    "ask_proof",
    "attach_received",
    "billing_of",
    "check_account",
    "check_transfer",
    "choose_digest",
    "close_block_by_hand",
    "close_if_settled",
    "complete",
    "complete_by_fact",
    "complete_received",
    "confirm_account",
    "confirm_payment",
    "confirm_received",
    "contest_final",
    "correct_final",
    "date_again",
    "date_retentions",
    "declare_subcontractor",
    "decline_account",
    "discard_invoice",
    "dispute",
    "end_account_rule",
    "end_subcontractor",
    "end_transfer",
    "fail_claim",
    "fail_final_seal",
    "fail_invoice_file",
    "fail_proof",
    "fail_received",
    "file_invoice",
    "forget_subcontractor",
    "hand_received_back",
    "impute_lines",
    "invite_to_chorus",
    "keep_claim",
    "keep_invoice_file",
    "keep_proof",
    "keep_sealed_final",
    "keep_transfer",
    "look_at_apart",
    "look_at_order",
    "look_at_orders",
    "look_at_papers",
    "match_waiting",
    "name_subcontractor",
    "note_chorus",
    "note_chorus_of",
    "note_code",
    "note_export",
    "note_received_chorus",
    "note_refund",
    "note_transfer",
    "open_block_by_hand",
    "oppose_retention",
    "pass_block",
    "pay_advance",
    "pay_interest",
    "pay_share",
    "prepare_apart",
    "prepare_credit_note",
    "prepare_invoice",
    "prepare_situation",
    "propose_account",
    "propose_credit",
    "read_account",
    "read_transfer",
    "refuse",
    "refuse_account",
    "refuse_paper",
    "refuse_subcontractor",
    "refuse_transfer",
    "reject",
    "release_retention",
    "remind_block",
    "remind_paper",
    "remind_received",
    "remind_to_invoice",
    "reroute",
    "return_final",
    "save_billing",
    "save_cause",
    "save_landlord_delay",
    "save_money_rule",
    "save_money_terms",
    "save_paper_demand",
    "save_paper_rule",
    "save_payment_calendar",
    "save_threshold",
    "see_to_block",
    "send_invoice_file",
    "send_paper",
    "set_received_aside",
    "set_share",
    "settle_by_sum",
    "settle_received",
    "share_paper",
    "submit_final",
    "suspend",
    "take_charge",
    "tell_in_force",
    "tell_morning",
    "tell_retention",
    "watch_blocked",
    "withdraw_account",
    "withdraw_subcontractor",
]

"""Every write of orders and visits."""

from orders.services.access_checks import (
    answer_absence,
    concede_no_show,
    contest_answer,
    decide_absence,
    declare_no_show,
)
from orders.services.access_ends import ask_another_attempt, ask_letter, close_no_access
from orders.services.appointments import choose_slot, propose_slots, switch_slot, withdraw_slot
from orders.services.arrivals import narrow_arrival
from orders.services.attribution import due_at, gave_up, where_of_unit
from orders.services.bulk import (
    current_occupants,
    draft_orders,
    facts_of_input,
    input_of,
    withdraw_drafts,
)
from orders.services.ceilings import ceiling_left, ceilings_left
from orders.services.certificates import (
    ReserveInput,
    correct_certificate,
    refuse_certificate,
    sign_certificate,
)
from orders.services.chasing import chase_order, chase_silent, tell_urgent_late
from orders.services.clauses import ClausesInput, clauses_of
from orders.services.closing import close_order
from orders.services.commitments import give_commitment
from orders.services.contacts import correct_contact
from orders.services.contracts import ContractInput, change_contract, open_contract
from orders.services.departures import go_now
from orders.services.documents import (
    act_on_paper,
    ask_document,
    renew_paper,
    revoke_paper,
)
from orders.services.drafts import (
    AlreadyDrafted,
    OrderInput,
    draft_order,
    update_order,
)
from orders.services.exports import ask_export
from orders.services.facts import facts_of, typed_values
from orders.services.follow_ups import decide_next_step, draft_follow_up
from orders.services.holds import hold_order, lift_hold, postpone_hold
from orders.services.house import house_rules, write_house_rules
from orders.services.on_call import Completion, OnCallInput, open_on_call, settle_on_call
from orders.services.order_files import attach_files, files_of, withdraw_file
from orders.services.orders import (
    accept_order,
    approve_order,
    cancel_order,
    decline_order,
    give_department,
    issue_order,
    read_contact,
    recall_order,
    reissue_order,
    renew_link,
    reopen_order,
    return_order,
    send_back_order,
)
from orders.services.photos import add_photo, refuse_photos, withdraw_photo
from orders.services.pieces import add_piece, withdraw_piece
from orders.services.pricing import (
    WORKS_VAT,
    LineInput,
    all_items_in_force,
    as_typed,
    in_force,
    items_in_force,
    price_date,
    resolve,
    typed_lines,
)
from orders.services.reductions import (
    ReductionInput,
    ask_reduction,
    grant_reduction,
    open_reduction,
    reject_reduction,
    withdraw_reduction,
)
from orders.services.reserves import claim_reserve, keep_reserve, lift_reserve
from orders.services.schedules import (
    ItemInput,
    drop_schedule,
    move_schedule,
    prepare_schedule,
    publish_schedule,
    require_sane,
    withdraw_schedule,
    write_items,
)
from orders.services.sealing import ask_seal
from orders.services.sign_offs import (
    SignOffInput,
    note_unsigned,
    settle_check,
    sign_from_afar,
    sign_on_screen,
)
from orders.services.successors import draft_correction, draft_successor, duplicate_order
from orders.services.talk import mark_read, send_message, write_note
from orders.services.variations import (
    VariationInput,
    acknowledge_variation,
    ask_variation,
    draft_variation,
    grant_variation,
    reject_variation,
    update_variation,
    withdraw_variation,
)
from orders.services.visits import (
    ProofInput,
    arrive,
    assign_technician,
    cancel_visit,
    complete_visit,
    confirm_visit,
    declare_no_access,
    leave,
    move_visit,
    propose_visit,
)
from orders.services.warranties import WarrantyInput, end_warranty, note_warranty

__all__ = [
    "WORKS_VAT",
    "AlreadyDrafted",
    "ClausesInput",
    "Completion",
    "ContractInput",
    "ItemInput",
    "LineInput",
    "OnCallInput",
    "OrderInput",
    "ProofInput",
    "ReductionInput",
    "ReserveInput",
    "SignOffInput",
    "VariationInput",
    "WarrantyInput",
    "accept_order",
    "acknowledge_variation",
    "act_on_paper",
    "add_photo",
    "add_piece",
    "all_items_in_force",
    "answer_absence",
    "approve_order",
    "arrive",
    "as_typed",
    "ask_another_attempt",
    "ask_document",
    "ask_export",
    "ask_letter",
    "ask_reduction",
    "ask_seal",
    "ask_variation",
    "assign_technician",
    "attach_files",
    "cancel_order",
    "cancel_visit",
    "ceiling_left",
    "ceilings_left",
    "change_contract",
    "chase_order",
    "chase_silent",
    "choose_slot",
    "claim_reserve",
    "clauses_of",
    "close_no_access",
    "close_order",
    "complete_visit",
    "concede_no_show",
    "confirm_visit",
    "contest_answer",
    "correct_certificate",
    "correct_contact",
    "current_occupants",
    "decide_absence",
    "decide_next_step",
    "declare_no_access",
    "declare_no_show",
    "decline_order",
    "draft_correction",
    "draft_follow_up",
    "draft_order",
    "draft_orders",
    "draft_successor",
    "draft_variation",
    "drop_schedule",
    "due_at",
    "duplicate_order",
    "end_warranty",
    "facts_of",
    "facts_of_input",
    "files_of",
    "gave_up",
    "give_commitment",
    "give_department",
    "go_now",
    "grant_reduction",
    "grant_variation",
    "hold_order",
    "house_rules",
    "in_force",
    "input_of",
    "issue_order",
    "items_in_force",
    "keep_reserve",
    "leave",
    "lift_hold",
    "lift_reserve",
    "mark_read",
    "move_schedule",
    "move_visit",
    "narrow_arrival",
    "note_unsigned",
    "note_warranty",
    "open_contract",
    "open_on_call",
    "open_reduction",
    "postpone_hold",
    "prepare_schedule",
    "price_date",
    "propose_slots",
    "propose_visit",
    "publish_schedule",
    "read_contact",
    "recall_order",
    "refuse_certificate",
    "refuse_photos",
    "reissue_order",
    "reject_reduction",
    "reject_variation",
    "renew_link",
    "renew_paper",
    "reopen_order",
    "require_sane",
    "resolve",
    "return_order",
    "revoke_paper",
    "send_back_order",
    "send_message",
    "settle_check",
    "settle_on_call",
    "sign_certificate",
    "sign_from_afar",
    "sign_on_screen",
    "switch_slot",
    "tell_urgent_late",
    "typed_lines",
    "typed_values",
    "update_order",
    "update_variation",
    "where_of_unit",
    "withdraw_drafts",
    "withdraw_file",
    "withdraw_photo",
    "withdraw_piece",
    "withdraw_reduction",
    "withdraw_schedule",
    "withdraw_slot",
    "withdraw_variation",
    "write_house_rules",
    "write_items",
    "write_note",
]

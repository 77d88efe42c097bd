"""No service is without a test that calls it by its name."""

from __future__ import annotations

import re
from pathlib import Path

from contractors import services as contractors
from evaluations import services as evaluations
from orders import services as orders

# Parts of others: of forms and the administration, and of the import of orders, whose tests come to
# them by pages and files; of the workers that make an invoice's file, a claim letter, a proof
# file or a month's document and read the files that come in; of the clock's tasks for mornings,
# papers and bank details.
PARTS = {
    "all_items_in_force",
    "as_typed",
    "ask_newcomer",
    "billing_of",
    "ceilings_left",
    "contact_since",
    "current_occupants",
    "draft_orders",
    "facts_of",
    "due_at",
    "fail_claim",
    "fail_final_seal",
    "fail_invoice_file",
    "fail_proof",
    "fail_received",
    "fail_report",
    "facts_of_input",
    "files_of",
    "gave_up",
    "house_rules",
    "in_force",
    "input_of",
    "items_in_force",
    "keep_claim",
    "keep_invoice_file",
    "keep_proof",
    "keep_report",
    "keep_sealed_final",
    "look_at_papers",
    "match_waiting",
    "ordinary_nature",
    "prepare_apart",
    "price_date",
    "propose_credit",
    "remind_paper",
    "require_sane",
    "resolve",
    "revision_clause",
    "save_cause",
    "save_money_rule",
    "save_paper_rule",
    "save_threshold",
    "settle_received",
    "tell_morning",
    "share_paper",
    "tell_in_force",
    "typed_values",
    "where_of_unit",
    "withdraw_drafts",
}
TESTS = Path(__file__).parents[1]


def test_every_service_is_named_by_a_test():
    named = set()
    for path in TESTS.rglob("test_*.py"):
        named |= set(
            re.findall(
                r"(?:services|orders|contractors|evaluations)\.(\w+)",
                path.read_text(encoding="utf-8"),
            )
        )
    both = (*orders.__all__, *contractors.__all__, *evaluations.__all__)
    wanted = {name for name in both if name.islower()}
    assert wanted - named <= PARTS

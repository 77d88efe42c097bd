"""A plan as JSON: what a job keeps, and what its page shows."""

from __future__ import annotations

from typing import Any

from nexxio.core.estate.plan import FIELD_LABELS, Outcome, Plan, Verdict
from nexxio.core.estate.reader import Refusal

OTHERS_SHOWN = 20


def summary(plan: Plan) -> dict[str, Any]:
    """Return counts, and every line that would be written or was refused."""
    counts = {outcome.value: plan.counts[outcome] for outcome in Outcome}
    nobody = plan.others.get("", 0)
    named = [pair for pair in plan.others.most_common(OTHERS_SHOWN + 1) if pair[0]]
    created = [v for v in plan.verdicts if v.outcome is Outcome.CREATED]
    return {
        **counts,
        "rows": plan.rows,
        "repeated": plan.repeated,
        "absent": plan.absent,
        "dwellings": sum(verdict.row.dwellings for verdict in created),
        "digest": plan.digest,
        "nobody": nobody,
        "others": named[:OTHERS_SHOWN],
        "lines": [_line(verdict) for verdict in plan.verdicts],
        "refusals": [refusal_line(refusal) for refusal in plan.refusals],
    }


def refusal_line(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal; `sheet` is its row in a spreadsheet, which counts cells, not lines."""
    return {
        "line": refusal.line,
        "sheet": refusal.sheet_row,
        "identifier": refusal.identifier,
        "column": refusal.column,
        "value": refusal.value,
        "reason": refusal.reason,
    }


def _line(verdict: Verdict) -> dict[str, Any]:
    row = verdict.row
    return {
        "line": row.line,
        "sheet": row.sheet_row,
        "outcome": verdict.outcome.value,
        "identifier": row.identifier,
        "name": verdict.address.label,
        "where": f"{row.postcode} {row.city}",
        "year": row.year,
        "nature": row.nature,
        "dwellings": row.dwellings,
        "changes": [
            {"field": FIELD_LABELS[change.field], "before": change.before, "after": change.after}
            for change in verdict.changes
        ],
    }

"""What rules say of themselves: their hash, their answer, which ones hold on a day."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date

from evaluations.bonus_sums import Term, Terms
from evaluations.models import BonusAnswer, BonusRules, BonusTerm
from orders.models import Contract


def terms_of(rules: BonusRules) -> Terms:
    """Return a version as the sums are made of it. One query where its terms aren't loaded."""
    rows: Iterable[BonusTerm] = rules.terms.all()
    return Terms(
        lines=tuple(
            Term(row.fact, row.limit, row.per, row.bonus, row.malus)
            for row in sorted(rows, key=lambda row: row.fact)
        ),
        cap_bonus=rules.cap_bonus,
        cap_malus=rules.cap_malus,
        perception_weight=rules.perception_weight,
        perception_from=rules.perception_from,
        onboarding_until=rules.onboarding_until,
    )


def hash_of(rules: BonusRules) -> str:
    """Return the hash of all that both sides sign, of canonical JSON."""
    terms = terms_of(rules)
    said = {
        "contract": str(rules.contract_id),
        "number": rules.number,
        "rhythm": rules.rhythm,
        "starts_on": rules.starts_on.isoformat(),
        "onboarding_until": rules.onboarding_until.isoformat() if rules.onboarding_until else None,
        "cap_bonus": f"{rules.cap_bonus:.2f}",
        "cap_malus": f"{rules.cap_malus:.2f}",
        "perception_weight": rules.perception_weight,
        "perception_from": f"{rules.perception_from:.1f}" if rules.perception_from else None,
        "pieces": list(rules.pieces),
        "terms": [
            [line.fact, line.limit, line.per, f"{line.bonus:.2f}", f"{line.malus:.2f}"]
            for line in terms.lines
        ],
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def answered(rules: BonusRules) -> BonusAnswer | None:
    """Return the company's answer; None while there is none. One query."""
    found: BonusAnswer | None = BonusAnswer.objects.filter(
        landlord_id=rules.landlord_id, rules_id=rules.pk
    ).first()
    return found


def in_force(contract: Contract, on: date) -> BonusRules | None:
    """Return the version that both sides accepted and that applies on a day; None without one."""
    rows = BonusRules.objects.filter(
        landlord_id=contract.landlord_id,
        contract_id=contract.pk,
        answer__accepted=True,
        answer__applies_from__lte=on,
    ).prefetch_related("terms")
    found: BonusRules | None = rows.order_by("-answer__applies_from", "-number").first()
    return found

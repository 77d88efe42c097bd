"""What is held back of a granted sum, and how much of an advance it gives back. Pure."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NOTHING = Decimal(0)
WHOLE = Decimal(100)


def held_back(granted: Decimal, rate: Decimal) -> Decimal:
    """Return the retention of a granted sum: rounded once, half up."""
    return (granted * rate / WHOLE).quantize(CENT, ROUND_HALF_UP)


def to_recover(
    *,
    amount: Decimal,
    base: Decimal,
    recovered: Decimal,
    executed: Decimal,
    first: Decimal,
    last: Decimal,
    most: Decimal,
) -> Decimal:
    """Return how much of an advance an invoice gives back.

    executed: what was granted on the contract so far, this invoice included; base: the contract's
    amount, both VAT included. Nothing is due up to `first` percent of it, all of it from `last`
    percent on, and in between the same share. most: what the invoice has left to pay.
    """
    share = (executed / base * WHOLE - first) / (last - first)
    target = (amount * min(max(share, NOTHING), Decimal(1))).quantize(CENT, ROUND_HALF_UP)
    return min(max(target - recovered, NOTHING), max(most, NOTHING))

"""Which rotating questions an order's tenant is asked: two of them, from the order's id. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

ASKED = 2


def chosen(order_id: UUID, pool: Sequence[str]) -> list[str]:
    """Return the rotating questions of an order, always the same ones.

    Each pair of the pool is as likely as any other, so that over many orders every axis is asked
    as often. Short pools are asked whole.
    """
    if len(pool) <= ASKED:
        return list(pool)
    drawn = int.from_bytes(hashlib.sha256(order_id.bytes).digest()[:8], "big")
    first = drawn % len(pool)
    step = 1 + (drawn // len(pool)) % (len(pool) - 1)
    return [pool[first], pool[(first + step) % len(pool)]]

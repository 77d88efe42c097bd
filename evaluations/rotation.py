"""Which rotating questions an order's tenant is asked: two of them, from the order's id. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from uuid import UUID

ASKED = 2


def chosen(order_id: UUID, pool: Sequence[str], own: Sequence[str] = ()) -> list[str]:
    """Return the rotating questions of an order, always the same ones.

    own: the landlord's own questions, one of which takes the last place, so that nobody is asked
    more than without them and every axis still comes in turn.

    Each pair of the pool is as likely as any other, so that over many orders every axis is asked
    as often. Short pools are asked whole.
    """
    drawn = int.from_bytes(hashlib.sha256(order_id.bytes).digest()[:8], "big")
    if len(pool) <= ASKED:
        found = list(pool)
    else:
        first = drawn % len(pool)
        step = 1 + (drawn // len(pool)) % (len(pool) - 1)
        found = [pool[first], pool[(first + step) % len(pool)]]
    if own:
        found[ASKED - 1 :] = [own[drawn // max(len(pool), 1) % len(own)]]
    return found

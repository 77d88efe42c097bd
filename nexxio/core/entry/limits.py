"""How often codes may be asked for, and tried, from one network address."""

from __future__ import annotations

import hashlib

from django.core.cache import cache

HOUR = 3600
MOST_ASKED = 20
MOST_TRIED = 60


def is_within(what: str, address: str, *, most: int) -> bool:
    """Count one more of `what` from an address; tell whether this hour still allows it.

    A cache that is away counts in this process (core/cache): never an error.
    """
    name = hashlib.sha256(address.encode()).hexdigest()[:32]
    key = f"entry:{what}:{name}"
    cache.add(key, 0, HOUR)
    try:
        return bool(cache.incr(key) <= most)
    except ValueError:  # it expired, or the cache went away, in between
        cache.set(key, 1, HOUR)
        return True

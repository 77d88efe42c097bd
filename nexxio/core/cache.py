"""Cache on the broker that falls back to memory while the broker is away."""

from __future__ import annotations

import time
from typing import Any

import redis
from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

_METHODS = (
    "add",
    "get",
    "set",
    "touch",
    "delete",
    "clear",
    "incr",
    "get_many",
    "set_many",
    "has_key",
)


class FallbackCache(BaseCache):
    """Rate limits and small caches: never an error, at worst per process for a while."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        options = {"socket_timeout": 0.3, "socket_connect_timeout": 0.3}
        self._far = RedisCache(server, {**params, "OPTIONS": options})
        self._near = LocMemCache("fallback", params)
        self._away_until = 0.0

    def _call(self, method: str, *args: Any, **kwargs: Any) -> Any:
        if time.monotonic() >= self._away_until:
            try:
                return getattr(self._far, method)(*args, **kwargs)
            except (redis.ConnectionError, redis.TimeoutError):
                self._away_until = time.monotonic() + 2.0
        return getattr(self._near, method)(*args, **kwargs)


def _delegate(name: str) -> Any:
    def method(self: FallbackCache, *args: Any, **kwargs: Any) -> Any:
        return self._call(name, *args, **kwargs)

    method.__name__ = name
    return method


for _name in _METHODS:
    setattr(FallbackCache, _name, _delegate(_name))

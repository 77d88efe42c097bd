"""Is it alive, may it get requests, what does it count: for machines, without log-in.

Answers disclose whether parts answer, never which, where or why.
"""

from __future__ import annotations

import secrets
from typing import Any

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from nexxio.core import nudge, pulse
from nexxio.core.scoping import system_scope
from nexxio.ops import metrics


class _Schema:
    """Whether the database has every migration of this code; a yes is remembered."""

    def __init__(self) -> None:
        self._complete = False

    def is_complete(self) -> bool:
        if not self._complete:
            loader = MigrationLoader(connection)
            self._complete = not loader.graph.nodes.keys() - loader.applied_migrations.keys()
        return self._complete


schema = _Schema()


@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    """Answer when this process answers at all; asks no database and no broker."""
    return _uncached(HttpResponse("ok\n", content_type="text/plain; charset=utf-8"))


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """200 when pages can be served: database there, schema complete. Else 503.

    The broker and the relay are told, and change nothing: pages work without them. The relay's
    lag is told by the administration's process only, since the site may not read the outbox.
    """
    found: dict[str, Any] = {"database": "ok", "migrations": "ok", "broker": "ok"}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        if not schema.is_complete():
            found["migrations"] = "missing"
        if settings.LOGIN == "system":
            with system_scope("readiness"):
                lag = pulse.relay_lag()
            found["relay_lag_seconds"] = round(lag.total_seconds(), 1) if lag else 0
    except DatabaseError:
        found.update(database="away", migrations="unknown")
    try:
        nudge.broker().ping()
    except redis.RedisError:
        found["broker"] = "away"
    is_ready = found["database"] == found["migrations"] == "ok"
    return _uncached(JsonResponse({"ready": is_ready, **found}, status=200 if is_ready else 503))


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """Metrics for whoever shows NEXXIO_METRICS_TOKEN; nothing is there for anybody else."""
    token = settings.METRICS_TOKEN.encode()
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    if not token or scheme != "Bearer" or not secrets.compare_digest(shown.encode(), token):
        raise Http404
    return _uncached(HttpResponse(metrics.exposition(), content_type=CONTENT_TYPE_LATEST))


def _uncached(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response

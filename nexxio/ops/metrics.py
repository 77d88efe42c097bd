"""Figures for Prometheus: what this process counts, and what the system's process reads in tables.

Where several worker processes serve one address, PROMETHEUS_MULTIPROC_DIR makes them share their
counts in that folder (prometheus-client's own way); it must be empty at the start.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DatabaseError
from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from nexxio.core import pulse
from nexxio.core.scoping import system_scope

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Counter("nexxio_requests", "Requests answered.", ["view", "method", "status"])
SECONDS = Histogram(
    "nexxio_request_seconds",
    "Time to the answer, in seconds.",
    ["view"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
STREAMS = Gauge("nexxio_stream_connections", "Open event streams.", multiprocess_mode="livesum")


def observe_request(view: str, method: str, status: int, seconds: float) -> None:
    """Count an answer. `view` is the name of a route, never a path: paths hold tokens."""
    known = method if method in _METHODS else "other"
    REQUESTS.labels(view, known, status).inc()
    SECONDS.labels(view).observe(seconds)


@contextmanager
def open_stream() -> Iterator[None]:
    """Count an event stream while it is open."""
    STREAMS.inc()
    try:
        yield
    finally:
        STREAMS.dec()


class OutboxCollector(Collector):
    """Outbox and jobs across all landlords: only for a process that logs in as the system."""

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand, so that registering asks no database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Read the figures; `nexxio_database_up` 0 and nothing else while the database is away."""
        up = GaugeMetricFamily("nexxio_database_up", "Whether the figures could be read.")
        try:
            with system_scope("metrics"):
                found, jobs = pulse.measure(), pulse.jobs_by_state()
                waiting = pulse.deliveries_by_subscriber()
        except DatabaseError:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        lag = found.oldest.total_seconds() if found.oldest else 0.0
        yield GaugeMetricFamily(
            "nexxio_relay_lag_seconds", "Age of the oldest delivery that waits.", value=lag
        )
        family = GaugeMetricFamily(
            "nexxio_deliveries", "Deliveries that wait or died.", labels=["subscriber", "state"]
        )
        for subscriber, pending, dead in waiting:
            family.add_metric([subscriber, "pending"], pending)
            family.add_metric([subscriber, "dead"], dead)
        yield family
        family = GaugeMetricFamily("nexxio_jobs", "Long jobs by state.", labels=["state"])
        for state, count in jobs.items():
            family.add_metric([state], count)
        yield family
        delay = GaugeMetricFamily(
            "nexxio_push_delay_seconds", "From act to push, last day.", labels=["quantile"]
        )
        for quantile, value in (("0.5", found.p50), ("0.95", found.p95)):
            if value is not None:
                delay.add_metric([quantile], value / 1000)
        yield delay


def exposition() -> bytes:
    """Return all figures of this process (or of all that share its folder), as text."""
    output = b""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        shared = CollectorRegistry()
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
        output += generate_latest(shared)
    else:
        output += generate_latest(REGISTRY)
    if settings.LOGIN == "system":
        tables = CollectorRegistry(auto_describe=False)
        tables.register(OutboxCollector())
        output += generate_latest(tables)
    return output

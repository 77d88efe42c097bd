"""Structured logs: one JSON object per line in production, one readable line in development.

Every line, also those of Django, Celery and uvicorn, passes the same chain: what is bound to the
request or task (`request_id`), then `scrub`. No local variables, no request objects.
"""

from __future__ import annotations

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog
from structlog.stdlib import ProcessorFormatter
from structlog.typing import Processor

from nexxio.ops import scrub

# Keys of a line that the product sets itself, and that name nobody.
_OWN = frozenset({"timestamp", "level", "logger", "request_id", "task", "task_id", "view"})

_SHARED: list[Processor] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def clean(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Processor: scrub every value of the line but those that we set ourselves."""
    for key in line:
        if key not in _OWN:
            line[key] = scrub.tree(line[key], key=key)
    return line


def plain(_logger: Any, _method: str, line: MutableMapping[str, Any]) -> str:
    """Renderer: date, LEVEL, logger and text, then the rest as key=value."""
    head = (line.pop("timestamp", ""), str(line.pop("level", "")).upper(), line.pop("logger", ""))
    event, exception = line.pop("event", ""), line.pop("exception", "")
    rest = " ".join(f"{key}={value}" for key, value in line.items())
    shown = " ".join(str(part) for part in (*head, event, rest) if part)
    return f"{shown}\n{exception}" if exception else shown


def chain(style: str) -> list[Processor]:
    """Return what a line passes before it is written, in "json" or "plain" style."""
    renderer: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if style == "json" else plain
    )
    return [
        ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        clean,
        renderer,
    ]


def configure() -> None:
    """Send structlog's own loggers through the standard library's, so that all lines meet."""
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_SHARED,
            structlog.stdlib.PositionalArgumentsFormatter(),
            ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )


def formatter(style: str) -> logging.Formatter:
    """Return the formatter of one style."""
    return ProcessorFormatter(processors=chain(style), foreign_pre_chain=_SHARED)


def config(*, style: str, level: str) -> dict[str, Any]:
    """Return Django's LOGGING: everything to the error output, by one handler."""
    own: dict[str, Any] = {"handlers": [], "propagate": True}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"main": {"()": "nexxio.ops.logs.formatter", "style": style}},
        "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "main"}},
        "root": {"handlers": ["console"], "level": level},
        "loggers": {
            "django": {**own, "level": level},
            # Refusals have their line already; errors keep their traceback here.
            "django.request": {"level": "ERROR"},
            "django.db.backends": {"level": "INFO"},  # its DEBUG lines are queries with values
            "uvicorn": {**own, "level": level},
            "uvicorn.error": {**own, "level": level},
            "uvicorn.access": {**own, "level": "WARNING"},  # addresses and clients in clear
            # A line for each of the sweep's ticks would drown the rest.
            "celery.app.trace": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.beat": {"level": "WARNING"},
        },
    }

"""The reference of a request goes along with the tasks that it sends.

Nudges are coalesced: a task carries the reference of the request that woke it, and does the work of
others too.
"""

from __future__ import annotations

from typing import Any

import structlog
from celery.signals import before_task_publish, setup_logging, task_postrun, task_prerun

_HEADER = "nexxio_request_id"


@setup_logging.connect
def keep_our_logging(**_kwargs: Any) -> None:
    """Celery configures no logging when somebody listens here: Django's set-up stays."""


@before_task_publish.connect
def send_reference(headers: dict[str, Any], **_kwargs: Any) -> None:
    """Put the reference of the current request into the task's message."""
    request_id = structlog.contextvars.get_contextvars().get("request_id")
    if request_id:
        headers[_HEADER] = request_id


@task_prerun.connect
def bind_reference(task_id: str, task: Any, **_kwargs: Any) -> None:
    """Bind it, with the task's name, to every line that the task logs."""
    structlog.contextvars.clear_contextvars()
    given = {"task": task.name, "task_id": task_id}
    request_id = getattr(task.request, _HEADER, None)
    structlog.contextvars.bind_contextvars(
        **given, **({"request_id": str(request_id)} if request_id else {})
    )


@task_postrun.connect
def forget_reference(**_kwargs: Any) -> None:
    """The next task of this worker begins with nothing."""
    structlog.contextvars.clear_contextvars()

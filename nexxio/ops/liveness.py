"""A worker's sign of life: a file that its own loop touches (NEXXIO_HEARTBEAT).

The loop also reads the queue: a worker that lost the broker, or whose task never ends, leaves the
file to grow old. deploy/health.py looks at it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from celery import Celery, bootsteps
from django.conf import settings

EVERY_SECONDS = 5.0


def touch() -> None:
    """Say that this process lives, where that was asked for."""
    if settings.HEARTBEAT:
        Path(settings.HEARTBEAT).touch()


class Heartbeat(bootsteps.StartStopStep):
    """Touches the file while the worker's loop runs."""

    requires = ("celery.worker.components:Timer",)

    def __init__(self, parent: Any, **kwargs: Any) -> None:
        super().__init__(parent, **kwargs)
        self.entry: Any = None

    def start(self, parent: Any) -> None:
        """Begin, at once and then every few seconds."""
        touch()
        self.entry = parent.timer.call_repeatedly(EVERY_SECONDS, touch)

    def stop(self, _parent: Any) -> None:
        """End."""
        if self.entry is not None:
            self.entry.cancel()


def install(app: Celery) -> None:
    """Give the application's workers the step."""
    app.steps["worker"].add(Heartbeat)

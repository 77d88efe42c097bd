"""The Celery application: workers that reconnect fast, and the schedule."""

from __future__ import annotations

import os
from typing import Any

from celery import Celery
from celery.app.amqp import AMQP
from kombu import Connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nexxio.settings.dev")


class PatientConnection(Connection):
    """Tries the broker again every half second, for ever.

    Celery waits 2, 4, 6 … 30 seconds between attempts and offers no setting for it; what was
    kept while the broker was away must be pushed within five seconds of its return.
    """

    def ensure_connection(self, *args: Any, **kwargs: Any) -> Any:
        """Connect, with short and constant pauses."""
        kwargs.update(interval_start=0.2, interval_step=0.1, interval_max=0.5)
        return super().ensure_connection(*args, **kwargs)


class PatientAMQP(AMQP):
    """Makes the application use it."""

    Connection = PatientConnection


app = Celery("nexxio", amqp=PatientAMQP)
app.set_default()  # for every thread of the web server, not only this one
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule_filename = os.path.join(os.environ.get("NEXXIO_DATA", "."), "beat-schedule")
app.conf.beat_max_loop_interval = 1


@app.on_after_configure.connect
def load_schedule(sender: Celery, **_kwargs: Any) -> None:
    """Take the schedule; imported late because it imports the settings."""
    from nexxio.schedule import SCHEDULE

    sender.conf.beat_schedule = SCHEDULE

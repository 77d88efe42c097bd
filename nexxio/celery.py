"""The Celery application: processes that outlive their broker and their database."""

from __future__ import annotations

import os
from typing import Any, cast

from celery import Celery
from celery.app.amqp import AMQP
from celery.beat import ScheduleEntry, Scheduler
from celery.signals import worker_init
from kombu import Connection

from nexxio.ops import liveness

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


class SparingScheduler(Scheduler):
    """Adds no tick to a queue where many wait already, and keeps no file.

    A worker that was away for a day would have to throw away a hundred thousand expired ticks
    before the first one that still counts. The intervals are short: nothing is worth remembering
    between two starts, and a file could be spoilt by a kill.
    """

    def apply_entry(self, entry: ScheduleEntry, producer: Any = None) -> None:
        """Send the task of an entry, unless its worker is behind."""
        from nexxio.core import nudge

        liveness.touch()
        try:
            if nudge.is_piled_up(cast("dict[str, str]", entry.options)["queue"]):
                return
        except nudge.BrokerAway:
            self.logger.warning("beat: the broker is away, %s is left out", entry.name)
            return
        super().apply_entry(entry, producer=producer)


app = Celery("nexxio", amqp=PatientAMQP)
app.set_default()  # for every thread of the web server, not only this one
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_scheduler = SparingScheduler
app.conf.beat_max_loop_interval = 1
liveness.install(app)


@app.on_after_configure.connect
def load_schedule(sender: Celery, **_kwargs: Any) -> None:
    """Take the schedule; imported late because it imports the settings."""
    from nexxio.schedule import SCHEDULE

    sender.conf.beat_schedule = SCHEDULE


@worker_init.connect
def keep_connection(**_kwargs: Any) -> None:
    """Keep a worker's connection to the database from task to task.

    Celery closes it after each one as Django does after each request; logging in again costs more
    than the relay's whole work. A check before each task finds the connection that has died.
    """
    from django.db import connections

    connections.settings["default"].update(CONN_MAX_AGE=None, CONN_HEALTH_CHECKS=True)

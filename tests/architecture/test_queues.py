"""Each task has its queue, and each queue a worker of its own."""

from __future__ import annotations

from pathlib import Path

from nexxio.celery import app
from nexxio.core import nudge
from nexxio.schedule import SCHEDULE
from tools.product import Product


def _queues_of_workers(place: Path) -> list[str]:
    """The queue that each worker of `make run` listens to."""
    argvs = [service.argv for service in Product(place).workers()]
    return [argv[argv.index("-Q") + 1] for argv in argvs]


def test_every_queue_has_one_worker(tmp_path):
    wanted = {*nudge.QUEUES.values(), *(line["options"]["queue"] for line in SCHEDULE.values())}
    assert sorted(_queues_of_workers(tmp_path)) == sorted(wanted)


def test_the_clock_and_the_nudge_agree_on_queues():
    app.loader.import_default_modules()
    assert set(nudge.QUEUES) == {name for name in app.tasks if name.startswith("nexxio.")}
    for line in SCHEDULE.values():
        assert line["options"]["queue"] == nudge.QUEUES[line["task"]]


def test_a_long_job_holds_up_no_message():
    beside = [
        task for task, queue in nudge.QUEUES.items() if queue == nudge.QUEUES[nudge.JOBS_TASK]
    ]
    assert beside == [nudge.JOBS_TASK, nudge.IMPACT_TASK]  # both long, and neither tells anybody

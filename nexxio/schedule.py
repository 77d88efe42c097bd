"""What the clock does, each line in words. Every message expires: a late tick is dropped."""

from __future__ import annotations

from typing import Any


def _every(seconds: float, task: str, queue: str) -> dict[str, Any]:
    return {
        "task": task,
        "schedule": seconds,
        "options": {"queue": queue, "expires": seconds},
    }


SCHEDULE: dict[str, dict[str, Any]] = {
    # The guarantee behind every nudge: what waits for push is pushed.
    "sweep-relay": _every(2, "nexxio.core.tasks.drain_relay", "relay"),
    # … and what waits for the other subscribers, messages and jobs is done.
    "sweep-deliveries": _every(3, "nexxio.core.tasks.deliver_events", "default"),
    "sweep-messages": _every(5, "nexxio.core.tasks.send_messages", "default"),
    "sweep-jobs": _every(5, "nexxio.core.tasks.run_jobs", "jobs"),
    # Whoever keeps others waiting past the time is told again (orders/tasks.py).
    "remind-late": _every(300, "nexxio.orders.remind_late", "default"),
    # Whoever holds a block is told again, up to the direction (contractors/tasks.py).
    "chase-blocks": _every(300, "nexxio.contractors.chase_blocks", "default"),
    # On working days, each desk's morning e-mail (contractors/tasks.py).
    "tell-mornings": _every(600, "nexxio.contractors.tell_mornings", "default"),
    # Papers that expire and bank details whose hold is over are told (contractors/tasks.py).
    "chase-papers": _every(900, "nexxio.contractors.chase_papers", "default"),
    # Campaigns, what is revealed, counted and published (evaluations/tasks.py).
    "keep-evaluations": _every(600, "nexxio.evaluations.keep_time", "default"),
    # Hourly, what is due of roll-outs is estimated: each once a day (evaluations/tasks.py).
    "measure-impact": _every(3600, "nexxio.evaluations.measure_impact", "jobs"),
    # Hourly, what is past its time is erased (docs/operations/retention.md).
    "erase-outdated": _every(3600, "nexxio.core.tasks.erase_outdated", "default"),
    # … and contacts and photos of orders that were closed long ago (orders/tasks.py).
    "erase-orders": _every(3600, "nexxio.orders.erase_outdated", "default"),
}

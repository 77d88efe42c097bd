"""Tasks of the kernel: load, call, stop."""

from celery import shared_task

from nexxio.core import jobs, nudge, relay, retention
from nexxio.core.entry import sending as codes
from nexxio.core.notifications import sending


@shared_task(ignore_result=True)
def drain_relay() -> None:
    """Push what has happened; then wake the others if something waits for them."""
    nudge.taken(nudge.RELAY_TASK)
    relay.drain_batches()
    if relay.has_pending(batch=False):
        nudge.send(nudge.DELIVER_TASK)


@shared_task(ignore_result=True)
def deliver_events() -> None:
    """Deliver to the durable subscribers, then send what they wrote."""
    nudge.taken(nudge.DELIVER_TASK)
    relay.deliver_one_by_one()
    sending.send_due()


@shared_task(ignore_result=True)
def send_messages() -> None:
    """Send messages that are due, and the codes that tenants ask for."""
    nudge.taken(nudge.MAIL_TASK)
    codes.send_due()
    sending.send_due()


@shared_task(ignore_result=True, soft_time_limit=3600, time_limit=3700)
def run_jobs() -> None:
    """Do the long jobs that nobody is doing."""
    nudge.taken(nudge.JOBS_TASK)
    jobs.run_open()


@shared_task(ignore_result=True)
def erase_outdated() -> None:
    """Erase what is past its time."""
    retention.erase_outdated()

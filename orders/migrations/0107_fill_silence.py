"""Orders that were there before get their last news, and from when on they are silent.

Folded from their events, as 0094 did. What is silent already is chased by the clock from their
delay on, counted from today: nobody is told of a hundred orders at once.
"""

from collections import defaultdict

from django.db import migrations, transaction

from nexxio.core import clock
from orders import ball, silence
from orders.querysets import OPEN_STATES
from orders.states import OrderState, Priority
from orders.working_days import office_moment, after_working_days

STEP = 500
_STATES = (
    *OPEN_STATES,
    OrderState.PENDING_APPROVAL,
    OrderState.DONE,
    OrderState.CERTIFIED_WITH_RESERVES,
)


def fill(apps, _editor):
    """Only those that can be silent; orders of the new release have theirs already."""
    model = apps.get_model("orders", "Order")
    orders = model.objects.filter(moved_at=None, state__in=_STATES).order_by("id")
    last, now = None, clock.now()
    while True:
        rest = orders.filter(id__gt=last) if last else orders
        # Locked: what an old process records meanwhile is folded after us, on what we leave.
        with transaction.atomic():
            rows = list(rest.select_for_update(of=("self",), no_key=True)[:STEP])
            if not rows:
                return
            last = rows[-1].id
            by_order = _events(apps, rows)
            for row in rows:
                _fill(row, by_order[row.id], now)
            model.objects.bulk_update(
                rows, ["ball", "moved_at", "silent_at", "chase_at"], batch_size=STEP
            )


def _fill(row, events, now):
    urgent = row.priority == Priority.URGENT
    memory = ball.fold(event for event in events if event.kind in ball.KINDS)
    row.ball = memory.written()
    row.moved_at = events[-1].at if events else row.state_since
    row.silent_at = silence.silent_at(memory, row.moved_at, urgent=urgent)
    row.chase_at = silence.chase_at(memory, row.silent_at)
    if row.chase_at is not None and row.chase_at <= now:
        days = silence.days_of(row.state, now.date(), urgent=urgent) or 1
        row.chase_at = office_moment(after_working_days(now, days))


def _events(apps, rows):
    events = apps.get_model("core", "Event").objects.filter(
        landlord_id__in={row.landlord_id for row in rows},
        order_id__in=[row.id for row in rows],
        kind__in=silence.NEWS,
    )
    by_order = defaultdict(list)
    for event in events.order_by("recorded_at", "id").iterator():
        by_order[event.order_id].append(
            ball.Happening(
                event.kind,
                event.payload,
                event.recorded_at,
                event.reader_case_id is not None,
                str(event.subject_id),
            )
        )
    return by_order


class Migration(migrations.Migration):
    """Batch by batch, each in a transaction of its own: no long lock."""

    atomic = False

    dependencies = [("orders", "0106_silence")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

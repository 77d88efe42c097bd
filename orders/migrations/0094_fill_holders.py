"""Orders that were there before get holder and since when from their events, by the same fold."""

from collections import defaultdict

from django.db import migrations

from orders import ball

STEP = 500


def fill(apps, _editor):
    """Fold the events of each order. Orders of the new release already have theirs: left alone."""
    orders = apps.get_model("orders", "Order").objects.filter(ball={}).order_by("id")
    last = None
    while True:
        rest = orders.filter(id__gt=last) if last else orders
        rows = list(rest[:STEP])
        if not rows:
            return
        last = rows[-1].id
        by_order = _events(apps, rows)
        for row in rows:
            found = [event for event in by_order[row.id] if event.kind in ball.KINDS]
            memory = ball.fold(found)
            held = ball.spells(found)
            row.ball = memory.written()
            row.holder = ball.holder_of(memory).value
            row.held_since = held[-1].since if held and row.holder else None
        apps.get_model("orders", "Order").objects.bulk_update(
            rows, ["ball", "holder", "held_since"], batch_size=STEP
        )


def _events(apps, rows):
    events = apps.get_model("core", "Event").objects.filter(
        landlord_id__in={row.landlord_id for row in rows}, order_id__in=[row.id for row in rows]
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

    dependencies = [("orders", "0093_holder"), ("core", "0032_invited_territory")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

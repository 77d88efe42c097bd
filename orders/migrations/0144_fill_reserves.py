"""Orders with reserves learn with whom each one is, and open ones get their reminder.

Nobody is told of a hundred reserves at once: the clock looks a day from now at the earliest.
"""

from datetime import timedelta

from django.db import migrations, transaction

from nexxio.core import clock
from orders.ball import Memory, holder_of
from orders.certificate_states import ReserveState

STEP = 500


def fill(apps, _editor):
    """Only orders that have reserves; those of the new release are folded already."""
    orders = apps.get_model("orders", "Order").objects.filter(state="with_reserves").order_by("id")
    reserves, last = apps.get_model("orders", "Reserve").objects, None
    while True:
        rest = orders.filter(id__gt=last) if last else orders
        with transaction.atomic():
            rows = list(rest.select_for_update(of=("self",))[:STEP])
            for order in rows:
                _fill(order, reserves)
        if not rows:
            break
        last = rows[-1].id
    for reserve in reserves.filter(state=ReserveState.OPEN, remind_at=None).iterator():
        late = clock.now() + timedelta(days=1)
        due = clock.now() + (reserve.due_on - clock.today()) + timedelta(days=1)
        reserves.filter(pk=reserve.pk).update(remind_at=max(due, late))


def _fill(order, reserves):
    own = reserves.filter(landlord_id=order.landlord_id, order_id=order.pk).order_by("number")
    states = dict(own.values_list("number", "state"))
    known = {
        "to_lift": [number for number, state in states.items() if state == ReserveState.OPEN],
        "claimed": [number for number, state in states.items() if state == ReserveState.CLAIMED],
    }
    order.ball = {**order.ball, **{key: found for key, found in known.items() if found}}
    holder = holder_of(Memory.read(order.ball)).value
    if holder != order.holder:
        order.holder, order.held_since = holder, clock.now()
    order.save(update_fields=["ball", "holder", "held_since"])


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0143_reserve_indexes")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]

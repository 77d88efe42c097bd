import django.db.models.deletion
from django.db import migrations, models

# ruleid: migrations-import-no-model
import nexxio.core.models.users

# ok: migrations-import-no-model
from django.db.models import Q
from nexxio.core import ids

# ruleid: migrations-import-no-model
from nexxio.core.models import User

# ruleid: migrations-import-no-model
from orders.models import Order


def lock(pk):
    # ruleid: a-row-lock-names-its-table
    Order.objects.select_for_update().get(pk=pk)
    # ruleid: a-row-lock-names-its-table
    Order.objects.filter(pk=pk).select_for_update(skip_locked=True).first()
    # ok: a-row-lock-names-its-table
    return Order.objects.select_for_update(of=("self",), skip_locked=True).get(pk=pk)


def rename(pk):
    order = Order.objects.filter(title="").get(pk=pk)
    order.title = "Fuite"
    # ruleid: a-fetched-row-is-saved-by-field
    order.save()
    # ok: a-fetched-row-is-saved-by-field
    order.save(update_fields=["title"])
    first = Order.objects.first()
    # ruleid: a-fetched-row-is-saved-by-field
    first.save(using="default")
    for each in Order.objects.all():
        # ruleid: a-fetched-row-is-saved-by-field
        each.save()
    locked = moves.lock_order(pk)
    # ruleid: a-fetched-row-is-saved-by-field
    locked.save()
    # ok: a-fetched-row-is-saved-by-field
    Order(title="Fuite").save(force_insert=True)
    made = User(email="x")
    # ok: a-fetched-row-is-saved-by-field
    made.save()


def search(cursor, word):
    # ruleid: no-values-pasted-into-sql
    cursor.execute(f"SELECT 1 FROM orders_order WHERE title = '{word}'")
    # ruleid: no-values-pasted-into-sql
    cursor.execute("SELECT 1 FROM orders_order WHERE title = '%s'" % word)
    # ruleid: no-values-pasted-into-sql
    cursor.execute("SELECT 1 FROM orders_order WHERE title = '{}'".format(word), [])
    # ruleid: no-values-pasted-into-sql
    Order.objects.raw("SELECT * FROM orders_order WHERE title = " + word)
    # ok: no-values-pasted-into-sql
    cursor.execute("SELECT 1 FROM orders_order WHERE title = %s", [word])


class Migration(migrations.Migration):
    operations = [
        # ruleid: indexes-are-made-concurrently
        migrations.AddIndex(model_name="order", index=models.Index(fields=["title"], name="x")),
        # ok: indexes-are-made-concurrently
        AddIndexConcurrently(model_name="order", index=models.Index(fields=["title"], name="x")),
    ]

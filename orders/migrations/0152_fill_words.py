"""Orders that were there before get their words, batch by batch; then the index of words.

What is written meanwhile has its words by the triggers. A batch locks its orders, as the services
do, so that it overwrites nothing newer.
"""

from django.db import connection, migrations, transaction

STEP = 1000
_NEXT = """
    SELECT id FROM orders_order WHERE id > %s ORDER BY id LIMIT %s FOR NO KEY UPDATE
"""
INDEX = """
CREATE INDEX CONCURRENTLY order_words ON orders_orderwords
    USING gin (landlord_id, contractor_id, words gin_trgm_ops)
"""


def fill(_apps, _editor):
    """Each batch in a transaction of its own."""
    last = "00000000-0000-0000-0000-000000000000"
    while True:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_NEXT, [last, STEP])
            keys = [pk for (pk,) in cursor.fetchall()]
            if not keys:
                return
            cursor.execute("SELECT orders_write_words(%s)", [keys])
        last = keys[-1]


class Migration(migrations.Migration):
    """Outside a transaction: the table may be large."""

    atomic = False

    dependencies = [("orders", "0151_find")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunSQL(INDEX, "DROP INDEX CONCURRENTLY order_words"),
    ]

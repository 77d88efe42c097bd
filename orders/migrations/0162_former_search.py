"""The search of before `orders_find` goes: no process of this release asks it."""

from django.db import migrations

DROP = """
DROP FUNCTION IF EXISTS orders_search(
    text, text[], text, text, date, timestamptz, uuid, boolean, integer);
DROP FUNCTION IF EXISTS orders_search(
    text, text[], text, text, date, timestamptz, uuid, boolean, integer, uuid, uuid);
"""


class Migration(migrations.Migration):
    """Databases that were made since 0160 never had it."""

    dependencies = [("orders", "0161_walls")]

    operations = [migrations.RunSQL(DROP, migrations.RunSQL.noop)]

"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ("CREATE POLICY orders_pieceanswer_paper ON orders_pieceanswer FOR SELECT TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END)", 'DROP POLICY orders_pieceanswer_paper ON orders_pieceanswer'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0221_walls")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

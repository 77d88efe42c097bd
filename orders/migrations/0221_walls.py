"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('DROP POLICY orders_reserve_paper ON orders_reserve', "CREATE POLICY orders_reserve_paper ON orders_reserve FOR SELECT TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END)"),
    ("CREATE POLICY orders_reserve_paper ON orders_reserve TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END) WITH CHECK (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END AND state IN ('open', 'claimed'))", 'DROP POLICY orders_reserve_paper ON orders_reserve'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0220_unsaid_chased")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('DROP POLICY orders_ordercontact_contractor ON orders_ordercontact', "CREATE POLICY orders_ordercontact_contractor ON orders_ordercontact FOR SELECT TO nexxio_site USING (CASE WHEN EXISTS (SELECT 1 FROM orders_order o WHERE o.id = orders_ordercontact.order_id AND o.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND o.state IN ('accepted', 'partly_done', 'done')) THEN true ELSE false END)"),
    ("CREATE POLICY orders_ordercontact_contractor ON orders_ordercontact FOR SELECT TO nexxio_site USING (CASE WHEN EXISTS (SELECT 1 FROM orders_order o WHERE o.id = orders_ordercontact.order_id AND o.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND (o.state IN ('accepted', 'partly_done') OR o.state = 'done' AND o.done_at > now() - interval '90 days')) THEN true ELSE false END)", 'DROP POLICY orders_ordercontact_contractor ON orders_ordercontact'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0009_words")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

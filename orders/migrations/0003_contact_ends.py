"""The second wall: the contractor reads the contact until 90 days after the works."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('DROP POLICY orders_ordercontact_contractor ON orders_ordercontact', "CREATE POLICY orders_ordercontact_contractor ON orders_ordercontact FOR SELECT TO nexxio_site USING (order_id IN (SELECT o.id FROM orders_order o WHERE o.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND o.state IN ('accepted', 'partly_done', 'done')))"),
    ("CREATE POLICY orders_ordercontact_contractor ON orders_ordercontact FOR SELECT TO nexxio_site USING (order_id IN (SELECT o.id FROM orders_order o WHERE o.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND (o.state IN ('accepted', 'partly_done') OR o.state = 'done' AND o.done_at > now() - interval '90 days')))", 'DROP POLICY orders_ordercontact_contractor ON orders_ordercontact'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0002_walls")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_order ADD CONSTRAINT orders_order_supersedes_id_of_landlord FOREIGN KEY (landlord_id, supersedes_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE NOT VALID', 'ALTER TABLE orders_order DROP CONSTRAINT orders_order_supersedes_id_of_landlord'),
    ('DROP POLICY orders_ordercontact_contractor ON orders_ordercontact', "CREATE POLICY orders_ordercontact_contractor ON orders_ordercontact FOR SELECT TO nexxio_site USING (CASE WHEN EXISTS (SELECT 1 FROM orders_order o WHERE o.id = orders_ordercontact.order_id AND o.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND (o.state IN ('accepted', 'partly_done') OR o.state IN ('done', 'with_reserves', 'certified') AND o.done_at > now() - interval '90 days')) THEN true ELSE false END)"),
    ("CREATE POLICY orders_ordercontact_contractor ON orders_ordercontact FOR SELECT TO nexxio_site USING (CASE WHEN EXISTS (SELECT 1 FROM orders_order o WHERE o.id = orders_ordercontact.order_id AND o.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND (o.state IN ('accepted', 'partly_done') OR o.state IN ('done', 'with_reserves', 'certified', 'closed') AND o.done_at > now() - interval '90 days')) THEN true ELSE false END)", 'DROP POLICY orders_ordercontact_contractor ON orders_ordercontact'),
    ('DROP POLICY orders_ordercontact_paper ON orders_ordercontact', "CREATE POLICY orders_ordercontact_paper ON orders_ordercontact FOR SELECT TO nexxio_site USING (CASE WHEN EXISTS (SELECT 1 FROM orders_order o WHERE o.id = orders_ordercontact.order_id AND o.id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND (o.state IN ('accepted', 'partly_done') OR o.state IN ('done', 'with_reserves', 'certified') AND o.done_at > now() - interval '90 days')) THEN true ELSE false END)"),
    ("CREATE POLICY orders_ordercontact_paper ON orders_ordercontact FOR SELECT TO nexxio_site USING (CASE WHEN EXISTS (SELECT 1 FROM orders_order o WHERE o.id = orders_ordercontact.order_id AND o.id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND (o.state IN ('accepted', 'partly_done') OR o.state IN ('done', 'with_reserves', 'certified', 'closed') AND o.done_at > now() - interval '90 days')) THEN true ELSE false END)", 'DROP POLICY orders_ordercontact_paper ON orders_ordercontact'),
    ('DROP POLICY orders_orderdocument_contractor ON orders_orderdocument', "CREATE POLICY orders_orderdocument_contractor ON orders_orderdocument FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND (NOT in_clear OR EXISTS (SELECT 1 FROM orders_order o WHERE o.id = orders_orderdocument.order_id AND (o.state IN ('accepted', 'partly_done') OR o.state IN ('done', 'with_reserves', 'certified') AND o.done_at > now() - interval '90 days'))) THEN true ELSE false END)"),
    ("CREATE POLICY orders_orderdocument_contractor ON orders_orderdocument FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND (NOT in_clear OR EXISTS (SELECT 1 FROM orders_order o WHERE o.id = orders_orderdocument.order_id AND (o.state IN ('accepted', 'partly_done') OR o.state IN ('done', 'with_reserves', 'certified', 'closed') AND o.done_at > now() - interval '90 days'))) THEN true ELSE false END)", 'DROP POLICY orders_orderdocument_contractor ON orders_orderdocument'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0103_path_indexes")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ("CREATE POLICY orders_priceschedule_paper ON orders_priceschedule FOR SELECT TO nexxio_site USING (CASE WHEN published_at IS NOT NULL AND contract_id IN (SELECT o.contract_id FROM orders_order o WHERE o.id = (select nullif(current_setting('nexxio.paper', true), '')::uuid)) THEN true ELSE false END)", 'DROP POLICY orders_priceschedule_paper ON orders_priceschedule'),
    ("CREATE POLICY orders_priceitem_paper ON orders_priceitem FOR SELECT TO nexxio_site USING (CASE WHEN schedule_id IN (SELECT s.id FROM orders_priceschedule s JOIN orders_order o ON o.contract_id = s.contract_id WHERE s.published_at IS NOT NULL AND o.id = (select nullif(current_setting('nexxio.paper', true), '')::uuid)) THEN true ELSE false END)", 'DROP POLICY orders_priceitem_paper ON orders_priceitem'),
    ('DROP POLICY orders_variation_paper ON orders_variation', "CREATE POLICY orders_variation_paper ON orders_variation FOR SELECT TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END)"),
    ("CREATE POLICY orders_variation_paper ON orders_variation TO nexxio_site USING (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END) WITH CHECK (CASE WHEN order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid) AND contractor_id IS NOT NULL THEN true ELSE false END AND state IN ('draft', 'asked', 'withdrawn'))", 'DROP POLICY orders_variation_paper ON orders_variation'),
    ('DROP POLICY orders_variationterms_paper ON orders_variationterms', "CREATE POLICY orders_variationterms_paper ON orders_variationterms FOR SELECT TO nexxio_site USING (CASE WHEN shown AND variation_id IN (SELECT v.id FROM orders_variation v WHERE v.order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid)) THEN true ELSE false END)"),
    ("CREATE POLICY orders_variationterms_paper ON orders_variationterms TO nexxio_site USING (CASE WHEN variation_id IN (SELECT v.id FROM orders_variation v WHERE v.order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid)) THEN true ELSE false END) WITH CHECK (CASE WHEN variation_id IN (SELECT v.id FROM orders_variation v WHERE v.order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid)) THEN true ELSE false END AND granted IS NULL)", 'DROP POLICY orders_variationterms_paper ON orders_variationterms'),
    ('DROP POLICY orders_variationline_paper ON orders_variationline', "CREATE POLICY orders_variationline_paper ON orders_variationline FOR SELECT TO nexxio_site USING (CASE WHEN shown AND variation_id IN (SELECT v.id FROM orders_variation v WHERE v.order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid)) THEN true ELSE false END)"),
    ("CREATE POLICY orders_variationline_paper ON orders_variationline TO nexxio_site USING (CASE WHEN variation_id IN (SELECT v.id FROM orders_variation v WHERE v.order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid)) THEN true ELSE false END) WITH CHECK (CASE WHEN variation_id IN (SELECT v.id FROM orders_variation v WHERE v.order_id = (select nullif(current_setting('nexxio.paper', true), '')::uuid)) THEN true ELSE false END AND granted_quantity IS NULL)", 'DROP POLICY orders_variationline_paper ON orders_variationline'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0248_awaits_limit")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

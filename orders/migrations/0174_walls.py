"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE orders_revisionclause ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_revisionclause DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_revisionclause_landlord ON orders_revisionclause TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_revisionclause_landlord ON orders_revisionclause'),
    ("CREATE POLICY orders_revisionclause_contractor ON orders_revisionclause FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_revisionclause_contractor ON orders_revisionclause'),
    ('CREATE POLICY orders_revisionclause_system ON orders_revisionclause TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_revisionclause_system ON orders_revisionclause'),
    ('ALTER TABLE orders_revisionclause ADD CONSTRAINT orders_revisionclause_contract_id_of_landlord FOREIGN KEY (landlord_id, contract_id) REFERENCES orders_contract (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_revisionclause DROP CONSTRAINT orders_revisionclause_contract_id_of_landlord'),
    ('ALTER TABLE orders_schedulerevision ENABLE ROW LEVEL SECURITY', 'ALTER TABLE orders_schedulerevision DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY orders_schedulerevision_landlord ON orders_schedulerevision TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY orders_schedulerevision_landlord ON orders_schedulerevision'),
    ("CREATE POLICY orders_schedulerevision_contractor ON orders_schedulerevision FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND EXISTS (SELECT 1 FROM orders_priceschedule s WHERE s.id = orders_schedulerevision.schedule_id AND s.published_at IS NOT NULL) THEN true ELSE false END)", 'DROP POLICY orders_schedulerevision_contractor ON orders_schedulerevision'),
    ('CREATE POLICY orders_schedulerevision_system ON orders_schedulerevision TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY orders_schedulerevision_system ON orders_schedulerevision'),
    ('ALTER TABLE orders_schedulerevision ADD CONSTRAINT orders_schedulerevision_contract_id_of_landlord FOREIGN KEY (landlord_id, contract_id) REFERENCES orders_contract (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_schedulerevision DROP CONSTRAINT orders_schedulerevision_contract_id_of_landlord'),
    ('ALTER TABLE orders_schedulerevision ADD CONSTRAINT orders_schedulerevision_schedule_id_of_landlord FOREIGN KEY (landlord_id, schedule_id) REFERENCES orders_priceschedule (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE orders_schedulerevision DROP CONSTRAINT orders_schedulerevision_schedule_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0173_revisions_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

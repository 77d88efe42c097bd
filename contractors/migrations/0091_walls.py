"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE contractors_finalaccount ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_finalaccount DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_finalaccount_landlord ON contractors_finalaccount TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_finalaccount_landlord ON contractors_finalaccount'),
    ("CREATE POLICY contractors_finalaccount_contractor ON contractors_finalaccount TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END AND (state = 'submitted' OR (state IN ('agreed', 'contested') AND answered_at IS NOT NULL)))", 'DROP POLICY contractors_finalaccount_contractor ON contractors_finalaccount'),
    ('CREATE POLICY contractors_finalaccount_system ON contractors_finalaccount TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_finalaccount_system ON contractors_finalaccount'),
    ('ALTER TABLE contractors_finalaccount ADD CONSTRAINT contractors_finalaccount_tenant_id_of_landlord FOREIGN KEY (landlord_id, tenant_id) REFERENCES core_tenant (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_finalaccount DROP CONSTRAINT contractors_finalaccount_tenant_id_of_landlord'),
    ('ALTER TABLE contractors_finalaccount ADD CONSTRAINT contractors_finalaccount_reader_case_id_of_landlord FOREIGN KEY (landlord_id, reader_case_id) REFERENCES core_case (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_finalaccount DROP CONSTRAINT contractors_finalaccount_reader_case_id_of_landlord'),
    ('ALTER TABLE contractors_finalaccount ADD CONSTRAINT contractors_finalaccount_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_finalaccount DROP CONSTRAINT contractors_finalaccount_order_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("contractors", "0090_final_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

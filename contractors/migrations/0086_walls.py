"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE contractors_paymenttransfer ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_paymenttransfer DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_paymenttransfer_landlord ON contractors_paymenttransfer TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_paymenttransfer_landlord ON contractors_paymenttransfer'),
    ("CREATE POLICY contractors_paymenttransfer_contractor ON contractors_paymenttransfer FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_paymenttransfer_contractor ON contractors_paymenttransfer'),
    ('CREATE POLICY contractors_paymenttransfer_system ON contractors_paymenttransfer TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_paymenttransfer_system ON contractors_paymenttransfer'),
    ('ALTER TABLE contractors_paymenttransfer ADD CONSTRAINT contractors_paymenttransfer_contract_id_of_landlord FOREIGN KEY (landlord_id, contract_id) REFERENCES orders_contract (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_paymenttransfer DROP CONSTRAINT contractors_paymenttransfer_contract_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("contractors", "0085_transfers_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

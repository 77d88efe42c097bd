"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE contractors_receivedinvoice ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_receivedinvoice DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_receivedinvoice_landlord ON contractors_receivedinvoice TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) AND (side = 'landlord' OR shared_at IS NOT NULL) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) AND (side = 'landlord' OR shared_at IS NOT NULL) THEN true ELSE false END)", 'DROP POLICY contractors_receivedinvoice_landlord ON contractors_receivedinvoice'),
    ("CREATE POLICY contractors_receivedinvoice_contractor ON contractors_receivedinvoice TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND (side = 'contractor' OR shared_at IS NOT NULL) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND (side = 'contractor' OR shared_at IS NOT NULL) THEN true ELSE false END AND state IN ('reading', 'to_complete', 'waiting', 'attaching', 'turned_into_invoice', 'refused', 'set_aside'))", 'DROP POLICY contractors_receivedinvoice_contractor ON contractors_receivedinvoice'),
    ('CREATE POLICY contractors_receivedinvoice_system ON contractors_receivedinvoice TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_receivedinvoice_system ON contractors_receivedinvoice'),
    ('ALTER TABLE contractors_receivedinvoice ADD CONSTRAINT contractors_receivedinvoice_tenant_id_of_landlord FOREIGN KEY (landlord_id, tenant_id) REFERENCES core_tenant (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_receivedinvoice DROP CONSTRAINT contractors_receivedinvoice_tenant_id_of_landlord'),
    ('ALTER TABLE contractors_receivedinvoice ADD CONSTRAINT contractors_receivedinvoice_reader_case_id_of_landlord FOREIGN KEY (landlord_id, reader_case_id) REFERENCES core_case (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_receivedinvoice DROP CONSTRAINT contractors_receivedinvoice_reader_case_id_of_landlord'),
    ('ALTER TABLE contractors_receivedinvoice ADD CONSTRAINT contractors_receivedinvoice_file_id_of_landlord FOREIGN KEY (landlord_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_receivedinvoice DROP CONSTRAINT contractors_receivedinvoice_file_id_of_landlord'),
    ('ALTER TABLE contractors_receivedinvoice ADD CONSTRAINT contractors_receivedinvoice_order_id_of_landlord FOREIGN KEY (landlord_id, order_id) REFERENCES orders_order (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_receivedinvoice DROP CONSTRAINT contractors_receivedinvoice_order_id_of_landlord'),
    ('ALTER TABLE contractors_receivedinvoice ADD CONSTRAINT contractors_receivedinvoice_invoice_id_of_landlord FOREIGN KEY (landlord_id, invoice_id) REFERENCES contractors_invoice (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_receivedinvoice DROP CONSTRAINT contractors_receivedinvoice_invoice_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("contractors", "0022_received_invoices")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE contractors_billingdetails ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_billingdetails DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_billingdetails_landlord ON contractors_billingdetails TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) OR organisation_id IN (SELECT p.contractor_id FROM core_partnership p WHERE p.landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid)) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) OR organisation_id IN (SELECT p.contractor_id FROM core_partnership p WHERE p.landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid)) THEN true ELSE false END AND organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid))", 'DROP POLICY contractors_billingdetails_landlord ON contractors_billingdetails'),
    ("CREATE POLICY contractors_billingdetails_contractor ON contractors_billingdetails TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) OR organisation_id IN (SELECT p.landlord_id FROM core_partnership p WHERE p.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid)) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) OR organisation_id IN (SELECT p.landlord_id FROM core_partnership p WHERE p.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid)) THEN true ELSE false END AND organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid))", 'DROP POLICY contractors_billingdetails_contractor ON contractors_billingdetails'),
    ('CREATE POLICY contractors_billingdetails_system ON contractors_billingdetails TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_billingdetails_system ON contractors_billingdetails'),
    ('ALTER TABLE contractors_invoicefile ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_invoicefile DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_invoicefile_landlord ON contractors_invoicefile FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) AND EXISTS (SELECT 1 FROM contractors_invoice i WHERE i.id = invoice_id AND i.filed_at IS NOT NULL) THEN true ELSE false END)", 'DROP POLICY contractors_invoicefile_landlord ON contractors_invoicefile'),
    ("CREATE POLICY contractors_invoicefile_contractor ON contractors_invoicefile TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_invoicefile_contractor ON contractors_invoicefile'),
    ('CREATE POLICY contractors_invoicefile_system ON contractors_invoicefile TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_invoicefile_system ON contractors_invoicefile'),
    ('ALTER TABLE contractors_invoicefile ADD CONSTRAINT contractors_invoicefile_invoice_id_of_landlord FOREIGN KEY (landlord_id, invoice_id) REFERENCES contractors_invoice (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_invoicefile DROP CONSTRAINT contractors_invoicefile_invoice_id_of_landlord'),
    ('ALTER TABLE contractors_invoicefile ADD CONSTRAINT contractors_invoicefile_file_id_of_landlord FOREIGN KEY (landlord_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_invoicefile DROP CONSTRAINT contractors_invoicefile_file_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("contractors", "0015_invoice_files")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

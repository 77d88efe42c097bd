"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE contractors_bankaccount ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_bankaccount DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_bankaccount_landlord ON contractors_bankaccount FOR SELECT TO nexxio_site USING (CASE WHEN confirmed_at IS NOT NULL AND organisation_id IN (SELECT p.contractor_id FROM core_partnership p WHERE p.landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid)) THEN true ELSE false END)", 'DROP POLICY contractors_bankaccount_landlord ON contractors_bankaccount'),
    ("CREATE POLICY contractors_bankaccount_contractor ON contractors_bankaccount TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_bankaccount_contractor ON contractors_bankaccount'),
    ('CREATE POLICY contractors_bankaccount_system ON contractors_bankaccount TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_bankaccount_system ON contractors_bankaccount'),
    ('ALTER TABLE contractors_bankcheck ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_bankcheck DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_bankcheck_landlord ON contractors_bankcheck TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_bankcheck_landlord ON contractors_bankcheck'),
    ("CREATE POLICY contractors_bankcheck_contractor ON contractors_bankcheck FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_bankcheck_contractor ON contractors_bankcheck'),
    ('CREATE POLICY contractors_bankcheck_system ON contractors_bankcheck TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_bankcheck_system ON contractors_bankcheck'),
    ('ALTER TABLE contractors_bankcheck ADD CONSTRAINT contractors_bankcheck_account_id_of_contractor FOREIGN KEY (contractor_id, account_id) REFERENCES contractors_bankaccount (organisation_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_bankcheck DROP CONSTRAINT contractors_bankcheck_account_id_of_contractor'),
    ('ALTER TABLE contractors_paper ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_paper DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_paper_landlord ON contractors_paper FOR SELECT TO nexxio_site USING (CASE WHEN id IN (SELECT s.paper_id FROM contractors_papershare s WHERE s.landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid)) THEN true ELSE false END)", 'DROP POLICY contractors_paper_landlord ON contractors_paper'),
    ("CREATE POLICY contractors_paper_contractor ON contractors_paper TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_paper_contractor ON contractors_paper'),
    ('CREATE POLICY contractors_paper_system ON contractors_paper TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_paper_system ON contractors_paper'),
    ('ALTER TABLE contractors_paper ADD CONSTRAINT contractors_paper_file_id_of_organisation FOREIGN KEY (organisation_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_paper DROP CONSTRAINT contractors_paper_file_id_of_organisation'),
    ('ALTER TABLE contractors_papershare ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_papershare DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_papershare_landlord ON contractors_papershare TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_papershare_landlord ON contractors_papershare'),
    ("CREATE POLICY contractors_papershare_contractor ON contractors_papershare TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END AND verdict = '')", 'DROP POLICY contractors_papershare_contractor ON contractors_papershare'),
    ('CREATE POLICY contractors_papershare_system ON contractors_papershare TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_papershare_system ON contractors_papershare'),
    ('ALTER TABLE contractors_papershare ADD CONSTRAINT contractors_papershare_paper_id_of_contractor FOREIGN KEY (contractor_id, paper_id) REFERENCES contractors_paper (organisation_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_papershare DROP CONSTRAINT contractors_papershare_paper_id_of_contractor'),
    ('ALTER TABLE contractors_papershare ADD CONSTRAINT contractors_papershare_file_id_of_landlord FOREIGN KEY (landlord_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE contractors_papershare DROP CONSTRAINT contractors_papershare_file_id_of_landlord'),
    ('ALTER TABLE contractors_paperdemand ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_paperdemand DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_paperdemand_landlord ON contractors_paperdemand TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_paperdemand_landlord ON contractors_paperdemand'),
    ("CREATE POLICY contractors_paperdemand_contractor ON contractors_paperdemand FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id IN (SELECT p.landlord_id FROM core_partnership p WHERE p.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid)) THEN true ELSE false END)", 'DROP POLICY contractors_paperdemand_contractor ON contractors_paperdemand'),
    ('CREATE POLICY contractors_paperdemand_system ON contractors_paperdemand TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_paperdemand_system ON contractors_paperdemand'),
    ('ALTER TABLE contractors_paperask ENABLE ROW LEVEL SECURITY', 'ALTER TABLE contractors_paperask DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY contractors_paperask_landlord ON contractors_paperask TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_paperask_landlord ON contractors_paperask'),
    ("CREATE POLICY contractors_paperask_contractor ON contractors_paperask FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY contractors_paperask_contractor ON contractors_paperask'),
    ('CREATE POLICY contractors_paperask_system ON contractors_paperask TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY contractors_paperask_system ON contractors_paperask'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("contractors", "0031_papers_and_bank")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_review ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_review DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_review_landlord ON evaluations_review TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_review_landlord ON evaluations_review'),
    ("CREATE POLICY evaluations_review_contractor ON evaluations_review TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_review_contractor ON evaluations_review'),
    ('CREATE POLICY evaluations_review_system ON evaluations_review TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_review_system ON evaluations_review'),
    ('ALTER TABLE evaluations_review ADD CONSTRAINT evaluations_review_contract_id_of_landlord FOREIGN KEY (landlord_id, contract_id) REFERENCES orders_contract (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_review DROP CONSTRAINT evaluations_review_contract_id_of_landlord'),
    ('ALTER TABLE evaluations_reviewpoint ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_reviewpoint DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_reviewpoint_landlord ON evaluations_reviewpoint TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END AND side = 'landlord')", 'DROP POLICY evaluations_reviewpoint_landlord ON evaluations_reviewpoint'),
    ("CREATE POLICY evaluations_reviewpoint_contractor ON evaluations_reviewpoint TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END AND side = 'contractor')", 'DROP POLICY evaluations_reviewpoint_contractor ON evaluations_reviewpoint'),
    ('CREATE POLICY evaluations_reviewpoint_system ON evaluations_reviewpoint TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_reviewpoint_system ON evaluations_reviewpoint'),
    ('ALTER TABLE evaluations_reviewpoint ADD CONSTRAINT evaluations_reviewpoint_review_id_of_landlord FOREIGN KEY (landlord_id, review_id) REFERENCES evaluations_review (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_reviewpoint DROP CONSTRAINT evaluations_reviewpoint_review_id_of_landlord'),
    ('ALTER TABLE evaluations_reviewdecision ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_reviewdecision DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_reviewdecision_landlord ON evaluations_reviewdecision TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_reviewdecision_landlord ON evaluations_reviewdecision'),
    ("CREATE POLICY evaluations_reviewdecision_contractor ON evaluations_reviewdecision TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_reviewdecision_contractor ON evaluations_reviewdecision'),
    ('CREATE POLICY evaluations_reviewdecision_system ON evaluations_reviewdecision TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_reviewdecision_system ON evaluations_reviewdecision'),
    ('ALTER TABLE evaluations_reviewdecision ADD CONSTRAINT evaluations_reviewdecision_review_id_of_landlord FOREIGN KEY (landlord_id, review_id) REFERENCES evaluations_review (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_reviewdecision DROP CONSTRAINT evaluations_reviewdecision_review_id_of_landlord'),
    ('ALTER TABLE evaluations_reviewsignature ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_reviewsignature DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_reviewsignature_landlord ON evaluations_reviewsignature TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END AND side = 'landlord')", 'DROP POLICY evaluations_reviewsignature_landlord ON evaluations_reviewsignature'),
    ("CREATE POLICY evaluations_reviewsignature_contractor ON evaluations_reviewsignature TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END AND side = 'contractor')", 'DROP POLICY evaluations_reviewsignature_contractor ON evaluations_reviewsignature'),
    ('CREATE POLICY evaluations_reviewsignature_system ON evaluations_reviewsignature TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_reviewsignature_system ON evaluations_reviewsignature'),
    ('ALTER TABLE evaluations_reviewsignature ADD CONSTRAINT evaluations_reviewsignature_review_id_of_landlord FOREIGN KEY (landlord_id, review_id) REFERENCES evaluations_review (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_reviewsignature DROP CONSTRAINT evaluations_reviewsignature_review_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0013_reviews_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_campaignseat ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_campaignseat DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_campaignseat_landlord ON evaluations_campaignseat FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) AND direction = 'landlord_contractor' THEN true ELSE false END)", 'DROP POLICY evaluations_campaignseat_landlord ON evaluations_campaignseat'),
    ("CREATE POLICY evaluations_campaignseat_contractor ON evaluations_campaignseat FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND direction = 'contractor_landlord' THEN true ELSE false END)", 'DROP POLICY evaluations_campaignseat_contractor ON evaluations_campaignseat'),
    ('CREATE POLICY evaluations_campaignseat_system ON evaluations_campaignseat TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_campaignseat_system ON evaluations_campaignseat'),
    ('ALTER TABLE evaluations_campaignseat ADD CONSTRAINT evaluations_campaignseat_campaign_id_of_landlord FOREIGN KEY (landlord_id, campaign_id) REFERENCES evaluations_campaign (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE evaluations_campaignseat DROP CONSTRAINT evaluations_campaignseat_campaign_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0044_campaign_seats_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

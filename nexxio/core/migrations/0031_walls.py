"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE core_membership ADD CONSTRAINT core_membership_agency_id_of_organisation FOREIGN KEY (organisation_id, agency_id) REFERENCES core_agency (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_membership DROP CONSTRAINT core_membership_agency_id_of_organisation'),
    ('ALTER TABLE core_membership ADD CONSTRAINT core_membership_sector_id_of_organisation FOREIGN KEY (organisation_id, sector_id) REFERENCES core_sector (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_membership DROP CONSTRAINT core_membership_sector_id_of_organisation'),
    ('ALTER TABLE core_group ADD CONSTRAINT core_group_sector_id_of_landlord FOREIGN KEY (landlord_id, sector_id) REFERENCES core_sector (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_group DROP CONSTRAINT core_group_sector_id_of_landlord'),
    ('ALTER TABLE core_invitation ADD CONSTRAINT core_invitation_agency_id_of_organisation FOREIGN KEY (organisation_id, agency_id) REFERENCES core_agency (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_invitation DROP CONSTRAINT core_invitation_agency_id_of_organisation'),
    ('ALTER TABLE core_invitation ADD CONSTRAINT core_invitation_sector_id_of_organisation FOREIGN KEY (organisation_id, sector_id) REFERENCES core_sector (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_invitation DROP CONSTRAINT core_invitation_sector_id_of_organisation'),
    ('ALTER TABLE core_agency ENABLE ROW LEVEL SECURITY', 'ALTER TABLE core_agency DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY core_agency_landlord ON core_agency TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END AND nexxio_manages(landlord_id, (select nullif(current_setting('nexxio.user', true), '')::uuid)))", 'DROP POLICY core_agency_landlord ON core_agency'),
    ('CREATE POLICY core_agency_system ON core_agency TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY core_agency_system ON core_agency'),
    ('ALTER TABLE core_sector ENABLE ROW LEVEL SECURITY', 'ALTER TABLE core_sector DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY core_sector_landlord ON core_sector TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END AND nexxio_manages(landlord_id, (select nullif(current_setting('nexxio.user', true), '')::uuid)))", 'DROP POLICY core_sector_landlord ON core_sector'),
    ('CREATE POLICY core_sector_system ON core_sector TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY core_sector_system ON core_sector'),
    ('ALTER TABLE core_sector ADD CONSTRAINT core_sector_agency_id_of_landlord FOREIGN KEY (landlord_id, agency_id) REFERENCES core_agency (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_sector DROP CONSTRAINT core_sector_agency_id_of_landlord'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0030_territories")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

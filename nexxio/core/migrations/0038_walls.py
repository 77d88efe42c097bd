"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE core_absence ENABLE ROW LEVEL SECURITY', 'ALTER TABLE core_absence DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY core_absence_landlord ON core_absence TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END AND (nexxio_manages(organisation_id, (select nullif(current_setting('nexxio.user', true), '')::uuid)) OR EXISTS (SELECT 1 FROM core_membership m WHERE m.id = core_absence.member_id AND m.is_active AND m.organisation_id = core_absence.organisation_id AND m.user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid))))", 'DROP POLICY core_absence_landlord ON core_absence'),
    ("CREATE POLICY core_absence_contractor ON core_absence TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END AND (nexxio_manages(organisation_id, (select nullif(current_setting('nexxio.user', true), '')::uuid)) OR EXISTS (SELECT 1 FROM core_membership m WHERE m.id = core_absence.member_id AND m.is_active AND m.organisation_id = core_absence.organisation_id AND m.user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid))))", 'DROP POLICY core_absence_contractor ON core_absence'),
    ('CREATE POLICY core_absence_system ON core_absence TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY core_absence_system ON core_absence'),
    ('ALTER TABLE core_absence ADD CONSTRAINT core_absence_member_id_of_organisation FOREIGN KEY (organisation_id, member_id) REFERENCES core_membership (organisation_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_absence DROP CONSTRAINT core_absence_member_id_of_organisation'),
    ('ALTER TABLE core_absence ADD CONSTRAINT core_absence_substitute_id_of_organisation FOREIGN KEY (organisation_id, substitute_id) REFERENCES core_membership (organisation_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_absence DROP CONSTRAINT core_absence_substitute_id_of_organisation'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0037_absences")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

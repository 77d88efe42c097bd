"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE core_noticemute ENABLE ROW LEVEL SECURITY', 'ALTER TABLE core_noticemute DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY core_noticemute_landlord ON core_noticemute TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END AND EXISTS (SELECT 1 FROM core_membership m WHERE m.id = core_noticemute.membership_id AND m.is_active AND m.organisation_id = core_noticemute.organisation_id AND m.user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid)))", 'DROP POLICY core_noticemute_landlord ON core_noticemute'),
    ("CREATE POLICY core_noticemute_contractor ON core_noticemute TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END AND EXISTS (SELECT 1 FROM core_membership m WHERE m.id = core_noticemute.membership_id AND m.is_active AND m.organisation_id = core_noticemute.organisation_id AND m.user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid)))", 'DROP POLICY core_noticemute_contractor ON core_noticemute'),
    ('CREATE POLICY core_noticemute_system ON core_noticemute TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY core_noticemute_system ON core_noticemute'),
    ('ALTER TABLE core_noticemute ADD CONSTRAINT core_noticemute_membership_id_of_organisation FOREIGN KEY (organisation_id, membership_id) REFERENCES core_membership (organisation_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_noticemute DROP CONSTRAINT core_noticemute_membership_id_of_organisation'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0053_first_durations")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

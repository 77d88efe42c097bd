"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    (
        "ALTER TABLE core_closedperiod ENABLE ROW LEVEL SECURITY",
        "ALTER TABLE core_closedperiod DISABLE ROW LEVEL SECURITY",
    ),
    (
        "CREATE POLICY core_closedperiod_landlord ON core_closedperiod FOR SELECT TO nexxio_site USING (CASE WHEN (organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) OR organisation_id IN (SELECT p.contractor_id FROM core_partnership p WHERE p.landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid))) THEN true ELSE false END)",
        "DROP POLICY core_closedperiod_landlord ON core_closedperiod",
    ),
    (
        "CREATE POLICY core_closedperiod_contractor ON core_closedperiod FOR SELECT TO nexxio_site USING (CASE WHEN (organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) OR organisation_id IN (SELECT p.landlord_id FROM core_partnership p WHERE p.contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid))) THEN true ELSE false END)",
        "DROP POLICY core_closedperiod_contractor ON core_closedperiod",
    ),
    (
        "CREATE POLICY core_closedperiod_user ON core_closedperiod TO nexxio_site USING (CASE WHEN nexxio_manages(organisation_id, (select nullif(current_setting('nexxio.user', true), '')::uuid)) THEN true ELSE false END) WITH CHECK (CASE WHEN nexxio_manages(organisation_id, (select nullif(current_setting('nexxio.user', true), '')::uuid)) THEN true ELSE false END AND (organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) OR organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid)))",
        "DROP POLICY core_closedperiod_user ON core_closedperiod",
    ),
    (
        "CREATE POLICY core_closedperiod_paper ON core_closedperiod FOR SELECT TO nexxio_site USING (CASE WHEN ((select nullif(current_setting('nexxio.paper', true), '')::uuid) IS NOT NULL) AND (organisation_id = (select nullif(current_setting('nexxio.via', true), '')::uuid) OR organisation_id IN (SELECT p.contractor_id FROM core_partnership p WHERE p.landlord_id = (select nullif(current_setting('nexxio.via', true), '')::uuid))) THEN true ELSE false END)",
        "DROP POLICY core_closedperiod_paper ON core_closedperiod",
    ),
    (
        "CREATE POLICY core_closedperiod_system ON core_closedperiod TO nexxio_system USING (true) WITH CHECK (true)",
        "DROP POLICY core_closedperiod_system ON core_closedperiod",
    ),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0205_closed_days_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

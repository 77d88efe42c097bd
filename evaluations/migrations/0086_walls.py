"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_claimsending ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_claimsending DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_claimsending_landlord ON evaluations_claimsending FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_claimsending_landlord ON evaluations_claimsending'),
    ("CREATE POLICY evaluations_claimsending_contractor ON evaluations_claimsending TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_claimsending_contractor ON evaluations_claimsending'),
    ('CREATE POLICY evaluations_claimsending_system ON evaluations_claimsending TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_claimsending_system ON evaluations_claimsending'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0085_claim_sendings_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

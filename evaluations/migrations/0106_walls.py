"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE evaluations_givenanswers ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_givenanswers DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_givenanswers_landlord ON evaluations_givenanswers FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) AND shown_at IS NOT NULL AND withdrawn_at IS NULL THEN true ELSE false END)", 'DROP POLICY evaluations_givenanswers_landlord ON evaluations_givenanswers'),
    ("CREATE POLICY evaluations_givenanswers_contractor ON evaluations_givenanswers TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_givenanswers_contractor ON evaluations_givenanswers'),
    ('CREATE POLICY evaluations_givenanswers_system ON evaluations_givenanswers TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_givenanswers_system ON evaluations_givenanswers'),
    ('ALTER TABLE evaluations_answerstanding ENABLE ROW LEVEL SECURITY', 'ALTER TABLE evaluations_answerstanding DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY evaluations_answerstanding_contractor ON evaluations_answerstanding FOR SELECT TO nexxio_site USING (CASE WHEN contractor_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY evaluations_answerstanding_contractor ON evaluations_answerstanding'),
    ('CREATE POLICY evaluations_answerstanding_system ON evaluations_answerstanding TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY evaluations_answerstanding_system ON evaluations_answerstanding'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("evaluations", "0105_showing_tables")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

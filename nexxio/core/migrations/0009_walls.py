"""The second wall: policies and composite keys of new tables."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE core_savedview ENABLE ROW LEVEL SECURITY', 'ALTER TABLE core_savedview DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY core_savedview_user ON core_savedview TO nexxio_site USING (user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid)) WITH CHECK (user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid))", 'DROP POLICY core_savedview_user ON core_savedview'),
    ('CREATE POLICY core_savedview_system ON core_savedview TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY core_savedview_system ON core_savedview'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0008_saved_views")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

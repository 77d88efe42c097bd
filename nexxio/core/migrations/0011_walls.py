"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
    ('DROP POLICY core_savedview_user ON core_savedview', "CREATE POLICY core_savedview_user ON core_savedview TO nexxio_site USING (user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid)) WITH CHECK (user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid))"),
    ("CREATE POLICY core_savedview_user ON core_savedview TO nexxio_site USING (CASE WHEN user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY core_savedview_user ON core_savedview'),
]


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0010_words")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]

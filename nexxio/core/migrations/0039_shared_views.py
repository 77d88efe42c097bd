"""Views that are shared, with their walls, and the one that opens a list."""

from django.db import migrations, models

STATEMENTS: list[tuple[str, str]] = [
    ('DROP POLICY core_savedview_user ON core_savedview', "CREATE POLICY core_savedview_user ON core_savedview TO nexxio_site USING (CASE WHEN user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid) THEN true ELSE false END)"),
    ("CREATE POLICY core_savedview_landlord ON core_savedview TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) AND shared_at IS NOT NULL THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) AND shared_at IS NOT NULL THEN true ELSE false END AND nexxio_manages(organisation_id, (select nullif(current_setting('nexxio.user', true), '')::uuid)))", 'DROP POLICY core_savedview_landlord ON core_savedview'),
    ("CREATE POLICY core_savedview_contractor ON core_savedview TO nexxio_site USING (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND shared_at IS NOT NULL THEN true ELSE false END) WITH CHECK (CASE WHEN organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) AND shared_at IS NOT NULL THEN true ELSE false END AND nexxio_manages(organisation_id, (select nullif(current_setting('nexxio.user', true), '')::uuid)))", 'DROP POLICY core_savedview_contractor ON core_savedview'),
    ("CREATE POLICY core_savedview_user ON core_savedview TO nexxio_site USING (CASE WHEN user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid) THEN true ELSE false END) WITH CHECK (CASE WHEN user_id = (select nullif(current_setting('nexxio.user', true), '')::uuid) THEN true ELSE false END AND (shared_at IS NULL OR organisation_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) OR organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid)))", 'DROP POLICY core_savedview_user ON core_savedview'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0038_walls'),
    ]

    operations = [
        migrations.AddField(
            model_name='savedview',
            name='audience',
            field=models.CharField(blank=True, db_default='', max_length=20, verbose_name='partagée avec'),
        ),
        migrations.AddField(
            model_name='savedview',
            name='opens_with',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='savedview',
            name='shared_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='partagée le'),
        ),
        migrations.AddConstraint(
            model_name='savedview',
            constraint=models.CheckConstraint(condition=models.Q(('audience', ''), ('shared_at__isnull', False), _connector='OR'), name='view_shared_at_some_time'),
        ),
        *(migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS),
    ]

"""Who opened which file of an order, by day: the table and its walls."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.db import migrations, models

STATEMENTS: list[tuple[str, str]] = [
    ('ALTER TABLE core_filereading ENABLE ROW LEVEL SECURITY', 'ALTER TABLE core_filereading DISABLE ROW LEVEL SECURITY'),
    ("CREATE POLICY core_filereading_landlord ON core_filereading FOR SELECT TO nexxio_site USING (CASE WHEN landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid) THEN true ELSE false END)", 'DROP POLICY core_filereading_landlord ON core_filereading'),
    ("CREATE POLICY core_filereading_insert ON core_filereading FOR INSERT TO nexxio_site WITH CHECK (((side = 'landlord' AND organisation_id = landlord_id AND landlord_id = (select nullif(current_setting('nexxio.landlord', true), '')::uuid)) OR (side = 'contractor' AND (organisation_id = (select nullif(current_setting('nexxio.contractor', true), '')::uuid) OR (organisation_id IS NULL AND (select nullif(current_setting('nexxio.paper', true), '')::uuid) IS NOT NULL))) OR (side = 'tenant' AND organisation_id IS NULL AND coalesce((select nullif(current_setting('nexxio.tenant', true), '')::uuid), (select nullif(current_setting('nexxio.case', true), '')::uuid)) IS NOT NULL)) AND EXISTS (SELECT 1 FROM core_storedfile f WHERE f.id = file_id AND f.landlord_id = core_filereading.landlord_id))", 'DROP POLICY core_filereading_insert ON core_filereading'),
    ('CREATE POLICY core_filereading_system ON core_filereading TO nexxio_system USING (true) WITH CHECK (true)', 'DROP POLICY core_filereading_system ON core_filereading'),
    ('ALTER TABLE core_filereading ADD CONSTRAINT core_filereading_file_id_of_landlord FOREIGN KEY (landlord_id, file_id) REFERENCES core_storedfile (landlord_id, id) DEFERRABLE INITIALLY IMMEDIATE', 'ALTER TABLE core_filereading DROP CONSTRAINT core_filereading_file_id_of_landlord'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0040_shared_view_index'),
    ]

    operations = [
        migrations.CreateModel(
            name='FileReading',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('order_id', models.UUIDField()),
                ('side', models.CharField(max_length=12, verbose_name='côté')),
                ('role', models.CharField(blank=True, max_length=20, verbose_name='rôle')),
                ('day', models.DateField(verbose_name='jour')),
                ('file', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('organisation', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['landlord', 'order_id', '-created_at'], name='file_readings'),
                    models.Index(fields=['created_at'], name='file_readings_by_age'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('landlord', 'file', 'side', 'organisation', 'role', 'day'), name='one_file_reading_a_day', nulls_distinct=False),
                ],
            },
        ),
        *(migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS),
    ]

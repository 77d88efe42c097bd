"""Codes of tenants, sessions of accounts that can all be ended, files of imports that are erased."""

import nexxio.core.clock
import nexxio.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0015_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name='EntryCode',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('channel', models.CharField(max_length=8, verbose_name='canal')),
                ('contact', models.CharField(max_length=254, verbose_name='contact')),
                ('expires_at', models.DateTimeField(verbose_name='valable jusqu’à')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='essais')),
                ('send_at', models.DateTimeField(null=True, verbose_name='à envoyer à')),
                ('sendings', models.PositiveSmallIntegerField(default=0, verbose_name='envois tentés')),
                ('used_at', models.DateTimeField(null=True, verbose_name='utilisé à')),
                ('ends_at', models.DateTimeField(null=True, verbose_name='fin de session')),
            ],
            options={
                'verbose_name': 'code d’entrée',
                'verbose_name_plural': 'codes d’entrée',
                'indexes': [
                    models.Index(fields=['contact', 'created_at'], name='entry_of_contact'),
                    models.Index(condition=models.Q(('send_at__isnull', False)), fields=['send_at'], name='entry_to_send'),
                    models.Index(fields=['created_at'], name='entry_by_age'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('used_at__isnull', True), ('ends_at__isnull', False), _connector='XOR'), name='entry_session_exactly_when_used'),
                ],
            },
        ),
        migrations.AlterModelOptions(
            name='importrun',
            options={'verbose_name': 'import', 'verbose_name_plural': 'imports'},
        ),
        migrations.AddField(
            model_name='importrun',
            name='file_erased_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='fichier effacé le'),
        ),
        migrations.AddField(
            model_name='user',
            name='sessions_ended',
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False, help_text='Nombre de fois.', verbose_name='sessions closes'),
        ),
    ]

"""Who of a landlord's service sees to a block; blocks that are passed on."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("contractors", "0094_alert_days"),
        ('core', '0200_plural_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='block',
            name='passed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='block',
            name='passed_note',
            field=models.CharField(blank=True, db_default='', max_length=500, verbose_name='raison du passage'),
        ),
        migrations.AddField(
            model_name='block',
            name='passed_side',
            field=models.CharField(blank=True, db_default='', max_length=10),
        ),
        migrations.CreateModel(
            name='BlockHolder',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('taken_at', models.DateTimeField()),
                ('block', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='holder', to='contractors.block')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'personne qui s’occupe d’un blocage',
                'verbose_name_plural': 'personnes qui s’occupent d’un blocage',
            },
        ),
    ]

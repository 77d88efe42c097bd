"""A landlord that isn’t named in references."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0200_plural_words'),
        ("evaluations", "0063_walls"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='peerreference',
            name='unnamed',
            field=models.BooleanField(db_default=False, default=False, verbose_name='bailleur non nommé'),
        ),
        migrations.CreateModel(
            name='PeerRule',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('unnamed', models.BooleanField(default=False, verbose_name='ne pas nommer')),
                ('changed_at', models.DateTimeField(verbose_name='depuis le')),
                ('changed_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('landlord', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'verbose_name': 'règle des références',
                'verbose_name_plural': 'règles des références',
            },
        ),
    ]

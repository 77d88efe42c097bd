"""That a claim letter was sent, as its company notes it."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("evaluations", "0065_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name='ClaimSending',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('sent_on', models.DateField(verbose_name='envoyée le')),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('letter', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contractors.claimletter')),
            ],
            options={
                'verbose_name': 'envoi d’une réclamation',
                'verbose_name_plural': 'envois de réclamations',
                'indexes': [models.Index(fields=['landlord', 'contractor', '-sent_on'], name='sendings_of_pair')],
                'constraints': [models.UniqueConstraint(fields=('letter',), name='one_sending_per_letter')],
            },
        ),
    ]

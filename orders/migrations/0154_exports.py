
import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0043_job_is_awaited'),
        ('orders', '0153_filter_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='OrderExport',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('state', models.CharField(choices=[('preparing', 'En préparation'), ('ready', 'Prêt'), ('failed', 'Échec')], default='preparing', max_length=10)),
                ('file_format', models.CharField(choices=[('xlsx', 'Excel'), ('csv', 'CSV')], max_length=4, verbose_name='format')),
                ('query', models.CharField(blank=True, max_length=600)),
                ('asked_at', models.DateTimeField()),
                ('rows', models.PositiveIntegerField(default=0)),
                ('total', models.PositiveIntegerField(default=0)),
                ('is_cut', models.BooleanField(default=False)),
                ('file', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'export de commandes',
                'verbose_name_plural': 'exports de commandes',
                'indexes': [models.Index(fields=['organisation', 'user', '-asked_at', '-id'], name='order_export_of_person')],
                'constraints': [models.CheckConstraint(condition=models.Q(('file__isnull', False), models.Q(('state', 'ready'), _negated=True), _connector='XOR'), name='order_export_ready_exactly_when_it_is_there'), models.CheckConstraint(condition=models.Q(('state__in', ['preparing', 'ready', 'failed'])), name='order_export_state_is_known'), models.CheckConstraint(condition=models.Q(('file_format__in', ['xlsx', 'csv'])), name='order_export_format_is_known'), models.CheckConstraint(condition=models.Q(('rows__lte', models.F('total'))), name='order_export_writes_no_more_than_all')],
            },
        ),
    ]

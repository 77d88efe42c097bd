"""Ceded claims and oppositions."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("contractors", "0074_retention_told"),
        ('core', '0056_walls'),
        ('orders', '0210_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PaymentTransfer',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('kind', models.CharField(choices=[('dailly', 'Cession Dailly'), ('factoring', 'Affacturage'), ('opposition', 'Opposition ou saisie')], max_length=12, verbose_name='nature')),
                ('beneficiary', models.CharField(max_length=120, verbose_name='bénéficiaire')),
                ('reference', models.CharField(max_length=80, verbose_name='référence de l’acte')),
                ('notified_on', models.DateField(verbose_name='reçu le')),
                ('most', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='à hauteur de')),
                ('iban', models.CharField(blank=True, max_length=34, verbose_name='IBAN')),
                ('bic', models.CharField(blank=True, max_length=11, verbose_name='BIC')),
                ('state', models.CharField(choices=[('to_check', 'À vérifier par une seconde personne'), ('in_force', 'En vigueur'), ('refused', 'Écartée'), ('ended', 'Levée')], default='to_check', max_length=10, verbose_name='état')),
                ('called_name', models.CharField(blank=True, max_length=120, verbose_name='personne jointe')),
                ('called_phone', models.CharField(blank=True, max_length=20, verbose_name='numéro appelé')),
                ('number_from', models.CharField(blank=True, max_length=200, verbose_name='origine du numéro')),
                ('called_on', models.DateField(blank=True, null=True, verbose_name='jour de l’appel')),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='raison')),
                ('checked_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contract', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.contract', verbose_name='marché')),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('noted_by', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'cession ou opposition',
                'verbose_name_plural': 'cessions et oppositions',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['landlord', 'contractor', 'state'], name='transfer_of_pair')],
                'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['dailly', 'factoring', 'opposition'])), name='transfer_kind_is_known'), models.CheckConstraint(condition=models.Q(('state__in', ['to_check', 'in_force', 'refused', 'ended'])), name='transfer_state_is_known'), models.UniqueConstraint(condition=models.Q(('state__in', ('to_check', 'in_force'))), fields=('landlord', 'contractor', 'reference'), name='one_open_transfer'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'in_force'), _negated=True), models.Q(('called_on__isnull', False), ('checked_at__isnull', False), models.Q(('called_phone', ''), _negated=True)), _connector='OR'), name='transfer_in_force_by_a_call'), models.CheckConstraint(condition=models.Q(('noted_by__isnull', True), models.Q(('checked_by', models.F('noted_by')), _negated=True), _connector='OR'), name='transfer_checked_by_another'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at__isnull', True), ('state__in', ('to_check', 'in_force'))), models.Q(models.Q(('state__in', ('to_check', 'in_force')), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='transfer_ended_exactly_when_it_is_over'), models.CheckConstraint(condition=models.Q(('most__isnull', True), ('most__gt', 0), _connector='OR'), name='transfer_sum_is_positive'), models.CheckConstraint(condition=models.Q(('kind', 'opposition'), models.Q(('iban', ''), _negated=True), _connector='OR'), name='ceded_claim_has_an_account')],
            },
        ),
    ]

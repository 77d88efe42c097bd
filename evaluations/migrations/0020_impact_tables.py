import datetime
import django.db.models.deletion
import django.db.models.expressions
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0054_walls'),
        ('core', '__first__'),
        ('evaluations', '0017_first_words'),
        ('orders', '0179_photos_erased'),
    ]

    operations = [
        migrations.CreateModel(
            name='Rollout',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('baseline_on', models.DateField(verbose_name='référence depuis le')),
                ('starts_on', models.DateField(verbose_name='mise en service le')),
                ('decided_at', models.DateTimeField(verbose_name='décidé le')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True, verbose_name='annulé le')),
                ('measured_on', models.DateField(blank=True, null=True, verbose_name='mesuré le')),
                ('agency', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency')),
                ('decided_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('trade', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.trade')),
            ],
            options={
                'verbose_name': 'mise en service',
                'verbose_name_plural': 'mises en service',
                'constraints': [models.UniqueConstraint(fields=('landlord', 'id'), name='rollout_of_landlord'), models.UniqueConstraint(condition=models.Q(('cancelled_at__isnull', True)), fields=('landlord', 'agency', 'trade'), name='one_rollout_of_perimeter'), models.CheckConstraint(condition=models.Q(('starts_on__gte', django.db.models.expressions.CombinedExpression(models.F('baseline_on'), '+', models.Value(datetime.timedelta(days=56)))), ('starts_on__lte', django.db.models.expressions.CombinedExpression(models.F('baseline_on'), '+', models.Value(datetime.timedelta(days=84))))), name='rollout_has_its_baseline')],
            },
        ),
        migrations.CreateModel(
            name='ImpactEstimate',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('indicator', models.CharField(choices=[('appointments', 'Rendez-vous tenus'), ('repeats', 'Nouveaux passages sous 30 jours'), ('blocked', 'Euros bloqués par facture'), ('payment', 'Jours de la réception au paiement')], max_length=12)),
                ('until', models.DateField()),
                ('others', models.PositiveIntegerField(default=0)),
                ('n_before', models.PositiveIntegerField(default=0)),
                ('n_after', models.PositiveIntegerField(default=0)),
                ('n_other_before', models.PositiveIntegerField(default=0)),
                ('n_other_after', models.PositiveIntegerField(default=0)),
                ('mean_before', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('mean_after', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('mean_other_before', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('mean_other_after', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('effect', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('low', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('high', models.DecimalField(decimal_places=2, max_digits=12, null=True)),
                ('weeks', models.JSONField(default=list)),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('rollout', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='estimates', to='evaluations.rollout')),
            ],
            options={
                'verbose_name': 'estimation d’impact',
                'verbose_name_plural': 'estimations d’impact',
                'constraints': [models.UniqueConstraint(fields=('landlord', 'rollout', 'indicator'), name='one_estimate_of_indicator'), models.CheckConstraint(condition=models.Q(models.Q(('effect__isnull', True), ('high__isnull', True), ('low__isnull', True), ('mean_after__isnull', True), ('mean_before__isnull', True)), models.Q(('high__gte', models.F('effect')), ('low__lte', models.F('effect')), ('n_after__gte', 30), ('n_before__gte', 30), ('n_other_after__gte', 30), ('n_other_before__gte', 30)), _connector='OR'), name='estimate_only_of_enough')],
            },
        ),
        migrations.CreateModel(
            name='ImpactNote',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('happened_on', models.DateField(verbose_name='date')),
                ('text', models.CharField(max_length=300, verbose_name='ce qui a changé')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency')),
                ('author', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('trade', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.trade')),
                ('withdrawn_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'note du journal',
                'verbose_name_plural': 'notes du journal',
                'indexes': [models.Index(fields=['landlord', '-happened_on', '-id'], name='impact_note_list')],
                'constraints': [models.CheckConstraint(condition=models.Q(('agency__isnull', True), ('trade__isnull', False), _connector='XOR'), name='impact_note_of_a_whole_perimeter'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('withdrawn_by__isnull', False), _connector='XOR'), name='impact_note_withdrawn_by_somebody')],
            },
        ),
    ]

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0054_walls'),
        ('core', '__first__'),
        ('evaluations', '0021_walls'),
        ('orders', '0179_photos_erased'),
    ]

    operations = [
        migrations.CreateModel(
            name='Pilot',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('need', models.CharField(choices=[('inform', 'Mieux informer les locataires'), ('first_time', 'Réparer du premier coup'), ('trips', 'Moins de déplacements pour rien'), ('delays', 'Tenir les délais'), ('costs', 'Tenir les coûts'), ('relation', 'De meilleures relations avec les entreprises'), ('payment', 'Payer dans les délais'), ('proof', 'Avoir la preuve des travaux')], max_length=20, verbose_name='besoin')),
                ('feature', models.CharField(max_length=20, verbose_name='fonction')),
                ('name', models.CharField(max_length=120, verbose_name='nom')),
                ('perimeter', models.CharField(max_length=200, verbose_name='périmètre')),
                ('starts_on', models.DateField(verbose_name='début')),
                ('review_on', models.DateField(verbose_name='date du bilan')),
                ('way_back', models.CharField(max_length=1000, verbose_name='retour en arrière')),
                ('outcome', models.CharField(blank=True, choices=[('go', 'Généraliser ou garder (go)'), ('no_go', 'Arrêter et revenir en arrière (no-go)'), ('prolonged', 'Prolonger')], default='', max_length=10)),
                ('decided_on', models.DateField(blank=True, null=True)),
                ('everywhere', models.BooleanField(default=False)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('trade', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.trade')),
            ],
            options={
                'verbose_name': 'pilote',
                'verbose_name_plural': 'pilotes',
                'indexes': [models.Index(fields=['landlord', '-starts_on', '-id'], name='pilot_list'), models.Index(condition=models.Q(('withdrawn_at__isnull', True)), fields=['landlord', 'feature'], name='pilot_of_feature')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'id'), name='pilot_of_landlord'), models.CheckConstraint(condition=models.Q(('review_on__gt', models.F('starts_on'))), name='pilot_reviewed_after_it_starts'), models.CheckConstraint(condition=models.Q(('agency__isnull', False), ('trade__isnull', False), _connector='OR'), name='pilot_has_a_perimeter'), models.CheckConstraint(condition=models.Q(models.Q(('decided_on__isnull', True), ('outcome', '')), models.Q(('decided_on__isnull', False), ('outcome__in', ['go', 'no_go'])), _connector='OR'), name='pilot_ends_by_a_decision'), models.CheckConstraint(condition=models.Q(('everywhere', False), ('outcome', 'go'), _connector='OR'), name='pilot_kept_everywhere'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('outcome', ''), _connector='OR'), name='pilot_withdrawn_or_decided'), models.CheckConstraint(condition=models.Q(('way_back', ''), _negated=True), name='pilot_has_a_way_back')],
            },
        ),
        migrations.CreateModel(
            name='PilotContract',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('contract', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.contract')),
                ('contractor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('pilot', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='contracts', to='evaluations.pilot')),
            ],
            options={
                'verbose_name': 'marché d’un pilote',
                'verbose_name_plural': 'marchés d’un pilote',
                'indexes': [models.Index(fields=['contractor', 'pilot'], name='pilot_of_contractor'), models.Index(fields=['landlord', 'contract'], name='pilot_of_contract')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'pilot', 'contract'), name='one_contract_of_a_pilot')],
            },
        ),
        migrations.CreateModel(
            name='PilotCriterion',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('rank', models.PositiveSmallIntegerField()),
                ('verdict', models.CharField(choices=[('go', 'Pour continuer'), ('no_go', 'Pour arrêter')], max_length=6)),
                ('fact', models.CharField(choices=[('first_time', 'Commandes réparées du premier coup'), ('in_time', 'Commandes terminées à la date prévue'), ('appointments', 'Rendez-vous tenus par l’entreprise'), ('wasted', 'Passages sans accès au logement'), ('told', 'Statuts transmis dans l’heure'), ('complete', 'Commandes complètes dès leur envoi'), ('extra', 'Commandes avec des travaux en plus'), ('signed', 'Constats traités dans le délai du marché'), ('paid_in', 'Jours de la réception au paiement'), ('paid_on_time', 'Factures payées à l’échéance'), ('unblocked', 'Factures passées sans blocage')], max_length=20, verbose_name='fait')),
                ('comparison', models.CharField(choices=[('at_least', 'au moins'), ('at_most', 'au plus')], max_length=10, verbose_name='comparaison')),
                ('threshold', models.DecimalField(decimal_places=1, max_digits=5, verbose_name='seuil')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('pilot', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='criteria', to='evaluations.pilot')),
            ],
            options={
                'verbose_name': 'critère de pilote',
                'verbose_name_plural': 'critères de pilote',
                'constraints': [models.UniqueConstraint(fields=('landlord', 'pilot', 'rank'), name='one_criterion_of_a_rank'), models.CheckConstraint(condition=models.Q(('threshold__gte', 0)), name='criterion_is_sane')],
            },
        ),
        migrations.CreateModel(
            name='PilotDecision',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('outcome', models.CharField(choices=[('go', 'Généraliser ou garder (go)'), ('no_go', 'Arrêter et revenir en arrière (no-go)'), ('prolonged', 'Prolonger')], max_length=10, verbose_name='décision')),
                ('note', models.CharField(max_length=1000, verbose_name='motif')),
                ('everywhere', models.BooleanField(default=False)),
                ('review_on', models.DateField(blank=True, null=True)),
                ('decided_at', models.DateTimeField()),
                ('facts', models.JSONField(blank=True, default=list)),
                ('decided_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('pilot', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='evaluations.pilot')),
            ],
            options={
                'verbose_name': 'décision de pilote',
                'verbose_name_plural': 'décisions de pilote',
                'indexes': [models.Index(fields=['landlord', 'pilot', '-decided_at'], name='decision_of_pilot')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'prolonged'), ('review_on__isnull', False)), models.Q(('outcome__in', ['go', 'no_go']), ('review_on__isnull', True)), _connector='OR'), name='pilot_prolonged_until_a_day'), models.CheckConstraint(condition=models.Q(('note', ''), _negated=True), name='pilot_decision_has_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='ClauseAnnex',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('state', models.CharField(choices=[('preparing', 'En préparation'), ('ready', 'Prêt'), ('failed', 'Échec')], default='preparing', max_length=10)),
                ('asked_at', models.DateTimeField()),
                ('contract', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.contract')),
                ('file', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'verbose_name': 'annexe des clauses',
                'verbose_name_plural': 'annexes des clauses',
                'indexes': [models.Index(fields=['landlord', 'contract', '-asked_at'], name='annex_of_contract')],
                'constraints': [models.CheckConstraint(condition=models.Q(('file__isnull', False), models.Q(('state', 'ready'), _negated=True), _connector='XOR'), name='annex_ready_exactly_when_it_is_there'), models.CheckConstraint(condition=models.Q(('state__in', ['preparing', 'ready', 'failed'])), name='annex_state_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Need',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('code', models.CharField(choices=[('inform', 'Mieux informer les locataires'), ('first_time', 'Réparer du premier coup'), ('trips', 'Moins de déplacements pour rien'), ('delays', 'Tenir les délais'), ('costs', 'Tenir les coûts'), ('relation', 'De meilleures relations avec les entreprises'), ('payment', 'Payer dans les délais'), ('proof', 'Avoir la preuve des travaux')], max_length=20, verbose_name='besoin')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='dans vos mots')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'verbose_name': 'besoin',
                'verbose_name_plural': 'besoins',
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('landlord', 'code'), name='one_live_need'), models.CheckConstraint(condition=models.Q(('code__in', ['inform', 'first_time', 'trips', 'delays', 'costs', 'relation', 'payment', 'proof'])), name='need_code_is_known')],
            },
        ),
    ]

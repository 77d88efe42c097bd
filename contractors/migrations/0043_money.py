"""Retentions, advances, refunds, payment runs and accounts: tables, fields and checks, without stopping."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models

import nexxio.core.clock
import nexxio.core.ids

# Figures of the code de la commande publique, to be confirmed by a lawyer; platform staff keep them.
FIRST = """
INSERT INTO contractors_moneyrule (id, created_at, code, value, starts_on, ends_on, source) VALUES
(gen_random_uuid(), now(), 'retention-max', 5.00, '2019-04-01', NULL,
 'Code de la commande publique, art. R2191-33, à confirmer par un juriste'),
(gen_random_uuid(), now(), 'retention-max-small', 3.00, '2023-01-01', NULL,
 'Code de la commande publique, art. R2191-33, petites entreprises, à confirmer par un juriste'),
(gen_random_uuid(), now(), 'retention-months', 12.00, '2019-04-01', NULL,
 'Garantie de parfait achèvement : un an après la réception, à confirmer par un juriste'),
(gen_random_uuid(), now(), 'recover-from', 65.00, '2019-04-01', NULL,
 'Code de la commande publique, art. R2191-11, à confirmer par un juriste'),
(gen_random_uuid(), now(), 'recover-until', 80.00, '2019-04-01', NULL,
 'Code de la commande publique, art. R2191-11, à confirmer par un juriste'),
(gen_random_uuid(), now(), 'direct-payment', 600.00, '2019-04-01', NULL,
 'Code de la commande publique, art. R2193-10, à confirmer par un juriste')
"""
STATES = [
    ('prepared', 'Préparée'),
    ('to_file', 'À déposer sur Chorus Pro'),
    ('filed', 'Déposée'),
    ('received', 'Reçue'),
    ('taken', 'Prise en charge'),
    ('approved', 'Approuvée'),
    ('partly_approved', 'Approuvée partiellement'),
    ('disputed', 'En litige'),
    ('suspended', 'Suspendue'),
    ('completed', 'Complétée'),
    ('refused', 'Refusée'),
    ('rejected', 'Rejetée'),
    ('announced', 'Paiement transmis'),
    ('paid', 'Encaissée'),
    ('credited', 'Annulée par avoir'),
    ('applied', 'Avoir pris en compte'),
    ('discarded', 'Abandonné'),
]
PURPOSES = [('invoice', 'Facture'), ('retention', 'Retenue de garantie libérée')]


class Migration(migrations.Migration):

    dependencies = [
        ('contractors', '0042_stopped_account'),
        ('core', '0043_job_is_awaited'),
        ('orders', '0117_on_call'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '3s'", "SET LOCAL lock_timeout = '3s'"),
        migrations.CreateModel(
            name='MoneyRule',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('code', models.CharField(choices=[('retention-max', 'Retenue de garantie, plafond en %'), ('retention-max-small', 'Retenue de garantie, plafond en % des petites entreprises'), ('retention-months', 'Retenue de garantie, mois avant libération'), ('recover-from', 'Avance : début de la reprise, en % du marché'), ('recover-until', 'Avance : fin de la reprise, en % du marché'), ('direct-payment', 'Paiement direct du sous-traitant, dès (€ TTC)')], max_length=24, verbose_name='règle')),
                ('value', models.DecimalField(decimal_places=2, max_digits=9, verbose_name='valeur')),
                ('starts_on', models.DateField(verbose_name='à partir du')),
                ('ends_on', models.DateField(blank=True, help_text='Vide : jusqu’à nouvel ordre.', null=True, verbose_name='jusqu’au')),
                ('source', models.CharField(help_text='Texte, article, date de publication.', max_length=300, verbose_name='source')),
            ],
            options={
                'verbose_name': 'règle de paiement',
                'verbose_name_plural': 'règles de paiement',
                'ordering': ['code', '-starts_on'],
                'constraints': [models.UniqueConstraint(fields=('code', 'starts_on'), name='one_money_rule_per_day', violation_error_message='Une règle de cette nature commence déjà ce jour-là.'), models.CheckConstraint(condition=models.Q(('value__gte', 0), ('code__in', ['retention-max', 'retention-max-small', 'retention-months', 'recover-from', 'recover-until', 'direct-payment'])), name='money_rule_is_sane', violation_error_message='La valeur est négative.'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='money_rule_ends_after_it_starts', violation_error_message='La fin précède le début.')],
            },
        ),
        migrations.CreateModel(
            name='MoneyTerms',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('contract', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.contract')),
                ('retention_rate', models.DecimalField(decimal_places=2, default=0, max_digits=4, verbose_name='retenue de garantie en %')),
                ('is_small', models.BooleanField(default=False, verbose_name='plafond des petites entreprises')),
                ('retention_months', models.PositiveSmallIntegerField(verbose_name='mois avant libération')),
                ('security', models.CharField(blank=True, choices=[('bond', 'Caution personnelle et solidaire'), ('on_demand', 'Garantie à première demande')], max_length=12, verbose_name='garantie remplaçant la retenue')),
                ('security_issuer', models.CharField(blank=True, max_length=120, verbose_name='organisme')),
                ('security_on', models.DateField(blank=True, null=True, verbose_name='date de la garantie')),
                ('recover_from', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='début de la reprise en %')),
                ('recover_until', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='fin de la reprise en %')),
            ],
            options={
                'verbose_name': 'retenue et avance d’un marché',
                'verbose_name_plural': 'retenues et avances des marchés',
                'constraints': [models.UniqueConstraint(fields=('landlord', 'contract'), name='one_money_terms_of_contract'), models.CheckConstraint(condition=models.Q(('retention_months__range', (1, 60)), ('retention_rate__range', (0, 99))), name='retention_terms_are_sane'), models.CheckConstraint(condition=models.Q(models.Q(('security', ''), ('security_issuer', ''), ('security_on__isnull', True)), models.Q(('security__in', ['bond', 'on_demand']), ('security_on__isnull', False), models.Q(('security_issuer', ''), _negated=True)), _connector='OR'), name='security_has_issuer_and_day'), models.CheckConstraint(condition=models.Q(('recover_from__gte', 0), ('recover_from__lt', models.F('recover_until')), ('recover_until__lte', 100)), name='advance_recovery_is_sane')],
            },
        ),
        migrations.CreateModel(
            name='Retention',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('contractor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('invoice', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='retentions', to='contractors.invoice')),
                ('rate', models.DecimalField(decimal_places=2, max_digits=4, verbose_name='taux en %')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='retenue TTC')),
                ('months', models.PositiveSmallIntegerField(verbose_name='mois avant libération')),
                ('release_on', models.DateField(blank=True, null=True, verbose_name='à libérer le')),
                ('opposed_at', models.DateTimeField(blank=True, null=True, verbose_name='opposition du')),
                ('oppose_note', models.CharField(blank=True, max_length=500, verbose_name='raison de l’opposition')),
                ('released_on', models.DateField(blank=True, null=True, verbose_name='libérée le')),
            ],
            options={
                'verbose_name': 'retenue de garantie',
                'verbose_name_plural': 'retenues de garantie',
                'indexes': [models.Index(condition=models.Q(('released_on__isnull', True)), fields=['landlord', 'release_on', 'id'], name='retention_landlord_held'), models.Index(condition=models.Q(('released_on__isnull', True)), fields=['contractor', 'release_on', 'id'], name='retention_contractor_held'), models.Index(condition=models.Q(('released_on__isnull', False)), fields=['landlord', '-released_on', '-id'], name='retention_landlord_released'), models.Index(condition=models.Q(('released_on__isnull', False)), fields=['contractor', '-released_on', '-id'], name='retention_contractor_free')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'id'), name='retention_of_landlord'), models.UniqueConstraint(fields=('landlord', 'invoice'), name='one_retention_of_invoice'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='retention_is_not_negative'), models.CheckConstraint(condition=models.Q(models.Q(('oppose_note', ''), ('opposed_at__isnull', True)), models.Q(('opposed_at__isnull', False), models.Q(('oppose_note', ''), _negated=True)), _connector='OR'), name='retention_opposed_with_a_reason')],
            },
        ),
        migrations.CreateModel(
            name='Advance',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('contract', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.contract')),
                ('base', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='montant du marché TTC')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='avance TTC')),
                ('requested_on', models.DateField(blank=True, null=True, verbose_name='demandée le')),
                ('paid_on', models.DateField(verbose_name='versée le')),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='référence')),
                ('recovered', models.DecimalField(decimal_places=2, default=0, max_digits=12, verbose_name='déjà reprise')),
            ],
            options={
                'verbose_name': 'avance',
                'verbose_name_plural': 'avances',
                'indexes': [models.Index(fields=['landlord', 'paid_on'], name='advance_by_day')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'contract'), name='one_advance_of_contract'), models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('amount__lte', models.F('base'))), name='advance_is_a_part'), models.CheckConstraint(condition=models.Q(('recovered__gte', 0), ('recovered__lte', models.F('amount'))), name='advance_recovered_no_more_than_paid')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('invoice', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='refunds', to='contractors.invoice')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='montant TTC')),
                ('on', models.DateField(verbose_name='le')),
                ('how', models.CharField(choices=[('refunded', 'Remboursé par l’entreprise'), ('deducted', 'Déduit d’un autre paiement')], max_length=10, verbose_name='nature')),
                ('reference', models.CharField(max_length=120, verbose_name='référence')),
            ],
            options={
                'verbose_name': 'remboursement',
                'verbose_name_plural': 'remboursements',
                'ordering': ['on', 'id'],
                'indexes': [models.Index(fields=['landlord', 'invoice'], name='refund_of_invoice'), models.Index(fields=['landlord', 'on'], name='refund_by_day')],
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('how__in', ['refunded', 'deducted']), models.Q(('reference', ''), _negated=True)), name='refund_is_positive_and_named')],
            },
        ),
        migrations.CreateModel(
            name='PaymentCalendar',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('landlord', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='payment_calendar', to='core.organisation')),
                ('weekdays', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None)),
                ('days', django.contrib.postgres.fields.ArrayField(base_field=models.DateField(), blank=True, default=list, size=None)),
            ],
            options={
                'verbose_name': 'calendrier de paiement',
                'verbose_name_plural': 'calendriers de paiement',
                'constraints': [models.CheckConstraint(condition=models.Q(('weekdays__contained_by', [0, 1, 2, 3, 4])), name='payment_weekdays_are_working_days')],
            },
        ),
        migrations.CreateModel(
            name='AccountRule',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('trade', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.trade', verbose_name='corps d’état')),
                ('code', models.CharField(blank=True, max_length=20, verbose_name='début du code d’article')),
                ('account', models.CharField(max_length=20, verbose_name='compte')),
                ('charge', models.CharField(choices=[('recoverable', 'Récupérable'), ('not_recoverable', 'Non récupérable'), ('tenant', 'Imputable au locataire')], max_length=16, verbose_name='imputation')),
                ('starts_on', models.DateField(verbose_name='à partir du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
            ],
            options={
                'verbose_name': 'règle d’imputation',
                'verbose_name_plural': 'règles d’imputation',
                'constraints': [models.UniqueConstraint(fields=('landlord', 'trade', 'code', 'starts_on'), name='one_account_rule_of_day', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='account_rule_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('charge__in', ['recoverable', 'not_recoverable', 'tenant']), models.Q(('account', ''), _negated=True)), name='account_rule_says_something')],
            },
        ),
        migrations.CreateModel(
            name='LineAccount',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('invoice', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contractors.invoice')),
                ('line', models.UUIDField()),
                ('account', models.CharField(blank=True, max_length=20, verbose_name='compte')),
                ('charge', models.CharField(blank=True, choices=[('recoverable', 'Récupérable'), ('not_recoverable', 'Non récupérable'), ('tenant', 'Imputable au locataire')], max_length=16, verbose_name='imputation')),
                ('unit', models.CharField(blank=True, max_length=20, verbose_name='UG')),
            ],
            options={
                'verbose_name': 'imputation d’une ligne',
                'verbose_name_plural': 'imputations des lignes',
                'constraints': [models.UniqueConstraint(fields=('landlord', 'invoice', 'line'), name='one_account_of_line'), models.CheckConstraint(condition=models.Q(('charge__in', ['', 'recoverable', 'not_recoverable', 'tenant'])), name='line_charge_is_known')],
            },
        ),
        migrations.AddField(
            model_name='invoice',
            name='retained',
            field=models.DecimalField(db_default=Decimal('0'), decimal_places=2, default=Decimal('0'), max_digits=12, verbose_name='retenue'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='recovered',
            field=models.DecimalField(db_default=Decimal('0'), decimal_places=2, default=Decimal('0'), max_digits=12, verbose_name='avance reprise'),
        ),
        migrations.AddField(
            model_name='payment',
            name='purpose',
            field=models.CharField(choices=PURPOSES, db_default='invoice', default='invoice', max_length=10),
        ),
        migrations.AddField(
            model_name='receivedinvoice',
            name='iban',
            field=models.CharField(blank=True, db_default='', max_length=34),
        ),
        migrations.AlterField(
            model_name='invoice',
            name='state',
            field=models.CharField(choices=STATES, default='prepared', max_length=16, verbose_name='état'),
        ),
        migrations.RemoveConstraint(model_name='invoice', name='invoice_state_is_known'),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', [value for value, _label in STATES]), ('kind__in', ['invoice', 'credit_note', 'situation'])), name='invoice_state_is_known'),
        ),
        migrations.RemoveConstraint(model_name='invoice', name='invoice_filed_at_exactly_when_filed'),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('filed_at__isnull', True), models.Q(('state__in', ('prepared', 'to_file', 'discarded')), _negated=True), _connector='XOR'), name='invoice_filed_at_exactly_when_filed'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('recovered__gte', 0), ('retained__gte', 0), ('total_with_vat__gte', models.F('retained') + models.F('recovered'))), name='invoice_deducts_no_more_than_its_total'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', [value for value, _label in PURPOSES])), name='payment_purpose_is_known'),
        ),
        migrations.RunSQL(FIRST, 'DELETE FROM contractors_moneyrule'),
    ]

"""Whom a campaign asks and in which trade it counts; what a result is drawn toward; what earlier
statements of bonus and malus give back, and by which document one is settled.
"""

import django.contrib.postgres.operations
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import nexxio.core.clock
import nexxio.core.ids

# Of campaigns that run: whoever could answer until now.
_RUNNING = """
INSERT INTO evaluations_campaignseat
    (id, created_at, direction, campaign_id, contractor_id, landlord_id, user_id)
SELECT DISTINCT ON (c.id, way.direction, m.user_id)
    gen_random_uuid(), now(), way.direction, c.id, c.contractor_id, c.landlord_id, m.user_id
FROM evaluations_campaign c
CROSS JOIN (VALUES ('landlord_contractor'), ('contractor_landlord')) AS way (direction)
JOIN core_membership m ON m.organisation_id = CASE way.direction
    WHEN 'landlord_contractor' THEN c.landlord_id ELSE c.contractor_id END
JOIN core_user u ON u.id = m.user_id
WHERE c.closed_at IS NULL AND m.is_active AND u.is_active
    AND m.roles && ARRAY['manager', 'clerk']::varchar[]
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contractors', '0062_silence'),
        ('core', '0054_walls'),
        ("evaluations", "0042_uncounted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="trade_code",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=20,
                verbose_name="corps d’état",
            ),
        ),
        migrations.CreateModel(
            name='CampaignSeat',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('direction', models.CharField(choices=[('landlord_contractor', 'Bailleur → prestataire'), ('contractor_landlord', 'Prestataire → bailleur'), ('tenant_repair', 'Locataire → réparation'), ('staff_organisation', 'Équipes → leur organisation')], max_length=20)),
                ('campaign', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='evaluations.campaign')),
                ('contractor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'direction', 'user'), name='one_seat_per_member')],
            },
        ),
        migrations.RunSQL(_RUNNING, migrations.RunSQL.noop),
        migrations.AddField(
            model_name='result',
            name='prior',
            field=models.CharField(blank=True, choices=[('overall', 'Ensemble'), ('trade', 'Corps d’état'), ('agency', 'Agence'), ('contractor', 'Entreprise'), ('residence', 'Résidence')], db_default='', max_length=12),
        ),
        migrations.CreateModel(
            name='BonusRegularisation',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('neutral', models.CharField(choices=[('onboarding', 'Période d’accueil : pas encore de malus'), ('returned', 'Commande incomplète : renvoyée à compléter au bailleur'), ('signature', 'Constat signé après le délai du marché'), ('payment', 'Facture payée après l’échéance')], max_length=12)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12)),
                ('contractor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('line', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='regularisations', to='evaluations.bonusline')),
                ('statement', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='regularisations', to='evaluations.bonusstatement')),
            ],
            options={
                'indexes': [models.Index(fields=['landlord', 'statement'], name='bonus_regularisation_in')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'id'), name='bonus_regularisation_of'), models.UniqueConstraint(fields=('landlord', 'line'), name='one_bonus_regularisation'), models.CheckConstraint(condition=models.Q(('amount__gte', 0), models.Q(('neutral', ''), _negated=True)), name='bonus_regularisation_gives_back')],
            },
        ),
        migrations.AddField(
            model_name='bonusstatement',
            name='regularised',
            field=models.DecimalField(db_default=0, decimal_places=2, default=0, max_digits=12, verbose_name='régularisations'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='bonusstatement',
            constraint=models.CheckConstraint(condition=models.Q(('bonus__gte', 0), ('malus__gte', 0), ('perception__gte', 0), ('regularised__gte', 0), ('total', models.F('bonus') - models.F('malus') + models.F('perception') + models.F('cap') + models.F('regularised'))), name='bonus_statement_adds_all_up'),
        ),
        migrations.RemoveConstraint(
            model_name='bonusstatement',
            name='bonus_statement_adds_up',
        ),
        migrations.AddField(
            model_name='bonusdocument',
            name='invoice',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contractors.invoice'),
        ),
        migrations.RemoveConstraint(
            model_name='bonusdocument',
            name='one_bonus_document',
        ),
        migrations.AddConstraint(
            model_name='bonusdocument',
            constraint=models.UniqueConstraint(fields=('landlord', 'statement', 'number'), name='one_bonus_document_number'),
        ),
    ]

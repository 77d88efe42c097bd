"""What earlier statements of bonus and malus give back."""

import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models

import nexxio.core.clock
import nexxio.core.ids


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0054_walls'),
        ("evaluations", "0046_prior_of_a_result"),
    ]

    operations = [
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
    ]

"""Terms of payment on a contract; the longest delay of a cooperative."""

import django.db.models.deletion
from django.db import migrations, models

import nexxio.core.clock
import nexxio.core.ids


class Migration(migrations.Migration):

    dependencies = [
        ("contractors", "0062_silence"),
        ('core', '0054_walls'),
    ]

    operations = [
        migrations.CreateModel(
            name='LandlordDelay',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('days', models.PositiveSmallIntegerField(choices=[(30, '30 jours'), (60, '60 jours')], verbose_name='délai maximal')),
                ('starts_on', models.DateField(verbose_name='à partir du')),
                ('ends_on', models.DateField(blank=True, help_text='Vide : jusqu’à nouvel ordre.', null=True, verbose_name='jusqu’au')),
                ('source', models.CharField(help_text='Texte, article, date de publication.', max_length=300, verbose_name='source')),
                ('landlord', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'verbose_name': 'délai de paiement d’une coopérative',
                'verbose_name_plural': 'délais de paiement des coopératives',
                'ordering': ['landlord', '-starts_on'],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'starts_on'), name='one_landlord_delay_per_day', violation_error_message='Un délai de cet organisme commence déjà ce jour-là.'), models.CheckConstraint(condition=models.Q(('days__gte', 1)), name='landlord_delay_is_some'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='landlord_delay_ends_after_it_starts', violation_error_message='La fin précède le début.')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='moneyrule',
            name='money_rule_is_sane',
        ),
        migrations.AddField(
            model_name='moneyterms',
            name='is_month_end',
            field=models.BooleanField(db_default=False, default=False, verbose_name='45 jours fin de mois'),
        ),
        migrations.AddField(
            model_name='moneyterms',
            name='late_rate',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='pénalités de retard en %'),
        ),
        migrations.AddField(
            model_name='moneyterms',
            name='payment_days',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='délai de paiement en jours'),
        ),
        migrations.AlterField(
            model_name='moneyrule',
            name='code',
            field=models.CharField(choices=[('retention-max', 'Retenue de garantie, plafond en %'), ('retention-max-small', 'Retenue de garantie, plafond en % des petites entreprises'), ('retention-months', 'Retenue de garantie, mois avant libération'), ('recover-from', 'Avance : début de la reprise, en % du marché'), ('recover-until', 'Avance : fin de la reprise, en % du marché'), ('direct-payment', 'Paiement direct du sous-traitant, dès (€ TTC)'), ('tacit-days', 'Sous-traitant accepté par le silence, après (jours)'), ('private-rate-min', 'Pénalités convenues entre entreprises, minimum en % (trois fois l’intérêt légal)')], max_length=24, verbose_name='règle'),
        ),
        migrations.AddConstraint(
            model_name='moneyrule',
            constraint=models.CheckConstraint(condition=models.Q(('value__gte', 0), ('code__in', ['retention-max', 'retention-max-small', 'retention-months', 'recover-from', 'recover-until', 'direct-payment', 'tacit-days', 'private-rate-min'])), name='money_rule_is_sane', violation_error_message='La valeur est négative.'),
        ),
        migrations.AddConstraint(
            model_name='moneyterms',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('payment_days__isnull', True), ('payment_days__gte', 1), _connector='OR'), models.Q(('is_month_end', True), ('payment_days__isnull', False), _negated=True), models.Q(('late_rate__isnull', True), ('late_rate__gt', 0), _connector='OR')), name='payment_terms_are_sane'),
        ),
    ]

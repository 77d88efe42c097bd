"""Declared subcontractors, who comes to an order, what is paid to whom; autoliquidation; asked before filing."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contractors', '0050_held_by_one_side'),
        ('core', '0054_walls'),
        ('core', '__first__'),
        ('orders', '0180_desk_counts'),
    ]

    operations = [
        migrations.CreateModel(
            name='Subcontract',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='raison sociale')),
                ('siret', models.CharField(max_length=14, verbose_name='SIRET')),
                ('object', models.CharField(max_length=300, verbose_name='prestations sous-traitées')),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='montant maximum HT')),
                ('vat_rate', models.DecimalField(decimal_places=2, default=0, max_digits=4, verbose_name='TVA en %')),
                ('is_reverse_charge', models.BooleanField(default=False, verbose_name='autoliquidation')),
                ('is_direct', models.BooleanField(default=False, verbose_name='paiement direct')),
                ('state', models.CharField(choices=[('declared', 'Déclaré'), ('accepted', 'Accepté'), ('tacit', 'Accepté tacitement'), ('refused', 'Refusé'), ('withdrawn', 'Retiré'), ('ended', 'Terminé')], default='declared', max_length=10, verbose_name='état')),
                ('declared_on', models.DateField(verbose_name='déclaré le')),
                ('tacit_on', models.DateField(blank=True, null=True, verbose_name='accepté sans réponse à partir du')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='répondu le')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='terminé le')),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='raison')),
                ('contract', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.contract')),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('file', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'verbose_name': 'sous-traitant déclaré',
                'verbose_name_plural': 'sous-traitants déclarés',
                'ordering': ['-created_at', '-id'],
                'indexes': [models.Index(fields=['landlord', 'contract'], name='subcontract_of_contract'), models.Index(condition=models.Q(('state', 'declared'), ('tacit_on__isnull', False)), fields=['tacit_on'], name='subcontracts_kept_silent')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'id'), name='subcontract_of_landlord'), models.UniqueConstraint(condition=models.Q(('state__in', ['declared', 'accepted', 'tacit'])), fields=('landlord', 'contract', 'siret'), name='one_live_subcontract_of_company'), models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('vat_rate__range', (0, 99))), name='subcontract_is_sane'), models.CheckConstraint(condition=models.Q(('is_reverse_charge', False), ('vat_rate', 0), _connector='OR'), name='subcontract_reversed_without_vat'), models.CheckConstraint(condition=models.Q(('state__in', ['declared', 'accepted', 'tacit', 'refused', 'withdrawn', 'ended'])), name='subcontract_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='subcontract_refused_with_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('state', 'declared')), ('state', 'withdrawn'), models.Q(models.Q(('state__in', ['declared', 'withdrawn']), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='subcontract_answered_when_it_is')],
            },
        ),
        migrations.CreateModel(
            name='NamedSubcontractor',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('name', models.CharField(max_length=120, verbose_name='sous-traitant')),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='subcontractors', to='orders.order')),
                ('subcontract', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contractors.subcontract')),
            ],
            options={
                'verbose_name': 'sous-traitant d’une commande',
                'verbose_name_plural': 'sous-traitants des commandes',
                'ordering': ['created_at', 'id'],
                'indexes': [models.Index(condition=models.Q(('subcontract__isnull', False)), fields=['landlord', 'subcontract'], name='named_of_subcontract')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'order', 'name'), name='one_subcontractor_of_name'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='subcontractor_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='SubcontractShare',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('amount', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='à verser au sous-traitant')),
                ('paid_on', models.DateField(blank=True, null=True, verbose_name='versé le')),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('invoice', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='contractors.invoice')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('subcontract', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='contractors.subcontract')),
            ],
            options={
                'verbose_name': 'part d’un sous-traitant',
                'verbose_name_plural': 'parts des sous-traitants',
                'ordering': ['created_at', 'id'],
                'indexes': [models.Index(fields=['landlord', 'subcontract'], name='shares_of_subcontract')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'id'), name='share_of_landlord'), models.UniqueConstraint(fields=('landlord', 'invoice', 'subcontract'), name='one_share_of_subcontract'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='share_is_some')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='moneyrule',
            name='money_rule_is_sane',
        ),
        migrations.RemoveConstraint(
            model_name='receivedinvoice',
            name='received_state_is_known',
        ),
        migrations.RemoveIndex(
            model_name='receivedinvoice',
            name='received_open',
        ),
        migrations.AddField(
            model_name='invoice',
            name='is_reverse_charge',
            field=models.BooleanField(db_default=False, default=False, verbose_name='autoliquidation'),
        ),
        migrations.AddField(
            model_name='moneyterms',
            name='is_reverse_charge',
            field=models.BooleanField(db_default=False, default=False, verbose_name='sous-traitance de travaux, autoliquidation'),
        ),
        migrations.AddField(
            model_name='receivedinvoice',
            name='confirmed_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='moneyrule',
            name='code',
            field=models.CharField(choices=[('retention-max', 'Retenue de garantie, plafond en %'), ('retention-max-small', 'Retenue de garantie, plafond en % des petites entreprises'), ('retention-months', 'Retenue de garantie, mois avant libération'), ('recover-from', 'Avance : début de la reprise, en % du marché'), ('recover-until', 'Avance : fin de la reprise, en % du marché'), ('direct-payment', 'Paiement direct du sous-traitant, dès (€ TTC)'), ('tacit-days', 'Sous-traitant accepté par le silence, après (jours)')], max_length=24, verbose_name='règle'),
        ),
        migrations.AlterField(
            model_name='receivedinvoice',
            name='state',
            field=models.CharField(choices=[('reading', 'Lecture en cours'), ('to_complete', 'À compléter'), ('waiting', 'À rattacher'), ('to_confirm', 'À confirmer'), ('attaching', 'Rattachement en cours'), ('turned_into_invoice', 'Facture enregistrée'), ('refused', 'Refusé'), ('set_aside', 'Écarté'), ('handed_back', 'Rendu à l’entreprise'), ('noted', 'Statut noté')], default='reading', max_length=20, verbose_name='état'),
        ),
        migrations.AddIndex(
            model_name='receivedinvoice',
            index=models.Index(condition=models.Q(('state__in', ['reading', 'attaching', 'to_complete', 'waiting', 'to_confirm'])), fields=['landlord', 'contractor'], name='received_open'),
        ),
        migrations.AddConstraint(
            model_name='moneyrule',
            constraint=models.CheckConstraint(condition=models.Q(('value__gte', 0), ('code__in', ['retention-max', 'retention-max-small', 'retention-months', 'recover-from', 'recover-until', 'direct-payment', 'tacit-days'])), name='money_rule_is_sane', violation_error_message='La valeur est négative.'),
        ),
        migrations.AddConstraint(
            model_name='receivedinvoice',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['reading', 'to_complete', 'waiting', 'to_confirm', 'attaching', 'turned_into_invoice', 'refused', 'set_aside', 'handed_back', 'noted']), ('side__in', ['landlord', 'contractor'])), name='received_state_is_known'),
        ),
        migrations.AddField(
            model_name='payment',
            name='share',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payments', to='contractors.subcontractshare'),
        ),
    ]

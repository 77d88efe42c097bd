"""Variations: extra works that are asked before they are done."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0032_invited_territory'),
        ('orders', '0056_open_orders_of_a_unit'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Variation',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='devis n°')),
                ('state', models.CharField(choices=[('draft', 'Brouillon'), ('asked', 'En attente d’accord'), ('granted', 'Accordé'), ('partly_granted', 'Accordé en partie'), ('rejected', 'Refusé'), ('withdrawn', 'Retiré'), ('acknowledged', 'Réponse lue')], default='draft', max_length=16)),
                ('reason', models.CharField(choices=[('hidden_defect', 'Désordre découvert sur place'), ('quantity', 'Quantité supérieure à la commande'), ('material', 'Matériel différent de la commande'), ('compliance', 'Mise en conformité ou en sécurité'), ('access', 'Accès difficile (échafaudage, nacelle, protection)'), ('extra', 'Travaux demandés en plus')], max_length=20, verbose_name='motif')),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('answer_due_at', models.DateTimeField(blank=True, null=True, verbose_name='réponse attendue')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('remind_at', models.DateTimeField(blank=True, null=True)),
                ('reminders', models.PositiveSmallIntegerField(default=0)),
                ('version', models.PositiveIntegerField(default=1)),
                ('contractor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('order', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='variations', to='orders.order')),
                ('reader_case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.case')),
                ('tenant', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('visit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.visit')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('state', 'asked')), fields=['landlord', 'asked_at', 'id'], include=('order',), name='variation_waiting'),
                    models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='variation_to_remind'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('landlord', 'id'), name='variation_of_landlord'),
                    models.UniqueConstraint(fields=('landlord', 'order', 'number'), name='one_variation_number'),
                    models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'asked'])), fields=('landlord', 'order'), name='one_open_variation'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'asked', 'granted', 'partly_granted', 'rejected', 'withdrawn', 'acknowledged'])), name='variation_state_is_known'),
                    models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'withdrawn']), ('asked_at__isnull', False), _connector='OR'), name='variation_is_asked_before_it_is_answered'),
                    models.CheckConstraint(condition=models.Q(('answered_at__isnull', True), ('state__in', ['granted', 'partly_granted', 'rejected', 'acknowledged']), _connector='XOR'), name='variation_answered_at_exactly_when_answered'),
                    models.CheckConstraint(condition=models.Q(('remind_at__isnull', True), ('state', 'asked'), _connector='OR'), name='variation_reminds_only_while_asked'),
                ],
                'verbose_name': 'devis complémentaire',
                'verbose_name_plural': 'devis complémentaires',
            },
        ),
        migrations.CreateModel(
            name='VariationLine',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('shown', models.BooleanField(default=False)),
                ('rank', models.PositiveSmallIntegerField(default=1)),
                ('code', models.CharField(blank=True, max_length=20)),
                ('label', models.CharField(max_length=200)),
                ('unit', models.CharField(max_length=12)),
                ('unit_price', models.DecimalField(decimal_places=4, max_digits=12)),
                ('vat_rate', models.DecimalField(decimal_places=2, max_digits=4)),
                ('quantity', models.DecimalField(decimal_places=3, max_digits=12)),
                ('total_without_vat', models.DecimalField(decimal_places=2, max_digits=12)),
                ('granted_quantity', models.DecimalField(blank=True, decimal_places=3, max_digits=12, null=True)),
                ('granted_without_vat', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('price_item', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.priceitem')),
                ('variation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='orders.variation')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['landlord', 'variation'], name='orders_vari_landlor_a164b9_idx'),
                ],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='variation_quantity_is_positive'),
                    models.CheckConstraint(condition=models.Q(('unit_price__gte', 0)), name='variation_price_is_not_negative'),
                    models.CheckConstraint(condition=models.Q(('granted_quantity__isnull', True), models.Q(('granted_quantity__gte', 0), ('granted_quantity__lte', models.F('quantity'))), _connector='OR'), name='variation_line_grants_no_more_than_asked'),
                ],
                'ordering': ['rank', 'id'],
            },
        ),
        migrations.CreateModel(
            name='VariationTerms',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('shown', models.BooleanField(default=False)),
                ('note', models.CharField(blank=True, max_length=500, verbose_name='précisions')),
                ('asked', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=12)),
                ('granted', models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True)),
                ('automatic', models.BooleanField(default=False)),
                ('answer_reason', models.CharField(blank=True, choices=[('included', 'Déjà compris dans la commande ou le bordereau'), ('price', 'Prix à revoir'), ('not_needed', 'Travaux non nécessaires'), ('unproven', 'Photo ou justification insuffisante'), ('other_contract', 'Relève d’un autre marché'), ('budget', 'Budget indisponible'), ('separate_order', 'Fera l’objet d’une autre commande')], max_length=20)),
                ('answer_note', models.CharField(blank=True, max_length=500, verbose_name='réponse')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('photo', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('variation', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='terms', to='orders.variation')),
            ],
            options={
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('granted__isnull', True), models.Q(('granted__gte', 0), ('granted__lte', models.F('asked'))), _connector='OR'), name='variation_grants_no_more_than_asked'),
                ],
            },
        ),
    ]

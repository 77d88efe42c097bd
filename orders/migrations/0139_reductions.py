"""Works less than ordered: variations below zero, and what a certificate says of each line."""

import django.db.models.deletion
from django.contrib.postgres import operations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0043_job_is_awaited'),
        ("orders", "0131_walls"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='variation',
            name='one_variation_number',
        ),
        migrations.RemoveConstraint(
            model_name='variation',
            name='variation_kind_is_known_and_tenants_read_no_regularisation',
        ),
        migrations.RemoveConstraint(
            model_name='variationline',
            name='variation_quantity_is_positive',
        ),
        migrations.RemoveConstraint(
            model_name='variationline',
            name='variation_line_grants_no_more_than_asked',
        ),
        migrations.RemoveConstraint(
            model_name='variationterms',
            name='variation_grants_no_more_than_asked',
        ),
        migrations.AddField(
            model_name='certificate',
            name='cut_note',
            field=models.CharField(blank=True, db_default='', default='', max_length=500, verbose_name='constaté en moins'),
        ),
        migrations.AddField(
            model_name='certificate',
            name='quantities',
            field=models.JSONField(blank=True, db_default=models.Value({}, output_field=models.JSONField()), default=dict),
        ),
        migrations.AddField(
            model_name='variation',
            name='asked_by',
            field=models.CharField(choices=[('contractor', 'Entreprise'), ('landlord', 'Bailleur')], db_default='contractor', default='contractor', max_length=12),
        ),
        migrations.AddField(
            model_name='variationline',
            name='of_extra',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.variationline'),
        ),
        migrations.AddField(
            model_name='variationline',
            name='of_line',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.orderline'),
        ),
        migrations.AlterField(
            model_name='variation',
            name='kind',
            field=models.CharField(choices=[('variation', 'Devis complémentaire'), ('regularisation', 'Régularisation'), ('reduction', 'Moins-value')], db_default='variation', default='variation', max_length=16),
        ),
        migrations.AlterField(
            model_name='variation',
            name='reason',
            field=models.CharField(choices=[('hidden_defect', 'Désordre découvert sur place'), ('quantity', 'Quantité supérieure à la commande'), ('material', 'Matériel différent de la commande'), ('compliance', 'Mise en conformité ou en sécurité'), ('access', 'Accès difficile (échafaudage, nacelle, protection)'), ('extra', 'Travaux demandés en plus'), ('water', 'Fuite ou dégât des eaux à arrêter'), ('danger', 'Danger pour les personnes'), ('cut', 'Coupure d’eau, d’électricité, de gaz ou de chauffage'), ('closing', 'Logement ou immeuble à refermer'), ('no_stop', 'Travaux commencés, impossibles à interrompre'), ('told', 'Demande du bailleur sur place ou par téléphone'), ('not_done', 'Prestation non réalisée'), ('less', 'Quantité réelle inférieure à la commande'), ('useless', 'Prestation devenue inutile'), ('replaced', 'Remplacée par une autre prestation'), ('others', 'Déjà faite, ou faite par d’autres'), ('certified', 'Quantités constatées au service fait')], max_length=20, verbose_name='motif'),
        ),
        migrations.AlterField(
            model_name='variationterms',
            name='answer_reason',
            field=models.CharField(blank=True, choices=[('included', 'Déjà compris dans la commande ou le bordereau'), ('price', 'Prix à revoir'), ('not_needed', 'Travaux non nécessaires'), ('unproven', 'Photo ou justification insuffisante'), ('other_contract', 'Relève d’un autre marché'), ('budget', 'Budget indisponible'), ('separate_order', 'Fera l’objet d’une autre commande'), ('done', 'Prestation réalisée'), ('engaged', 'Matériel commandé ou travail engagé'), ('needed', 'Prestation nécessaire à l’ouvrage'), ('count', 'Quantités à revoir')], max_length=20),
        ),
        operations.AddConstraintNotValid(
            model_name='orderbudget',
            constraint=models.CheckConstraint(condition=models.Q(('total_vat__gte', 0), ('total_without_vat__gte', 0)), name='order_amount_is_not_below_zero'),
        ),
        migrations.AddConstraint(
            model_name='variation',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'reduction'), _negated=True), fields=('landlord', 'order', 'number'), name='one_variation_number'),
        ),
        migrations.AddConstraint(
            model_name='variation',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'reduction')), fields=('landlord', 'order', 'number'), name='one_reduction_number'),
        ),
        operations.AddConstraintNotValid(
            model_name='variation',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'variation'), models.Q(('kind__in', ['regularisation', 'reduction']), ('reader_case__isnull', True), ('tenant__isnull', True)), _connector='OR'), name='variation_kind_is_known_and_tenants_read_variations_only'),
        ),
        operations.AddConstraintNotValid(
            model_name='variation',
            constraint=models.CheckConstraint(condition=models.Q(('asked_by', 'contractor'), models.Q(('asked_by', 'landlord'), ('kind', 'reduction')), _connector='OR'), name='variation_landlord_asks_for_less_only'),
        ),
        operations.AddConstraintNotValid(
            model_name='variationline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('of_extra__isnull', True), ('of_line__isnull', True), ('quantity__gt', 0)), models.Q(('of_extra__isnull', True), ('of_line__isnull', False), ('quantity__lt', 0)), models.Q(('of_extra__isnull', False), ('of_line__isnull', True), ('quantity__lt', 0)), _connector='OR'), name='variation_line_is_below_zero_exactly_when_it_takes_off'),
        ),
        operations.AddConstraintNotValid(
            model_name='variationline',
            constraint=models.CheckConstraint(condition=models.Q(('granted_quantity__isnull', True), models.Q(('granted_quantity__gte', 0), ('granted_quantity__lte', models.F('quantity'))), models.Q(('granted_quantity__gte', models.F('quantity')), ('granted_quantity__lte', 0)), _connector='OR'), name='variation_line_grants_between_nothing_and_asked'),
        ),
        operations.AddConstraintNotValid(
            model_name='variationterms',
            constraint=models.CheckConstraint(condition=models.Q(('granted__isnull', True), models.Q(('granted__gte', 0), ('granted__lte', models.F('asked'))), models.Q(('granted__gte', models.F('asked')), ('granted__lte', 0)), _connector='OR'), name='variation_grants_between_nothing_and_asked'),
        ),
    ]

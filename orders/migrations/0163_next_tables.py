import django.contrib.postgres.operations
import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    """What follows works done in part, orders that follow each other, clauses by nature."""

    dependencies = [
        ('core', '0047_first_rows'),
        ('core', '__first__'),
        ('orders', '0162_former_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrderClauses',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('insurer', models.CharField(blank=True, max_length=80, verbose_name='assureur')),
                ('claim_number', models.CharField(blank=True, max_length=40, verbose_name='numéro de sinistre')),
                ('awaits_expert', models.BooleanField(default=False, verbose_name='ne pas réparer avant expertise')),
                ('off_reason', models.CharField(blank=True, choices=[('no_contract', 'Aucun marché ne couvre ce besoin'), ('small', 'Besoin ponctuel sous le seuil d’achat'), ('skill', 'Technicité ou fabricant unique'), ('exhausted', 'Marché épuisé ou échu, renouvellement en cours'), ('no_capacity', 'Titulaires défaillants ou sans capacité')], max_length=12, verbose_name='motif hors marché')),
                ('period_from', models.DateField(blank=True, null=True, verbose_name='du')),
                ('period_to', models.DateField(blank=True, null=True, verbose_name='au')),
                ('vat_reason', models.CharField(blank=True, choices=[('normal', '20 % : taux normal'), ('improvement', '10 % : amélioration, transformation ou entretien (CGI, art. 279-0 bis)'), ('energy', '5,5 % : rénovation énergétique (CGI, art. 278-0 bis A)')], max_length=12, verbose_name='TVA')),
                ('vat_certified', models.BooleanField(default=False, verbose_name='mention du taux réduit')),
                ('company', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('contractor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('order', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='clauses', to='orders.order')),
            ],
            options={
                'verbose_name': 'clauses de commande',
                'verbose_name_plural': 'clauses de commandes',
                'constraints': [models.UniqueConstraint(fields=('landlord', 'id'), name='order_clauses_of_landlord'), models.CheckConstraint(condition=models.Q(('off_reason__in', ['', 'no_contract', 'small', 'skill', 'exhausted', 'no_capacity'])), name='order_off_reason_is_known'), models.CheckConstraint(condition=models.Q(('vat_reason__in', ['', 'normal', 'improvement', 'energy'])), name='order_vat_reason_is_known'), models.CheckConstraint(condition=models.Q(('period_from__isnull', True), ('period_to__isnull', True), ('period_to__gte', models.F('period_from')), _connector='OR'), name='order_period_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='OrderLink',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('role', models.CharField(choices=[('follows', 'Suite de'), ('followed', 'Suivie par')], max_length=8)),
                ('reference', models.CharField(max_length=16)),
                ('contractor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='links', to='orders.order')),
                ('other', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order')),
                ('trade', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.trade')),
            ],
            options={
                'verbose_name': 'commande liée',
                'verbose_name_plural': 'commandes liées',
                'constraints': [models.UniqueConstraint(fields=('landlord', 'order', 'other'), name='one_link_between_two_orders'), models.CheckConstraint(condition=models.Q(('role__in', ['follows', 'followed'])), name='order_link_role_is_known')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='orderfile',
            name='order_file_kind_is_known',
        ),
        migrations.AddField(
            model_name='order',
            name='follows',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followers', to='orders.order'),
        ),
        migrations.AddField(
            model_name='order',
            name='next_date',
            field=models.DateField(blank=True, null=True, verbose_name='attendu le'),
        ),
        migrations.AddField(
            model_name='order',
            name='next_kind',
            field=models.CharField(blank=True, choices=[('return', 'Un autre passage de l’entreprise'), ('materials', 'Des fournitures à commander'), ('other_trade', 'Un autre corps d’état doit intervenir'), ('landlord', 'Le bailleur doit décider'), ('tenant', 'Le locataire doit faire quelque chose')], db_default='', default='', max_length=12, verbose_name='suite'),
        ),
        migrations.AddField(
            model_name='orderbudget',
            name='quote_cap',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='devis plafonné'),
        ),
        migrations.AlterField(
            model_name='order',
            name='nature',
            field=models.CharField(choices=[('maintenance', 'Entretien courant'), ('vacant', 'Logement vacant'), ('common_parts', 'Parties communes'), ('on_call', 'Astreinte'), ('claim', 'Sinistre'), ('by_the_hour', 'Régie (heures et fournitures)'), ('off_contract', 'Hors marché'), ('upkeep', 'Contrat d’entretien'), ('completion', 'Garantie de parfait achèvement (GPA)')], default='maintenance', max_length=16, verbose_name='nature'),
        ),
        migrations.AlterField(
            model_name='orderfile',
            name='kind',
            field=models.CharField(choices=[('photo', 'Photo du problème'), ('plan', 'Plan ou repérage'), ('asbestos', 'Rapport amiante avant travaux (RAT)'), ('diagnosis', 'Diagnostic (plomb, gaz, électricité…)'), ('quote', 'Devis de l’entreprise'), ('other', 'Autre pièce')], max_length=12, verbose_name='nature'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='orderfile',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['photo', 'plan', 'asbestos', 'diagnosis', 'quote', 'other'])), name='order_file_kind_is_known'),
        ),
    ]

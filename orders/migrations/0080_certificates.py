"""Certificates, reserves and sign-offs by tenants; what a contract says of them."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0032_invited_territory'),
        ('orders', '0072_arrivals_hold'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='contract',
            name='certificate_days',
            field=models.PositiveSmallIntegerField(default=30, verbose_name='délai de constat en jours'),
        ),
        migrations.AddField(
            model_name='contract',
            name='tacit_clause',
            field=models.CharField(blank=True, max_length=300, verbose_name='clause de constat tacite'),
        ),
        migrations.AlterField(
            model_name='order',
            name='state',
            field=models.CharField(choices=[('draft', 'Brouillon'), ('pending_approval', 'En attente de validation'), ('issued', "Transmise à l'entreprise"), ('returned', 'À compléter'), ('declined', 'Réserves du titulaire'), ('accepted', 'Prise en charge'), ('done', 'Travaux réalisés'), ('partly_done', 'Réalisée en partie'), ('with_reserves', 'Réception avec réserves'), ('certified', 'Service fait constaté'), ('cancelled', 'Annulée')], default='draft', max_length=20, verbose_name='état'),
        ),
        migrations.AddConstraint(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('certificate_days__range', (1, 30))), name='contract_certificate_within_30_days'),
        ),
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'En correction'), ('to_sign', 'À signer'), ('signed', 'Signé'), ('refused', 'Refusé'), ('tacit', 'Réputé acquis'), ('expired', 'Caduc')], default='draft', max_length=10)),
                ('report', models.CharField(blank=True, max_length=1000, verbose_name='ce qui a été fait')),
                ('content', models.JSONField(default=dict)),
                ('content_sha256', models.CharField(blank=True, max_length=64)),
                ('total_without_vat', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('total_with_vat', models.DecimalField(decimal_places=2, default=0, max_digits=12)),
                ('delay_days', models.PositiveSmallIntegerField(default=30, verbose_name='délai en jours')),
                ('clause', models.CharField(blank=True, max_length=300, verbose_name='clause d’acceptation tacite')),
                ('asked_at', models.DateTimeField(blank=True, null=True)),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='à signer avant le')),
                ('remind_at', models.DateTimeField(blank=True, null=True)),
                ('reminders', models.PositiveSmallIntegerField(default=0)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('department', models.CharField(blank=True, max_length=20, verbose_name='service signataire')),
                ('refusal_reason', models.CharField(blank=True, choices=[('incomplete', 'Travaux non réalisés ou incomplets'), ('defect', 'Malfaçon ou remise en état à reprendre'), ('photo', 'Photo manquante ou non probante'), ('report', 'Compte rendu imprécis'), ('amount', 'Quantités ou montant inexacts'), ('sign_off', 'Bon d’intervention signé manquant')], max_length=12)),
                ('refusal_note', models.CharField(blank=True, max_length=500, verbose_name='explication')),
                ('seal', models.CharField(choices=[('none', 'Sans objet'), ('preparing', 'En préparation'), ('sealed', 'Scellé'), ('failed', 'Échec')], default='none', max_length=10)),
                ('verify_hash', models.CharField(blank=True, max_length=64)),
                ('version', models.PositiveIntegerField(default=1)),
                ('contractor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('file', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('order', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='certificates', to='orders.order')),
                ('reader_case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.case')),
                ('tenant', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'verbose_name': 'constat de service fait',
                'verbose_name_plural': 'constats de service fait',
                'indexes': [models.Index(condition=models.Q(('state', 'to_sign')), fields=['landlord', 'asked_at', 'id'], include=('order', 'contractor', 'total_without_vat'), name='certificate_waiting'), models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='certificate_to_remind'), models.Index(condition=models.Q(('verify_hash', ''), _negated=True), fields=['verify_hash'], name='certificate_verify')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'id'), name='certificate_of_landlord'), models.UniqueConstraint(fields=('landlord', 'order', 'number'), name='one_certificate_number'), models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'to_sign'])), fields=('landlord', 'order'), name='one_open_certificate'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'to_sign', 'signed', 'refused', 'tacit', 'expired'])), name='certificate_state_is_known'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'expired']), ('asked_at__isnull', False), _connector='OR'), name='certificate_is_asked_before_it_is_answered'), models.CheckConstraint(condition=models.Q(('decided_at__isnull', True), ('state__in', ['signed', 'refused', 'tacit']), _connector='XOR'), name='certificate_decided_at_exactly_when_decided'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'tacit'), _negated=True), models.Q(('clause', ''), _negated=True), _connector='OR'), name='certificate_tacit_has_a_clause'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'tacit'), _negated=True), ('decided_by__isnull', True), _connector='OR'), name='certificate_tacit_is_nobodys'), models.CheckConstraint(condition=models.Q(('remind_at__isnull', True), ('state', 'to_sign'), _connector='OR'), name='certificate_reminds_only_while_to_sign'), models.CheckConstraint(condition=models.Q(('delay_days__range', (1, 30))), name='certificate_delay_at_most_30_days'), models.CheckConstraint(condition=models.Q(('file__isnull', False), models.Q(('seal', 'sealed'), _negated=True), _connector='XOR'), name='certificate_sealed_exactly_when_it_has_a_file')],
            },
        ),
        migrations.CreateModel(
            name='Reserve',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='réserve n°')),
                ('state', models.CharField(choices=[('open', 'À lever'), ('claimed', 'Reprise annoncée'), ('lifted', 'Levée')], default='open', max_length=8)),
                ('text', models.CharField(max_length=300, verbose_name='défaut constaté')),
                ('due_on', models.DateField(verbose_name='à lever avant le')),
                ('answer', models.CharField(blank=True, max_length=300, verbose_name='reprise')),
                ('objection', models.CharField(blank=True, max_length=300, verbose_name='ce qui manque encore')),
                ('claimed_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('certificate', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='reserves', to='orders.certificate')),
                ('contractor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('order', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='reserves', to='orders.order')),
                ('reader_case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.case')),
                ('tenant', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
            ],
            options={
                'verbose_name': 'réserve',
                'verbose_name_plural': 'réserves',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'id'), name='reserve_of_landlord'), models.UniqueConstraint(fields=('landlord', 'order', 'number'), name='one_reserve_number'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'claimed', 'lifted'])), name='reserve_state_is_known'), models.CheckConstraint(condition=models.Q(('lifted_at__isnull', True), ('state', 'lifted'), _connector='XOR'), name='reserve_lifted_at_exactly_when_lifted')],
            },
        ),
        migrations.CreateModel(
            name='SignOff',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('satisfied', models.BooleanField(verbose_name='réglé')),
                ('reason', models.CharField(blank=True, choices=[('remains', 'Le problème est toujours là'), ('partly', 'Une partie seulement est réparée'), ('damage', 'Quelque chose a été abîmé'), ('unclean', 'Le logement n’a pas été remis en état'), ('other', 'Autre chose ne va pas')], max_length=10, verbose_name='motif')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='précision')),
                ('signer_name', models.CharField(max_length=80, verbose_name='nom')),
                ('how', models.CharField(choices=[('screen', 'sur l’écran du technicien'), ('link', 'à distance, par son propre lien')], max_length=8)),
                ('sha256', models.CharField(max_length=64)),
                ('outcome', models.CharField(blank=True, choices=[('confirmed', 'Non réglé : l’entreprise revient'), ('fixed', 'Réglé, vérifié avec le locataire')], max_length=10)),
                ('check_note', models.CharField(blank=True, max_length=300, verbose_name='vérification')),
                ('checked_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('contractor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('order', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='sign_offs', to='orders.order')),
                ('reader_case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.case')),
                ('tenant', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('visit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='sign_offs', to='orders.visit')),
            ],
            options={
                'verbose_name': 'bon d’intervention signé',
                'verbose_name_plural': 'bons d’intervention signés',
                'indexes': [models.Index(fields=['landlord', 'order'], name='sign_off_of_order')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'id'), name='sign_off_of_landlord'), models.UniqueConstraint(condition=models.Q(('satisfied', True)), fields=('landlord', 'visit'), name='one_satisfied_sign_off_of_a_visit'), models.UniqueConstraint(condition=models.Q(('checked_at__isnull', True), ('satisfied', False)), fields=('landlord', 'order'), name='one_open_check'), models.CheckConstraint(condition=models.Q(('satisfied', True), models.Q(('reason', ''), _negated=True), _connector='XOR'), name='sign_off_not_fixed_has_a_reason'), models.CheckConstraint(condition=models.Q(('checked_at__isnull', True), models.Q(('outcome', ''), _negated=True), _connector='XOR'), name='sign_off_checked_exactly_with_an_outcome')],
            },
        ),
    ]

"""When nobody opens: checks, letters and two states; old rows are judged by the next one."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0032_invited_territory'),
        ('orders', '0095_holder_indexes'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AccessCheck',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('state', models.CharField(choices=[('asked', 'Réponse du locataire attendue'), ('away', 'Empêchement du locataire'), ('company', 'À l’entreprise de répondre'), ('landlord', 'Au bailleur de trancher'), ('stands', 'Absence du locataire retenue'), ('no_show', 'Absence de l’entreprise')], default='asked', max_length=10)),
                ('proven', models.BooleanField(verbose_name='preuves complètes')),
                ('answered_at', models.DateTimeField(blank=True, null=True)),
                ('remind_at', models.DateTimeField(blank=True, null=True)),
                ('company_note', models.CharField(blank=True, max_length=300, verbose_name='version de l’entreprise')),
                ('decision_note', models.CharField(blank=True, max_length=300, verbose_name='décision du bailleur')),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('retry_at', models.DateTimeField(blank=True, null=True)),
                ('version', models.PositiveIntegerField(default=1)),
            ],
            options={
                'verbose_name': 'contrôle d’une absence',
                'verbose_name_plural': 'contrôles d’absences',
            },
        ),
        migrations.CreateModel(
            name='AccessLetter',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('number', models.PositiveSmallIntegerField(verbose_name='version')),
                ('kind', models.CharField(choices=[('notice', 'Avis de passage'), ('formal', 'Mise en demeure d’accès')], max_length=8, verbose_name='nature')),
                ('state', models.CharField(choices=[('preparing', 'En préparation'), ('ready', 'Prêt'), ('failed', 'Échec')], default='preparing', max_length=10)),
            ],
            options={
                'verbose_name': 'courrier d’accès',
                'verbose_name_plural': 'courriers d’accès',
            },
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_closed_at_exactly_when_closed',
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_state_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='visit',
            name='visit_state_is_known',
        ),
        migrations.AddField(
            model_name='order',
            name='access_duty',
            field=models.CharField(blank=True, choices=[('gas', 'Visite obligatoire : gaz'), ('annual', 'Visite obligatoire : entretien annuel'), ('hazard', 'Danger pour les personnes ou l’immeuble')], default='', max_length=8, verbose_name='accès à obtenir'),
        ),
        migrations.AlterField(
            model_name='order',
            name='state',
            field=models.CharField(choices=[('draft', 'Brouillon'), ('pending_approval', 'En attente de validation'), ('issued', "Transmise à l'entreprise"), ('returned', 'À compléter'), ('declined', 'Réserves du titulaire'), ('accepted', 'Prise en charge'), ('done', 'Travaux réalisés'), ('partly_done', 'Réalisée en partie'), ('with_reserves', 'Réception avec réserves'), ('certified', 'Service fait constaté'), ('cancelled', 'Annulée'), ('closed_no_access', 'Logement inaccessible')], default='draft', max_length=20, verbose_name='état'),
        ),
        migrations.AlterField(
            model_name='visit',
            name='state',
            field=models.CharField(choices=[('proposed', 'Rendez-vous proposé'), ('confirmed', 'Rendez-vous confirmé'), ('on_the_way', 'En route'), ('on_site', 'Sur place'), ('done', 'Passage terminé'), ('partly_done', 'Passage terminé, une suite est prévue'), ('no_access', "Pas d'accès"), ('no_show', 'Absence de l’entreprise'), ('rescheduled', 'Rendez-vous déplacé'), ('cancelled', 'Rendez-vous annulé')], default='proposed', max_length=16),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'pending_approval', 'issued', 'returned', 'declined', 'accepted', 'done', 'partly_done', 'with_reserves', 'certified', 'cancelled', 'closed_no_access'])), name='order_state_is_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('state__in', ('cancelled', 'closed_no_access')), _connector='XOR'), name='order_closed_at_exactly_when_closed'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['proposed', 'confirmed', 'on_the_way', 'on_site', 'done', 'partly_done', 'no_access', 'no_show', 'rescheduled', 'cancelled'])), name='visit_state_is_known'),
        ),
        migrations.AddField(
            model_name='accesscheck',
            name='contractor',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation'),
        ),
        migrations.AddField(
            model_name='accesscheck',
            name='landlord',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation'),
        ),
        migrations.AddField(
            model_name='accesscheck',
            name='order',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order'),
        ),
        migrations.AddField(
            model_name='accesscheck',
            name='reader_case',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.case'),
        ),
        migrations.AddField(
            model_name='accesscheck',
            name='tenant',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant'),
        ),
        migrations.AddField(
            model_name='accesscheck',
            name='visit',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='checks', to='orders.visit'),
        ),
        migrations.AddField(
            model_name='accessletter',
            name='file',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile'),
        ),
        migrations.AddField(
            model_name='accessletter',
            name='landlord',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation'),
        ),
        migrations.AddField(
            model_name='accessletter',
            name='order',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order'),
        ),
        migrations.AddConstraint(
            model_name='accesscheck',
            constraint=models.UniqueConstraint(fields=('landlord', 'id'), name='access_check_of_landlord'),
        ),
        migrations.AddConstraint(
            model_name='accesscheck',
            constraint=models.UniqueConstraint(fields=('landlord', 'visit'), name='one_access_check_per_visit'),
        ),
        migrations.AddConstraint(
            model_name='accesscheck',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['asked', 'away', 'company', 'landlord', 'stands', 'no_show'])), name='access_check_state_is_known'),
        ),
        migrations.AddConstraint(
            model_name='accesscheck',
            constraint=models.CheckConstraint(condition=models.Q(('remind_at__isnull', False), models.Q(('state', 'company'), _negated=True), _connector='XOR'), name='access_check_has_a_deadline_exactly_for_the_company'),
        ),
        migrations.AddConstraint(
            model_name='accessletter',
            constraint=models.UniqueConstraint(fields=('landlord', 'order', 'number'), name='one_access_letter_number'),
        ),
        migrations.AddConstraint(
            model_name='accessletter',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['notice', 'formal'])), name='access_letter_kind_is_known'),
        ),
        migrations.AddConstraint(
            model_name='accessletter',
            constraint=models.CheckConstraint(condition=models.Q(('file__isnull', False), models.Q(('state', 'ready'), _negated=True), _connector='XOR'), name='access_letter_ready_exactly_when_it_has_a_file'),
        ),
    ]

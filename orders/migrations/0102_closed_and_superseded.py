"""Orders that are closed, and those whose place another one takes."""

import django.contrib.postgres.operations
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0035_first_delays'),
        ('orders', '0101_regularisations'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='order',
            name='order_state_is_known',
        ),
        migrations.RemoveConstraint(
            model_name='order',
            name='order_closed_at_exactly_when_closed',
        ),
        migrations.AddField(
            model_name='order',
            name='closed_how',
            field=models.CharField(blank=True, choices=[('paid', 'Soldée'), ('nothing', 'Sans suite')], db_default='', default='', max_length=8),
        ),
        migrations.AddField(
            model_name='order',
            name='superseded_note',
            field=models.CharField(blank=True, db_default='', default='', max_length=300),
        ),
        migrations.AddField(
            model_name='order',
            name='superseded_reason',
            field=models.CharField(blank=True, choices=[('reserves', 'Réserves du titulaire'), ('no_capacity', 'Défaut de capacité du titulaire'), ('no_answer', 'Titulaire sans réponse'), ('late', 'Délai dépassé'), ('urgent', 'Urgence que le titulaire ne peut pas tenir'), ('other_contract', 'Relève d’un autre marché'), ('default', 'Défaillance du titulaire')], db_default='', default='', max_length=16),
        ),
        migrations.AddField(
            model_name='order',
            name='supersedes',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='successors', to='orders.order'),
        ),
        migrations.AlterField(
            model_name='order',
            name='state',
            field=models.CharField(choices=[('draft', 'Brouillon'), ('pending_approval', 'En attente de validation'), ('issued', "Transmise à l'entreprise"), ('returned', 'À compléter'), ('declined', 'Réserves du titulaire'), ('accepted', 'Prise en charge'), ('done', 'Travaux réalisés'), ('partly_done', 'Réalisée en partie'), ('with_reserves', 'Réception avec réserves'), ('certified', 'Service fait constaté'), ('closed', 'Soldée'), ('cancelled', 'Annulée'), ('superseded', 'Annulée et remplacée'), ('closed_no_access', 'Logement inaccessible')], default='draft', max_length=20, verbose_name='état'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'pending_approval', 'issued', 'returned', 'declined', 'accepted', 'done', 'partly_done', 'with_reserves', 'certified', 'closed', 'cancelled', 'superseded', 'closed_no_access'])), name='order_state_is_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('state__in', ('cancelled', 'closed_no_access', 'superseded', 'closed')), _connector='XOR'), name='order_closed_at_exactly_when_closed'),
        ),
    ]

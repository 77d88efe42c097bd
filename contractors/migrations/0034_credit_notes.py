"""Credit notes, later invoices of an order, situations: fields and checks, without stopping."""

from decimal import Decimal

import django.contrib.postgres.operations
import django.db.models.deletion
from django.db import migrations, models

STATES = [
    ('prepared', 'Préparée'),
    ('to_file', 'À déposer sur Chorus Pro'),
    ('filed', 'Déposée'),
    ('received', 'Reçue'),
    ('taken', 'Prise en charge'),
    ('approved', 'Approuvée'),
    ('partly_approved', 'Approuvée partiellement'),
    ('disputed', 'En litige'),
    ('suspended', 'Suspendue'),
    ('completed', 'Complétée'),
    ('refused', 'Refusée'),
    ('rejected', 'Rejetée'),
    ('announced', 'Paiement transmis'),
    ('paid', 'Encaissée'),
    ('credited', 'Annulée par avoir'),
    ('applied', 'Avoir pris en compte'),
]

FILES = [
    ('reading', 'Lecture en cours'),
    ('to_complete', 'À compléter'),
    ('waiting', 'À rattacher'),
    ('attaching', 'Rattachement en cours'),
    ('turned_into_invoice', 'Facture enregistrée'),
    ('refused', 'Refusé'),
    ('set_aside', 'Écarté'),
    ('handed_back', 'Rendu à l’entreprise'),
    ('noted', 'Statut noté'),
]


class Migration(migrations.Migration):

    dependencies = [
        ('contractors', '0032_walls'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '3s'", "SET LOCAL lock_timeout = '3s'"),
        migrations.AddField(
            model_name='invoice',
            name='rank',
            field=models.PositiveSmallIntegerField(db_default=1, default=1, verbose_name='facture n°'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='credits',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='contractors.invoice'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='credit_reason',
            field=models.CharField(blank=True, choices=[('refused', 'Facture refusée par le bailleur'), ('error', 'Erreur sur la facture'), ('not_done', 'Travaux ou quantités non réalisés'), ('price', 'Prix trop élevé'), ('gesture', 'Geste commercial'), ('other', 'Autre raison')], db_default='', max_length=12, verbose_name='motif de l’avoir'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='credit_words',
            field=models.CharField(blank=True, db_default='', max_length=500, verbose_name='explication'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='credited',
            field=models.DecimalField(db_default=Decimal('0'), decimal_places=2, default=Decimal('0'), max_digits=12, verbose_name='avoirs'),
        ),
        migrations.AlterField(
            model_name='invoice',
            name='state',
            field=models.CharField(choices=STATES, default='prepared', max_length=16, verbose_name='état'),
        ),
        migrations.AddField(
            model_name='invoiceline',
            name='credited_line',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='receivedinvoice',
            name='is_credit',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='receivedinvoice',
            name='credits_number',
            field=models.CharField(blank=True, db_default='', max_length=40),
        ),
        migrations.AlterField(
            model_name='receivedinvoice',
            name='state',
            field=models.CharField(choices=FILES, default='reading', max_length=20, verbose_name='état'),
        ),
        migrations.RemoveConstraint(model_name='receivedinvoice', name='received_state_is_known'),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='receivedinvoice',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', [value for value, _label in FILES]), ('side__in', ['landlord', 'contractor'])), name='received_state_is_known'),
        ),
        migrations.RemoveConstraint(model_name='invoice', name='invoice_state_is_known'),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', [value for value, _label in STATES]), ('kind__in', ['invoice', 'credit_note', 'situation'])), name='invoice_state_is_known'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('credits__isnull', True), ('kind', 'credit_note'), _connector='XOR'), name='credit_note_has_its_invoice'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='invoice',
            constraint=models.CheckConstraint(condition=models.Q(('credited__gte', 0), ('credited__lte', models.F('total_with_vat'))), name='invoice_credited_no_more_than_its_total'),
        ),
    ]

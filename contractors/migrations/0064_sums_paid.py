"""What is paid in part, interest that was paid, what a rest was owed of first; a piece that completes."""

import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("contractors", "0063_payment_terms"),
        ('core', '0054_walls'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='payment',
            name='payment_purpose_is_known',
        ),
        migrations.AddField(
            model_name='invoice',
            name='owed_first',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='à payer d’abord'),
        ),
        migrations.AddField(
            model_name='payment',
            name='announced_amount',
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=12, null=True, verbose_name='montant, selon le bailleur'),
        ),
        migrations.AlterField(
            model_name='payment',
            name='purpose',
            field=models.CharField(choices=[('invoice', 'Facture'), ('retention', 'Retenue de garantie libérée'), ('interest', 'Intérêts de retard'), ('indemnity', 'Indemnité forfaitaire')], db_default='invoice', default='invoice', max_length=10),
        ),
        AddConstraintNotValid(
            model_name='payment',
            constraint=models.CheckConstraint(condition=models.Q(('purpose__in', ['invoice', 'retention', 'interest', 'indemnity'])), name='payment_purpose_is_known'),
        ),
        migrations.AddField(
            model_name='suspension',
            name='file',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile'),
        ),
    ]

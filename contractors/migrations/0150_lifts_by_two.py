"""A cession or an opposition in force ends by two people too."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("contractors", "0143_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name='paymenttransfer',
            name='ended_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paymenttransfer',
            name='lift_asked_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='paymenttransfer',
            name='lift_by',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='paymenttransfer',
            name='lift_called_name',
            field=models.CharField(blank=True, db_default='', max_length=120, verbose_name='personne jointe'),
        ),
        migrations.AddField(
            model_name='paymenttransfer',
            name='lift_called_on',
            field=models.DateField(blank=True, null=True, verbose_name='jour de l’appel'),
        ),
        migrations.AddField(
            model_name='paymenttransfer',
            name='lift_called_phone',
            field=models.CharField(blank=True, db_default='', max_length=20, verbose_name='numéro appelé'),
        ),
        migrations.AddField(
            model_name='paymenttransfer',
            name='lift_number_from',
            field=models.CharField(blank=True, db_default='', max_length=200, verbose_name='origine du numéro'),
        ),
        AddConstraintNotValid(
            model_name='paymenttransfer',
            constraint=models.CheckConstraint(condition=models.Q(('lift_by__isnull', True), models.Q(('ended_by', models.F('lift_by')), _negated=True), _connector='OR'), name='transfer_lifted_by_another'),
        ),
    ]

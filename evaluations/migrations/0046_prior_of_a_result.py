"""Toward which view a small sample was drawn."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("evaluations", "0045_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name='result',
            name='prior',
            field=models.CharField(blank=True, choices=[('overall', 'Ensemble'), ('trade', 'Corps d’état'), ('agency', 'Agence'), ('contractor', 'Entreprise'), ('residence', 'Résidence')], db_default='', max_length=12),
        ),
    ]

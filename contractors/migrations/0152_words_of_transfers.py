"""An act is lifted or set aside: the words fit a cession, a factoring and an opposition alike."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("contractors", "0151_known_lifts")]

    operations = [
        migrations.AlterField(
            model_name="paymenttransfer",
            name="state",
            field=models.CharField(
                choices=[
                    ("to_check", "À vérifier par une seconde personne"),
                    ("in_force", "En vigueur"),
                    ("refused", "Acte écarté"),
                    ("ended", "Acte levé"),
                ],
                default="to_check",
                max_length=10,
                verbose_name="état",
            ),
        ),
    ]

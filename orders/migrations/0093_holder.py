from django.db import migrations, models


class Migration(migrations.Migration):
    """Three columns with a default of the database: no row is rewritten."""

    dependencies = [("orders", "0091_walls")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="ball",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, output_field=models.JSONField()),
                default=dict,
            ),
        ),
        migrations.AddField(
            model_name="order",
            name="held_since",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="holder",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Personne"),
                    ("landlord", "Bailleur"),
                    ("contractor", "Entreprise"),
                    ("tenant", "Locataire"),
                ],
                db_default="",
                default="",
                max_length=12,
                verbose_name="à qui le tour",
            ),
        ),
    ]

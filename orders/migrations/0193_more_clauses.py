"""What an empty dwelling's order says of its letting, and one off contract of its family."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0192_on_call_hours")]

    operations = [
        migrations.AddField(
            model_name="orderclauses",
            name="purchase_family",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=60,
                verbose_name="famille d’achat",
            ),
        ),
        migrations.AddField(
            model_name="orderclauses",
            name="relet_on",
            field=models.DateField(blank=True, null=True, verbose_name="remise en location visée"),
        ),
        migrations.AddField(
            model_name="orderclauses",
            name="former_share",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="part de l’ancien locataire en %"
            ),
        ),
        migrations.AddField(
            model_name="houserules",
            name="family_threshold",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=12,
                null=True,
                verbose_name="seuil par famille d’achat et par an HT",
            ),
        ),
    ]

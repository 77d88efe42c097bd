"""Why the platform kept or withdrew what was contested."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("evaluations", "0050_second_fact")]

    operations = [
        migrations.AddField(
            model_name="evaluation",
            name="decision_reason",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=300,
                verbose_name="motif de la décision",
            ),
        ),
    ]

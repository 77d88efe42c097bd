"""In which trade a campaign counts: its answers, and those who gave none."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("evaluations", "0042_uncounted")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="trade_code",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=20,
                verbose_name="corps d’état",
            ),
        ),
    ]

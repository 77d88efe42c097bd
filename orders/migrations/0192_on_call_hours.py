"""When a contract has its company on call, how fast it comes, and where to call it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0191_vat_mention")]

    operations = [
        migrations.AddField(
            model_name="contract",
            name="on_call_from",
            field=models.TimeField(blank=True, null=True, verbose_name="astreinte, de"),
        ),
        migrations.AddField(
            model_name="contract",
            name="on_call_to",
            field=models.TimeField(blank=True, null=True, verbose_name="astreinte, à"),
        ),
        migrations.AddField(
            model_name="contract",
            name="on_call_days_off",
            field=models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="astreinte jour et nuit les week-ends et jours fériés",
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="on_call_hours",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="arrivée en astreinte en heures"
            ),
        ),
        migrations.AddField(
            model_name="contract",
            name="on_call_phone",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                max_length=20,
                verbose_name="numéro d’astreinte",
            ),
        ),
    ]

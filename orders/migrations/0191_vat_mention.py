"""A landlord that makes the mention of the reduced rate of VAT once for all of its orders."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0190_reissue_asked")]

    operations = [
        migrations.AddField(
            model_name="houserules",
            name="vat_mention",
            field=models.BooleanField(
                db_default=False,
                default=False,
                verbose_name="mention du taux réduit faite d’office",
            ),
        ),
    ]

"""Whom a public landlord invited to Chorus Pro, and what number Chorus Pro gave."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Columns of files that came in."""

    dependencies = [("contractors", "0068_discarded_invoices")]

    operations = [
        migrations.AddField(
            model_name="receivedinvoice",
            name="invited_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="receivedinvoice",
            name="chorus_number",
            field=models.CharField(
                blank=True, db_default="", max_length=40, verbose_name="numéro Chorus Pro"
            ),
        ),
    ]

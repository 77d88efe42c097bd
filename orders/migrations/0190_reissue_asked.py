"""A returned order that waits until somebody with a sufficient limit sends it again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0185_stopped_holds")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="reissue_asked_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="reissue_note",
            field=models.CharField(blank=True, db_default="", default="", max_length=300),
        ),
    ]

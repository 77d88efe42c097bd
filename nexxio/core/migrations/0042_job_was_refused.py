"""Tell a job that failed on a person's file from one that failed on us."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("core", "0041_file_readings")]

    operations = [
        migrations.AddField(
            "job",
            "was_refused",
            models.BooleanField(db_default=False, default=False, verbose_name="refusé"),
        ),
    ]

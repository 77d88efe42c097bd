"""What somebody waits for is claimed first, by an index."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("core", "0042_job_was_refused")]

    operations = [
        migrations.AddField(
            "job",
            "is_awaited",
            models.BooleanField(db_default=False, default=False, verbose_name="attendu"),
        ),
        AddIndexConcurrently(
            "job",
            models.Index(
                condition=models.Q(("state__in", ["queued", "running"])),
                fields=["-is_awaited", "created_at"],
                name="job_to_claim",
            ),
        ),
        RemoveIndexConcurrently("job", "job_open"),
    ]

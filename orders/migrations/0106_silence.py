from django.db import migrations, models


class Migration(migrations.Migration):
    """Empty columns, and one with a default of the database: no row is rewritten."""

    dependencies = [("orders", "0105_valid_successors")]

    operations = [
        *(
            migrations.AddField(
                model_name="order",
                name=name,
                field=models.DateTimeField(blank=True, null=True),
            )
            for name in ("moved_at", "silent_at", "chase_at", "chased_at")
        ),
        migrations.AddField(
            model_name="order",
            name="chases",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):
    """Works done in part that stop there say why."""

    dependencies = [("orders", "0183_pressing")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="stopped_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("superseded", "Suite confiée à une autre entreprise"),
                    ("no_access", "Logement inaccessible pour la suite"),
                ],
                db_default="",
                default="",
                max_length=12,
                verbose_name="arrêtée",
            ),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="order",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("stopped_for", ""),
                    models.Q(
                        ("state__in", ("done", "certified", "with_reserves", "closed")),
                        ("stopped_for__in", ["superseded", "no_access"]),
                    ),
                    _connector="OR",
                ),
                name="order_stopped_is_finished",
            ),
        ),
    ]

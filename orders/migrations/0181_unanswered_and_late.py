import django.contrib.postgres.operations
from django.db import migrations, models

STATES = [
    "proposed",
    "confirmed",
    "on_the_way",
    "on_site",
    "done",
    "partly_done",
    "no_access",
    "no_show",
    "rescheduled",
    "cancelled",
    "lapsed",
]
LATE_ENDS = ["done", "partly_done", "no_access"]


class Migration(migrations.Migration):
    """Appointments that nobody answered lapse; an end that arrives late is kept beside."""

    dependencies = [("orders", "0180_desk_counts")]

    operations = [
        migrations.RemoveConstraint(model_name="visit", name="visit_state_is_known"),
        migrations.RemoveConstraint(model_name="visitreminder", name="reminder_moment_is_known"),
        migrations.AddField(
            model_name="visit",
            name="late_state",
            field=models.CharField(
                blank=True,
                choices=[
                    ("done", "Passage terminé"),
                    ("partly_done", "Passage terminé, une suite est prévue"),
                    ("no_access", "Pas d’accès"),
                ],
                db_default="",
                default="",
                max_length=16,
                verbose_name="fait arrivé après coup",
            ),
        ),
        migrations.AddField(
            model_name="visit",
            name="late_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="visit",
            name="late_report",
            field=models.CharField(blank=True, db_default="", default="", max_length=900),
        ),
        migrations.AlterField(
            model_name="visit",
            name="state",
            field=models.CharField(
                choices=[
                    ("proposed", "Rendez-vous proposé"),
                    ("confirmed", "Rendez-vous confirmé"),
                    ("on_the_way", "En route"),
                    ("on_site", "Sur place"),
                    ("done", "Passage terminé"),
                    ("partly_done", "Passage terminé, une suite est prévue"),
                    ("no_access", "Pas d’accès"),
                    ("no_show", "Absence de l’entreprise"),
                    ("rescheduled", "Rendez-vous déplacé"),
                    ("cancelled", "Rendez-vous annulé"),
                    ("lapsed", "Créneaux sans réponse"),
                ],
                default="proposed",
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="visitreminder",
            name="moment",
            field=models.CharField(
                choices=[
                    ("day_before", "la veille"),
                    ("hours_before", "deux heures avant"),
                    ("unanswered", "un jour après la proposition"),
                ],
                max_length=12,
            ),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", STATES)), name="visit_state_is_known"
            ),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="visit",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("late_at__isnull", True), ("late_state", "")),
                    models.Q(("late_at__isnull", False), ("late_state__in", tuple(LATE_ENDS))),
                    _connector="OR",
                ),
                name="visit_late_end_has_its_instant",
            ),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name="visitreminder",
            constraint=models.CheckConstraint(
                condition=models.Q(("moment__in", ["day_before", "hours_before", "unanswered"])),
                name="reminder_moment_is_known",
            ),
        ),
    ]

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """What the clock ends is found by an index; rows from before 0181 keep its rules too."""

    atomic = False
    dependencies = [("orders", "0181_unanswered_and_late")]

    operations = [
        AddIndexConcurrently(
            model_name="visit",
            index=models.Index(
                fields=["window_end"],
                condition=models.Q(("state", "proposed")),
                name="visit_proposed_until",
            ),
        ),
        ValidateConstraint(model_name="visit", name="visit_state_is_known"),
        ValidateConstraint(model_name="visit", name="visit_late_end_has_its_instant"),
        ValidateConstraint(model_name="visitreminder", name="reminder_moment_is_known"),
    ]

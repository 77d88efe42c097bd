from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models

TAKEN_ON = [
    *("accepted", "partly_done", "done", "with_reserves", "certified", "closed"),
    "closed_no_access",
]
SENT = ["issued", "returned", "declined", "superseded", *TAKEN_ON]


def _needs(name: str, states: list[str], moment: str) -> AddConstraintNotValid:
    condition = models.Q(("state__in", tuple(states)), _negated=True) | models.Q(
        (f"{moment}__isnull", False)
    )
    return AddConstraintNotValid(
        model_name="order", constraint=models.CheckConstraint(condition=condition, name=name)
    )


class Migration(migrations.Migration):
    """An order that left, and one that was taken on, say when; those of before in 0208."""

    dependencies = [("orders", "0206_near_words")]

    operations = [
        _needs("order_sent_has_its_instant", SENT, "issued_at"),
        _needs("order_taken_on_has_its_instant", TAKEN_ON, "accepted_at"),
    ]

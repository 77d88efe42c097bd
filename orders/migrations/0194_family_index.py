"""What a family of purchases comes to in a year, and a share of a hundred at most."""

from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models


class Migration(migrations.Migration):
    """Each without holding a table for long."""

    atomic = False
    dependencies = [("orders", "0193_more_clauses")]

    operations = [
        AddIndexConcurrently(
            model_name="orderclauses",
            index=models.Index(
                fields=["landlord", "purchase_family"],
                condition=~models.Q(purchase_family=""),
                name="order_clauses_family",
            ),
        ),
        AddConstraintNotValid(
            model_name="orderclauses",
            constraint=models.CheckConstraint(
                condition=models.Q(former_share__isnull=True) | models.Q(former_share__lte=100),
                name="order_former_share_is_sane",
            ),
        ),
        ValidateConstraint(
            model_name="orderclauses", name="order_former_share_is_sane"
        ),
    ]

"""An invoice that was thrown away gives its place on the order free."""

from django.db import migrations, models

NAME = "one_live_invoice_of_rank"
INDEX = """
CREATE UNIQUE INDEX CONCURRENTLY {name} ON contractors_invoice (landlord_id, order_id, rank)
WHERE kind IN ('invoice', 'situation') AND NOT (state IN ({states}))
"""
BEFORE = "'refused', 'rejected', 'credited'"
AFTER = "'refused', 'rejected', 'credited', 'discarded'"


def swapped(states):
    """Return the statements that put another index in the place of the one there is."""
    return [
        INDEX.format(name=f"{NAME}_next", states=states),
        f"DROP INDEX CONCURRENTLY {NAME}",
        f"ALTER INDEX {NAME}_next RENAME TO {NAME}",
    ]


def rule(states):
    return models.UniqueConstraint(
        condition=models.Q(
            ("kind__in", ["invoice", "situation"]), models.Q(("state__in", states), _negated=True)
        ),
        fields=("landlord", "order", "rank"),
        name=NAME,
    )


class Migration(migrations.Migration):
    """Never without the rule: the next index is there before the former one goes."""

    atomic = False
    dependencies = [("contractors", "0067_known_pieces")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(now, then)
                for now, then in zip(swapped(AFTER), reversed(swapped(BEFORE)), strict=True)
            ],
            state_operations=[
                migrations.RemoveConstraint(model_name="invoice", name=NAME),
                migrations.AddConstraint(
                    model_name="invoice",
                    constraint=rule(["refused", "rejected", "credited", "discarded"]),
                ),
            ],
        ),
    ]

"""Lines get the key that others point at with their landlord; what holds for new rows holds for all.

The indexes are made beside the work that goes on, and become the constraints.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

_KEYS = (
    (
        "orderline",
        "order_line_of_landlord",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS order_line_of_landlord"
        " ON orders_orderline (landlord_id, id)",
        "DROP INDEX IF EXISTS order_line_of_landlord",
        "ALTER TABLE orders_orderline ADD CONSTRAINT order_line_of_landlord"
        " UNIQUE USING INDEX order_line_of_landlord",
        "ALTER TABLE orders_orderline DROP CONSTRAINT order_line_of_landlord",
    ),
    (
        "variationline",
        "variation_line_of_landlord",
        "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS variation_line_of_landlord"
        " ON orders_variationline (landlord_id, id)",
        "DROP INDEX IF EXISTS variation_line_of_landlord",
        "ALTER TABLE orders_variationline ADD CONSTRAINT variation_line_of_landlord"
        " UNIQUE USING INDEX variation_line_of_landlord",
        "ALTER TABLE orders_variationline DROP CONSTRAINT variation_line_of_landlord",
    ),
)
_HOLD = (
    ("orderbudget", "order_amount_is_not_below_zero"),
    ("variation", "variation_kind_is_known_and_tenants_read_variations_only"),
    ("variation", "variation_landlord_asks_for_less_only"),
    ("variationline", "variation_line_is_below_zero_exactly_when_it_takes_off"),
    ("variationline", "variation_line_grants_between_nothing_and_asked"),
    ("variationterms", "variation_grants_between_nothing_and_asked"),
)


def _key(model, name, index, no_index, constraint, no_constraint):
    return migrations.SeparateDatabaseAndState(
        state_operations=[
            migrations.AddConstraint(
                model, models.UniqueConstraint(fields=["landlord", "id"], name=name)
            )
        ],
        database_operations=[
            migrations.RunSQL(index, no_index),
            migrations.RunSQL(constraint, no_constraint),
        ],
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0139_reductions")]

    operations = [
        *(_key(*key) for key in _KEYS),
        *(ValidateConstraint(model, name) for model, name in _HOLD),
    ]

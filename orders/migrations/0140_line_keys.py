"""Lines get the key that others point at with their landlord; what holds for new rows holds for all.

The indexes are made beside the work that goes on, and become the constraints.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

_KEYS = (
    ("orderline", "order_line_of_landlord"),
    ("variationline", "variation_line_of_landlord"),
)
_HOLD = (
    ("orderbudget", "order_amount_is_not_below_zero"),
    ("variation", "variation_kind_is_known_and_tenants_read_variations_only"),
    ("variation", "variation_landlord_asks_for_less_only"),
    ("variationline", "variation_line_is_below_zero_exactly_when_it_takes_off"),
    ("variationline", "variation_line_grants_between_nothing_and_asked"),
    ("variationterms", "variation_grants_between_nothing_and_asked"),
)


def _key(model, name):
    return migrations.SeparateDatabaseAndState(
        state_operations=[
            migrations.AddConstraint(
                model, models.UniqueConstraint(fields=["landlord", "id"], name=name)
            )
        ],
        database_operations=[
            migrations.RunSQL(
                f"CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS {name}"
                f" ON orders_{model} (landlord_id, id)",
                f"DROP INDEX IF EXISTS {name}",
            ),
            migrations.RunSQL(
                f"ALTER TABLE orders_{model} ADD CONSTRAINT {name} UNIQUE USING INDEX {name}",
                f"ALTER TABLE orders_{model} DROP CONSTRAINT {name}",
            ),
        ],
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0139_reductions")]

    operations = [
        *(_key(model, name) for model, name in _KEYS),
        *(ValidateConstraint(model, name) for model, name in _HOLD),
    ]

"""The inbox's indexes, the check of messages that were there, and what nobody has read of them."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

# Of orders that still take messages; what is written meanwhile has its row already.
FILL = """
INSERT INTO orders_orderunread
    (id, created_at, landlord_id, contractor_id, order_id, side, latest_at)
SELECT gen_random_uuid(), now(), m.landlord_id, max(m.contractor_id::text)::uuid, m.order_id, s.side,
    max(m.created_at)
FROM orders_ordermessage m
JOIN orders_order o ON o.id = m.order_id AND o.closed_at IS NULL
CROSS JOIN (VALUES ('landlord'), ('contractor')) AS s (side)
LEFT JOIN orders_messagereading r
    ON r.landlord_id = m.landlord_id AND r.order_id = m.order_id AND r.side = s.side
WHERE m.side <> s.side AND (s.side = 'landlord' OR m.contractor_id IS NOT NULL)
    AND (r.read_until IS NULL OR r.read_until < m.created_at)
GROUP BY m.landlord_id, m.order_id, s.side
ON CONFLICT (landlord_id, order_id, side) DO NOTHING
"""


class Migration(migrations.Migration):
    """Outside a transaction: the table may be large."""

    atomic = False

    dependencies = [("orders", "0157_walls")]

    operations = [
        ValidateConstraint(model_name="ordermessage", name="message_audience_is_who_reads"),
        *(
            AddIndexConcurrently(
                model_name="ordermessage",
                index=models.Index(
                    fields=[side, "-created_at", "-id"],
                    include=("order",),
                    name=f"message_newest_{side}",
                ),
            )
            for side in ("landlord", "contractor")
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]

"""Every contract gets its first version: the articles that it had, in force from its first day."""

from django.db import migrations

FILL = """
INSERT INTO orders_priceschedule (id, created_at, landlord_id, contractor_id, contract_id, number,
                                  effective_on, note, published_at)
SELECT gen_random_uuid(), created_at, landlord_id, contractor_id, id, 1, starts_on, '', created_at
FROM orders_contract;
UPDATE orders_priceitem i SET schedule_id = s.id FROM orders_priceschedule s
WHERE s.landlord_id = i.landlord_id AND s.contract_id = i.contract_id;
"""


class Migration(migrations.Migration):
    """Data only, in a transaction of its own."""

    dependencies = [("orders", "0051_price_schedules")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]

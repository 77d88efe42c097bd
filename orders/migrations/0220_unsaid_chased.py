"""Orders whose company has yet to say what it did are chased too: those that wait already.

The clock moves each to the hours of its offices when it comes by; silent_at stands where it did.
"""

from django.db import migrations

CHASE = """
UPDATE orders_order SET chase_at = GREATEST(silent_at, now())
WHERE state = 'done' AND holder = 'contractor' AND silent_at IS NOT NULL AND chase_at IS NULL
  AND ball ->> 'certificate' IN ('draft', 'refused') AND NOT ball ? 'variation'
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0216_zones_of_places")]

    operations = [migrations.RunSQL(CHASE, migrations.RunSQL.noop)]

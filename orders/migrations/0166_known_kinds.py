from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """What was there before 0163 and 0165 keeps their rules too."""

    dependencies = [("orders", "0165_walls")]

    operations = [
        ValidateConstraint(model_name="orderfile", name="order_file_kind_is_known"),
        migrations.RunSQL(
            "ALTER TABLE orders_order VALIDATE CONSTRAINT orders_order_follows_id_of_landlord",
            migrations.RunSQL.noop,
        ),
    ]

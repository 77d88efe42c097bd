"""The clock finds its orders by an index of their own."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0146_invoice_clock")]

    operations = [
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('invoice_remind_at__isnull', False)), fields=['invoice_remind_at'], name='order_invoice_awaited'),
        ),
    ]

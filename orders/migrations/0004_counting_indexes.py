"""Counts without the table: indexes that hold all that the policies of their table read."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('core', '0004_walls'),
        ('orders', '0003_walls'),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name='order',
            name='order_landlord_state',
        ),
        RemoveIndexConcurrently(
            model_name='order',
            name='order_contractor_state',
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['landlord', 'state', '-created_at', '-id'], include=('contractor', 'tenant', 'reader_case'), name='order_landlord_state'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['contractor', 'state', '-created_at', '-id'], include=('landlord', 'tenant', 'reader_case'), name='order_contractor_state'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ('issued', 'returned', 'declined', 'accepted', 'partly_done'))), fields=['landlord', 'target_date'], include=('contractor', 'tenant', 'reader_case'), name='order_landlord_late'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('state__in', ('issued', 'returned', 'declined', 'accepted', 'partly_done'))), fields=['contractor', 'target_date'], include=('landlord', 'tenant', 'reader_case'), name='order_contractor_late'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['landlord', 'contract'], name='order_contract'),
        ),
        AddIndexConcurrently(
            model_name='visit',
            index=models.Index(condition=models.Q(('state__in', ('proposed', 'confirmed', 'on_the_way', 'on_site'))), fields=['landlord', 'state', 'window_start', 'id'], include=('order', 'contractor', 'tenant', 'reader_case'), name='visit_landlord_open'),
        ),
    ]

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0011_reopen_reason"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('priority', 'urgent')), fields=['landlord', '-created_at', '-id'], include=('contractor', 'tenant', 'reader_case'), name='order_landlord_urgent'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('priority', 'urgent')), fields=['contractor', '-created_at', '-id'], include=('landlord', 'tenant', 'reader_case'), name='order_contractor_urgent'),
        ),
        AddIndexConcurrently(
            model_name='visit',
            index=models.Index(condition=models.Q(('state__in', ('proposed', 'confirmed', 'on_the_way', 'on_site'))), fields=['contractor', 'order'], include=('landlord', 'tenant', 'reader_case'), name='visit_contractor_open'),
        ),
    ]

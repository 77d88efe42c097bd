"""What was closed of late, for the trend."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("contractors", "0038_walls")]

    operations = [
        AddIndexConcurrently(
            model_name='block',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['landlord', 'closed_at'], name='block_landlord_closed'),
        ),
        AddIndexConcurrently(
            model_name='block',
            index=models.Index(condition=models.Q(('closed_at__isnull', False)), fields=['contractor', 'closed_at'], name='block_contractor_closed'),
        ),
    ]

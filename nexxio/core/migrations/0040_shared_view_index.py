"""What a house shares is found by its index."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('core', '0039_shared_views'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='savedview',
            index=models.Index(condition=models.Q(('shared_at__isnull', False)), fields=['organisation', 'page'], name='shared_views'),
        ),
    ]

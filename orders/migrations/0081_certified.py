"""An order may be certified: new rows are judged at once, old ones by the next migration."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0080_certificates'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='order',
            name='order_state_is_known',
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'pending_approval', 'issued', 'returned', 'declined', 'accepted', 'done', 'partly_done', 'with_reserves', 'certified', 'cancelled'])), name='order_state_is_known'),
        ),
    ]

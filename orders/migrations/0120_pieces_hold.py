"""The constraints of 0118 hold for the rows of before, too: checked without locking the tables."""

import django.contrib.postgres.operations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0119_walls'),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='photo',
            name='photo_withdrawn_exactly_with_a_reason',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='visit',
            name='visit_sign_refusal_is_known',
        ),
    ]

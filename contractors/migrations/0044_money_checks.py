"""The rows that are there are looked at without stopping writers."""

import django.contrib.postgres.operations
from django.db import migrations


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('contractors', '0043_money'),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(model_name='invoice', name='invoice_state_is_known'),
        django.contrib.postgres.operations.ValidateConstraint(model_name='invoice', name='invoice_filed_at_exactly_when_filed'),
        django.contrib.postgres.operations.ValidateConstraint(model_name='invoice', name='invoice_deducts_no_more_than_its_total'),
        django.contrib.postgres.operations.ValidateConstraint(model_name='payment', name='payment_purpose_is_known'),
    ]

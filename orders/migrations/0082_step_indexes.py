"""Lists sorted by state know the new states: the new indexes stand before the old ones go."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0081_certified'),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='order',
            name='order_state_is_known',
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('landlord'), models.Case(models.When(state='draft', then=models.Value(0)), models.When(state='pending_approval', then=models.Value(1)), models.When(state='issued', then=models.Value(2)), models.When(state='returned', then=models.Value(3)), models.When(state='declined', then=models.Value(4)), models.When(state='accepted', then=models.Value(5)), models.When(state='done', then=models.Value(6)), models.When(state='partly_done', then=models.Value(7)), models.When(state='with_reserves', then=models.Value(8)), models.When(state='certified', then=models.Value(9)), models.When(state='cancelled', then=models.Value(10)), default=models.Value(11), output_field=models.SmallIntegerField()), models.F('id'), name='order_landlord_step'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('contractor'), models.Case(models.When(state='draft', then=models.Value(0)), models.When(state='pending_approval', then=models.Value(1)), models.When(state='issued', then=models.Value(2)), models.When(state='returned', then=models.Value(3)), models.When(state='declined', then=models.Value(4)), models.When(state='accepted', then=models.Value(5)), models.When(state='done', then=models.Value(6)), models.When(state='partly_done', then=models.Value(7)), models.When(state='with_reserves', then=models.Value(8)), models.When(state='certified', then=models.Value(9)), models.When(state='cancelled', then=models.Value(10)), default=models.Value(11), output_field=models.SmallIntegerField()), models.F('id'), name='order_contractor_step'),
        ),
        django.contrib.postgres.operations.RemoveIndexConcurrently(
            model_name='order',
            name='order_landlord_rank',
        ),
        django.contrib.postgres.operations.RemoveIndexConcurrently(
            model_name='order',
            name='order_contractor_rank',
        ),
    ]

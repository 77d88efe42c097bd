"""Lists sorted by state know the new ones: the new indexes stand before the old ones go."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0102_closed_and_superseded'),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='order',
            name='order_state_is_known',
        ),
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='order',
            name='order_closed_at_exactly_when_closed',
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('landlord'), models.Case(models.When(state='draft', then=models.Value(0)), models.When(state='pending_approval', then=models.Value(1)), models.When(state='issued', then=models.Value(2)), models.When(state='returned', then=models.Value(3)), models.When(state='declined', then=models.Value(4)), models.When(state='accepted', then=models.Value(5)), models.When(state='done', then=models.Value(6)), models.When(state='partly_done', then=models.Value(7)), models.When(state='with_reserves', then=models.Value(8)), models.When(state='certified', then=models.Value(9)), models.When(state='closed', then=models.Value(10)), models.When(state='cancelled', then=models.Value(11)), models.When(state='superseded', then=models.Value(12)), models.When(state='closed_no_access', then=models.Value(13)), default=models.Value(14), output_field=models.SmallIntegerField()), models.F('id'), name='order_landlord_path'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('contractor'), models.Case(models.When(state='draft', then=models.Value(0)), models.When(state='pending_approval', then=models.Value(1)), models.When(state='issued', then=models.Value(2)), models.When(state='returned', then=models.Value(3)), models.When(state='declined', then=models.Value(4)), models.When(state='accepted', then=models.Value(5)), models.When(state='done', then=models.Value(6)), models.When(state='partly_done', then=models.Value(7)), models.When(state='with_reserves', then=models.Value(8)), models.When(state='certified', then=models.Value(9)), models.When(state='closed', then=models.Value(10)), models.When(state='cancelled', then=models.Value(11)), models.When(state='superseded', then=models.Value(12)), models.When(state='closed_no_access', then=models.Value(13)), default=models.Value(14), output_field=models.SmallIntegerField()), models.F('id'), name='order_contractor_path'),
        ),
        # A unique constraint with a condition is a unique index: made without stopping anybody.
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "CREATE UNIQUE INDEX CONCURRENTLY one_successor_of_an_order ON orders_order"
                    " (landlord_id, supersedes_id)"
                    " WHERE supersedes_id IS NOT NULL AND NOT (state = 'cancelled')",
                    "DROP INDEX CONCURRENTLY one_successor_of_an_order",
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name='order',
                    constraint=models.UniqueConstraint(condition=models.Q(('supersedes__isnull', False), models.Q(('state', 'cancelled'), _negated=True)), fields=('landlord', 'supersedes'), name='one_successor_of_an_order'),
                ),
            ],
        ),
        django.contrib.postgres.operations.RemoveIndexConcurrently(
            model_name='order',
            name='order_landlord_steps',
        ),
        django.contrib.postgres.operations.RemoveIndexConcurrently(
            model_name='order',
            name='order_contractor_steps',
        ),
    ]

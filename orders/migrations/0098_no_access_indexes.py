"""Lists sorted by state know the new one; visits from before have their checks."""

import django.contrib.postgres.operations
from django.db import migrations, models


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('orders', '0097_no_access'),
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
        django.contrib.postgres.operations.ValidateConstraint(
            model_name='visit',
            name='visit_state_is_known',
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('landlord'), models.Case(models.When(state='draft', then=models.Value(0)), models.When(state='pending_approval', then=models.Value(1)), models.When(state='issued', then=models.Value(2)), models.When(state='returned', then=models.Value(3)), models.When(state='declined', then=models.Value(4)), models.When(state='accepted', then=models.Value(5)), models.When(state='done', then=models.Value(6)), models.When(state='partly_done', then=models.Value(7)), models.When(state='with_reserves', then=models.Value(8)), models.When(state='certified', then=models.Value(9)), models.When(state='cancelled', then=models.Value(10)), models.When(state='closed_no_access', then=models.Value(11)), default=models.Value(12), output_field=models.SmallIntegerField()), models.F('id'), name='order_landlord_steps'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='order',
            index=models.Index(models.F('contractor'), models.Case(models.When(state='draft', then=models.Value(0)), models.When(state='pending_approval', then=models.Value(1)), models.When(state='issued', then=models.Value(2)), models.When(state='returned', then=models.Value(3)), models.When(state='declined', then=models.Value(4)), models.When(state='accepted', then=models.Value(5)), models.When(state='done', then=models.Value(6)), models.When(state='partly_done', then=models.Value(7)), models.When(state='with_reserves', then=models.Value(8)), models.When(state='certified', then=models.Value(9)), models.When(state='cancelled', then=models.Value(10)), models.When(state='closed_no_access', then=models.Value(11)), default=models.Value(12), output_field=models.SmallIntegerField()), models.F('id'), name='order_contractor_steps'),
        ),
        django.contrib.postgres.operations.RemoveIndexConcurrently(
            model_name='order',
            name='order_landlord_step',
        ),
        django.contrib.postgres.operations.RemoveIndexConcurrently(
            model_name='order',
            name='order_contractor_step',
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='accesscheck',
            index=models.Index(fields=['landlord', 'order'], name='orders_acce_landlor_7ad95f_idx'),
        ),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='accesscheck',
            index=models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='access_check_to_settle'),
        ),
        # Visits that found nobody before there were checks: their tenants may answer, too.
        migrations.RunSQL(
            "INSERT INTO orders_accesscheck (id, created_at, landlord_id, contractor_id, tenant_id,"
            " reader_case_id, order_id, visit_id, state, proven, company_note, decision_note,"
            " version) SELECT gen_random_uuid(), COALESCE(v.finished_at, v.created_at),"
            " v.landlord_id, v.contractor_id, v.tenant_id, v.reader_case_id, v.order_id, v.id,"
            " 'asked', cardinality(p.missing) = 0, '', '', 1 FROM orders_visit v"
            " JOIN orders_noaccessproof p ON p.visit_id = v.id WHERE v.state = 'no_access'",
            migrations.RunSQL.noop,
        ),
    ]

"""The lists of reserves and their clock; what holds for new rows holds for those that are there."""

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models

_HOLD = (
    ("contract", "variation_delays_are_sane"),
    ("order", "order_returned_has_items"),
    ("order", "order_declined_has_a_reason"),
    ("order", "order_cancelled_has_a_reason"),
    ("order", "order_superseded_has_a_reason"),
    ("order", "order_finished_has_its_instant"),
    ("order", "order_partly_done_has_a_next_step"),
    ("order", "order_closed_says_how"),
    ("reserve", "reserve_claimed_has_its_instant"),
    ("reserve", "reserve_reminds_only_while_open"),
    ("visit", "visit_confirmed_has_its_instant"),
    ("visit", "visit_on_the_way_has_its_instant"),
    ("visit", "visit_on_site_has_its_instant"),
    ("visit", "visit_over_has_its_instant"),
)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("orders", "0142_works_and_reserves")]

    operations = [
        AddIndexConcurrently(
            model_name='reserve',
            index=models.Index(condition=models.Q(('state', 'lifted'), _negated=True), fields=['landlord', 'state', 'due_on', 'id'], include=('order',), name='reserve_landlord_unlifted'),
        ),
        AddIndexConcurrently(
            model_name='reserve',
            index=models.Index(condition=models.Q(('state', 'lifted'), _negated=True), fields=['contractor', 'state', 'due_on', 'id'], include=('order',), name='reserve_contractor_unlifted'),
        ),
        AddIndexConcurrently(
            model_name='reserve',
            index=models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='reserve_to_remind'),
        ),
        *(ValidateConstraint(model, name) for model, name in _HOLD),
    ]

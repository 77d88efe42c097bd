"""Several invoices of an order: the new unique indexes stand before the old ones go."""

import django.contrib.postgres.operations
from django.db import migrations, models

LIVE = models.Q(('kind__in', ['invoice', 'situation']), models.Q(('state__in', ['refused', 'rejected', 'credited']), _negated=True))
WAITS = models.Q(('credits__isnull', False), ('state__in', ['prepared', 'to_file']))
FORESEEN = models.Q(('closed_at__isnull', True), ('invoice__isnull', True), ('order__isnull', False))


def unique(model: str, constraint: models.UniqueConstraint, sql: str) -> migrations.SeparateDatabaseAndState:
    """A unique constraint with a condition is a unique index: made without stopping anybody."""
    make = migrations.RunSQL(f'CREATE UNIQUE INDEX CONCURRENTLY {constraint.name} ON {sql}', f'DROP INDEX CONCURRENTLY {constraint.name}')
    keep = migrations.AddConstraint(model_name=model, constraint=constraint)
    return migrations.SeparateDatabaseAndState(database_operations=[make], state_operations=[keep])


def gone(model: str, name: str, sql: str) -> migrations.SeparateDatabaseAndState:
    """Drop a unique index."""
    drop = migrations.RunSQL(f'DROP INDEX CONCURRENTLY {name}', f'CREATE UNIQUE INDEX CONCURRENTLY {name} ON {sql}')
    forget = migrations.RemoveConstraint(model_name=model, name=name)
    return migrations.SeparateDatabaseAndState(database_operations=[drop], state_operations=[forget])


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('contractors', '0034_credit_notes'),
    ]

    operations = [
        django.contrib.postgres.operations.ValidateConstraint(model_name='invoice', name='invoice_state_is_known'),
        django.contrib.postgres.operations.ValidateConstraint(model_name='invoice', name='credit_note_has_its_invoice'),
        django.contrib.postgres.operations.ValidateConstraint(model_name='invoice', name='invoice_credited_no_more_than_its_total'),
        django.contrib.postgres.operations.ValidateConstraint(model_name='receivedinvoice', name='received_state_is_known'),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='invoice',
            index=models.Index(condition=models.Q(('credits__isnull', False)), fields=['landlord', 'credits'], name='invoice_credit_notes'),
        ),
        unique(
            'invoice',
            models.UniqueConstraint(condition=LIVE, fields=('landlord', 'order', 'rank'), name='one_live_invoice_of_rank'),
            "contractors_invoice (landlord_id, order_id, rank) WHERE kind IN ('invoice', 'situation') AND NOT (state IN ('refused', 'rejected', 'credited'))",
        ),
        unique(
            'invoice',
            models.UniqueConstraint(condition=WAITS, fields=('landlord', 'credits'), name='one_prepared_credit_note'),
            "contractors_invoice (landlord_id, credits_id) WHERE credits_id IS NOT NULL AND state IN ('prepared', 'to_file')",
        ),
        unique(
            'block',
            models.UniqueConstraint(condition=FORESEEN, fields=('landlord', 'order', 'cause', 'side'), name='one_foreseen_block_of_order'),
            'contractors_block (landlord_id, order_id, cause, side) WHERE closed_at IS NULL AND invoice_id IS NULL AND order_id IS NOT NULL',
        ),
        gone(
            'invoice',
            'one_live_invoice',
            "contractors_invoice (landlord_id, order_id) WHERE kind = 'invoice' AND NOT (state IN ('refused', 'rejected'))",
        ),
        gone(
            'block',
            'one_open_block_of_order',
            'contractors_block (landlord_id, order_id, cause, side) WHERE closed_at IS NULL AND order_id IS NOT NULL',
        ),
    ]

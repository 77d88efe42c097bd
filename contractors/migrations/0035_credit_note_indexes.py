"""Several invoices of an order: the new unique indexes stand before the old ones go."""

import django.contrib.postgres.operations
from django.db import migrations, models

LIVE = models.Q(('kind__in', ['invoice', 'situation']), models.Q(('state__in', ['refused', 'rejected', 'credited']), _negated=True))
WAITS = models.Q(('credits__isnull', False), ('state__in', ['prepared', 'to_file']))
FORESEEN = models.Q(('closed_at__isnull', True), ('invoice__isnull', True), ('order__isnull', False))


def unique(model: str, constraint: models.UniqueConstraint, sql: str, undo: str) -> migrations.SeparateDatabaseAndState:
    """A unique constraint with a condition is a unique index: made without stopping anybody.

    What an earlier run left, valid or not, goes first: the migration may be run again.
    """
    return migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunSQL([undo, sql], undo)],
        state_operations=[migrations.AddConstraint(model_name=model, constraint=constraint)],
    )


def gone(model: str, name: str, sql: str, undo: str) -> migrations.SeparateDatabaseAndState:
    """Drop a unique index; an earlier run may have done it."""
    return migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunSQL(sql, [sql, undo])],
        state_operations=[migrations.RemoveConstraint(model_name=model, name=name)],
    )


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
        migrations.RunSQL('DROP INDEX CONCURRENTLY IF EXISTS invoice_credit_notes', migrations.RunSQL.noop),
        django.contrib.postgres.operations.AddIndexConcurrently(
            model_name='invoice',
            index=models.Index(condition=models.Q(('credits__isnull', False)), fields=['landlord', 'credits'], name='invoice_credit_notes'),
        ),
        unique(
            'invoice',
            models.UniqueConstraint(condition=LIVE, fields=('landlord', 'order', 'rank'), name='one_live_invoice_of_rank'),
            "CREATE UNIQUE INDEX CONCURRENTLY one_live_invoice_of_rank ON contractors_invoice (landlord_id, order_id, rank) WHERE kind IN ('invoice', 'situation') AND NOT (state IN ('refused', 'rejected', 'credited'))",
            'DROP INDEX CONCURRENTLY IF EXISTS one_live_invoice_of_rank',
        ),
        unique(
            'invoice',
            models.UniqueConstraint(condition=WAITS, fields=('landlord', 'credits'), name='one_prepared_credit_note'),
            "CREATE UNIQUE INDEX CONCURRENTLY one_prepared_credit_note ON contractors_invoice (landlord_id, credits_id) WHERE credits_id IS NOT NULL AND state IN ('prepared', 'to_file')",
            'DROP INDEX CONCURRENTLY IF EXISTS one_prepared_credit_note',
        ),
        unique(
            'block',
            models.UniqueConstraint(condition=FORESEEN, fields=('landlord', 'order', 'cause', 'side'), name='one_foreseen_block_of_order'),
            'CREATE UNIQUE INDEX CONCURRENTLY one_foreseen_block_of_order ON contractors_block (landlord_id, order_id, cause, side) WHERE closed_at IS NULL AND invoice_id IS NULL AND order_id IS NOT NULL',
            'DROP INDEX CONCURRENTLY IF EXISTS one_foreseen_block_of_order',
        ),
        gone(
            'invoice',
            'one_live_invoice',
            'DROP INDEX CONCURRENTLY IF EXISTS one_live_invoice',
            "CREATE UNIQUE INDEX CONCURRENTLY one_live_invoice ON contractors_invoice (landlord_id, order_id) WHERE kind = 'invoice' AND NOT (state IN ('refused', 'rejected'))",
        ),
        gone(
            'block',
            'one_open_block_of_order',
            'DROP INDEX CONCURRENTLY IF EXISTS one_open_block_of_order',
            'CREATE UNIQUE INDEX CONCURRENTLY one_open_block_of_order ON contractors_block (landlord_id, order_id, cause, side) WHERE closed_at IS NULL AND order_id IS NOT NULL',
        ),
    ]

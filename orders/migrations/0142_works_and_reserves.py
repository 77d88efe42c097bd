"""Reserves with photos and reminders, terms of contracts, and what rows have in each state."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0043_job_is_awaited'),
        ('orders', '0141_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='contract',
            name='contractor_cancels',
            field=models.BooleanField(db_default=False, default=False, verbose_name='l’entreprise peut annuler'),
        ),
        migrations.AddField(
            model_name='contract',
            name='variation_days',
            field=models.PositiveSmallIntegerField(db_default=3, default=3, verbose_name='réponse à un devis en jours ouvrés'),
        ),
        migrations.AddField(
            model_name='contract',
            name='variation_hours',
            field=models.PositiveSmallIntegerField(db_default=4, default=4, verbose_name='réponse à un devis urgent en heures'),
        ),
        migrations.AddField(
            model_name='reserve',
            name='claim_photo',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile'),
        ),
        migrations.AddField(
            model_name='reserve',
            name='lifted_by',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='reserve',
            name='photo',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile'),
        ),
        migrations.AddField(
            model_name='reserve',
            name='remind_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='reserve',
            name='reminders',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        AddConstraintNotValid(
            model_name='contract',
            constraint=models.CheckConstraint(condition=models.Q(('variation_days__range', (1, 30)), ('variation_hours__range', (1, 72))), name='variation_delays_are_sane'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('returned',)), _negated=True), ('returned_items__len__gt', 0), _connector='OR'), name='order_returned_has_items'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('declined',)), _negated=True), models.Q(('decline_reason', ''), _negated=True), _connector='OR'), name='order_declined_has_a_reason'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('cancelled',)), _negated=True), models.Q(('cancel_reason', ''), _negated=True), _connector='OR'), name='order_cancelled_has_a_reason'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('superseded',)), _negated=True), models.Q(('superseded_reason', ''), _negated=True), _connector='OR'), name='order_superseded_has_a_reason'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('done', 'with_reserves', 'certified')), _negated=True), ('done_at__isnull', False), _connector='OR'), name='order_finished_has_its_instant'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('partly_done',)), _negated=True), models.Q(('next_step', ''), _negated=True), _connector='OR'), name='order_partly_done_has_a_next_step'),
        ),
        AddConstraintNotValid(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('closed',)), _negated=True), models.Q(('closed_how', ''), _negated=True), _connector='OR'), name='order_closed_says_how'),
        ),
        AddConstraintNotValid(
            model_name='reserve',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'claimed'), _negated=True), ('claimed_at__isnull', False), _connector='OR'), name='reserve_claimed_has_its_instant'),
        ),
        AddConstraintNotValid(
            model_name='reserve',
            constraint=models.CheckConstraint(condition=models.Q(('remind_at__isnull', True), ('state', 'open'), _connector='OR'), name='reserve_reminds_only_while_open'),
        ),
        AddConstraintNotValid(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('confirmed',)), _negated=True), ('confirmed_at__isnull', False), _connector='OR'), name='visit_confirmed_has_its_instant'),
        ),
        AddConstraintNotValid(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('on_the_way',)), _negated=True), ('left_at__isnull', False), _connector='OR'), name='visit_on_the_way_has_its_instant'),
        ),
        AddConstraintNotValid(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('on_site',)), _negated=True), ('arrived_at__isnull', False), _connector='OR'), name='visit_on_site_has_its_instant'),
        ),
        AddConstraintNotValid(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ('done', 'partly_done', 'no_access')), _negated=True), ('finished_at__isnull', False), _connector='OR'), name='visit_over_has_its_instant'),
        ),
    ]

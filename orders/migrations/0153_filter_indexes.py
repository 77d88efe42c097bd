from django.conf import settings
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Outside a transaction: the tables may be large."""

    atomic = False

    dependencies = [
        ('core', '0043_job_is_awaited'),
        ('orders', '0152_fill_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='accesscheck',
            index=models.Index(condition=models.Q(('state', 'company')), fields=['contractor', 'created_at', 'id'], include=('order',), name='access_check_of_contractor'),
        ),
        AddIndexConcurrently(
            model_name='certificate',
            index=models.Index(condition=models.Q(('state__in', ['draft', 'refused'])), fields=['contractor', 'created_at', 'id'], include=('order',), name='certificate_to_correct'),
        ),
        AddIndexConcurrently(
            model_name='hold',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['landlord', 'created_at', 'id'], include=('order', 'reason'), name='hold_open_landlord'),
        ),
        AddIndexConcurrently(
            model_name='hold',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['contractor', 'created_at', 'id'], include=('order', 'reason'), name='hold_open_contractor'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['landlord', 'contractor', '-created_at', '-id'], name='order_landlord_company'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['contractor', 'landlord', '-created_at', '-id'], name='order_contractor_house'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['contract', '-created_at', '-id'], name='order_contract_list'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(fields=['unit', '-created_at', '-id'], name='order_unit_list'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('nature', 'maintenance'), _negated=True), fields=['landlord', 'nature', '-created_at', '-id'], name='order_landlord_nature'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('nature', 'maintenance'), _negated=True), fields=['contractor', 'nature', '-created_at', '-id'], name='order_contractor_nature'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('hazard', ''), _negated=True), fields=['landlord', '-created_at', '-id'], include=('hazard',), name='order_landlord_hazard'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('hazard', ''), _negated=True), fields=['contractor', '-created_at', '-id'], include=('hazard',), name='order_contractor_hazard'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('issued_at__isnull', False)), fields=['landlord', 'issued_at'], name='order_landlord_issued_at'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('done_at__isnull', False)), fields=['landlord', 'done_at'], name='order_landlord_done_at'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('issued_at__isnull', False)), fields=['contractor', 'issued_at'], name='order_contractor_issued_at'),
        ),
        AddIndexConcurrently(
            model_name='order',
            index=models.Index(condition=models.Q(('done_at__isnull', False)), fields=['contractor', 'done_at'], name='order_contractor_done_at'),
        ),
        AddIndexConcurrently(
            model_name='orderbudget',
            index=models.Index(fields=['landlord', 'total_with_vat', 'order'], name='budget_landlord'),
        ),
        AddIndexConcurrently(
            model_name='orderbudget',
            index=models.Index(fields=['contractor', 'total_with_vat', 'order'], name='budget_contractor'),
        ),
        AddIndexConcurrently(
            model_name='signoff',
            index=models.Index(condition=models.Q(('checked_at__isnull', True), ('satisfied', False)), fields=['landlord', 'created_at', 'id'], include=('order',), name='sign_off_open_landlord'),
        ),
        AddIndexConcurrently(
            model_name='signoff',
            index=models.Index(condition=models.Q(('checked_at__isnull', True), ('satisfied', False)), fields=['contractor', 'created_at', 'id'], include=('order',), name='sign_off_open_contractor'),
        ),
        AddIndexConcurrently(
            model_name='variation',
            index=models.Index(condition=models.Q(('state__in', ['withdrawn', 'acknowledged']), _negated=True), fields=['contractor', 'state', 'asked_at', 'id'], include=('order', 'landlord'), name='variation_of_contractor'),
        ),
        AddIndexConcurrently(
            model_name='visit',
            index=models.Index(condition=models.Q(('state', 'no_access')), fields=['landlord', 'created_at', 'id'], include=('order', 'number'), name='visit_no_access_landlord'),
        ),
        AddIndexConcurrently(
            model_name='visit',
            index=models.Index(condition=models.Q(('state', 'no_access')), fields=['contractor', 'created_at', 'id'], include=('order', 'number'), name='visit_no_access_contractor'),
        ),
    ]

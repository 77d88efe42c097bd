"""The third clock of works that are done: when a company is told to invoice what is certified."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0043_job_is_awaited'),
        ('orders', '0145_walls'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='invoice_remind_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='order',
            name='invoice_reminders',
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]

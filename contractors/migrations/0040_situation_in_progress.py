"""Whether a situation is of works that went on when it was handed over: decided once."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contractors', '0039_closed_blocks'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '3s'", "SET LOCAL lock_timeout = '3s'"),
        migrations.AddField(
            model_name='invoice',
            name='in_progress',
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]

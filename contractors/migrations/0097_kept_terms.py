"""The terms that a settled invoice keeps when its contract changes them."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("contractors", "0096_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name='invoice',
            name='kept_terms',
            field=models.JSONField(blank=True, null=True),
        ),
    ]

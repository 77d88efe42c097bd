from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("orders", "0099_walls")]

    operations = [
        migrations.AddField(
            model_name="accesscheck",
            name="contested_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]

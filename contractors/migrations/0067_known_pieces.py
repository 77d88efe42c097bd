"""Check what was added unchecked."""

from django.db import migrations


class Migration(migrations.Migration):
    """Reads the rows without stopping who writes them."""

    dependencies = [("contractors", "0066_walls")]

    operations = [
        migrations.RunSQL(
            "ALTER TABLE contractors_suspension"
            " VALIDATE CONSTRAINT contractors_suspension_file_id_of_landlord",
            migrations.RunSQL.noop,
        ),
    ]

"""An order keeps the agency and the sector of its residence. Nothing is rewritten."""

import django.db.models.deletion
from django.db import migrations, models

KEY = {
    "blank": True,
    "db_constraint": False,
    "db_index": False,
    "null": True,
    "on_delete": django.db.models.deletion.PROTECT,
    "related_name": "+",
}


class Migration(migrations.Migration):
    """No residence has a sector yet when this runs, so there is nothing to fill."""

    dependencies = [("core", "0031_walls"), ("orders", "0014_walls")]

    operations = [
        migrations.AddField("order", "agency", models.ForeignKey(to="core.agency", **KEY)),
        migrations.AddField("order", "sector", models.ForeignKey(to="core.sector", **KEY)),
    ]

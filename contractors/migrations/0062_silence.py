"""How long a landlord's silence lasts before it accepts a subcontractor."""

from django.db import migrations

ROW = """
INSERT INTO contractors_moneyrule (id, created_at, code, value, starts_on, ends_on, source) VALUES
(gen_random_uuid(), now(), 'tacit-days', 21.00, '2019-04-01', NULL,
 'Code de la commande publique, art. R2193-3, R2193-4 et R2193-7, à confirmer par un juriste')
"""


class Migration(migrations.Migration):
    """The row of the decree in force."""

    dependencies = [("contractors", "0061_walls")]

    operations = [
        migrations.RunSQL(ROW, "DELETE FROM contractors_moneyrule WHERE code = 'tacit-days'")
    ]

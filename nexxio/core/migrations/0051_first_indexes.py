"""The series that repair contracts are revised by. Their values come from platform staff."""

from django.db import migrations

SERIES = """
INSERT INTO core_priceindex (code, label, publisher)
SELECT s.code, s.label, 'Insee'
FROM (VALUES
    ('BT01', 'Bâtiment, tous corps d’état'),
    ('BT38', 'Plomberie sanitaire (y compris appareils)'),
    ('BT40', 'Chauffage central'),
    ('BT41', 'Ventilation et conditionnement d’air'),
    ('BT42', 'Menuiserie en acier et serrurerie'),
    ('BT45', 'Vitrerie, miroiterie'),
    ('BT46', 'Peinture, tenture, revêtements muraux'),
    ('BT47', 'Électricité'),
    ('BT48', 'Ascenseurs'),
    ('BT50', 'Rénovation et entretien, tous corps d’état'),
    ('ICHT-IME', 'Coût horaire du travail, industries mécaniques et électriques')
) AS s (code, label)
ON CONFLICT (code) DO NOTHING
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0050_price_indexes_tables")]

    operations = [migrations.RunSQL(SERIES, migrations.RunSQL.noop)]

"""How long contacts and photos of closed orders are kept at first."""

from django.db import migrations

DURATIONS = """
INSERT INTO core_retentionrule (id, created_at, code, months, source)
SELECT gen_random_uuid(), now(), d.code, d.months, d.source
FROM (VALUES
    ('order_contact', 12, 'RGPD, article 5 : un an couvre la garantie de parfait achèvement ; à confirmer par le délégué'),
    ('order_photos', 24, 'RGPD, article 5 : deux ans, ou la fin d’un litige ; à confirmer par le délégué')
) AS d (code, months, source)
ON CONFLICT (code) DO NOTHING
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0052_retention_and_mutes_tables")]

    operations = [migrations.RunSQL(DURATIONS, migrations.RunSQL.noop)]

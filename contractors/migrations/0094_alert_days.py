"""The delays of alerts and reminders, as dated rows that platform staff keep."""

from django.db import migrations

# From the day on that the oldest rates hold: what was opened before goes by them too.
DAYS = """
INSERT INTO core_rate (id, created_at, kind, code, value, unit, starts_on, ends_on, provisional, source)
SELECT gen_random_uuid(), now(), 'clock_days', d.code, d.days, 'day', '2016-07-01', NULL, false,
    d.source || ', usage de la plateforme, à confirmer par son équipe'
FROM (VALUES
    ('sign-off-wait', 3, 'Bon d’intervention sans réponse du locataire : 72 heures, puis le bailleur vérifie'),
    ('ladder-desk', 5, 'Facture bloquée sans mouvement : rappel au service qui la tient'),
    ('ladder-head', 10, 'Facture bloquée sans mouvement : alerte au responsable du service'),
    ('ladder-direction', 20, 'Facture bloquée sans mouvement : alerte à la direction'),
    ('due-first', 10, 'Facture bloquée : premier rappel avant l’échéance légale'),
    ('due-last', 3, 'Facture bloquée : dernier rappel avant l’échéance légale'),
    ('paper-first', 30, 'Attestation qui expire : premier rappel avant son dernier jour'),
    ('paper-last', 7, 'Attestation qui expire : dernier rappel avant son dernier jour')
) AS d (code, days, source)
ON CONFLICT (kind, code, starts_on) DO NOTHING
"""


class Migration(migrations.Migration):
    """Rows only."""

    dependencies = [("contractors", "0091_walls"), ("core", "0200_plural_words")]

    operations = [migrations.RunSQL(DAYS, migrations.RunSQL.noop)]

"""Rates, sums and delays with their source, as they are known; platform staff keep them up."""

from django.db import migrations

# Rates of the public rules: the European Central Bank's main refinancing rate on the first day of the
# half-year, plus eight points (private rules: ten).
RATES = """
INSERT INTO core_rate (id, created_at, kind, code, value, unit, starts_on, ends_on, provisional, source)
SELECT gen_random_uuid(), now(), k.kind, '', p.value + k.more, 'percent', p.starts_on, p.ends_on,
       p.provisional, k.source
FROM (VALUES
    (date '2016-07-01', date '2022-12-31', 8.00, false),
    (date '2023-01-01', date '2023-06-30', 10.50, false),
    (date '2023-07-01', date '2023-12-31', 12.00, false),
    (date '2024-01-01', date '2024-06-30', 12.50, false),
    (date '2024-07-01', date '2024-12-31', 12.25, false),
    (date '2025-01-01', date '2025-06-30', 11.15, false),
    (date '2025-07-01', date '2025-12-31', 10.15, false),
    (date '2026-01-01', date '2026-06-30', 10.15, true)
) AS p (starts_on, ends_on, value, provisional)
CROSS JOIN (VALUES
    ('late_public', 0, 'Code de la commande publique, R2192-31 : taux de refinancement de la BCE au premier jour du semestre + 8 points'),
    ('late_private', 2, 'Code de commerce, L441-10 : taux de refinancement de la BCE au premier jour du semestre + 10 points')
) AS k (kind, more, source);
INSERT INTO core_rate (id, created_at, kind, code, value, unit, starts_on, ends_on, provisional, source)
VALUES
    (gen_random_uuid(), now(), 'indemnity', '', 40.00, 'euro', '2013-01-01', NULL, false,
     'Code de commerce, D441-5 ; Code de la commande publique, D2192-35'),
    (gen_random_uuid(), now(), 'vat', 'normal', 20.00, 'percent', '2014-01-01', NULL, false,
     'CGI, article 278'),
    (gen_random_uuid(), now(), 'vat', 'travaux', 10.00, 'percent', '2014-01-01', NULL, false,
     'CGI, article 279-0 bis : amélioration de logements achevés depuis plus de deux ans'),
    (gen_random_uuid(), now(), 'vat', 'energie', 5.50, 'percent', '2014-01-01', NULL, false,
     'CGI, article 278-0 bis A : rénovation énergétique');
"""

# Kind, code, days, source. From the day of the fixed indemnity: older invoices have no rates either.
DELAYS = [
    ("payment_delay", "oph", 30, "Code de la commande publique, R2192-10 : délai maximal d’un OPH"),
    ("payment_delay", "esh", 60, "Code de la commande publique, R2192-11 : délai maximal d’une ESH"),
    ("payment_delay", "sem", 60, "Code de la commande publique, R2192-11 : délai maximal d’une SEM"),
    ("payment_delay", "private", 30, "Code de commerce, L441-10 : délai à défaut d’accord"),
    ("payment_delay", "private-agreed", 60, "Code de commerce, L441-10 : délai maximal convenu"),
    ("payment_delay", "month-end", 45, "Code de commerce, L441-10 : « 45 jours fin de mois », s’ils sont convenus"),
    ("clock_days", "no-receipt", 2, "Code de la commande publique, délais de paiement : réception non datée, date de la facture + 2 jours"),
    ("clock_days", "resumption", 30, "Code de la commande publique, délais de paiement : délai minimal qui reste après une suspension"),
    ("clock_days", "verification", 30, "Code de la commande publique, délais de paiement : durée maximale d’une vérification"),
    ("clock_days", "interest-due", 45, "Code de la commande publique, délais de paiement : intérêts et indemnité payables 45 jours après le principal"),
]
FIRST = "2013-01-01"
ADD = """
INSERT INTO core_rate (id, created_at, kind, code, value, unit, starts_on, ends_on, provisional, source)
VALUES (gen_random_uuid(), now(), %s, %s, %s, 'day', %s, NULL, false, %s)
ON CONFLICT (kind, code, starts_on) DO NOTHING
"""


class Migration(migrations.Migration):
    """Rows only."""

    replaces = [
        ("core", "0043_job_is_awaited"),
    ]

    dependencies = [("core", "0046_walls")]

    operations = [
        migrations.RunSQL(RATES, migrations.RunSQL.noop),
        migrations.RunSQL(
            [(ADD, [kind, code, days, FIRST, source]) for kind, code, days, source in DELAYS],
            migrations.RunSQL.noop,
        ),
    ]

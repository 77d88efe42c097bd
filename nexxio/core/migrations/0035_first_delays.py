"""Delays of payment with their source, as they are known; platform staff keep them up."""

from django.db import migrations

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
    dependencies = [("core", "0034_legal_delays")]

    operations = [
        migrations.RunSQL(
            [(ADD, [kind, code, days, FIRST, source]) for kind, code, days, source in DELAYS],
            "DELETE FROM core_rate WHERE kind IN ('payment_delay', 'clock_days')",
        )
    ]

"""Rates and sums with their source, as far as they are known; platform staff keep them up."""

import nexxio.core.clock
import nexxio.core.ids
from django.db import migrations, models

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


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0017_find_tenants"),
    ]

    operations = [
        migrations.CreateModel(
            name='Rate',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('kind', models.CharField(choices=[('late_public', 'Intérêts moratoires, règles publiques'), ('late_private', 'Pénalités de retard, règles privées'), ('indemnity', 'Indemnité forfaitaire de recouvrement'), ('vat', 'TVA')], max_length=16, verbose_name='nature')),
                ('code', models.SlugField(blank=True, help_text='Distingue les taux d’une même nature ; vide s’il n’y en a qu’un.', max_length=20, verbose_name='code')),
                ('value', models.DecimalField(decimal_places=4, max_digits=9, verbose_name='valeur')),
                ('unit', models.CharField(choices=[('percent', '%'), ('euro', '€')], default='percent', max_length=8, verbose_name='unité')),
                ('starts_on', models.DateField(verbose_name='à partir du')),
                ('ends_on', models.DateField(blank=True, help_text='Vide : jusqu’à nouvel ordre.', null=True, verbose_name='jusqu’au')),
                ('provisional', models.BooleanField(default=False, help_text='Calculé, pas encore publié.', verbose_name='provisoire')),
                ('source', models.CharField(help_text='Texte, article, date de publication.', max_length=300, verbose_name='source')),
            ],
            options={
                'verbose_name': 'taux',
                'verbose_name_plural': 'taux',
                'ordering': ['kind', 'code', '-starts_on'],
                'constraints': [
                    models.UniqueConstraint(fields=('kind', 'code', 'starts_on'), name='one_rate_per_day', violation_error_message='Un taux de cette nature commence déjà ce jour-là.'),
                    models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='rate_ends_after_it_starts', violation_error_message='La fin précède le début.'),
                    models.CheckConstraint(condition=models.Q(('value__gte', 0)), name='rate_is_not_negative', violation_error_message='La valeur est négative.'),
                    models.CheckConstraint(condition=models.Q(('kind__in', ['late_public', 'late_private', 'indemnity', 'vat']), ('unit__in', ['percent', 'euro'])), name='rate_kind_is_known'),
                ],
            },
        ),
        migrations.RunSQL(RATES, migrations.RunSQL.noop),
    ]

"""What an invoice gave back of an advance when it was paid: the journal of a month stays as it was."""

from decimal import Decimal

from django.db import migrations, models

PAID_BEFORE = """
UPDATE contractors_invoice i SET recovered_then = i.recovered, recovered_on = coalesce(
    (SELECT min(p.paid_on) FROM contractors_payment p
     WHERE p.landlord_id = i.landlord_id AND p.invoice_id = i.id AND p.purpose = 'invoice'),
    (i.state_since AT TIME ZONE 'Europe/Paris')::date)
WHERE i.recovered > 0 AND i.state IN ('announced', 'paid')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contractors', '0045_walls'),
    ]

    operations = [
        migrations.RunSQL("SET LOCAL lock_timeout = '3s'", "SET LOCAL lock_timeout = '3s'"),
        migrations.AddField(
            model_name='invoice',
            name='recovered_on',
            field=models.DateField(blank=True, null=True, verbose_name='avance reprise le'),
        ),
        migrations.AddField(
            model_name='invoice',
            name='recovered_then',
            field=models.DecimalField(db_default=Decimal('0'), decimal_places=2, default=Decimal('0'), max_digits=12, verbose_name='avance reprise au paiement'),
        ),
        migrations.RunSQL(PAID_BEFORE, migrations.RunSQL.noop),
    ]

"""Whom a campaign asks; of those that run, whoever could answer until now."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
from django.db import migrations, models


_RUNNING = """
INSERT INTO evaluations_campaignseat
    (id, created_at, direction, campaign_id, contractor_id, landlord_id, user_id)
SELECT DISTINCT ON (c.id, way.direction, m.user_id)
    gen_random_uuid(), now(), way.direction, c.id, c.contractor_id, c.landlord_id, m.user_id
FROM evaluations_campaign c
CROSS JOIN (VALUES ('landlord_contractor'), ('contractor_landlord')) AS way (direction)
JOIN core_membership m ON m.organisation_id = CASE way.direction
    WHEN 'landlord_contractor' THEN c.landlord_id ELSE c.contractor_id END
JOIN core_user u ON u.id = m.user_id
WHERE c.closed_at IS NULL AND m.is_active AND u.is_active
    AND m.roles && ARRAY['manager', 'clerk']::varchar[]
"""


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0054_walls'),
        ("evaluations", "0043_trade_of_a_campaign"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CampaignSeat',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('direction', models.CharField(choices=[('landlord_contractor', 'Bailleur → prestataire'), ('contractor_landlord', 'Prestataire → bailleur'), ('tenant_repair', 'Locataire → réparation'), ('staff_organisation', 'Équipes → leur organisation')], max_length=20)),
                ('campaign', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='evaluations.campaign')),
                ('contractor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'direction', 'user'), name='one_seat_per_member')],
            },
        ),
        migrations.RunSQL(_RUNNING, migrations.RunSQL.noop),
    ]

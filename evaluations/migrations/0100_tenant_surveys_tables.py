"""What a landlord's own satisfaction survey says."""

import django.core.validators
import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("evaluations", "0086_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name='TenantSurvey',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('held_on', models.DateField(verbose_name='date de l’enquête')),
                ('respondents', models.PositiveIntegerField(validators=[django.core.validators.MinValueValidator(1)], verbose_name='nombre de répondants')),
                ('share', models.DecimalField(decimal_places=2, max_digits=5, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(100)], verbose_name='part d’insatisfaits')),
                ('source', models.CharField(max_length=120, verbose_name='source')),
                ('agency', models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.agency')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'verbose_name': 'enquête de satisfaction',
                'verbose_name_plural': 'enquêtes de satisfaction',
                'constraints': [models.UniqueConstraint(fields=('landlord', 'held_on', 'agency'), name='one_tenant_survey_figure', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('respondents__gte', 1), ('share__range', (0, 100))), name='tenant_survey_is_a_share')],
            },
        ),
    ]

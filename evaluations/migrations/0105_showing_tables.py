"""What companies gave of their landlord, theirs to show; and their standing."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("evaluations", "0101_walls"),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerStanding',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('quarter', models.DateField(verbose_name='trimestre')),
                ('companies', models.PositiveIntegerField()),
                ('third', models.PositiveSmallIntegerField(null=True)),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('landlord', 'quarter', 'contractor'), name='one_standing_per_quarter'), models.CheckConstraint(condition=models.Q(('third__isnull', True), models.Q(('companies__gte', 6), ('third__range', (1, 3))), _connector='OR'), name='standing_among_enough')],
            },
        ),
        migrations.CreateModel(
            name='GivenAnswers',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('quarter', models.DateField(verbose_name='trimestre')),
                ('lines', models.JSONField(default=list)),
                ('asked_at', models.DateTimeField(blank=True, null=True, verbose_name='demandé le')),
                ('shown_at', models.DateTimeField(blank=True, null=True, verbose_name='montrées le')),
                ('refused_at', models.DateTimeField(blank=True, null=True, verbose_name='refusé le')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retirées le')),
                ('asked_by', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'verbose_name': 'réponses données',
                'verbose_name_plural': 'réponses données',
                'constraints': [models.UniqueConstraint(fields=('landlord', 'quarter', 'contractor'), name='given_answers_once'), models.CheckConstraint(condition=models.Q(('shown_at__isnull', True), ('refused_at__isnull', True), _connector='OR'), name='given_answers_shown_or_refused'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('shown_at__isnull', False), _connector='OR'), name='given_answers_shown_before_withdrawn')],
            },
        ),
    ]

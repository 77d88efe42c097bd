import django.contrib.postgres.fields
import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0054_walls'),
        ('core', '__first__'),
        ('evaluations', '0031_walls'),
    ]

    operations = [
        migrations.CreateModel(
            name='CardReading',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('code', models.CharField(max_length=20)),
                ('version', models.PositiveSmallIntegerField()),
                ('days', models.PositiveSmallIntegerField(default=0)),
                ('seen_on', models.DateField(blank=True, null=True)),
                ('understood_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'fiche lue',
                'verbose_name_plural': 'fiches lues',
                'indexes': [models.Index(fields=['organisation', 'user'], name='reading_of_house')],
                'constraints': [models.UniqueConstraint(fields=('user', 'organisation', 'code', 'version'), name='one_reading_of_a_card')],
            },
        ),
        migrations.CreateModel(
            name='PeerContact',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('name', models.CharField(blank=True, max_length=160, verbose_name='nom')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='téléphone')),
                ('consented_at', models.DateTimeField(verbose_name='depuis le')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retiré le')),
                ('contractor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'contact entre pairs',
                'verbose_name_plural': 'contacts entre pairs',
                'indexes': [models.Index(fields=['contractor', 'landlord'], name='contact_of_contractor')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('landlord', 'contractor', 'user'), name='one_live_contact'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), models.Q(('name', ''), ('phone', '')), _connector='OR'), name='contact_forgotten_once_withdrawn')],
            },
        ),
        migrations.CreateModel(
            name='PeerReference',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('company', models.CharField(max_length=120, verbose_name='entreprise')),
                ('house', models.CharField(max_length=120, verbose_name='bailleur')),
                ('quarter', models.DateField(verbose_name='trimestre')),
                ('lines', models.JSONField(default=list)),
                ('trades', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), default=list, size=None)),
                ('districts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), default=list, size=None)),
                ('sha256', models.CharField(max_length=64)),
                ('published_at', models.DateTimeField(verbose_name='publiée le')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='retirée le')),
                ('contractor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('published_by', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'référence entre pairs',
                'verbose_name_plural': 'références entre pairs',
                'indexes': [models.Index(fields=['contractor', '-published_at'], name='reference_of_contractor')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at__isnull', True)), fields=('landlord', 'contractor'), name='one_live_reference'), models.CheckConstraint(condition=models.Q(models.Q(('lines', []), _negated=True), models.Q(('sha256', ''), _negated=True)), name='reference_shows_something'), models.CheckConstraint(condition=models.Q(('quarter__day', 1), ('quarter__month__in', [1, 4, 7, 10])), name='reference_of_a_quarter')],
            },
        ),
        migrations.CreateModel(
            name='TrainingTally',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('department', models.CharField(blank=True, max_length=20)),
                ('persons', models.PositiveIntegerField()),
                ('wanted', models.PositiveIntegerField()),
                ('done', models.PositiveIntegerField()),
                ('on', models.DateField()),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'verbose_name': 'avancement de la formation',
                'verbose_name_plural': 'avancements de la formation',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'department'), name='one_training_tally'), models.CheckConstraint(condition=models.Q(('done__lte', models.F('wanted')), ('persons__gte', 3)), name='training_names_nobody')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='one_report_of_a_month',
        ),
        migrations.RemoveConstraint(
            model_name='report',
            name='report_is_of_its_kind',
        ),
        migrations.AddField(
            model_name='report',
            name='is_final',
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name='report',
            name='statement_id',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='report',
            name='kind',
            field=models.CharField(choices=[('scorecard', 'Fiche d’évaluation'), ('balance', 'Balance de la transparence'), ('review', 'Compte rendu de revue'), ('statement', 'Relevé de bonus et malus')], max_length=10, verbose_name='document'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('review_id__isnull', True), ('statement_id__isnull', True)), fields=('landlord', 'kind', 'month', 'contractor'), name='one_report_of_a_month', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.UniqueConstraint(condition=models.Q(('statement_id__isnull', False)), fields=('landlord', 'statement_id', 'is_final'), name='one_report_of_a_statement'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contractor__isnull', False), ('kind', 'review'), ('review_id__isnull', False)), models.Q(('kind', 'scorecard'), ('review_id__isnull', True)), models.Q(('contractor__isnull', False), ('kind', 'balance'), ('review_id__isnull', True)), models.Q(('contractor__isnull', False), ('kind', 'statement'), ('review_id__isnull', True)), _connector='OR'), name='report_is_of_its_kind'),
        ),
        migrations.AddConstraint(
            model_name='report',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'statement'), ('statement_id__isnull', True), _connector='XOR'), name='report_of_a_statement_names_it'),
        ),
    ]

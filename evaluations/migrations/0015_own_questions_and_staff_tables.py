import django.contrib.postgres.fields
import django.db.models.deletion
import evaluations.axes
import nexxio.core.clock
import nexxio.core.ids
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0054_walls'),
        ('core', '__first__'),
        ('evaluations', '0014_walls'),
    ]

    operations = [
        migrations.CreateModel(
            name='OwnQuestion',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('direction', models.CharField(choices=[('landlord_contractor', 'Bailleur → prestataire'), ('contractor_landlord', 'Prestataire → bailleur'), ('tenant_repair', 'Locataire → réparation'), ('staff_organisation', 'Équipes → leur organisation')], max_length=20, verbose_name='sens')),
                ('subject', models.CharField(default=evaluations.axes.new_subject, editable=False, max_length=20)),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('position', models.PositiveSmallIntegerField(verbose_name='rang')),
                ('text', models.CharField(max_length=200, verbose_name='phrase')),
                ('translations', models.JSONField(blank=True, default=dict, verbose_name='traductions')),
                ('starts_on', models.DateField(verbose_name='à partir du')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='jusqu’au')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'verbose_name': 'question d’un bailleur',
                'verbose_name_plural': 'questions des bailleurs',
                'constraints': [models.UniqueConstraint(fields=('landlord', 'subject'), name='one_own_question'), models.UniqueConstraint(condition=models.Q(('ends_on__isnull', True)), fields=('landlord', 'direction', 'position'), name='one_own_question_per_place'), models.CheckConstraint(condition=models.Q(('direction__in', ('landlord_contractor', 'contractor_landlord', 'tenant_repair')), ('position__range', (1, 3)), ('subject__startswith', 'own_')), name='own_question_is_of_a_known_kind'), models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='own_question_ends_after_it_starts')],
            },
        ),
        migrations.CreateModel(
            name='StaffBallot',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(editable=False)),
                ('quarter', models.DateField()),
                ('marks', models.JSONField(default=dict)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'indexes': [models.Index(fields=['organisation', 'quarter'], name='staff_ballot_of_quarter')],
            },
        ),
        migrations.CreateModel(
            name='StaffReceipt',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(editable=False)),
                ('quarter', models.DateField()),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('organisation', 'quarter', 'user'), name='one_staff_answer_per_member')],
            },
        ),
        migrations.CreateModel(
            name='StaffSurvey',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('quarter', models.DateField(verbose_name='trimestre')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version du questionnaire')),
                ('subjects', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('autonomy', 'Autonomie et initiative'), ('competence', 'Compétence et soutien'), ('conduct', 'Comportement et savoir-vivre'), ('consideration', 'Considération'), ('cooperation', 'Coopération'), ('listening', 'Écoute et feedback'), ('environment', 'Engagement pour l’environnement'), ('adaptability', 'Facilitation et adaptabilité'), ('experience', 'Harmonie des expériences humaines et numériques'), ('trust', 'Relation de confiance'), ('values', 'Valeurs'), ('quality', 'Qualité'), ('cleanliness', 'Propreté'), ('delays', 'Délais'), ('informed', 'Information par le bailleur')], max_length=20), size=None)),
                ('asked', models.PositiveIntegerField(verbose_name='membres interrogés')),
                ('opened_at', models.DateTimeField(verbose_name='ouverte le')),
                ('closes_at', models.DateTimeField(verbose_name='close le')),
                ('published_at', models.DateTimeField(blank=True, null=True)),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'verbose_name': 'enquête auprès des équipes',
                'verbose_name_plural': 'enquêtes auprès des équipes',
                'indexes': [models.Index(condition=models.Q(('published_at__isnull', True)), fields=['closes_at'], name='staff_survey_to_publish')],
                'constraints': [models.UniqueConstraint(fields=('organisation', 'quarter'), name='one_staff_survey_per_quarter'), models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opened_at'))), name='staff_survey_has_a_duration')],
            },
        ),
        migrations.CreateModel(
            name='Wording',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('direction', models.CharField(choices=[('landlord_contractor', 'Bailleur → prestataire'), ('contractor_landlord', 'Prestataire → bailleur'), ('tenant_repair', 'Locataire → réparation'), ('staff_organisation', 'Équipes → leur organisation')], max_length=20, verbose_name='sens')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('language', models.CharField(max_length=5, verbose_name='langue')),
                ('code', models.CharField(max_length=20, verbose_name='sujet ou élément de la page')),
                ('text', models.CharField(max_length=300, verbose_name='phrase')),
            ],
            options={
                'verbose_name': 'phrase traduite',
                'verbose_name_plural': 'phrases traduites',
                'ordering': ['direction', '-version', 'language', 'code'],
                'constraints': [models.UniqueConstraint(fields=('direction', 'version', 'language', 'code'), name='one_wording_per_language')],
            },
        ),
        migrations.RemoveConstraint(
            model_name='question',
            name='question_is_of_a_known_kind',
        ),
        migrations.AddField(
            model_name='ballot',
            name='residence',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.group'),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='language',
            field=models.CharField(db_default='fr', default='fr', max_length=5, verbose_name='langue'),
        ),
        migrations.AddField(
            model_name='evaluation',
            name='residence',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.group'),
        ),
        migrations.AlterField(
            model_name='answer',
            name='direction',
            field=models.CharField(choices=[('landlord_contractor', 'Bailleur → prestataire'), ('contractor_landlord', 'Prestataire → bailleur'), ('tenant_repair', 'Locataire → réparation'), ('staff_organisation', 'Équipes → leur organisation')], max_length=20),
        ),
        migrations.AlterField(
            model_name='ballot',
            name='direction',
            field=models.CharField(choices=[('landlord_contractor', 'Bailleur → prestataire'), ('contractor_landlord', 'Prestataire → bailleur'), ('tenant_repair', 'Locataire → réparation'), ('staff_organisation', 'Équipes → leur organisation')], max_length=20),
        ),
        migrations.AlterField(
            model_name='evaluation',
            name='direction',
            field=models.CharField(choices=[('landlord_contractor', 'Bailleur → prestataire'), ('contractor_landlord', 'Prestataire → bailleur'), ('tenant_repair', 'Locataire → réparation'), ('staff_organisation', 'Équipes → leur organisation')], max_length=20, verbose_name='sens'),
        ),
        migrations.AlterField(
            model_name='question',
            name='direction',
            field=models.CharField(choices=[('landlord_contractor', 'Bailleur → prestataire'), ('contractor_landlord', 'Prestataire → bailleur'), ('tenant_repair', 'Locataire → réparation'), ('staff_organisation', 'Équipes → leur organisation')], max_length=20, verbose_name='sens'),
        ),
        migrations.AlterField(
            model_name='result',
            name='dimension',
            field=models.CharField(choices=[('overall', 'Ensemble'), ('trade', 'Corps d’état'), ('agency', 'Agence'), ('contractor', 'Entreprise'), ('residence', 'Résidence')], max_length=12, verbose_name='vue'),
        ),
        migrations.AlterField(
            model_name='result',
            name='direction',
            field=models.CharField(choices=[('landlord_contractor', 'Bailleur → prestataire'), ('contractor_landlord', 'Prestataire → bailleur'), ('tenant_repair', 'Locataire → réparation'), ('staff_organisation', 'Équipes → leur organisation')], max_length=20, verbose_name='sens'),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.CheckConstraint(condition=models.Q(('direction__in', ['landlord_contractor', 'contractor_landlord', 'tenant_repair', 'staff_organisation']), ('use__in', ['fixed', 'rotating', 'campaign'])), name='question_is_of_a_known_kind'),
        ),
    ]

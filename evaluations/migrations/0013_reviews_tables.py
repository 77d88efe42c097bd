import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0047_first_rows'),
        ('core', '__first__'),
        ('evaluations', '0012_walls'),
        ('orders', '0162_former_search'),
    ]

    operations = [
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('quarter', models.DateField(verbose_name='trimestre')),
                ('meets_on', models.DateField(verbose_name='date de la réunion')),
                ('minutes', models.TextField(blank=True, verbose_name='compte rendu')),
                ('version', models.PositiveIntegerField(default=1)),
                ('agenda', models.JSONField(blank=True, default=list)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('closed_side', models.CharField(blank=True, choices=[('landlord', 'Bailleur'), ('contractor', 'Entreprise')], max_length=10)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('contract', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.contract')),
                ('contractor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'verbose_name': 'revue de contrat',
                'verbose_name_plural': 'revues de contrat',
                'indexes': [models.Index(fields=['contractor', '-meets_on'], name='review_of_contractor')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'id'), name='review_of_landlord'), models.UniqueConstraint(fields=('landlord', 'contract', 'quarter'), name='one_review_per_quarter'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('closed_side', ''), ('sha256', '')), models.Q(('closed_at__isnull', False), models.Q(('sha256', ''), _negated=True), models.Q(('closed_side', ''), _negated=True)), _connector='OR'), name='review_closed_with_its_hash'), models.CheckConstraint(condition=models.Q(('quarter__day', 1), ('quarter__month__in', [1, 4, 7, 10])), name='review_of_a_quarter')],
            },
        ),
        migrations.CreateModel(
            name='ReviewDecision',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('text', models.CharField(max_length=300, verbose_name='décision')),
                ('side', models.CharField(choices=[('landlord', 'Bailleur'), ('contractor', 'Entreprise')], max_length=10, verbose_name='à la charge de')),
                ('owner', models.CharField(max_length=80, verbose_name='service ou fonction')),
                ('due_on', models.DateField(verbose_name='échéance')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('outcome', models.CharField(blank=True, choices=[('done', 'Faite'), ('dropped', 'Abandonnée')], max_length=8)),
                ('outcome_note', models.CharField(blank=True, max_length=300, verbose_name='suite donnée')),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('settled_side', models.CharField(blank=True, choices=[('landlord', 'Bailleur'), ('contractor', 'Entreprise')], max_length=10)),
                ('contractor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('review', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='evaluations.review')),
            ],
            options={
                'verbose_name': 'décision de revue',
                'verbose_name_plural': 'décisions de revue',
                'indexes': [models.Index(fields=['landlord', 'review'], name='decision_of_review'), models.Index(condition=models.Q(('settled_at__isnull', True), ('withdrawn_at__isnull', True)), fields=['contractor', 'due_on'], name='decision_open')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('outcome', ''), ('settled_at__isnull', True), ('settled_side', '')), models.Q(('settled_at__isnull', False), models.Q(('outcome', ''), _negated=True), models.Q(('settled_side', ''), _negated=True)), _connector='OR'), name='decision_settled_with_outcome'), models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), ('settled_at__isnull', True), _connector='OR'), name='decision_withdrawn_or_settled')],
            },
        ),
        migrations.CreateModel(
            name='ReviewPoint',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('side', models.CharField(choices=[('landlord', 'Bailleur'), ('contractor', 'Entreprise')], max_length=10, verbose_name='de la part de')),
                ('text', models.CharField(max_length=300, verbose_name='point')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('contractor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('review', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='points', to='evaluations.review')),
            ],
            options={
                'verbose_name': 'point de revue',
                'verbose_name_plural': 'points de revue',
                'indexes': [models.Index(fields=['landlord', 'review'], name='point_of_review'), models.Index(fields=['contractor', 'review'], name='point_of_contractor')],
            },
        ),
        migrations.CreateModel(
            name='ReviewSignature',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('side', models.CharField(choices=[('landlord', 'Bailleur'), ('contractor', 'Entreprise')], max_length=10)),
                ('signed_at', models.DateTimeField()),
                ('sha256', models.CharField(max_length=64)),
                ('contractor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('review', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='evaluations.review')),
                ('user', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'signature de revue',
                'verbose_name_plural': 'signatures de revue',
                'indexes': [models.Index(fields=['contractor', 'review'], name='signature_of_contractor')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'review', 'side'), name='one_review_signature_per_side'), models.CheckConstraint(condition=models.Q(('sha256', ''), _negated=True), name='review_signed_with_hash')],
            },
        ),
    ]

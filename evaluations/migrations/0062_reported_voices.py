"""What is reported of a comment, and a comment that was withdrawn."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0200_plural_words'),
        ("evaluations", "0061_voices_once"),
    ]

    operations = [
        migrations.AddField(
            model_name='voice',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='retiré le'),
        ),
        migrations.CreateModel(
            name='VoiceReport',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('side', models.CharField(max_length=12, verbose_name='signalé par')),
                ('ground', models.CharField(choices=[('person', 'On y reconnaît une personne ou un logement'), ('insult', 'Propos injurieux ou discriminatoires'), ('off_topic', 'Sans rapport avec une intervention de cette entreprise'), ('other', 'Autre motif, précisé ci-dessous')], max_length=12, verbose_name='motif')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='précision')),
                ('reported_at', models.DateTimeField(verbose_name='signalé le')),
                ('outcome', models.CharField(blank=True, choices=[('kept', 'Maintenu'), ('withdrawn', 'Retiré')], default='', max_length=10, verbose_name='décision')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='décidé le')),
                ('decision_reason', models.CharField(blank=True, max_length=300, verbose_name='motif de la décision')),
                ('contractor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('voice', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='reports', to='evaluations.voice')),
            ],
            options={
                'verbose_name': 'commentaire signalé',
                'verbose_name_plural': 'commentaires signalés',
                'indexes': [models.Index(fields=['contractor', '-reported_at'], name='voice_report_of_contractor')],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'voice'), name='one_voice_report'), models.CheckConstraint(condition=models.Q(('ground__in', ['person', 'insult', 'off_topic', 'other']), ('side__in', ['landlord', 'contractor'])), name='voice_report_by_a_house'), models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('decision_reason', ''), ('outcome', '')), models.Q(('decided_at__isnull', False), ('outcome__in', ['kept', 'withdrawn']), models.Q(('decision_reason', ''), _negated=True)), _connector='OR'), name='voice_report_decided_with_reason')],
            },
        ),
    ]

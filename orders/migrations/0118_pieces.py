"""Files for the pieces of an invoice, photos taken back, what was refused on site."""

import django.contrib.postgres.operations
import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0043_job_is_awaited'),
        ('orders', '0117_on_call'),
    ]

    operations = [
        migrations.CreateModel(
            name='OrderPiece',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('kind', models.CharField(choices=[('photos_before', 'Photos avant travaux'), ('photos_after', 'Photos après travaux'), ('sign_off', "Bon d'intervention signé par le locataire"), ('report', "Compte rendu d'intervention"), ('measurements', 'Attachement signé (heures et matériel)'), ('certificate', 'Constat de service fait'), ('compliance', 'Certificat de conformité ou attestation'), ('waste', 'Bordereau de suivi des déchets')], max_length=20, verbose_name='pièce')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('contractor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('file', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('order', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='pieces', to='orders.order')),
            ],
            options={
                'verbose_name': 'pièce jointe à une commande',
                'verbose_name_plural': 'pièces jointes aux commandes',
                'ordering': ['created_at'],
                'constraints': [models.UniqueConstraint(fields=('landlord', 'id'), name='piece_of_landlord'), models.CheckConstraint(condition=models.Q(('kind__in', ('measurements', 'compliance', 'waste'))), name='piece_is_a_file')],
                'indexes': [models.Index(fields=['landlord', 'order', 'created_at'], name='piece_of_order')],
            },
        ),
        migrations.AddField(
            model_name='contract',
            name='pieces_to_finish',
            field=models.BooleanField(db_default=False, default=False, verbose_name='pièces exigées avant de terminer'),
        ),
        migrations.AddField(
            model_name='photo',
            name='withdrawn_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='photo',
            name='withdrawn_because',
            field=models.CharField(blank=True, choices=[('person', 'Personne visible'), ('wrong', 'Mauvaise photo')], db_default='', default='', max_length=8),
        ),
        migrations.AddField(
            model_name='visit',
            name='photos_refused',
            field=models.BooleanField(db_default=False, default=False, verbose_name='photos refusées'),
        ),
        migrations.AddField(
            model_name='visit',
            name='sign_refused',
            field=models.CharField(blank=True, choices=[('refused', 'Refuse de signer'), ('absent', 'Absent au moment de signer')], db_default='', default='', max_length=8, verbose_name='sans signature'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(('withdrawn_at__isnull', True), models.Q(('withdrawn_because', ''), _negated=True), _connector='XOR'), name='photo_withdrawn_exactly_with_a_reason'),
        ),
        django.contrib.postgres.operations.AddConstraintNotValid(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(('sign_refused__in', ['', 'refused', 'absent'])), name='visit_sign_refusal_is_known'),
        ),
    ]

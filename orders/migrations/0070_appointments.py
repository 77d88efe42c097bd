"""Appointments: windows to choose from, reminders, and the hours of arrival on the day."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0032_invited_territory'),
        ('orders', '0063_walls'),
    ]

    operations = [
        migrations.CreateModel(
            name='VisitReminder',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('moment', models.CharField(choices=[('day_before', 'la veille'), ('hours_before', 'deux heures avant')], max_length=12)),
                ('remind_at', models.DateTimeField(blank=True, null=True)),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('contractor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('order', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order')),
                ('reader_case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.case')),
                ('tenant', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('visit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='orders.visit')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('remind_at__isnull', False)), fields=['remind_at'], name='visit_to_remind'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('landlord', 'id'), name='visit_reminder_of_landlord'),
                    models.UniqueConstraint(fields=('landlord', 'visit', 'moment'), name='one_reminder_per_moment'),
                    models.CheckConstraint(condition=models.Q(('moment__in', ['day_before', 'hours_before'])), name='reminder_moment_is_known'),
                    models.CheckConstraint(condition=models.Q(('remind_at__isnull', True), ('reminded_at__isnull', True), _connector='OR'), name='reminder_is_due_or_sent'),
                ],
                'verbose_name': 'rappel de rendez-vous',
                'verbose_name_plural': 'rappels de rendez-vous',
            },
        ),
        migrations.CreateModel(
            name='VisitSlot',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('window_start', models.DateTimeField(verbose_name='début du créneau')),
                ('window_end', models.DateTimeField(verbose_name='fin du créneau')),
                ('chosen_at', models.DateTimeField(blank=True, null=True)),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
                ('contractor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('landlord', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
                ('order', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order')),
                ('reader_case', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.case')),
                ('tenant', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.tenant')),
                ('visit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.PROTECT, related_name='slots', to='orders.visit')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('landlord', 'id'), name='slot_of_landlord'),
                    models.UniqueConstraint(fields=('landlord', 'visit', 'window_start', 'window_end'), name='one_slot_per_window'),
                    models.UniqueConstraint(condition=models.Q(('chosen_at__isnull', False)), fields=('landlord', 'visit'), name='one_chosen_slot'),
                    models.CheckConstraint(condition=models.Q(('window_end__gt', models.F('window_start'))), name='slot_ends_after_it_starts'),
                    models.CheckConstraint(condition=models.Q(('chosen_at__isnull', True), ('withdrawn_at__isnull', True), _connector='OR'), name='slot_is_not_both_chosen_and_withdrawn'),
                ],
                'verbose_name': 'créneau proposé',
                'verbose_name_plural': 'créneaux proposés',
                'ordering': ['window_start'],
            },
        ),
        migrations.AddField(
            model_name='visit',
            name='arrival_end',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='visit',
            name='arrival_start',
            field=models.DateTimeField(blank=True, null=True),
        ),
        AddConstraintNotValid(
            model_name='visit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('arrival_end__isnull', True), ('arrival_start__isnull', True)), ('arrival_end__gt', models.F('arrival_start')), _connector='OR'), name='visit_arrival_ends_after_it_starts'),
        ),
    ]

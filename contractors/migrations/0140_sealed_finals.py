import django.db.models.deletion
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    """The PDF of a definitive account, and the code on it."""

    dependencies = [
        ("contractors", "0097_kept_terms"),
        ("core", "0056_walls"),
    ]

    operations = [
        migrations.AddField(
            model_name='finalaccount',
            name='seal',
            field=models.CharField(choices=[('none', 'Sans objet'), ('preparing', 'En préparation'), ('sealed', 'Scellé'), ('failed', 'Échec')], db_default='none', default='none', max_length=10),
        ),
        migrations.AddField(
            model_name='finalaccount',
            name='file',
            field=models.ForeignKey(blank=True, db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.storedfile'),
        ),
        migrations.AddField(
            model_name='finalaccount',
            name='verify_hash',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        AddConstraintNotValid(
            model_name='finalaccount',
            constraint=models.CheckConstraint(condition=models.Q(('file__isnull', False), models.Q(('seal', 'sealed'), _negated=True), _connector='XOR'), name='final_account_sealed_exactly_when_it_has_a_file'),
        ),
        AddConstraintNotValid(
            model_name='finalaccount',
            constraint=models.CheckConstraint(condition=models.Q(('seal', 'none'), ('state', 'agreed'), _connector='OR'), name='final_account_sealed_once_agreed'),
        ),
    ]

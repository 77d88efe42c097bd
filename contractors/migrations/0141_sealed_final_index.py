from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """By the code on a sealed account; and the accounts of before keep the new rules too."""

    atomic = False
    dependencies = [("contractors", "0140_sealed_finals")]

    operations = [
        AddIndexConcurrently(
            model_name='finalaccount',
            index=models.Index(condition=models.Q(('verify_hash', ''), _negated=True), fields=['verify_hash'], name='final_account_verify'),
        ),
        ValidateConstraint(
            model_name="finalaccount", name="final_account_sealed_exactly_when_it_has_a_file"
        ),
        ValidateConstraint(model_name="finalaccount", name="final_account_sealed_once_agreed"),
    ]

from django.contrib.postgres.operations import AddIndexConcurrently, ValidateConstraint
from django.db import migrations, models


class Migration(migrations.Migration):
    """By the code on a sealed document; and what was signed before keeps the new rule too."""

    atomic = False
    dependencies = [("orders", "0211_sealed_records")]

    operations = [
        AddIndexConcurrently(
            model_name='liftingrecord',
            index=models.Index(condition=models.Q(('verify_hash', ''), _negated=True), fields=['verify_hash'], name='lifting_verify'),
        ),
        AddIndexConcurrently(
            model_name='signoff',
            index=models.Index(condition=models.Q(('verify_hash', ''), _negated=True), fields=['verify_hash'], name='sign_off_verify'),
        ),
        ValidateConstraint(
            model_name="signoff", name="sign_off_sealed_exactly_when_it_has_a_file"
        ),
    ]

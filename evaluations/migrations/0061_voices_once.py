"""A comment belongs to its landlord: what is reported of it points at both."""

from django.db import migrations, models

CREATE = """
CREATE UNIQUE INDEX CONCURRENTLY voice_once_of_landlord ON evaluations_voice (landlord_id, id)
"""
TAKE = """
ALTER TABLE evaluations_voice
ADD CONSTRAINT voice_once_of_landlord UNIQUE USING INDEX voice_once_of_landlord
"""


class Migration(migrations.Migration):
    """The index is made beside those who write; the key takes it over."""

    atomic = False

    dependencies = [("evaluations", "0060_statements_add_up")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    CREATE, "DROP INDEX CONCURRENTLY IF EXISTS voice_once_of_landlord"
                ),
                migrations.RunSQL(
                    TAKE, "ALTER TABLE evaluations_voice DROP CONSTRAINT voice_once_of_landlord"
                ),
            ],
            state_operations=[
                migrations.AddConstraint(
                    model_name="voice",
                    constraint=models.UniqueConstraint(
                        fields=("landlord", "id"), name="voice_once_of_landlord"
                    ),
                )
            ],
        ),
    ]

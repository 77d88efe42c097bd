"""A statement's sums are checked in the rows that were there before their rule."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    """By itself: rows are read, and nobody who writes waits for it."""

    atomic = False
    dependencies = [("evaluations", "0053_words_of_thanks")]

    operations = [
        ValidateConstraint(model_name="bonusstatement", name="bonus_statement_adds_all_up"),
    ]

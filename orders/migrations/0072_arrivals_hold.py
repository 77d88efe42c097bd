"""Check the hours of arrival of the visits that were there before."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("orders", "0071_walls")]

    operations = [
        ValidateConstraint(model_name="visit", name="visit_arrival_ends_after_it_starts")
    ]

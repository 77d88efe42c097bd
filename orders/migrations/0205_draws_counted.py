from django.db import migrations


def count(apps, schema_editor):
    """Contract by contract, each in a statement of its own: nobody who writes waits for it."""
    contracts = apps.get_model("orders", "Contract")._base_manager
    with schema_editor.connection.cursor() as cursor:
        for pk in contracts.values_list("pk", flat=True):
            cursor.execute("SELECT orders_recount_draws(%s)", [pk])


class Migration(migrations.Migration):
    """What orders drew before the triggers were there. May be started again (0203_draws)."""

    atomic = False
    dependencies = [("orders", "0204_walls")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]

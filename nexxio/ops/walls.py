"""Whether the second wall stands: row-level security and the policies of every scoped table."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from nexxio.core.db.rls import policies
from nexxio.core.models import ScopedModel


def missing_walls(cursor: Any) -> list[str]:
    """Name what the models ask for and the database lacks."""
    cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
    guarded = {str(name) for (name,) in cursor.fetchall()}
    cursor.execute("SELECT policyname FROM pg_policies WHERE schemaname = 'public'")
    found = {str(name) for (name,) in cursor.fetchall()}
    missing = []
    for model in apps.get_models():
        if not issubclass(model, ScopedModel):
            continue
        table = model._meta.db_table
        if table not in guarded:
            missing.append(f"row-level security of {table}")
        missing += [
            f"policy {name}" for name in policies(table, model.scope_rule) if name not in found
        ]
    return missing

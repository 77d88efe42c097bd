"""Bring the schema up to date, in no time where it is."""

from __future__ import annotations

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


class Command(BaseCommand):
    """`migrate_if_needed`: `migrate`, unless every migration has run.

    `migrate` draws the state of all models and grants again even when nothing is to be done, which
    takes longer than all the rest of a start. After a restore, or where grants may be wrong, the
    real one is right.
    """

    help = __doc__
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, and migrate."""
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, stdout=self.stdout, stderr=self.stderr)

"""Write the migration that puts the second wall around an app's new tables.

A policy whose rule has changed since is dropped and made again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from django.apps import AppConfig, apps
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import models

from nexxio.core.db.rls import policies
from nexxio.core.models import ScopedModel

_HEAD = '''"""The second wall: policies and composite keys of new tables or changed rules."""

from django.db import migrations

STATEMENTS: list[tuple[str, str]] = [
'''
_TAIL = '''

class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("{app}", "{last}")]

    operations = [migrations.RunSQL(sql, undo) for sql, undo in STATEMENTS]
'''


# Who owns a row that is pointed at, and which column of the pointing row must name the same one.
_OWNERS = {"landlord": ("landlord", "organisation"), "organisation": ("organisation", "contractor")}


@dataclass(frozen=True)
class CompositeKey:
    """A foreign key that carries the owner of the row that it points at."""

    name: str
    columns: str
    target: str
    target_columns: str


def composite_keys(model: type[ScopedModel]) -> list[CompositeKey]:
    """Return each key between scoped tables.

    PostgreSQL checks foreign keys without asking policies, so a plain key could point into
    another organisation's rows: keys carry the landlord of both rows, or (a technician of a
    visit) the contractor, or (a member's sector) the organisation that is the landlord.
    """
    found = []
    names = {field.name for field in model._meta.get_fields()}
    for field in model._meta.local_fields:
        target = field.related_model
        if not isinstance(field, models.ForeignKey) or getattr(field, "db_constraint", True):
            continue
        assert isinstance(target, type)
        owner = owner_of(target)
        ours = next((name for name in _OWNERS.get(owner or "", ()) if name in names), None)
        if ours is None:
            raise CommandError(f"{model.__name__}.{field.name}: no constraint, no owner")
        found.append(
            CompositeKey(
                name=f"{model._meta.db_table}_{field.column}_of_{ours}",
                columns=f"{ours}_id, {field.column}",
                target=target._meta.db_table,
                target_columns=f"{owner}_id, id",
            )
        )
    return found


def owner_of(model: type[models.Model]) -> str | None:
    """Return the column that says whose a row is; None for organisations and unscoped tables."""
    names = {field.name for field in model._meta.local_fields}
    return next((owner for owner in _OWNERS if owner in names), None)


def wall_statements(model: type[ScopedModel]) -> list[tuple[str, str]]:
    """Return (SQL, undo) pairs: enable row security, policies, composite keys."""
    table = model._meta.db_table
    found = [
        (
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY",
        )
    ]
    for name, sql in policies(table, model.scope_rule).items():
        found.append((sql, f"DROP POLICY {name} ON {table}"))
    found += [
        (
            f"ALTER TABLE {table} ADD CONSTRAINT {key.name} FOREIGN KEY ({key.columns})"
            f" REFERENCES {key.target} ({key.target_columns}) DEFERRABLE INITIALLY IMMEDIATE",
            f"ALTER TABLE {table} DROP CONSTRAINT {key.name}",
        )
        for key in composite_keys(model)
    ]
    return found


_POLICY = re.compile(r"CREATE POLICY (\w+) ON (\w+) ")


def written(config: AppConfig) -> list[tuple[str, str]]:
    """Return the (SQL, undo) pairs of the walls that the app's migrations hold, oldest first."""
    names = sorted(path.stem for path in (Path(config.path) / "migrations").glob("0*.py"))
    modules = (import_module(f"{config.name}.migrations.{name}") for name in names)
    return [pair for module in modules for pair in getattr(module, "STATEMENTS", [])]


def missing(config: AppConfig) -> list[tuple[str, str]]:
    """Return the (SQL, undo) pairs that the app's models ask for and no migration holds."""
    known = written(config)
    policies_now: dict[str, str] = {}
    for sql, _undo in known:
        if match := _POLICY.match(sql):
            policies_now[match[1]] = sql
    # A key of a full table is made without a look at its rows, which a later migration takes.
    others = {sql.removesuffix(" NOT VALID") for sql, _undo in known if not _POLICY.match(sql)}
    found = []
    for model in config.get_models():
        if not issubclass(model, ScopedModel):
            continue
        for sql, undo in wall_statements(model):
            match = _POLICY.match(sql)
            before = policies_now.get(match[1]) if match else None
            if sql == before or sql in others:
                continue
            if before is not None:
                found.append((undo, before))
            found.append((sql, undo))
    return found


class Command(BaseCommand):
    """`make_walls APP`: statements that no migration of the app holds yet."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the app's label."""
        parser.add_argument("app")

    def handle(self, *args: Any, app: str, **options: Any) -> None:
        """Write the next migration, or say that nothing is missing."""
        config = apps.get_app_config(app)
        folder = Path(config.path) / "migrations"
        files = sorted(folder.glob("0*.py"))
        wanted = missing(config)
        if not wanted:
            self.stdout.write("Nothing is missing.")
            return
        number = int(files[-1].name[:4]) + 1
        body = "".join(f"    ({sql!r}, {undo!r}),\n" for sql, undo in wanted)
        path = folder / f"{number:04d}_walls.py"
        path.write_text(
            _HEAD + body + "]\n" + _TAIL.format(app=app, last=files[-1].stem), encoding="utf-8"
        )
        self.stdout.write(f"Written: {path.relative_to(Path.cwd())}")

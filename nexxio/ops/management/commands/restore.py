"""Restore a backup into an empty database, and prove that all came back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from nexxio.ops.backup import database, media


class Command(BaseCommand):
    """`restore FOLDER`. Needs the owner's login, the roles, and an empty database."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", help="a folder that `backup` made")

    def handle(self, *args: Any, folder: str, **options: Any) -> None:
        """Check the backup, fill the database in one transaction, bring files back, compare."""
        source = Path(folder).resolve()
        manifest = self._checked(source)
        with database.session() as raw:
            if database.tables(raw):
                raise CommandError("The database is not empty: nothing was touched.")
            database.restore(raw, source / "database.dump")
        self.stdout.write("Database restored.")
        listing = source / "media.jsonl"
        brought = media.bring_back(source / "media", listing)
        self.stdout.write(f"{brought} files brought back.")
        faults = self._faults(manifest, listing)
        if faults:
            raise CommandError("Not all came back:\n" + "\n".join(f"- {one}" for one in faults))
        # Among the checks: logins and walls.
        call_command("check", databases=["default"], stdout=self.stdout, stderr=self.stderr)
        rows = sum(table["rows"] for table in manifest["tables"].values())
        self.stdout.write(
            f"Verified: {rows} rows in {len(manifest['tables'])} tables, contents equal;"
            f" {manifest['media']['files']} files equal; checks passed."
        )
        self._say_what_is_next()

    def _checked(self, source: Path) -> dict[str, Any]:
        """Read the manifest, and refuse a backup that is damaged before touching anything."""
        try:
            text = (source / "manifest.json").read_text(encoding="utf-8")
            manifest: dict[str, Any] = json.loads(text)
        except (OSError, ValueError) as error:
            raise CommandError(f"{source} is no backup: {error}") from error
        if manifest.get("format") != 1:
            raise CommandError(f"{source}: format {manifest.get('format')!r} is not known here.")
        for name, digest in manifest["sha256"].items():
            path = source / name
            if not path.is_file() or media.sha256_of(path) != digest:
                raise CommandError(f"{name} is damaged or missing: nothing was touched.")
        broken = media.damaged(source / "media", source / "media.jsonl")
        if broken:
            raise CommandError(
                f"{len(broken)} files are damaged or missing, first {broken[0]}:"
                " nothing was touched."
            )
        return manifest

    def _faults(self, manifest: dict[str, Any], listing: Path) -> list[str]:
        with database.session() as raw:
            found = database.tables(raw)
            faults = [f"no right to read: {name}" for name in database.grants_missing(raw)]
        for name, wanted in manifest["tables"].items():
            if found.get(name) != wanted:
                faults.append(f"table {name}: {found.get(name)} instead of {wanted}")
        faults += [
            f"table {name} was not in the backup" for name in set(found) - {*manifest["tables"]}
        ]
        return faults + [f"file {path}" for path in media.wrong_in_storage(listing)]

    def _say_what_is_next(self) -> None:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("This code is newer than the backup: run `migrate` now.")

"""Back the database and the files up into a new folder."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from psycopg import sql

from nexxio.core import clock
from nexxio.core.models import StoredFile
from nexxio.ops.backup import database, media


class Command(BaseCommand):
    """`backup FOLDER`; the site may go on meanwhile. Needs the owner's login."""

    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder."""
        parser.add_argument("folder", help="a folder that does not exist yet")

    def handle(self, *args: Any, folder: str, **options: Any) -> None:
        """Write into a draft and name it at the end: a folder of that name is a whole backup."""
        target = Path(folder).resolve()
        if target.exists():
            raise CommandError(f"{target} exists already: a backup is never overwritten.")
        draft = target.with_name(f"{target.name}.unfinished")
        try:
            draft.mkdir(parents=True, mode=0o700)
        except FileExistsError:
            raise CommandError(f"{draft} is left of an earlier try: remove it first.") from None
        dump = draft / "database.dump"
        with database.session() as raw:
            made_at = clock.now()
            database.dump(raw, dump)
            tables = database.tables(raw)
            wanted = _files_of_rows(raw)
            migrations = raw.execute(
                "SELECT app, max(name) FROM django_migrations GROUP BY app ORDER BY app"
            ).fetchall()
            server = raw.info.server_version
        listing = draft / "media.jsonl"
        found = media.save_all(draft / "media", listing)
        kept = {entry["path"] for entry in media.listed(listing)}
        lost = sorted(wanted - kept)
        manifest = {
            "format": 1,
            "made_at": made_at.isoformat(),
            "server_version": server,
            "migrations": {str(app): str(name) for app, name in migrations},
            "sha256": {name.name: media.sha256_of(name) for name in (dump, listing)},
            "media": {**found, "lost": lost},
            "tables": tables,
        }
        text = json.dumps(manifest, indent=2) + "\n"
        (draft / "manifest.json").write_text(text, encoding="utf-8")
        os.sync()
        draft.rename(target)
        rows = sum(table["rows"] for table in tables.values())
        self.stdout.write(
            f"{target}: {rows} rows in {len(tables)} tables, {found['files']} files,"
            f" {dump_size(target)} bytes of dump."
        )
        if lost:
            raise CommandError(
                f"The backup is whole, but {len(lost)} rows name files that the storage has lost:"
                f' see "lost" in manifest.json.'
            )


def dump_size(folder: Path) -> int:
    """Size of a backup's dump."""
    return (folder / "database.dump").stat().st_size


def _files_of_rows(raw: database.Raw) -> set[str]:
    table = sql.Identifier(StoredFile._meta.db_table)
    query = sql.SQL("SELECT landlord_id, sha256 FROM {}").format(table)
    rows = raw.execute(query).fetchall()
    return {
        StoredFile(landlord_id=landlord, sha256=sha256).storage_path for landlord, sha256 in rows
    }

"""Import a landlord's estate from a file, without a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nexxio.core.actors import Actor, Channel, Role, Side, scope_of
from nexxio.core.estate import services
from nexxio.core.estate.results import summary
from nexxio.core.imports.terminal import find_landlord


class Command(BaseCommand):
    """`import_estate FILE --landlord NAME [--dry-run] [--json]`."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the landlord's name, and how to answer."""
        parser.add_argument("file")
        parser.add_argument("--landlord", required=True, help="name, alias or slug")
        parser.add_argument("--dry-run", action="store_true", help="rehearse only")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """Rehearse or apply, and print the counts and the refusals."""
        landlord = find_landlord(options["landlord"])
        actor = Actor(
            side=Side.LANDLORD,
            name="import_estate",
            channel=Channel.COMMAND,
            organisation_id=landlord.pk,
            roles=frozenset({Role.MANAGER}),
        )
        path = Path(file)
        try:
            with path.open("rb") as stream, scope_of(actor):
                if options["dry_run"]:
                    found = summary(services.rehearse(landlord=landlord, stream=stream))
                else:
                    found = services.import_now(
                        actor=actor, landlord=landlord, stream=stream, name=path.name
                    )
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except services.UnreadableFile as refusal:
            if options["json"]:
                fault = {
                    "error": refusal.message,
                    "line": refusal.line,
                    "column": refusal.column,
                }
                self.stdout.write(json.dumps(fault, ensure_ascii=False))
                raise SystemExit(1) from refusal
            raise CommandError(refusal.message) from refusal
        self._answer(found, as_json=options["json"])

    def _answer(self, found: dict[str, Any], *, as_json: bool) -> None:
        counts = {name: found[name] for name in ("created", "changed", "unchanged", "skipped")}
        if as_json:
            names = ("line", "column", "value", "reason")
            refused = [{name: row[name] for name in names} for row in found["refusals"]]
            answer = {**counts, "refused": refused}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")
        self.stdout.write(f"refused: {found['refused']}")
        for row in found["refusals"]:
            self.stdout.write(f"  line {row['line']}, {row['column'] or '–'}: {row['reason']}")

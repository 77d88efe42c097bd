"""Import a landlord's estate from a file, without a browser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nexxio.core.actors import Actor, Channel, Role, Side, scope_of
from nexxio.core.errors import Refused
from nexxio.core.estate import services
from nexxio.core.estate.landlords import LandlordNames
from nexxio.core.models import Organisation
from nexxio.core.scoping import system_scope


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
        landlord = _find(options["landlord"])
        actor = Actor(
            side=Side.LANDLORD,
            name="import_estate",
            channel=Channel.COMMAND,
            organisation_id=landlord.pk,
            roles=frozenset({Role.MANAGER}),
        )
        try:
            with Path(file).open("rb") as stream, scope_of(actor):
                if options["dry_run"]:
                    plan = services.rehearse(landlord=landlord, stream=stream)
                    found = services.summary(plan)
                else:
                    found = services.apply_file(actor=actor, landlord=landlord, stream=stream)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        except Refused as refusal:
            if options["json"]:
                self.stdout.write(json.dumps({"error": refusal.message}, ensure_ascii=False))
                raise SystemExit(1) from refusal
            raise CommandError(refusal.message) from refusal
        answer = {
            "created": found["created"],
            "changed": found["changed"],
            "unchanged": found["unchanged"],
            "skipped": found["skipped"],
            "refused": [
                {"line": refusal["line"], "reason": refusal["reason"]}
                for refusal in found["refusals"]
            ],
        }
        if options["json"]:
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for name in ("created", "changed", "unchanged", "skipped"):
            self.stdout.write(f"{name}: {answer[name]}")
        self.stdout.write(f"refused: {found['refused']}")
        for refusal in found["refusals"]:
            self.stdout.write(f"  line {refusal['line']}: {refusal['reason']}")


def _find(name: str) -> Organisation:
    with system_scope("command: import_estate"):
        for landlord in Organisation.objects.filter(kind="landlord"):
            names = LandlordNames([landlord.name, landlord.slug, *landlord.aliases])
            if name in names:
                return landlord
    raise CommandError(f"No landlord is called {name}.")

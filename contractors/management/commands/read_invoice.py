"""Read an electronic invoice and judge it by the official rules, without keeping anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from contractors.einvoices import check_file
from contractors.einvoices.refusals import MAX_FILE
from contractors.einvoices.words import as_json, summary


class Command(BaseCommand):
    """`read_invoice FILE [--json]`. Ends with 0 whatever the verdict."""

    help = __doc__
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file and how to answer."""
        parser.add_argument("file")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def handle(self, *args: Any, file: str, **options: Any) -> None:
        """Print the verdict."""
        path = Path(file)
        if path.exists() and not path.is_file():
            raise CommandError(f"{file}: not a file")
        try:
            with path.open("rb") as stream:
                data = stream.read(MAX_FILE + 1)
        except OSError as error:
            raise CommandError(f"{file}: {error.strerror}") from error
        result = check_file(data)
        if options["json"]:
            self.stdout.write(json.dumps(as_json(result), ensure_ascii=False))
        else:
            self.stdout.write(summary(result))

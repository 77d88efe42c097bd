"""Import a landlord's estate, tenants, contractors or staff from a workbook or CSV."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from nexxio.core.imports.registry import get_kind
from nexxio.core.imports.terminal import ImportCommand

KINDS = ("estate_tree", "tenants", "contractors", "staff")


class Command(ImportCommand):
    """`import_reference FILE --kind KIND --landlord NAME --map NAME [--dry-run] [--json]`."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the kind too."""
        parser.add_argument("--kind", required=True, choices=KINDS)
        super().add_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Rehearse or apply, and print every verdict."""
        self.import_file(get_kind(options["kind"]), options)

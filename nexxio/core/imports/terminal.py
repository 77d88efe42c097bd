"""Imports from a terminal: what `import_orders` and `import_reference` share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from nexxio.core.actors import Actor, Channel, Role, Side, scope_of
from nexxio.core.estate.landlords import LandlordNames
from nexxio.core.imports import cells, headings, rows, running, selectors
from nexxio.core.imports.csvfile import BrokenFile
from nexxio.core.imports.registry import Kind, Outcome, Verdict
from nexxio.core.imports.report import Report
from nexxio.core.imports.rows import Reading, TypedRows
from nexxio.core.imports.workbook import open_source
from nexxio.core.models import ImportRun, Organisation
from nexxio.core.scoping import system_scope

UNREADABLE = 2
AUTOMATIC = "auto"
_LISTED = 1_000_000
"""Lines that a terminal lists; a page keeps far fewer."""


class ImportCommand(BaseCommand):
    """Reads a file by a mapping, rehearses or applies it, and answers with every verdict.

    Exit code 0 for any verdict, 2 for a file that can't be read or a mapping that doesn't exist.
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the file, the landlord, the mapping, and how to answer."""
        parser.add_argument("file")
        parser.add_argument("--landlord", required=True, help="name, alias or slug")
        parser.add_argument(
            "--map",
            default=AUTOMATIC,
            help="name of a kept mapping; 'auto' takes what the headings propose",
        )
        parser.add_argument("--sheet", default="", help="the sheet to read")
        parser.add_argument("--dry-run", action="store_true", help="rehearse only")
        parser.add_argument("--json", action="store_true", help="answer as JSON")

    def import_file(self, kind: Kind, options: Mapping[str, Any]) -> None:
        """Do it, and print the answer."""
        landlord = find_landlord(options["landlord"])
        actor = Actor(
            side=Side.LANDLORD,
            name=f"import_{kind.name}",
            channel=Channel.COMMAND,
            organisation_id=landlord.pk,
            roles=frozenset({Role.MANAGER}),
        )
        path = Path(options["file"])
        try:
            with path.open("rb") as stream, scope_of(actor):
                found = self._run(kind, actor, stream, path.name, options)
        except OSError as error:
            raise CommandError(f"{path}: {error.strerror}", returncode=UNREADABLE) from error
        except BrokenFile as error:
            self._give_up(error, as_json=options["json"])
        else:
            self._answer(found, as_json=options["json"])

    def _run(
        self, kind: Kind, actor: Actor, stream: IO[bytes], name: str, options: Mapping[str, Any]
    ) -> dict[str, Any]:
        reading = _reading(kind, actor, stream, options)
        typed = TypedRows(stream, kind, reading)
        report = Report(keep=_LISTED, worth=_is_worth_a_line)
        session = kind.session(actor, {})
        if options["dry_run"]:
            running.rehearse(session=session, rows=typed, report=report)
        else:
            run = ImportRun(
                landlord_id=actor.own_id,
                kind=kind.name,
                name=name[-160:],
                sheet=typed.sheet[:120],
                columns=dict(reading.columns),
                translations={code: dict(table) for code, table in reading.translations.items()},
            )
            run.save(force_insert=True)
            running.apply(
                actor=actor, kind=kind, session=session, rows=typed, run=run, report=report
            )
        return report.summary()

    def _give_up(self, error: BrokenFile, *, as_json: bool) -> None:
        sentence = error.message[:1].upper() + error.message[1:]
        if not as_json:
            raise CommandError(sentence, returncode=UNREADABLE) from error
        fault = {"error": sentence, "line": error.line, "column": error.column}
        self.stdout.write(json.dumps(fault, ensure_ascii=False))
        raise SystemExit(UNREADABLE) from error

    def _answer(self, found: dict[str, Any], *, as_json: bool) -> None:
        names = ("created", "changed", "unchanged")
        counts = {name: found[name] for name in names}
        lines = {
            outcome: [_line(row) for row in found["lines"][outcome.value]]
            for outcome in (Outcome.SKIPPED, Outcome.REFUSED)
        }
        drafts = [
            {"line": row["line"], "key": row["key"], "missing": row["missing"]}
            for row in found["lines"][Outcome.CREATED.value]
            if row["missing"]
        ]
        if as_json:
            answer = {
                **counts,
                "skipped": found["skipped"],
                "refused": lines[Outcome.REFUSED],
                "skipped_lines": lines[Outcome.SKIPPED],
                "incomplete": drafts,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
            return
        for name, count in counts.items():
            self.stdout.write(f"{name}: {count}")
        for outcome, listed in lines.items():
            self.stdout.write(f"{outcome.value}: {found[outcome.value]}")
            for row in listed:
                self.stdout.write(f"  line {row['line']}, {row['column'] or '–'}: {row['reason']}")


def find_landlord(name: str) -> Organisation:
    """Return a landlord by name, alias or slug. Raises CommandError."""
    with system_scope("command: import"):
        for landlord in Organisation.objects.filter(kind="landlord"):
            if name in LandlordNames([landlord.name, landlord.slug, *landlord.aliases]):
                return landlord
    raise CommandError(f"No landlord is called {name}.")


def _is_worth_a_line(verdict: Verdict) -> bool:
    return bool(verdict.missing) or verdict.outcome in (Outcome.SKIPPED, Outcome.REFUSED)


def _line(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("line", "key", "column", "value", "reason")}


def _reading(kind: Kind, actor: Actor, stream: IO[bytes], options: Mapping[str, Any]) -> Reading:
    """Return how to read the file: by the kept mapping, or by what its headings propose."""
    name = options["map"]
    mapping = selectors.find_mapping(actor, kind, name)
    if mapping is not None:
        return Reading(mapping.columns, mapping.translations, options["sheet"])
    if name != AUTOMATIC:
        known = [found.name for found in selectors.mappings_of(actor, kind)]
        listed = ", ".join(known) if known else "none is kept"
        raise CommandError(
            f"No mapping of this landlord is called {name} ({listed}); "
            f"'{AUTOMATIC}' takes what the headings propose.",
            returncode=UNREADABLE,
        )
    return propose_reading(kind, actor, stream, options["sheet"])


def propose_reading(kind: Kind, actor: Actor, stream: IO[bytes], sheet: str = "") -> Reading:
    """Return what the headings and the values of a file propose. Raises BrokenFile."""
    source = open_source(stream)
    chosen, header = rows.choose_sheet(source, kind, Reading({}, {}, sheet))
    columns = headings.propose_columns(kind.fields, header.names)
    for field in kind.fields:
        if field.required and field.code not in columns:
            raise BrokenFile(
                f"aucune colonne n’est reconnue comme « {field.label} » : "
                "choisissez les colonnes à l’écran, puis nommez la correspondance.",
                line=header.line,
            )
    places, _missing = headings.resolve(columns, header.names)
    asked = [field for field in kind.fields if field.choices and field.code in places]
    texts: dict[str, set[str]] = {field.code: set() for field in asked}
    for line in source.lines(chosen):
        for field in asked:
            index = places[field.code]
            if line.number > header.line and index < len(line.cells):
                texts[field.code].add(cells.text_of(line.cells[index]))
    translations = {
        field.code: headings.propose_values(
            sorted(texts[field.code] - {""})[:1000],
            list(field.choices(actor.own_id)) if field.choices else [],
            field.value_synonyms,
        )
        for field in asked
    }
    return Reading(columns, translations, chosen)

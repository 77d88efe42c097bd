"""The steps of an import, as the tests take them."""

from __future__ import annotations

import io
import json
from io import StringIO

from django.core.management import call_command

from nexxio.core import jobs
from nexxio.core.actors import scope_of
from nexxio.core.imports import selectors, services
from nexxio.core.imports.registry import get_kind
from nexxio.core.imports.terminal import propose_reading
from nexxio.core.models import ImportRun
from nexxio.core.scoping import system_scope
from orders.models import HouseRules


def mentions_vat(party):
    """Have the landlord make the mention of the reduced rate once for all: files say none."""
    with system_scope("tests"):
        HouseRules.objects.create(landlord=party.landlord, vat_mention=True)


def fresh(run):
    """The run as it is now, with its job."""
    with system_scope("tests"):
        return ImportRun.objects.select_related("job", "file").get(pk=run.pk)


def sent(party, kind, data, *, who="manager", name="fichier.xlsx"):
    """Send a file and let a worker look at it."""
    actor = party.actor(who)
    with scope_of(actor):
        run = services.send_file(
            actor=actor, kind=get_kind(kind), upload=io.BytesIO(data), name=name
        )
    jobs.run_open()
    return fresh(run)


def rehearsed(party, kind, data, *, who="manager", mapping_name="", **translations):
    """Send a file, take what is proposed, and rehearse."""
    run = sent(party, kind, data, who=who)
    assert run.job.state == "done", run.job.error
    actor = party.actor(who)
    with scope_of(actor):
        reading = propose_reading(get_kind(kind), actor, io.BytesIO(data))
        run = services.choose_columns(
            actor=actor,
            run=run,
            sheet=reading.sheet,
            columns=reading.columns,
            mapping_name=mapping_name,
        )
        asked = selectors.asked_values(actor, run)
        known = selectors.known_values(asked, {**reading.translations, **translations})
        chosen = {f: {t: v for t, v in table.items() if v} for f, table in known.items()}
        services.ask_rehearsal(actor=actor, run=run, translations=chosen)
    jobs.run_open()
    return fresh(run)


def applied(party, kind, data, *, who="manager", options=None, **more):
    """Rehearse and apply."""
    run = rehearsed(party, kind, data, who=who, **more)
    assert run.job.state == "done", run.job.error
    actor = party.actor(who)
    with scope_of(actor):
        services.ask_apply(actor=actor, run=run, options=options or {})
    jobs.run_open()
    return fresh(run)


def undone(party, run, *, who="manager"):
    """Undo."""
    actor = party.actor(who)
    with scope_of(actor):
        services.ask_undo(actor=actor, run=run)
    jobs.run_open()
    return fresh(run)


def counts(run) -> tuple[int, ...]:
    """Created, changed, unchanged, skipped, refused."""
    names = ("created", "changed", "unchanged", "skipped", "refused")
    return tuple(run.job.result[name] for name in names)


def lines(run, outcome="refused") -> list[tuple]:
    """Line, column and reason of one outcome."""
    found = run.job.result["lines"][outcome]
    return [(row["line"], row["column"], row["reason"]) for row in found]


def command(name, path, *options, landlord="Rivage Habitat"):
    """Run a command; return its JSON."""
    out = StringIO()
    call_command(name, str(path), "--landlord", landlord, "--json", *options, stdout=out)
    return json.loads(out.getvalue())

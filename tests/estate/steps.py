"""The steps of an import, as the tests take them."""

from __future__ import annotations

from io import BytesIO

from nexxio.core import jobs
from nexxio.core.actors import scope_of
from nexxio.core.estate import services
from nexxio.core.models import Event, Group, Job
from nexxio.core.scoping import system_scope


def fresh(job):
    """The job as it is now."""
    with system_scope("tests"):
        return Job.objects.get(pk=job.pk)


def done(job):
    """Let a worker do what is open; return the job."""
    jobs.run_open()
    return fresh(job)


def rehearse(party, data, name="patrimoine.csv"):
    """Ask for a rehearsal and let a worker do it."""
    actor = party.actor("manager")
    with scope_of(actor):
        return done(services.ask_rehearsal(actor=actor, upload=BytesIO(data), name=name))


def ask_apply(party, rehearsal):
    """Ask for the apply of a rehearsal."""
    actor = party.actor("manager")
    with scope_of(actor):
        return services.ask_apply(actor=actor, rehearsal=rehearsal)


def ask_undo(party, applied):
    """Ask for the undo of an import."""
    actor = party.actor("manager")
    with scope_of(actor):
        return services.ask_undo(actor=actor, applied=applied)


def apply(party, data):
    """Rehearse and apply."""
    return done(ask_apply(party, rehearse(party, data)))


def undo(party, applied):
    """Undo."""
    return done(ask_undo(party, applied))


def groups_of(party):
    """The landlord's groups that came from a file."""
    with system_scope("tests"):
        found = Group.objects.filter(landlord=party.landlord).exclude(source_key="")
        return list(found.order_by("identifier", "year", "source_key"))


def events_of(party):
    """Kinds and payloads of the estate's events."""
    with system_scope("tests"):
        found = Event.objects.filter(landlord=party.landlord, subject_type="estate")
        return list(found.order_by("recorded_at", "id").values_list("kind", "payload"))

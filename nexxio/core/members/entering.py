"""Platform staff in an organisation's space: a reason, an hour at most, and eyes only.

The stay is a row that the organisation reads. Inside it the scope carries its id, and the database
refuses every write (core/db/grants.py); the pages that are seen are noted outside it, in the
staff's own scope.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext as _

from nexxio.core import clock
from nexxio.core.actors import Actor, Channel, Role, Side, scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.members import events
from nexxio.core.members.services import tell
from nexxio.core.models import EntryPage, Organisation, PlatformEntry, User
from nexxio.core.outbox import of_house, record

logger = logging.getLogger(__name__)

DURATIONS = (15, 30, 60)
"""Minutes that may be asked for."""
_REASON_MIN = 10
_PATH = 300


@transaction.atomic
def enter(*, actor: Actor, organisation: Organisation, reason: str, minutes: int) -> PlatformEntry:
    """Begin a stay; the organisation's managers are told. In the administration's system scope.

    actor: the member of platform staff, on the system's side. Raises Invalid for a duration that
    isn't offered or a reason of no words, Refused for a closed organisation.
    """
    words = " ".join(reason.split())[:_PATH]
    wrong: dict[str, list[str]] = {}
    if minutes not in DURATIONS:
        wrong["minutes"] = [_("Choisissez une des durées proposées.")]
    if len(words) < _REASON_MIN:
        wrong["reason"] = [_("Dites en quelques mots pourquoi : l’organisme le lira.")]
    if wrong:
        raise Invalid(wrong)
    if not organisation.is_active:
        raise Refused(_("Cet organisme est fermé."))
    if actor.user_id is None:
        raise RuntimeError("A stay is somebody's.")
    now = clock.now()
    entry = PlatformEntry(
        organisation=organisation,
        side=organisation.kind,
        staff_id=actor.user_id,
        reason=words,
        created_at=now,
        expires_at=now + timedelta(minutes=minutes),
    )
    entry.save(force_insert=True)
    record(
        events.PlatformEntered(minutes=minutes),
        actor=actor,
        subject=of_house(pk=entry.pk, organisation_id=organisation.pk, side=organisation.kind),
        subject_type="entry",
        on_behalf_of=organisation.kind,
    )
    logger.info("platform entry %s: staff %s in %s", entry.pk, actor.user_id, organisation.pk)
    return entry


@transaction.atomic
def leave(*, user: User, entry_id: UUID) -> PlatformEntry:
    """End one's own stay, in one's own scope; a stay that is over stays as it is. Locks it."""
    entry = (
        PlatformEntry.objects.select_for_update(of=("self",))
        .filter(pk=entry_id, staff_id=user.pk)
        .first()
    )
    if entry is None:
        raise Refused(_("Cet accès n’existe pas."))
    _end(entry, user.pk)
    return entry


@transaction.atomic
def send_out(*, actor: Actor, entry_id: UUID) -> PlatformEntry:
    """End a stay of platform staff in the actor's own house, as its manager. Locks it."""
    if not actor.has(Role.MANAGER):
        raise Refused(_("Seul un responsable met fin à cet accès."), code="role")
    entry = (
        PlatformEntry.objects.select_for_update(of=("self",))
        .filter(pk=entry_id, organisation_id=actor.own_id)
        .first()
    )
    if entry is None:
        raise Refused(_("Cet accès n’existe pas."))
    if _end(entry, actor.user_id):
        tell(actor, events.PlatformSentOut(), entry.pk, "entry")
    return entry


def _end(entry: PlatformEntry, by: UUID | None) -> bool:
    now = clock.now()
    if entry.ended_at is not None or entry.expires_at <= now:
        return False
    entry.ended_at, entry.ended_by_id = now, by
    entry.save(update_fields=["ended_at", "ended_by"])
    return True


def open_entries(user: User) -> list[PlatformEntry]:
    """Return the stays that a member of platform staff has open now, in his own scope."""
    if not user.is_staff:
        return []
    return list(
        PlatformEntry.objects.filter(
            staff_id=user.pk, ended_at__isnull=True, expires_at__gt=clock.now()
        ).order_by("-created_at")
    )


def note_page(entry: PlatformEntry, path: str) -> None:
    """Note that a page was asked for, in the staff's own scope: its path, without any query."""
    shown = path[:_PATH]
    seen = EntryPage.objects.filter(entry_id=entry.pk, path=shown)
    if seen.update(times=F("times") + 1, last_at=clock.now()):
        return
    EntryPage.objects.bulk_create(
        [
            EntryPage(
                organisation_id=entry.organisation_id,
                entry=entry,
                path=shown,
                last_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )


def visitor(entry: PlatformEntry, user: User) -> Actor:
    """Return the actor of a stay: he reads what a reader reads, and writes nothing."""
    return Actor(
        side=Side(entry.side),
        name=f"{user} (Nexxio)",
        channel=Channel.WEB,
        user_id=user.pk,
        organisation_id=entry.organisation_id,
        roles=frozenset({Role.READER}),
        entry_id=entry.pk,
    )


def spaces_of_visitor(user: User) -> list[dict[str, str]]:
    """Return the spaces that a member of platform staff may look into now, with their address."""
    found = []
    for entry in open_entries(user):
        with scope_of(visitor(entry, user)):
            found.append({"label": entry.organisation.name, "url": home_of_entry(entry)})
    return found


def home_of_entry(entry: PlatformEntry) -> str:
    """Return the first page of the space, where its organisation may be read."""
    return reverse(f"orders:{entry.side}_home", args=[entry.organisation.slug])

"""Asking for a code, trying it, ending the session that it opened.

These services precede any actor: who acts is what they find out.
"""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from nexxio.core import clock, nudge
from nexxio.core.entry.codes import is_code_of
from nexxio.core.entry.contacts import Contact
from nexxio.core.errors import Refused
from nexxio.core.models import EntryCode

CODE_LIFE = timedelta(minutes=10)
SESSION_LIFE = timedelta(days=7)
MOST_ATTEMPTS = 5
_LOCK_CLASS = 7404
# Of one destination. A code that was sent stays good: nobody is shut out by somebody else's asking.
DESTINATION_LIMITS = ((timedelta(minutes=15), 3), (timedelta(days=1), 10))


class Trial(StrEnum):
    """How trying a code ended."""

    OPENED = "opened"
    WRONG = "wrong"
    OVER = "over"


@transaction.atomic
def ask_code(*, contact: Contact) -> EntryCode:
    """Note that a code is wanted; a worker sends it where a landlord knows the contact.

    Nothing here depends on whether anybody knows it: neither the answer nor the time it takes.
    Locks the destination, so that requests at once count one after the other. Raises Refused (code
    "rate") when it was asked for too often.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [_LOCK_CLASS, contact.value]
        )
    now = clock.now()
    for span, most in DESTINATION_LIMITS:
        asked = EntryCode.objects.filter(contact=contact.value, created_at__gt=now - span)
        if asked[:most].count() >= most:
            raise Refused(
                _(
                    "Trop de codes ont été demandés. Utilisez le dernier reçu,"
                    " ou réessayez plus tard."
                ),
                code="rate",
            )
    entry = EntryCode(
        channel=contact.channel,
        contact=contact.value,
        created_at=now,
        expires_at=now + CODE_LIFE,
        send_at=now,
    )
    entry.save(force_insert=True)
    nudge.after_commit(nudge.MAIL_TASK)
    return entry


@transaction.atomic
def try_code(*, entry_id: UUID, typed: str) -> Trial:
    """Open a session when the code is right, in time, and tried at most five times.

    Locks the row, so that of two tries with the same code one opens. A wrong code counts; used,
    late and worn-out codes answer the same.
    """
    now = clock.now()
    entry = EntryCode.objects.select_for_update(of=("self",)).filter(pk=entry_id).first()
    if (
        entry is None
        or entry.used_at is not None
        or entry.expires_at <= now
        or entry.attempts >= MOST_ATTEMPTS
    ):
        return Trial.OVER
    entry.attempts += 1
    if not is_code_of(entry.pk, typed):
        entry.save(update_fields=["attempts"])
        return Trial.WRONG if entry.attempts < MOST_ATTEMPTS else Trial.OVER
    entry.used_at = now
    entry.ends_at = now + SESSION_LIFE
    entry.send_at = None
    entry.save(update_fields=["attempts", "used_at", "ends_at", "send_at"])
    return Trial.OPENED


@transaction.atomic
def end_session(*, entry_id: UUID) -> None:
    """End the session of a code, wherever its cookie was copied to."""
    now = clock.now()
    EntryCode.objects.filter(pk=entry_id, ends_at__gt=now).update(ends_at=now)


def erase_old() -> int:
    """Erase what is over since a day: codes never used, and sessions. Returns how many."""
    day_ago = clock.now() - timedelta(days=1)
    over = Q(ends_at__lt=day_ago) | Q(ends_at__isnull=True, created_at__lt=day_ago)
    count, _rows = EntryCode.objects.filter(over).delete()
    return count

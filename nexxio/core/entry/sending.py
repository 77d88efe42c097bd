"""Takes codes to their channel, outside any transaction."""

from __future__ import annotations

import logging
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from nexxio.core import clock
from nexxio.core.entry.codes import code_of
from nexxio.core.entry.sessions import residents_of
from nexxio.core.models import EntryCode
from nexxio.core.notifications import sms
from nexxio.core.notifications.sending import SENDERS

logger = logging.getLogger(__name__)

MOST_SENDINGS = 3
LEASE = timedelta(seconds=30)


def text_of(entry: EntryCode) -> str:
    """Return the message that carries the code."""
    code = code_of(entry.pk)
    said = _(
        "Nexxio : votre code est %(code)s. Il est valable 10 minutes. Ne le donnez à personne."
    )
    text = said % {"code": code}
    return sms.fold(text) if entry.channel == "sms" else text


def send_due(limit: int = 100) -> int:
    """Send the codes that wait, where a landlord knows the contact; returns how many left.

    Claimed by moving the row half a minute ahead: a slow provider holds nobody up. Needs no scope:
    the rows have none, and the look-up answers keys only.
    """
    return sum(_send(entry) for entry in _claim(limit))


def _claim(limit: int) -> list[EntryCode]:
    now = clock.now()
    with transaction.atomic():
        due = list(
            EntryCode.objects.filter(send_at__lte=now, expires_at__gt=now)
            .order_by("send_at")
            .select_for_update(skip_locked=True, of=("self",))[:limit]
        )
        for entry in due:
            entry.sendings += 1
            entry.send_at = now + LEASE if entry.sendings < MOST_SENDINGS else None
            entry.save(update_fields=["sendings", "send_at"])
    return due


def _send(entry: EntryCode) -> int:
    known = bool(residents_of(entry))
    if known:
        try:
            SENDERS[entry.channel](
                address=entry.contact, subject=_("Votre code de suivi"), text=text_of(entry)
            )
        except Exception as error:  # noqa: BLE001 (each provider has its own; all mean "not sent")
            logger.warning("code %s not sent: %s", entry.pk, type(error).__name__)
            return 0
    EntryCode.objects.filter(pk=entry.pk).update(send_at=None)
    return int(known)

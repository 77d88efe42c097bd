"""The sealed PDF of a final account: printed once both agree, kept, failed, asked for again."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction

from contractors import final_events as events
from contractors import policies
from contractors.final_states import FINAL
from contractors.models import FinalAccount
from contractors.services.final_accounts import lock_final
from nexxio.core.actors import Actor
from nexxio.core.events import EventType
from nexxio.core.models import Event
from nexxio.core.outbox import record
from orders.models import SealState
from orders.services import seal_states

SEAL = "final_account.pdf"


def open_final_seal(*, event: Event) -> None:
    """Open the job that prints and seals. As the system, in the relay."""
    account = FinalAccount.objects.get(pk=event.subject_id)
    seal_states.open_job(account, kind=SEAL, name="account", event=event)


@transaction.atomic
def ask_final_seal(*, actor: Actor, account_id: UUID) -> FinalAccount:
    """Ask for the PDF of an agreed account that has none. Raises Refused where it has, or may."""
    account, _order = lock_final(account_id)
    seal_states.prepare_again(account, partial(policies.can_ask_final_seal, actor))
    _record(events.FinalSealAsked(number=account.number), account, actor)
    return account


@transaction.atomic
def fail_final_seal(*, actor: Actor, account_id: UUID) -> FinalAccount:
    """Note that the PDF could not be sealed, so that the page offers to try again."""
    account, _order = lock_final(account_id)
    if seal_states.note_failed(account):
        _record(events.FinalSealFailed(number=account.number), account, actor)
    return account


@transaction.atomic
def keep_sealed_final(*, actor: Actor, account_id: UUID, pdf: bytes) -> FinalAccount:
    """Keep the sealed PDF for both organisations; one that is there stays."""
    account, order = lock_final(account_id)
    if account.seal == SealState.SEALED:
        return account
    name = f"decompte-general-{order.reference}-{account.number}.pdf"
    seal_states.keep_file(account, "final_account", pdf, name=name)
    _record(events.FinalSealed(number=account.number), account, actor)
    return account


def _record(event: EventType, account: FinalAccount, actor: Actor) -> None:
    record(event, actor=actor, subject=account, subject_type=FINAL.name, order_id=account.order_id)

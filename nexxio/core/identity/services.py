"""What is written about an organisation's security."""

from __future__ import annotations

from django.db import connection, transaction

from nexxio.core import accounts
from nexxio.core.actors import Actor, Role, Side
from nexxio.core.errors import Refused
from nexxio.core.identity.events import SecondFactorRequired
from nexxio.core.outbox import of_house, record


@transaction.atomic
def set_second_factor(*, actor: Actor, required: bool) -> bool:
    """Ask a second factor of all members of the actor's organisation, or no longer.

    Managers of a landlord or contractor only; Refused otherwise. Returns whether anything
    changed; asking again for what holds is no error and records nothing. The organisation's row
    is locked by the update, which the site can make through this one function of the database
    only. Once committed, streams close: pages that may go on ask for another token.
    """
    if actor.side not in (Side.LANDLORD, Side.CONTRACTOR) or not actor.has(Role.MANAGER):
        raise Refused("Seul un responsable de l’organisation décide de la double authentification.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT nexxio_require_second_factor(%s)", [required])
        (changed,) = cursor.fetchone()
    if not changed:
        return False
    own = actor.own_id
    record(
        SecondFactorRequired(required=required),
        actor=actor,
        subject=of_house(pk=own, organisation_id=own, side=actor.side),
        subject_type="organisation",
    )
    if required:
        accounts.close_streams_of_organisation(own)
    return True

"""What an invited person does: accept, with the account that he has or with a new one."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from nexxio.core.actors import Side, scope_of
from nexxio.core.errors import Invalid, Refused
from nexxio.core.http import actor_of
from nexxio.core.ids import new_id
from nexxio.core.links import hash_of
from nexxio.core.members import events
from nexxio.core.members.services import tell
from nexxio.core.members.tokens import Found
from nexxio.core.models import Membership, User
from nexxio.core.scoping import Scope, ScopeKind, open_scope


@dataclass(frozen=True)
class Newcomer:
    """Who has no account yet."""

    first_name: str
    last_name: str
    password: str


class Useless(Refused):
    """The invitation can't be accepted as things stand; `code` is its state, or "stranger"."""


@transaction.atomic
def accept(*, found: Found, token: str, user: User | None, new: Newcomer | None) -> Membership:
    """Consume an invitation; return the membership, its user and organisation loaded.

    user: who is logged in, in his own scope. new: when nobody is, and the address has no account.
    Locks the invitation: of two acceptances one wins, the other raises Useless. Raises Invalid for
    a password that is too weak.
    """
    encoded = _encoded(found, new) if new is not None and user is None else ""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT outcome, person, member FROM nexxio_accept_invitation(%s, %s, %s, %s, %s, %s)",
            [
                hash_of(token),
                new.first_name if new else "",
                new.last_name if new else "",
                encoded,
                new_id(),
                new_id(),
            ],
        )
        outcome, person, member_id = cursor.fetchone()
    if outcome != "joined":
        raise Useless(_("Cette invitation ne peut plus être acceptée."), code=outcome)
    with open_scope(Scope(kind=ScopeKind.USER, user_id=person)):
        member: Membership = Membership.objects.select_related("user", "organisation").get(
            pk=member_id
        )
    actor = actor_of(member)
    with scope_of(actor):
        tell(actor, events.MemberJoined(invitation=found.id), member.pk, "member")
    return member


def _encoded(found: Found, new: Newcomer) -> str:
    person = User(email=found.email, first_name=new.first_name, last_name=new.last_name)
    try:
        validate_password(new.password, person)
    except ValidationError as error:
        raise Invalid({"password": error.messages}) from error
    return make_password(new.password)


def side_of(found: Found) -> Side:
    """Return the side of the organisation that invites."""
    return Side(found.kind)

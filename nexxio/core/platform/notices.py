"""The organisation's managers read in their bell what the platform's staff did to it."""

from __future__ import annotations

from collections.abc import Iterable

from nexxio.core.actors import Role, Side
from nexxio.core.events import all_event_types, describe
from nexxio.core.models import Event, Membership
from nexxio.core.notifications.registry import Notice, notices
from nexxio.core.platform import events  # noqa: F401 (its kinds are listed below)
from nexxio.core.shell import home_of

_KINDS = [cls.kind for cls in all_event_types() if cls.kind.startswith("platform.")]


@notices("platform_act", on=_KINDS, channels=("bell",))
def to_managers(event: Event) -> Iterable[Notice]:
    """Tell every manager of the organisations that may read the event."""
    parties = [pk for pk in (event.landlord_id, event.contractor_id) if pk is not None]
    managers = Membership.objects.filter(
        organisation_id__in=parties,
        roles__contains=[Role.MANAGER.value],
        is_active=True,
        user__is_active=True,
    ).select_related("organisation")
    told = set()
    for member in managers.order_by("created_at"):
        who = (member.user_id, member.organisation_id)
        text = describe(
            event.kind, event.payload, side=Side(member.organisation.kind), who="Nexxio"
        )
        if text is None or who in told:
            continue
        told.add(who)
        yield Notice(
            title=text,
            url=home_of(member),
            bell_user_id=member.user_id,
            bell_organisation_id=member.organisation_id,
        )

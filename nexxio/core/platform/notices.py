"""The organisation's managers read in their bell what the platform's staff did to it."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Role, Side
from nexxio.core.events import describe
from nexxio.core.models import Event
from nexxio.core.notifications import Notice, bell, notices
from nexxio.core.platform import events
from nexxio.core.shell import home_of


@notices(
    "platform_act",
    on=events.KINDS,
    channels=("bell",),
    label=_("Ce que l’équipe Nexxio fait dans votre espace"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
    always=True,
)
def to_managers(event: Event) -> Iterator[Notice]:
    """Tell every manager of the organisations that may read the event."""
    for house_id in dict.fromkeys((event.landlord_id, event.contractor_id)):
        if house_id is None:
            continue
        for member in bell.members_with(house_id, Role.MANAGER).select_related("organisation"):
            side = Side(member.organisation.kind)
            text = describe(event.kind, event.payload, side=side, who="Nexxio")
            # Who opened a partnership is in the landlord's history only: it is the landlord's row.
            kept = house_id == event.landlord_id
            history = reverse(f"members:{side}_history", args=[member.organisation.slug])
            if text is not None:
                yield Notice(
                    title=text,
                    url=history if kept else home_of(member),
                    bell_user_id=member.user_id,
                    bell_organisation_id=member.organisation_id,
                )

"""Who is told of invitations and of stays of platform staff."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Role, Side
from nexxio.core.members import events, tokens
from nexxio.core.models import Event, Invitation, Message, Organisation, PlatformEntry
from nexxio.core.notifications import Notice, bell, fills, notices


@notices(
    "invitation",
    on=[events.MemberInvited.kind, events.InvitationResent.kind],
    channels=["email"],
)
def invitation_notices(event: Event) -> Iterator[Notice]:
    """Write to the invited address. The link is put in when the message leaves."""
    invitation = (
        Invitation.objects.filter(pk=event.subject_id)
        .select_related("organisation", "invited_by")
        .first()
    )
    if invitation is None or invitation.accepted_at or invitation.revoked_at:
        return
    house = invitation.organisation.name
    yield Notice(
        title=f"{house} vous invite sur Nexxio",
        text=(
            "Bonjour,\n\n"
            f"{invitation.invited_by} vous invite à rejoindre l’espace « {house} » sur Nexxio, "
            "où bailleur, prestataire et locataire suivent les mêmes commandes.\n\n"
            "Pour accepter, ouvrez cette page :\n{invitation}\n\n"
            "Ce lien est personnel, il sert une fois et reste valable sept jours. "
            "Si vous n’attendiez pas cette invitation, ne faites rien.\n"
        ),
        addresses=(("email", invitation.email),),
    )


@fills("invitation")
def invitation_url(message: Message) -> str:
    """Return the address of the page that accepts the invitation."""
    invitation = Invitation.objects.get(
        pk=message.event.subject_id, organisation_id=message.landlord_id
    )
    return tokens.url_of(invitation)


@notices(
    "platform_entry",
    on=[events.PlatformEntered.kind],
    channels=["bell"],
    label=_("Visites de l’équipe Nexxio dans votre espace"),
    sides=[Side.LANDLORD, Side.CONTRACTOR],
    always=True,
)
def entry_notices(event: Event) -> Iterator[Notice]:
    """Ring the managers' bells when platform staff look into their space."""
    entry = PlatformEntry.objects.select_related("staff").get(pk=event.subject_id)
    house = Organisation.objects.get(pk=entry.organisation_id)
    url = reverse(f"members:{entry.side}_entries", args=[house.slug])
    for member in bell.members_with(house.pk, Role.MANAGER):
        yield Notice(
            title=f"{entry.staff} (équipe Nexxio) a ouvert un accès à votre espace, en lecture",
            url=url,
            bell_user_id=member.user_id,
            bell_organisation_id=house.pk,
        )

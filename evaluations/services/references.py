"""Writes of references between peers: a company's own results, and who at the landlord answers."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from evaluations import peers, policies
from evaluations import reference_events as events
from evaluations.models import PeerContact, PeerReference, PeerRule
from evaluations.quarters import Quarter
from nexxio.core import clock
from nexxio.core.actors import Actor, Side
from nexxio.core.db.constraints import explained
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.events import EventType
from nexxio.core.models import Organisation
from nexxio.core.outbox import Subject, record

_NAME = 160


@transaction.atomic
def publish_reference(
    *,
    actor: Actor,
    landlord_id: UUID,
    quarter: Quarter,
    subjects: Collection[str],
    sha256: str,
    consents: bool,
) -> PeerReference:
    """Show a company's results at one landlord to the others, as its manager read them before.

    sha256: of what was read (evaluations/peers.py). What was published on the same landlord is
    withdrawn. Locks that row. Raises Refused for another role, Invalid without consent or axes,
    Conflict where something else would be shown than what was read.
    """
    if not policies.publishes_references(actor) or actor.user_id is None:
        raise Refused("Seule la direction de l’entreprise publie une référence.", code="role")
    content = peers.shown(actor.own_id, landlord_id, quarter, subjects)
    if not content.lines:
        raise Invalid({"axes": ["Choisissez au moins un axe publié de ce trimestre."]})
    if not consents:
        raise Invalid({"consents": ["Cochez votre accord pour publier."]})
    if content.sha256 != sha256:
        raise Conflict("Ce qui serait publié a changé depuis l’aperçu. Relisez-le, puis publiez.")
    for former in _live(landlord_id, actor.own_id):
        _withdraw(former, actor)
    names = dict(
        Organisation.objects.filter(pk__in=[landlord_id, actor.own_id]).values_list("pk", "name")
    )
    reference = PeerReference(
        landlord_id=landlord_id,
        contractor_id=actor.own_id,
        company=names[actor.own_id],
        house=names[landlord_id],
        unnamed=peers.is_unnamed(landlord_id),
        quarter=quarter.first,
        lines=content.lines,
        trades=content.trades,
        districts=content.districts,
        sha256=content.sha256,
        published_at=clock.now(),
        published_by_id=actor.user_id,
    )
    with explained():
        reference.save(force_insert=True)
    _tell(
        events.ReferencePublished(quarter=str(quarter), axes=len(content.lines)), reference, actor
    )
    return reference


@transaction.atomic
def withdraw_reference(*, actor: Actor, reference_id: UUID) -> PeerReference:
    """Take a reference back, at any time: no other landlord reads it from now on. Locks it.

    Raises Refused for another role, Conflict where it was withdrawn before.
    """
    found: PeerReference = PeerReference.objects.select_for_update(of=("self",)).get(
        pk=reference_id
    )
    if not policies.publishes_references(actor) or found.contractor_id != actor.organisation_id:
        raise Refused("Seule la direction de l’entreprise retire une référence.", code="role")
    if found.withdrawn_at is not None:
        raise Conflict("Cette référence est déjà retirée.")
    _withdraw(found, actor)
    return found


@transaction.atomic
def offer_call(*, actor: Actor, reference_id: UUID, phone: str) -> PeerContact:
    """« Appelez-moi »: let other landlords call the actor himself about a company.

    Nobody offers anybody else. Nothing is locked: the database lets one in. Raises Refused for
    another house or role, Conflict once the reference is withdrawn, Invalid without a number or a
    second time. A house that isn't named has nobody called: Conflict.
    """
    reference = PeerReference.objects.get(pk=reference_id)
    if not policies.answers_peers(actor, reference) or actor.user_id is None:
        raise Refused("Seul un membre du bailleur concerné peut se proposer.", code="role")
    if reference.withdrawn_at is not None:
        raise Conflict("L’entreprise a retiré cette référence.")
    if peers.is_unnamed(reference.landlord_id):
        raise Conflict("Votre organisme a choisi de ne pas être nommé : personne n’est appelé.")
    if not phone:
        raise Invalid({"phone": ["Indiquez le numéro où vous joindre."]})
    contact = PeerContact(
        landlord_id=reference.landlord_id,
        contractor_id=reference.contractor_id,
        user_id=actor.user_id,
        name=actor.name[:_NAME],
        phone=phone,
        consented_at=clock.now(),
    )
    with explained():
        contact.save(force_insert=True)
    _tell(events.CallOffered(), contact, actor)
    return contact


@transaction.atomic
def withdraw_call(*, actor: Actor, contact_id: UUID) -> PeerContact:
    """Stop being called, at any time: the person himself, or a manager of his house. Locks the row.

    Raises Refused for somebody else, Conflict where it was withdrawn before.
    """
    found: PeerContact = PeerContact.objects.select_for_update(of=("self",)).get(pk=contact_id)
    if not policies.ends_call(actor, found):
        raise Refused("Seule la personne elle-même, ou sa direction, peut le retirer.", code="role")
    if found.withdrawn_at is not None:
        raise Conflict("Ce contact est déjà retiré.")
    _end_call(found, actor)
    return found


@transaction.atomic
def end_calls_of_member(*, actor: Actor, organisation_id: UUID, user_id: UUID) -> int:
    """Withdraw whoever has left a landlord; return how many rows. As the system. Locks them."""
    rows = PeerContact.objects.select_for_update(of=("self",)).filter(
        landlord_id=organisation_id, user_id=user_id, withdrawn_at__isnull=True
    )
    found = list(rows.order_by("pk"))
    for contact in found:
        _end_call(contact, actor)
    return len(found)


@transaction.atomic
def name_house(*, actor: Actor, unnamed: bool) -> PeerRule:
    """Say whether the actor's landlord is named in what its companies publish to others.

    Whoever could be called about them no longer is, once it isn't named. References that are there
    follow by `apply_peer_rule`. Locks the rule. Raises Refused for anybody but its managers.
    """
    if not policies.steers(actor) or actor.user_id is None:
        raise Refused("Seule la direction du bailleur en décide.", code="role")
    values = {"unnamed": unnamed, "changed_at": clock.now(), "changed_by_id": actor.user_id}
    PeerRule.objects.bulk_create(
        [PeerRule(landlord_id=actor.own_id, **{**values, "unnamed": False})], ignore_conflicts=True
    )
    rule: PeerRule = PeerRule.objects.select_for_update(of=("self",)).get(landlord_id=actor.own_id)
    if rule.unnamed == unnamed:
        return rule
    for key, value in values.items():
        setattr(rule, key, value)
    rule.save(update_fields=list(values))
    if unnamed:
        rows = PeerContact.objects.select_for_update(of=("self",)).filter(
            landlord_id=actor.own_id, withdrawn_at__isnull=True
        )
        for contact in rows.order_by("pk"):
            _end_call(contact, actor)
    subject = Subject(pk=rule.pk, landlord_id=rule.landlord_id)
    record(
        events.PeerRuleChanged(unnamed=unnamed),
        actor=actor,
        subject=subject,
        subject_type="reference",
    )
    return rule


@transaction.atomic
def apply_peer_rule(*, actor: Actor, landlord_id: UUID) -> int:
    """Let a landlord's references say its name or not, as its rule is now; return how many do.

    As the system; raises Refused for anybody else. Locks the rule, so that the newest one holds.
    """
    if actor.side is not Side.SYSTEM:
        raise Refused("Les références suivent la règle d’elles-mêmes.", code="role")
    rule = PeerRule.objects.select_for_update(of=("self",)).filter(landlord_id=landlord_id).first()
    unnamed = rule is not None and rule.unnamed
    rows = PeerReference.objects.filter(landlord_id=landlord_id).exclude(unnamed=unnamed)
    return rows.update(unnamed=unnamed)


# --- inside -----------------------------------------------------------------------------------


def _live(landlord_id: UUID, contractor_id: UUID) -> list[PeerReference]:
    rows = PeerReference.objects.select_for_update(of=("self",)).filter(
        landlord_id=landlord_id, contractor_id=contractor_id, withdrawn_at__isnull=True
    )
    return list(rows.order_by("pk"))


def _withdraw(reference: PeerReference, actor: Actor) -> None:
    reference.withdrawn_at = clock.now()
    reference.save(update_fields=["withdrawn_at"])
    _tell(events.ReferenceWithdrawn(), reference, actor)


def _end_call(contact: PeerContact, actor: Actor) -> None:
    """Keep that there was somebody, and neither his name nor his number."""
    contact.withdrawn_at, contact.name, contact.phone = clock.now(), "", ""
    contact.save(update_fields=["withdrawn_at", "name", "phone"])
    _tell(events.CallWithdrawn(), contact, actor)


def _tell(event: EventType, row: PeerReference | PeerContact, actor: Actor) -> None:
    subject = Subject(pk=row.pk, landlord_id=row.landlord_id, contractor_id=row.contractor_id)
    record(event, actor=actor, subject=subject, subject_type="reference")

"""Writes around the sealed PDF of a signed certificate: asked for, kept, failed; the code on it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from nexxio.core import files, jobs, links
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.errors import Refused
from nexxio.core.models import Event
from orders import certificate_events as events
from orders import certificate_policies
from orders.models import Certificate, SealState
from orders.services.certificates import lock_certificate, record_of

SEAL = "certificate.pdf"


def verify_token(certificate_id: UUID) -> str:
    """Return the token by which anybody who holds the document may verify it."""
    return links.token_from(links.keyed("certificate", certificate_id.bytes))


def verify_url(certificate_id: UUID) -> str:
    """Return the address that is printed on the document."""
    return settings.SITE_URL + reverse("orders:verify", args=[verify_token(certificate_id)])


def open_seal(*, event: Event) -> None:
    """Open the job that prints and seals, for a recorded event. As the system, in the relay."""
    certificate = Certificate.objects.get(pk=event.subject_id)
    if certificate.seal == SealState.PREPARING:
        actor = replace(SYSTEM, organisation_id=event.landlord_id)
        jobs.ask(kind=SEAL, actor=actor, payload={"certificate": str(certificate.pk)})


@transaction.atomic
def ask_seal(*, actor: Actor, certificate_id: UUID) -> Certificate:
    """Ask again for a PDF that could not be sealed. Raises Refused where there is none to ask."""
    certificate, order = lock_certificate(certificate_id)
    if not certificate_policies.can_ask_seal(actor, certificate):
        raise Refused("Ce PDF est déjà prêt ou en préparation.", code="state")
    certificate.seal = SealState.PREPARING
    certificate.save(update_fields=["seal"])
    record_of(events.SealAsked(number=certificate.number), certificate, order, actor)
    return certificate


@transaction.atomic
def keep_sealed(*, actor: Actor, certificate_id: UUID, pdf: bytes) -> Certificate:
    """Keep the sealed PDF, and tell both sides. One that is there already stays as it is."""
    certificate, order = lock_certificate(certificate_id)
    if certificate.seal == SealState.SEALED:
        return certificate
    certificate.file = files.store(
        pdf,
        landlord_id=certificate.landlord_id,
        contractor_id=certificate.contractor_id,
        tenant_id=None,
        reader_case_id=None,
        media_type="application/pdf",
        name=f"constat-{order.reference}-v{certificate.number}.pdf",
    )
    certificate.seal = SealState.SEALED
    certificate.verify_hash = links.hash_of(verify_token(certificate.pk))
    certificate.save(update_fields=["file", "seal", "verify_hash"])
    record_of(events.CertificateSealed(number=certificate.number), certificate, order, actor)
    return certificate


@transaction.atomic
def fail_seal(*, actor: Actor, certificate_id: UUID) -> Certificate:
    """Note that the PDF could not be sealed, so that pages offer to try again."""
    certificate, order = lock_certificate(certificate_id)
    if certificate.seal != SealState.PREPARING:
        return certificate
    certificate.seal = SealState.FAILED
    certificate.save(update_fields=["seal"])
    record_of(events.SealFailed(number=certificate.number), certificate, order, actor)
    return certificate

"""Writes around the sealed PDF of a signed certificate: asked for, kept, failed; the code on it."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from django.db import transaction

from nexxio.core.actors import Actor
from nexxio.core.models import Event
from orders import certificate_events as events
from orders import certificate_policies
from orders.models import Certificate, SealState
from orders.services import seal_states
from orders.services.certificates import lock_certificate, record_of

SEAL = "certificate.pdf"


def open_seal(*, event: Event) -> None:
    """Open the job that prints and seals, for a recorded event. As the system, in the relay."""
    certificate = Certificate.objects.get(pk=event.subject_id)
    seal_states.open_job(certificate, kind=SEAL, name="certificate", event=event)


@transaction.atomic
def ask_seal(*, actor: Actor, certificate_id: UUID) -> Certificate:
    """Ask again for a PDF that could not be sealed. Raises Refused where there is none to ask."""
    certificate, order = lock_certificate(certificate_id)
    seal_states.prepare_again(certificate, partial(certificate_policies.can_ask_seal, actor))
    record_of(events.SealAsked(number=certificate.number), certificate, order, actor)
    return certificate


@transaction.atomic
def keep_sealed(*, actor: Actor, certificate_id: UUID, pdf: bytes) -> Certificate:
    """Keep the sealed PDF, and tell both sides. One that is there already stays as it is."""
    certificate, order = lock_certificate(certificate_id)
    if certificate.seal == SealState.SEALED:
        return certificate
    name = f"constat-{order.reference}-v{certificate.number}.pdf"
    seal_states.keep_file(certificate, "certificate", pdf, name=name)
    record_of(events.CertificateSealed(number=certificate.number), certificate, order, actor)
    return certificate


@transaction.atomic
def fail_seal(*, actor: Actor, certificate_id: UUID) -> Certificate:
    """Note that the PDF could not be sealed, so that pages offer to try again."""
    certificate, order = lock_certificate(certificate_id)
    if seal_states.note_failed(certificate):
        record_of(events.SealFailed(number=certificate.number), certificate, order, actor)
    return certificate

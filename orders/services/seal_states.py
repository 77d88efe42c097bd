"""The state of a sealed PDF and the code on it: of every kind of document alike."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, Literal, Protocol, TypeVar
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from nexxio.core import jobs, links
from nexxio.core.actors import SYSTEM, Actor
from nexxio.core.errors import Refused, Unavailable
from nexxio.core.models import Event, Job
from orders import certificate_policies
from orders.models import Certificate, LiftingRecord, SealState, SignOff

logger = logging.getLogger(__name__)

Kind = Literal["certificate", "lifting", "sign_off", "final_account"]
_Row = TypeVar("_Row", Certificate, LiftingRecord, SignOff)


class Sealed(Protocol):
    """A row whose PDF is sealed."""

    pk: Any
    seal: Any

    def save(self, *, update_fields: list[str]) -> None:
        """Write some of its fields."""


class Sheet(Protocol):
    """What a sealed document says."""

    @property
    def title(self) -> str:
        """Title of the document, and what its seal is for."""

    @property
    def verify_url(self) -> str:
        """The address of its code."""


def verify_token(kind: Kind, pk: UUID) -> str:
    """Return the token by which anybody who holds the document may verify it."""
    return links.token_from(links.keyed(kind, pk.bytes))


def verify_hash(kind: Kind, pk: UUID) -> str:
    """Return what the database keeps of that token."""
    return links.hash_of(verify_token(kind, pk))


def verify_url(kind: Kind, pk: UUID) -> str:
    """Return the address that is printed on the document."""
    return settings.SITE_URL + reverse("orders:verify", args=[verify_token(kind, pk)])


def open_job(row: Sealed, *, kind: str, name: str, event: Event) -> None:
    """Open the job that prints and seals, for a recorded event. As the system, in the relay.

    name: of the row's key in the job's payload.
    """
    if row.seal == SealState.PREPARING:
        actor = replace(SYSTEM, organisation_id=event.landlord_id)
        jobs.ask(kind=kind, actor=actor, payload={name: str(row.pk)})


def prepare_again(row: _Row | None, actor: Actor) -> _Row:
    """Have a locked row wait for its PDF again; raise Refused where there is none to ask."""
    if row is None or not certificate_policies.can_ask_seal(actor, row):
        raise Refused("Ce PDF est déjà prêt ou en préparation.", code="state")
    row.seal = SealState.PREPARING
    row.save(update_fields=["seal"])
    return row


def note_failed(row: Sealed) -> bool:
    """Note on a locked row that its PDF could not be sealed; False where none is prepared."""
    if row.seal != SealState.PREPARING:
        return False
    row.seal = SealState.FAILED
    row.save(update_fields=["seal"])
    return True


@contextmanager
def sealing(job: Job, fail: Callable[[], object]) -> Iterator[None]:
    """Note that a PDF could not be printed or sealed; raise Refused where there is no key.

    fail: notes it, in the scope that it needs.
    """
    try:
        yield
    except Exception as error:
        fail()
        if isinstance(error, Unavailable):
            logger.error("%s %s is not sealed: %s", job.kind, job.payload, error)
            raise Refused("Aucune clé de scellement utilisable : voyez l’exploitation.") from error
        raise


def print_sealed(template: str, sheet: Sheet) -> bytes:
    """Print a document with the code by which it is verified, and seal it.

    Raises Unavailable without a key.
    """
    # WeasyPrint and pyHanko are loaded by the worker that prints, and by nobody else.
    from nexxio.core import documents, seals

    context = {"sheet": sheet, "qr": documents.qr_svg(sheet.verify_url)}
    printed = documents.print_pdf(documents.render_html(template, context))
    return seals.seal_pdf(printed, reason=sheet.title)

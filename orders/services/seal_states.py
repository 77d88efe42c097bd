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

from nexxio.core import files, jobs, links
from nexxio.core.actors import SYSTEM
from nexxio.core.errors import Refused, Unavailable
from nexxio.core.models import Event, Job
from orders.models import SealState

logger = logging.getLogger(__name__)

Kind = Literal["certificate", "lifting", "sign_off", "final_account"]


class Sealed(Protocol):
    """A row whose PDF is sealed."""

    pk: Any
    landlord_id: Any
    contractor_id: Any
    seal: Any
    file: Any
    verify_hash: Any

    def save(self, *, update_fields: list[str]) -> None:
        """Write some of its fields."""


_Row = TypeVar("_Row", bound=Sealed)


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


def prepare_again(row: _Row | None, may: Callable[[_Row], bool]) -> _Row:
    """Have a locked row wait for its PDF again; raise Refused where there is none to ask."""
    if row is None or not may(row):
        raise Refused("Ce PDF est déjà prêt ou en préparation.", code="state")
    row.seal = SealState.PREPARING
    row.save(update_fields=["seal"])
    return row


def keep_file(
    row: Sealed,
    kind: Kind,
    pdf: bytes,
    *,
    name: str,
    tenant_id: UUID | None = None,
    reader_case_id: UUID | None = None,
) -> None:
    """Keep the sealed PDF of a locked row, and of the code on it what finds it again.

    tenant_id, reader_case_id: of the tenant who reads it beside both organisations.
    """
    row.file = files.store(
        pdf,
        landlord_id=row.landlord_id,
        contractor_id=row.contractor_id,
        tenant_id=tenant_id,
        reader_case_id=reader_case_id,
        media_type="application/pdf",
        name=name,
    )
    row.seal = SealState.SEALED
    row.verify_hash = verify_hash(kind, row.pk)
    row.save(update_fields=["file", "seal", "verify_hash"])


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

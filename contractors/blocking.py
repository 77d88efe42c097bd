"""What blocks an order's invoice, from facts. Pure: reading the facts is done by services.

Asked before there is an invoice as well: what would block if it were filed today.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from contractors.causes import CauseCode
from orders.terms import UPLOADED, InvoicePiece

LANDLORD, CONTRACTOR = "landlord", "contractor"

BY_FACT = frozenset(
    {
        CauseCode.CERTIFICATE_UNSIGNED,
        CauseCode.ORDER_NOT_REGULARISED,
        CauseCode.COMMITMENT,
        CauseCode.SIGN_OFF,
        CauseCode.ACCEPTANCE,
        CauseCode.PHOTOS_OR_REPORT,
        CauseCode.SUBCONTRACTOR,
        CauseCode.PAPERS_EXPIRED,
    }
)
"""Causes that open and close by themselves."""

OWN_ACTS = frozenset(
    {
        CauseCode.CERTIFICATE_UNSIGNED,
        CauseCode.ORDER_NOT_REGULARISED,
        CauseCode.INTERNAL_CIRCUIT,
    }
)
"""Causes that end by an act of the landlord only: it can't just wave them away."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of an order, as far as its invoice is concerned.

    finished: its works are over; accepted: its company has it and they go on. invoiced: an invoice
    was filed, when they were over. in_progress: it is a situation of works that go on, filed or to
    be.
    regularisation_owed: opened on call, and nothing of it granted yet. pieces: codes
    that its contract asks for. total: euros including VAT. signed_off: the tenant signed that
    it is fixed, or the landlord checked; contested: he signed that it isn't, and the landlord
    hasn't checked. open_reserves, claimed_reserves: how many defects are left, and how many are
    said to be gone and not looked at yet.
    files: codes of the pieces given as files. papers_lacking: a compliance paper that this landlord
    asked its company for is missing, over or refused. undeclared: the order names a subcontractor
    whom no accepted declaration covers; declaration_waits: the landlord has still to answer.
    """

    finished: bool
    total: Decimal
    accepted: bool = False
    invoiced: bool = False
    in_progress: bool = False
    certified: bool = False
    certificate_refused: bool = False
    certificate_due_at: datetime | None = None
    variation_open: bool = False
    regularisation_owed: bool = False
    needs_commitment: bool = False
    commitment_given: bool = False
    pieces: frozenset[str] = frozenset()
    signed_off: bool = False
    contested: bool = False
    done_at: datetime | None = None
    open_reserves: int = 0
    claimed_reserves: int = 0
    photos_before: bool = False
    photos_after: bool = False
    report: bool = False
    files: frozenset[str] = frozenset()
    papers_lacking: bool = False
    undeclared: bool = False
    declaration_waits: bool = False


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One thing that blocks: its cause, who has to act, what it holds back, until when.

    amount: 0 where it holds nothing back by itself: reserves are withheld, they don't block.
    is_exact: it holds that sum, not all of the invoice.
    """

    cause: CauseCode
    side: str
    amount: Decimal
    due_at: datetime | None = None
    is_exact: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Return what tells it apart among those of one order."""
        return str(self.cause), self.side


def findings(
    facts: Facts, now: datetime, *, sign_off_wait: timedelta | None
) -> tuple[Finding, ...]:
    """Return what blocks, by cause.

    sign_off_wait: how long a tenant's silence leaves his sign-off to the contractor; None where
    nobody knows: it stays there.

    Before the works are over only what can be mended meanwhile: numbers, papers, who comes, extra
    works. Works that were reopened after their invoice was made hold it, at the contractor's desk.
    A situation of works that go on is judged by itself: only the numbers that it needs hold it, and
    who does them without being accepted.
    """
    if facts.in_progress:
        return (*_commitment(facts), *_subcontractor(facts))
    if not facts.finished:
        return _reopened(facts) if facts.invoiced else _early(facts)
    found = [
        *_certificate(facts),
        *_variation(facts),
        *_commitment(facts),
        *_sign_off(facts, now, sign_off_wait),
        *_reserves(facts),
        *_proof(facts),
        *_subcontractor(facts),
        *_papers(facts),
    ]
    return tuple(sorted(found, key=lambda finding: finding.key))


def _reopened(facts: Facts) -> tuple[Finding, ...]:
    cause = CauseCode.CERTIFICATE_UNSIGNED
    return (Finding(cause=cause, side=CONTRACTOR, amount=facts.total),)


def _early(facts: Facts) -> tuple[Finding, ...]:
    """From acceptance on: what would hold the invoice, while there is time to mend it."""
    if not facts.accepted:
        return ()
    found = [
        *_variation(facts),
        *_commitment(facts),
        *_subcontractor(facts),
        *_papers(facts),
    ]
    return tuple(sorted(found, key=lambda finding: finding.key))


def _certificate(facts: Facts) -> Iterator[Finding]:
    """B01: the landlord signs; after a refusal the contractor corrects first."""
    if not facts.certified:
        yield Finding(
            cause=CauseCode.CERTIFICATE_UNSIGNED,
            side=CONTRACTOR if facts.certificate_refused else LANDLORD,
            amount=facts.total,
            due_at=None if facts.certificate_refused else facts.certificate_due_at,
        )


def _variation(facts: Facts) -> Iterator[Finding]:
    if facts.variation_open:
        yield Finding(cause=CauseCode.ORDER_NOT_REGULARISED, side=LANDLORD, amount=facts.total)
    elif facts.regularisation_owed:
        yield Finding(cause=CauseCode.ORDER_NOT_REGULARISED, side=CONTRACTOR, amount=facts.total)


def _commitment(facts: Facts) -> Iterator[Finding]:
    """B04: whoever never gave the number holds it, and here only the landlord gives it."""
    if facts.needs_commitment and not facts.commitment_given:
        yield Finding(cause=CauseCode.COMMITMENT, side=LANDLORD, amount=facts.total)


def _sign_off(facts: Facts, now: datetime, wait: timedelta | None) -> Iterator[Finding]:
    """B05: the contractor gets it; refused, or unanswered for too long, the landlord checks."""
    if InvoicePiece.SIGN_OFF not in facts.pieces or facts.signed_off:
        return
    since = facts.done_at
    silent = since is not None and wait is not None and now - since >= wait
    side = LANDLORD if facts.contested or silent else CONTRACTOR
    yield Finding(cause=CauseCode.SIGN_OFF, side=side, amount=facts.total)


def _reserves(facts: Facts) -> Iterator[Finding]:
    """B06: the contractor lifts what is open, the landlord records what is said to be lifted."""
    for count, side in ((facts.open_reserves, CONTRACTOR), (facts.claimed_reserves, LANDLORD)):
        if count:
            yield Finding(cause=CauseCode.ACCEPTANCE, side=side, amount=Decimal(0))


def _proof(facts: Facts) -> Iterator[Finding]:
    """B07: photos, report and files that the contract asks for."""
    if missing_proof(facts):
        yield Finding(cause=CauseCode.PHOTOS_OR_REPORT, side=CONTRACTOR, amount=facts.total)


def _subcontractor(facts: Facts) -> Iterator[Finding]:
    """B16: the contractor declares who comes; once it has, the landlord answers."""
    if facts.undeclared:
        side = LANDLORD if facts.declaration_waits else CONTRACTOR
        yield Finding(cause=CauseCode.SUBCONTRACTOR, side=side, amount=facts.total)


def _papers(facts: Facts) -> Iterator[Finding]:
    """B17: a matter of the contract, which never stops the legal clock."""
    if facts.papers_lacking:
        yield Finding(cause=CauseCode.PAPERS_EXPIRED, side=CONTRACTOR, amount=facts.total)


def missing_proof(facts: Facts) -> tuple[str, ...]:
    """Return the codes of the photos, report and files that are missing, for B07's sentence."""
    given = {
        InvoicePiece.PHOTOS_BEFORE: facts.photos_before,
        InvoicePiece.PHOTOS_AFTER: facts.photos_after,
        InvoicePiece.REPORT: facts.report,
        **{piece: piece in facts.files for piece in UPLOADED},
    }
    return tuple(
        str(piece) for piece, there in given.items() if piece in facts.pieces and not there
    )

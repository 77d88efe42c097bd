"""Which bank details a landlord pays to now, and which wait for its check."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from contractors.bank import AccountState, Outcome, Use, in_force
from contractors.models import BankAccount, BankCheck
from nexxio.core import clock


@dataclass(frozen=True)
class BankStanding:
    """Where a landlord stands with one company's bank details.

    current: what it pays to; None where nothing was checked yet. since: its check. pending: newer
    ones that the company offers and that aren't in force; check: what this landlord has said of
    them, None as long as it has said nothing. stopped: what it refused though it was in force, as
    long as nothing else came into force.
    """

    current: BankAccount | None = None
    since: BankCheck | None = None
    pending: BankAccount | None = None
    check: BankCheck | None = None
    stopped: BankCheck | None = None

    @property
    def to_call(self) -> bool:
        """Whether the company has still to be called back."""
        return self.pending is not None and self.check is None

    @property
    def is_held(self) -> bool:
        """Whether the call was made, and the hold goes on."""
        return self.check is not None and self.check.outcome == Outcome.CONFIRMED

    @property
    def is_refused(self) -> bool:
        """Whether this landlord doesn't pay there; it may still call and think better of it."""
        return self.check is not None and self.check.outcome == Outcome.REFUSED

    @property
    def is_changing(self) -> bool:
        """Whether other details are about to come into force."""
        return self.to_call or self.is_held


def standings(
    landlord_ids: Collection[UUID], contractor_ids: Collection[UUID]
) -> dict[tuple[UUID, UUID], BankStanding]:
    """Return where landlords stand with companies, by (landlord, company). Two queries."""
    checks: dict[tuple[UUID, UUID], list[BankCheck]] = {}
    for check in BankCheck.objects.filter(
        landlord_id__in=landlord_ids, contractor_id__in=contractor_ids
    ).select_related("account"):
        checks.setdefault((check.landlord_id, check.contractor_id), []).append(check)
    offered = {
        account.organisation_id: account
        for account in BankAccount.objects.filter(
            organisation_id__in=contractor_ids, state=AccountState.CONFIRMED
        )
    }
    return {
        (landlord_id, contractor_id): _standing(
            checks.get((landlord_id, contractor_id), []), offered.get(contractor_id)
        )
        for landlord_id in landlord_ids
        for contractor_id in contractor_ids
    }


def standing_of(landlord_id: UUID, contractor_id: UUID) -> BankStanding:
    """Return where a landlord stands with one company."""
    return standings([landlord_id], [contractor_id])[landlord_id, contractor_id]


def account_in_force(landlord_id: UUID, contractor_id: UUID) -> BankAccount | None:
    """Return where a landlord pays a company now."""
    return standing_of(landlord_id, contractor_id).current


def _standing(checks: list[BankCheck], offered: BankAccount | None) -> BankStanding:
    by_account = {check.account_id: check for check in checks}
    stops = [(check.stopped_at, check) for check in checks if check.stopped_at is not None]
    stopped_at, stopped = max(stops, key=lambda stop: stop[0], default=(None, None))
    use = in_force(
        (
            Use(check.account_id, check.from_at, check.account.ended_at)
            for check in checks
            if check.from_at is not None
        ),
        clock.now(),
        stopped_at,
    )
    since = by_account[use.account_id] if use else None
    current = since.account if since else None
    pending = offered if offered is not None and offered != current else None
    return BankStanding(
        current=current,
        since=since,
        pending=pending,
        check=by_account.get(pending.pk) if pending else None,
        stopped=stopped if current is None else None,
    )

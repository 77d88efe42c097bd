"""The dated rows of the design, as values: tests of the clock need no database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from contractors.legal_clock import Book, Kind, LegalRate

_PUBLIC = (
    (date(2016, 7, 1), date(2022, 12, 31), "8.00"),
    (date(2023, 1, 1), date(2023, 6, 30), "10.50"),
    (date(2023, 7, 1), date(2023, 12, 31), "12.00"),
    (date(2024, 1, 1), date(2024, 6, 30), "12.50"),
    (date(2024, 7, 1), date(2024, 12, 31), "12.25"),
    (date(2025, 1, 1), date(2025, 6, 30), "11.15"),
    (date(2025, 7, 1), date(2025, 12, 31), "10.15"),
    (date(2026, 1, 1), date(2026, 6, 30), "10.15"),
)
_DELAYS = {
    "oph": 30,
    "esh": 60,
    "sem": 60,
    "private": 30,
    "private-agreed": 60,
    "month-end": 45,
}
_DAYS = {"no-receipt": 2, "resumption": 30, "verification": 30, "interest-due": 45}
_SINCE = date(2013, 1, 1)


def _rows() -> list[LegalRate]:
    rows = [
        LegalRate(
            kind=kind,
            value=Decimal(value) + more,
            starts_on=first,
            ends_on=last,
            provisional=first.year == 2026,
        )
        for kind, more in ((Kind.LATE_PUBLIC, 0), (Kind.LATE_PRIVATE, 2))
        for first, last, value in _PUBLIC
    ]
    for kind, days in ((Kind.DELAY, _DELAYS), (Kind.DAYS, _DAYS)):
        rows += [
            LegalRate(kind=kind, code=code, value=Decimal(value), starts_on=_SINCE)
            for code, value in days.items()
        ]
    rows.append(LegalRate(kind=Kind.INDEMNITY, value=Decimal("40.00"), starts_on=_SINCE))
    return rows


BOOK = Book(tuple(_rows()))

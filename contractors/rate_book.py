"""Reads the kernel's dated rates as the legal clock's book. The same for everybody."""

from __future__ import annotations

from contractors.legal_clock import Book, Kind, LegalRate
from nexxio.core.platform.rates import all_rates


def load(*kinds: Kind) -> Book:
    """Return what the legal clock needs of the dated rates, or only some kinds. One query."""
    return Book(
        tuple(
            LegalRate(
                kind=Kind(rate.kind),
                code=rate.code,
                value=rate.value,
                starts_on=rate.starts_on,
                ends_on=rate.ends_on,
                provisional=rate.provisional,
                source=rate.source,
            )
            for rate in all_rates(kinds or list(Kind))
        )
    )

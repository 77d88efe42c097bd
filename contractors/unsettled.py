"""Sums that two houses owe each other beside orders: other apps say which, the accounts list them.

Nothing of who asks is known here: a provider reads in its reader's own scope.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from nexxio.core.actors import Actor


@dataclass(frozen=True)
class Unsettled:
    """A sum excluding VAT that no document has settled yet, in the words of the file of both sides.

    rest: negative when the company owes it.
    """

    done_on: date
    reference: str
    title: str
    landlord: str
    contractor: str
    state: str
    rest: Decimal
    external_number: str = ""
    trade: str = ""
    department: str = ""
    commitment: str = ""
    ordered: Decimal | None = None
    invoiced: Decimal | None = None


Provider = Callable[[Actor, date], Iterable[Unsettled]]
_providers: list[Provider] = []


def owes(provider: Provider) -> Provider:
    """Register who says what isn't settled at the end of a day, asked in its reader's scope."""
    _providers.append(provider)
    return provider


def unsettled_of(actor: Actor, last: date) -> list[Unsettled]:
    """Return what isn't settled at the end of a day, of all that is registered."""
    return [row for provider in _providers for row in provider(actor, last)]

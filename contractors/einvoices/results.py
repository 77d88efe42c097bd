"""What is known of an invoice file once it was looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is broken. The id is the official one; those of our own begin with NX-."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True)
class Party:
    """Seller or buyer. legal_id: as written (BT-30, BT-47), SIREN or SIRET in France."""

    name: str
    legal_id: str
    siret: str
    vat_id: str
    country: str

    @property
    def siren(self) -> str:
        """The nine digits of the French company, or nothing."""
        for number in (self.siret, self.legal_id):
            if number.isascii() and number.isdecimal() and len(number) in {9, 14}:
                return number[:9]
        return ""


@dataclass(frozen=True, slots=True)
class Line:
    """A line (BG-25). unit_price: net, for price_quantity units (BT-149), nearly always one.

    kind: GROUP and INFORMATION are lines of the EXTENDED profiles that add nothing to the total.
    code: the seller's number of the article (BT-155). order_reference: of an order, on the line.
    """

    id: str
    name: str
    details: str
    kind: str
    quantity: Decimal | None
    unit: str
    unit_price: Decimal | None
    price_quantity: Decimal | None
    net_amount: Decimal | None
    vat_category: str
    vat_rate: Decimal | None
    code: str = ""
    order_reference: str = ""


@dataclass(frozen=True, slots=True)
class VatPart:
    """One rate of the VAT breakdown (BG-23)."""

    category: str
    rate: Decimal | None
    base: Decimal | None
    amount: Decimal | None
    exemption: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The totals (BG-22)."""

    lines: Decimal | None
    allowances: Decimal | None
    charges: Decimal | None
    without_vat: Decimal | None
    vat: Decimal | None
    with_vat: Decimal | None
    prepaid: Decimal | None
    payable: Decimal | None


@dataclass(frozen=True, slots=True)
class Preceding:
    """An invoice that this one corrects or credits (BG-3)."""

    number: str
    issue_date: date | None


@dataclass(frozen=True, slots=True)
class ReadInvoice:
    """An invoice or a credit note as its file says it; "" and None where it says nothing.

    Texts are the sender's: to be escaped, and trusted for nothing. Amounts of a credit note are
    positive, as the standard has them.
    """

    syntax: str
    type_code: str
    number: str
    issue_date: date | None
    due_date: date | None
    delivery_date: date | None
    currency: str
    order_reference: str
    contract_reference: str
    buyer_reference: str
    seller: Party
    buyer: Party
    lines: tuple[Line, ...]
    vat: tuple[VatPart, ...]
    totals: Totals
    preceding: tuple[Preceding, ...]
    iban: str
    payment_terms: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """A file that was read. It is valid when it breaks no rule of its own profile.

    profile: "" when the file names none that is known.
    """

    profile: str
    invoice: ReadInvoice
    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]

    @property
    def verdict(self) -> str:
        """`valid` or `invalid`."""
        return "invalid" if self.errors else "valid"


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that can't be read, isn't an invoice, or is unsafe to read."""

    reason: Finding

    @property
    def verdict(self) -> str:
        """Always `refused`."""
        return "refused"

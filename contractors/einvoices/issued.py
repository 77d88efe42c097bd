"""What an invoice of ours says, before it is written: plain values, sums that add up. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")

STANDARD, EXEMPT, REVERSE = "S", "E", "AE"
"""VAT categories that we write: taxed, seller exempt, due by the buyer (autoliquidation)."""
EXEMPTIONS = {
    EXEMPT: ("TVA non applicable, article 293 B du CGI", "VATEX-FR-FRANCHISE"),
    REVERSE: ("Autoliquidation", "VATEX-EU-AE"),
}

INVOICE_CODE, CREDIT_CODE = "380", "381"
PIECE = "C62"
UNIT_CODES = {
    "u": PIECE,
    "unité": PIECE,
    "pce": "H87",
    "pièce": "H87",
    "ens": "SET",
    "ensemble": "SET",
    "f": "LS",
    "ft": "LS",
    "fft": "LS",
    "forfait": "LS",
    "h": "HUR",
    "heure": "HUR",
    "j": "DAY",
    "jour": "DAY",
    "sem": "WEE",
    "mois": "MON",
    "an": "ANN",
    "m": "MTR",
    "ml": "MTR",
    "km": "KMT",
    "m2": "MTK",
    "m²": "MTK",
    "m3": "MTQ",
    "m³": "MTQ",
    "l": "LTR",
    "kg": "KGM",
    "t": "TNE",
    "kwh": "KWH",
}
"""Code of UN/ECE recommendation 20 for each unit as price schedules write it."""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address in France or abroad (two letters)."""

    line: str
    postcode: str
    city: str
    more: str = ""
    country: str = "FR"


@dataclass(frozen=True, slots=True)
class Company:
    """Seller or buyer. legal: form, capital and register, as they have to be read; "" if unknown.

    electronic_address: where a platform delivers (scheme 0225); a French company's SIREN at least.
    """

    name: str
    siret: str
    address: Address
    vat_number: str = ""
    electronic_address: str = ""
    legal: str = ""

    @property
    def siren(self) -> str:
        """The nine digits of the company itself."""
        return self.siret[:9]


@dataclass(frozen=True, slots=True)
class Account:
    """Where to pay."""

    iban: str
    bic: str = ""
    owner: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A mention, with the code of its subject (PMT, PMD, AAB …); "" for a general one."""

    text: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class IssuedLine:
    """A line. total: excluding VAT; it is what counts where quantity × price says otherwise."""

    label: str
    quantity: Decimal
    unit: str
    unit_price: Decimal
    vat_rate: Decimal
    total: Decimal
    code: str = ""
    category: str = STANDARD

    @property
    def is_lump(self) -> bool:
        """Whether the total was granted as a sum of its own, which no quantity explains."""
        return (self.quantity * self.unit_price).quantize(CENT, ROUND_HALF_UP) != self.total

    @property
    def price_places(self) -> int:
        """How many decimals its price is printed with: cents at least."""
        exponent = self.unit_price.normalize().as_tuple().exponent
        return max(2, -exponent) if isinstance(exponent, int) else 2

    @property
    def unit_code(self) -> str:
        """Code of the unit; pieces where the price schedule has a unit that nobody knows."""
        return UNIT_CODES.get(self.unit.strip().lower().rstrip("."), PIECE)


@dataclass(frozen=True, slots=True)
class VatGroup:
    """The lines of one category and rate together; VAT is rounded once, on their sum."""

    category: str
    rate: Decimal
    base: Decimal
    vat: Decimal


@dataclass(frozen=True, slots=True)
class Credited:
    """The invoice that a credit note takes back (BG-3)."""

    number: str
    issued_on: date


@dataclass(frozen=True, slots=True)
class IssuedInvoice:
    """All that an invoice says. Sums follow from its lines.

    credited: of a credit note, whose amounts are positive: its kind says that they are taken back.

    order_reference: the number that the buyer looks for (BT-13): towards a public buyer that of
    the commitment. buyer_reference: its service (BT-10). terms: in words, always there, since
    the due date of a public buyer hangs on a receipt that is still to come.
    """

    number: str
    issued_on: date
    seller: Company
    buyer: Company
    lines: tuple[IssuedLine, ...]
    terms: str
    notes: tuple[Note, ...]
    order_reference: str = ""
    contract_reference: str = ""
    buyer_reference: str = ""
    due_on: date | None = None
    delivered_on: date | None = None
    delivered_at: Address | None = None
    account: Account | None = None
    currency: str = "EUR"
    credited: Credited | None = None

    @property
    def type_code(self) -> str:
        """Invoice or credit note (BT-3)."""
        return INVOICE_CODE if self.credited is None else CREDIT_CODE

    @property
    def groups(self) -> tuple[VatGroup, ...]:
        """The VAT breakdown, lowest rate first."""
        return tuple(groups_of(self.lines))

    @property
    def total_without_vat(self) -> Decimal:
        """Total excluding VAT."""
        return sum((line.total for line in self.lines), Decimal(0))

    @property
    def total_vat(self) -> Decimal:
        """VAT of all groups."""
        return sum((group.vat for group in self.groups), Decimal(0))

    @property
    def total_with_vat(self) -> Decimal:
        """What is to be paid."""
        return self.total_without_vat + self.total_vat


def groups_of(lines: Iterable[IssuedLine]) -> list[VatGroup]:
    """Return the VAT breakdown of lines, lowest rate first."""
    bases: dict[tuple[Decimal, str], Decimal] = {}
    for line in lines:
        key = line.vat_rate, line.category
        bases[key] = bases.get(key, Decimal(0)) + line.total
    return [
        VatGroup(category, rate, base, (base * rate / 100).quantize(CENT, ROUND_HALF_UP))
        for (rate, category), base in sorted(bases.items())
    ]

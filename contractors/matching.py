"""The three-way comparison: what was ordered, what was certified, what is invoiced. Pure.

Each difference bears the code of the cause that it is: B03 order number, B08 quantity, B09 price,
B10 arithmetic, B11 VAT rate, B12 mentions, B14 recipient, B15 contract. Less than ordered is shown
and is no difference: nobody is asked to pay more.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from contractors.causes import CauseCode

CENT = Decimal("0.01")
ROUNDING = Decimal("0.05")
"""So much two sums may differ by without anybody being wrong."""
_NONE = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class PricedLine:
    """A line of an order, of what was granted on top, of a certificate, or of an invoice.

    is_sum: it stands for a whole invoice of which only totals are known.
    """

    label: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    total: Decimal
    code: str = ""
    unit: str = ""
    is_sum: bool = False


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is compared. certified: None while nothing has been signed.

    numbers: those that name the order; commitment: the number that the invoice has to bear, where
    its company had it in time; references: what the invoice says; words: of its notes.
    contract_ended_on: where the order left later; over_ceiling: euros excluding VAT. has_siret: the
    seller's numbers stand on the invoice; faults: rules on mentions that it breaks. wrong_buyer: it
    names another organisation than its landlord. other_account: it wants to be paid elsewhere than
    to the bank details that were checked.
    """

    ordered: tuple[PricedLine, ...]
    invoiced: tuple[PricedLine, ...]
    without_vat: Decimal
    vat: Decimal
    certified: tuple[PricedLine, ...] | None = None
    numbers: frozenset[str] = frozenset()
    commitment: str = ""
    references: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    contract_ended_on: date | None = None
    over_ceiling: Decimal = _NONE
    has_siret: bool = True
    faults: tuple[str, ...] = ()
    wrong_buyer: bool = False
    other_account: bool = False


@dataclass(frozen=True)
class Difference:
    """Something that isn't as ordered. amount: euros including VAT that it is about; 0 of a whole.

    whole: it is about all of the invoice.
    """

    cause: CauseCode
    text: str
    amount: Decimal = _NONE
    whole: bool = False


@dataclass
class Row:
    """A line of the table: the same article on the three sides, where it is there."""

    ordered: PricedLine | None = None
    certified: PricedLine | None = None
    invoiced: PricedLine | None = None
    differences: list[Difference] = field(default_factory=list)

    @property
    def label(self) -> str:
        """What it is called, as ordered where it was."""
        return (self.ordered or self.invoiced or self.certified or _NOTHING).label


_NOTHING = PricedLine(label="", quantity=_NONE, unit_price=_NONE, vat_rate=_NONE, total=_NONE)


@dataclass(frozen=True)
class Comparison:
    """The table, and what is different about the invoice as a whole."""

    rows: tuple[Row, ...]
    whole: tuple[Difference, ...]

    @property
    def differences(self) -> tuple[Difference, ...]:
        """All differences, those of the lines first."""
        return (*(found for row in self.rows for found in row.differences), *self.whole)

    def amount_of(self, cause: CauseCode, total: Decimal) -> Decimal:
        """Return what a cause holds of an invoice: at most all of it."""
        found = [each for each in self.differences if each.cause == cause]
        if any(each.whole for each in found):
            return total
        return min(sum((each.amount for each in found), _NONE), total)


def compare(facts: Facts) -> Comparison:
    """Compare an invoice with its order and certificate, line by line where it has lines."""
    rows = _pair(facts)
    for row in rows:
        row.differences.extend(_of_row(row, is_certified=facts.certified is not None))
    whole = [*_of_sums(facts), *_of_whole(facts)]
    return Comparison(tuple(rows), tuple(whole))


# --- Which line is which --------------------------------------------------------------------------


def _pair(facts: Facts) -> list[Row]:
    """Put the lines beside each other: by code and words, then words, then price and quantity."""
    rows = [Row(ordered=line) for line in facts.ordered]
    for line in facts.certified or ():
        row = _find(line, [row for row in rows if row.certified is None])
        if row is None:
            rows.append(row := Row())
        row.certified = line
    for line in facts.invoiced:
        free = [row for row in rows if row.invoiced is None]
        row = None if line.is_sum else _find(line, free)
        if row is None:
            rows.append(row := Row())
        row.invoiced = line
    return rows


def _find(line: PricedLine, rows: list[Row]) -> Row | None:
    for same in (_same_name_and_price, _same_code, _same_name, _same_price):
        for row in rows:
            other = row.ordered or row.certified
            if other is not None and same(line, other):
                return row
    return None


def _same_name_and_price(one: PricedLine, other: PricedLine) -> bool:
    named = _same_name(one, other) or _same_code(one, other)
    return named and _near(one.total, other.total)


def _same_code(one: PricedLine, other: PricedLine) -> bool:
    if not other.code:
        return False
    return one.code == other.code or (not one.code and other.code in one.label.split())


def _same_name(one: PricedLine, other: PricedLine) -> bool:
    return bool(one.label) and _plain(one.label) == _plain(other.label)


def _same_price(one: PricedLine, other: PricedLine) -> bool:
    return one.quantity == other.quantity and one.unit_price == other.unit_price


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


# --- What is different ----------------------------------------------------------------------------


def _of_row(row: Row, *, is_certified: bool) -> Iterator[Difference]:
    line = row.invoiced
    if line is None or line.is_sum:
        return
    if not _near(line.quantity * line.unit_price, line.total):
        gap = abs(line.quantity * line.unit_price - line.total)
        yield Difference(CauseCode.TOTAL, "quantité × prix ne fait pas le total", _ttc(gap, line))
    # What was signed counts, and what was ordered as long as nothing is.
    known = row.certified if is_certified else row.ordered
    if known is None:
        if line.total > 0:
            text = "ligne non constatée" if is_certified and row.ordered else "ligne non commandée"
            yield Difference(CauseCode.QUANTITY, text, _ttc(line.total, line))
        return
    if line.vat_rate != known.vat_rate:
        gap = (line.total * abs(line.vat_rate - known.vat_rate) / 100).quantize(CENT, ROUND_HALF_UP)
        text = f"TVA à {_number(line.vat_rate)} % au lieu de {_number(known.vat_rate)} %"
        yield Difference(CauseCode.VAT_RATE, text, gap)
    yield from _of_sum(line, known)


def _of_sum(line: PricedLine, known: PricedLine) -> Iterator[Difference]:
    """A line whose sum is that of the order is right, however it comes about (a lump)."""
    if line.total <= known.total + ROUNDING:
        return
    excess = line.total - known.total
    more = line.quantity - known.quantity
    dearer = line.unit_price - known.unit_price
    if more > 0:
        price = min(line.unit_price, known.unit_price) if dearer > 0 else line.unit_price
        text = f"{_number(line.quantity)} au lieu de {_number(known.quantity)}"
        yield Difference(CauseCode.QUANTITY, text, _ttc(min(more * price, excess), line))
    if dearer > 0:
        text = f"{_number(line.unit_price)} € au lieu de {_number(known.unit_price)} €"
        yield Difference(CauseCode.PRICE, text, _ttc(min(dearer * line.quantity, excess), line))


def _of_sums(facts: Facts) -> Iterator[Difference]:
    """The totals against the lines, and against the order where the file has no lines."""
    lines = [line for line in facts.invoiced if not line.is_sum]
    due = sum((line.total for line in facts.invoiced), _NONE)
    if not _near(due, facts.without_vat):
        text = f"lignes : {_number(due)} € HT ; total : {_number(facts.without_vat)} € HT"
        yield Difference(CauseCode.TOTAL, text, abs(due - facts.without_vat).quantize(CENT))
    vat = _vat_of(facts.invoiced)
    if lines and not _near(vat, facts.vat):
        text = f"TVA des lignes : {_number(vat)} € ; TVA indiquée : {_number(facts.vat)} €"
        yield Difference(CauseCode.TOTAL, text, abs(vat - facts.vat).quantize(CENT))
    for line in facts.invoiced if lines else ():
        if line.is_sum and line.total > ROUNDING:
            yield Difference(CauseCode.QUANTITY, "frais non commandés", _ttc(line.total, line))
    if not lines:
        known = facts.ordered if facts.certified is None else facts.certified
        wanted = sum((line.total for line in known), _NONE)
        gap = facts.without_vat + facts.vat - wanted - _vat_of(known)
        if facts.without_vat > wanted + ROUNDING:
            text = f"{_number(facts.without_vat)} € HT au lieu de {_number(wanted)} €"
            yield Difference(CauseCode.QUANTITY, text, max(gap, _NONE))
        elif facts.vat > _vat_of(known) + ROUNDING:
            text = f"TVA : {_number(facts.vat)} € au lieu de {_number(_vat_of(known))} €"
            yield Difference(CauseCode.VAT_RATE, text, facts.vat - _vat_of(known))


def _of_whole(facts: Facts) -> Iterator[Difference]:
    is_named = facts.numbers & {*facts.references, *facts.words}
    if not is_named and not facts.references:
        yield Difference(CauseCode.ORDER_NUMBER, "aucun numéro de commande sur la facture")
    elif not is_named:
        text = f"la facture porte {facts.references[0]}, qui n’est pas cette commande"
        yield Difference(CauseCode.ORDER_NUMBER, text, whole=True)
    if facts.commitment and facts.commitment not in {*facts.references, *facts.words}:
        text = f"le numéro d’engagement {facts.commitment} n’est pas sur la facture"
        yield Difference(CauseCode.COMMITMENT, text, whole=True)
    if not facts.has_siret:
        yield Difference(CauseCode.LEGAL_MENTION, "le SIRET de l’entreprise manque", whole=True)
    for fault in facts.faults[:1]:
        yield Difference(CauseCode.LEGAL_MENTION, fault, whole=True)
    if facts.other_account:
        text = "l’IBAN n’est pas celui que le bailleur a vérifié"
        yield Difference(CauseCode.LEGAL_MENTION, text, whole=True)
    if facts.wrong_buyer:
        yield Difference(CauseCode.RECIPIENT, "adressée à une autre organisation", whole=True)
    if facts.contract_ended_on is not None:
        text = f"marché terminé le {facts.contract_ended_on:%d/%m/%Y}"
        yield Difference(CauseCode.CONTRACT_OVER, text, whole=True)
    elif facts.over_ceiling > 0:
        text = f"plafond du marché dépassé de {_number(facts.over_ceiling)} € HT"
        yield Difference(CauseCode.CONTRACT_OVER, text, facts.over_ceiling)


def _vat_of(lines: Iterable[PricedLine]) -> Decimal:
    """VAT is rounded once per rate, as everywhere."""
    bases: dict[Decimal, Decimal] = {}
    for line in lines:
        bases[line.vat_rate] = bases.get(line.vat_rate, _NONE) + line.total
    found = ((base * rate / 100).quantize(CENT, ROUND_HALF_UP) for rate, base in bases.items())
    return sum(found, _NONE)


def _near(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= ROUNDING


def _ttc(amount: Decimal, line: PricedLine) -> Decimal:
    return (amount * (100 + line.vat_rate) / 100).quantize(CENT, ROUND_HALF_UP)


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")

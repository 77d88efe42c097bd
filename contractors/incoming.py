"""What an invoice that comes in says, whatever its format, and why it can't be taken. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from contractors.einvoices.results import Line, Party, ReadInvoice
from nexxio.core.templatetags.ui import day

CENT = Decimal("0.01")
MOST = Decimal("9999999.99")
MAX_LINES = 500
MAX_NUMBER = 40
MAX_WORDS = 300
CREDIT_NOTES = frozenset({"381", "261", "262", "296", "308", "396", "420", "458", "502", "503"})
_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9/_.-]{5,39}")
_FRENCH_VAT = re.compile(r"FR[0-9A-Z]{2}([0-9]{9})")
_NO_SUM = frozenset({"GROUP", "INFORMATION"})


@dataclass(frozen=True)
class Problem:
    """Why a file isn't taken, or what its order waits for. field: where it was typed, or ""."""

    rule: str
    message: str
    field: str = ""

    def as_json(self) -> dict[str, str]:
        """Return what is kept."""
        return {"rule": self.rule, "message": self.message}


@dataclass(frozen=True)
class PartyIds:
    """Who a party is, as the file says."""

    name: str = ""
    siret: str = ""
    siren: str = ""

    @classmethod
    def of(cls, party: Party) -> PartyIds:
        """Return the numbers that name a company: SIRET, SIREN, or that of a French VAT number."""
        vat = siren_of(party.vat_id)
        return cls(name=party.name[:120], siret=party.siret, siren=party.siren or vat)


@dataclass(frozen=True)
class IncomingLine:
    """A line, as it will stand on the invoice. is_sum: made of a total, the file has no lines."""

    label: str
    quantity: Decimal
    unit_price: Decimal
    vat_rate: Decimal
    total: Decimal
    unit: str = ""
    code: str = ""
    is_sum: bool = False

    def as_json(self) -> dict[str, Any]:
        """Return what is kept; numbers as text."""
        return {
            name: str(value) if isinstance(value, Decimal) else value
            for name, value in asdict(self).items()
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> IncomingLine:
        """Return a line that was kept."""
        numbers = ("quantity", "unit_price", "vat_rate", "total")
        return cls(**{**kept, **{name: Decimal(kept[name]) for name in numbers}})


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """All that we take of an invoice. references: what names its order; words: in its notes.

    is_credit: it takes back the invoice that credits_number names; amounts are positive.
    """

    number: str
    issued_on: date | None
    currency: str
    without_vat: Decimal | None
    vat: Decimal | None
    with_vat: Decimal | None
    is_credit: bool = False
    credits_number: str = ""
    seller: PartyIds = PartyIds()
    buyer: PartyIds = PartyIds()
    references: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    lines: tuple[IncomingLine, ...] = ()


def siren_of(number: str) -> str:
    """Return the SIREN in a SIRET, a SIREN or a French VAT number; "" where there is none."""
    plain = number.replace(" ", "").upper()
    if plain.isascii() and plain.isdecimal() and len(plain) in {9, 14}:
        return plain[:9]
    found = _FRENCH_VAT.fullmatch(plain)
    return found[1] if found else ""


def from_read(read: ReadInvoice) -> Incoming:
    """Return what a file that was read says."""
    totals = read.totals
    vat = totals.vat
    if vat is None and totals.with_vat is not None and totals.without_vat is not None:
        vat = totals.with_vat - totals.without_vat
    named = (read.order_reference, read.contract_reference, read.buyer_reference)
    of_lines = (line.order_reference for line in read.lines)
    return Incoming(
        number=read.number,
        issued_on=read.issue_date,
        currency=read.currency,
        without_vat=totals.without_vat,
        vat=vat,
        with_vat=totals.with_vat,
        is_credit=read.type_code in CREDIT_NOTES,
        credits_number=next((one.number for one in read.preceding if one.number), "")[:MAX_NUMBER],
        seller=PartyIds.of(read.seller),
        buyer=PartyIds.of(read.buyer),
        references=_unique((*named, *of_lines)),
        words=_unique(word for note in read.notes for word in _WORD.findall(note)),
        lines=_lines(read),
    )


def without_lines(*, without_vat: Decimal, vat: Decimal) -> tuple[IncomingLine, ...]:
    """Return the one line of an invoice of which only the totals are known."""
    rate = (100 * vat / without_vat).quantize(CENT, ROUND_HALF_UP) if without_vat else Decimal(0)
    near = min(_RATES, key=lambda known: abs(known - rate))
    taken = near if abs(without_vat * near / 100 - vat) <= Decimal("0.05") else min(rate, _HIGHEST)
    return (_sum_line(_("Montant de la facture, sans détail"), without_vat, taken),)


def refusal_of(said: Incoming, today: date) -> Problem | None:
    """Return why an invoice can't be taken, whoever sent it; None when it can."""
    return next(filter(None, (check(said, today) for check in _CHECKS)), None)


def wrong_party(said: PartyIds, own: frozenset[str]) -> bool:
    """Tell whether a file names another company. own: SIRENs; where either is silent, no."""
    return bool(said.siren and own) and said.siren not in own


# --- inside -----------------------------------------------------------------------------------

_RATES = tuple(Decimal(rate) for rate in ("0", "2.1", "5.5", "8.5", "10", "20"))
_HIGHEST = Decimal("99.99")


def _unique(texts: Iterable[str]) -> tuple[str, ...]:
    kept = dict.fromkeys(text.strip()[:60] for text in texts if text.strip())
    return tuple(kept)[:MAX_WORDS]


def _lines(read: ReadInvoice) -> tuple[IncomingLine, ...]:
    """Return the lines, or one for each rate; a last one for what is taken off or added."""
    own = [line for line in read.lines if line.kind not in _NO_SUM]
    found = [_line(line) for line in own]
    whole = read.totals.without_vat
    if not found:
        bases = [part for part in read.vat if part.base is not None]
        found = [
            _sum_line(_("Montant de la facture, sans détail"), part.base or Decimal(0), _rate(part))
            for part in bases
        ]
        if not found and whole is not None:
            return without_lines(without_vat=whole, vat=(read.totals.with_vat or whole) - whole)
        return tuple(found)
    rest = (read.totals.charges or Decimal(0)) - (read.totals.allowances or Decimal(0))
    if rest:
        rate = max(found, key=lambda line: line.total).vat_rate
        found.append(_sum_line(_("Remises et frais de la facture"), rest, rate))
    return tuple(found)


def _rate(part: Any) -> Decimal:
    rate = part.rate if part.rate is not None else Decimal(0)
    return min(max(rate, Decimal(0)), _HIGHEST).quantize(CENT)


def _line(line: Line) -> IncomingLine:
    quantity = line.quantity if line.quantity is not None else Decimal(1)
    price = (line.unit_price or Decimal(0)) / (line.price_quantity or Decimal(1))
    total = line.net_amount if line.net_amount is not None else quantity * price
    if line.unit_price is None and quantity:
        price = total / quantity
    return IncomingLine(
        label=(line.name or line.details or _("Ligne sans libellé"))[:200],
        code=line.code[:20],
        unit=line.unit[:12],
        quantity=quantity.quantize(Decimal("0.001"), ROUND_HALF_UP),
        unit_price=price.quantize(Decimal("0.0001"), ROUND_HALF_UP),
        vat_rate=min(max(line.vat_rate or Decimal(0), Decimal(0)), _HIGHEST).quantize(CENT),
        total=total.quantize(CENT, ROUND_HALF_UP),
    )


def _sum_line(label: str, total: Decimal, rate: Decimal) -> IncomingLine:
    return IncomingLine(
        label=label,
        quantity=Decimal(1),
        unit_price=total.quantize(CENT, ROUND_HALF_UP),
        vat_rate=rate,
        total=total.quantize(CENT, ROUND_HALF_UP),
        is_sum=True,
    )


def _credit(said: Incoming, _today: date) -> Problem | None:
    if not said.is_credit or said.credits_number:
        return None
    text = _(
        "Cet avoir ne dit pas quelle facture il reprend : indiquez-la dans le fichier (BT-25)."
    )
    return Problem("NX-CREDIT", text)


def _number(said: Incoming, _today: date) -> Problem | None:
    if not said.number:
        return Problem("NX-NUMBER", _("La facture n’a pas de numéro."), "number")
    if len(said.number) > MAX_NUMBER:
        return Problem("NX-NUMBER", _("Le numéro de la facture dépasse 40 caractères."), "number")
    return None


def _dates(said: Incoming, today: date) -> Problem | None:
    if said.issued_on is None:
        return Problem("NX-DATE", _("La facture n’a pas de date lisible."), "issued_on")
    if said.issued_on > today:
        on = day(said.issued_on, "letter")
        text = (
            _(
                "La facture est datée du %s, un jour à venir : déposez-la à partir de ce jour, ou"
                " corrigez sa date."
            )
            % on
        )
        return Problem("NX-FUTURE", text, "issued_on")
    return None


def _currency(said: Incoming, _today: date) -> Problem | None:
    if said.currency == "EUR":
        return None
    text = _("La facture est en %s : seules les factures en euros sont acceptées.")
    return Problem("NX-CURRENCY", text % (said.currency[:3] or _("devise inconnue")))


def _totals(said: Incoming, _today: date) -> Problem | None:
    if said.without_vat is None or said.vat is None or said.with_vat is None:
        text = _("Les totaux HT, TVA et TTC de la facture ne sont pas tous lisibles.")
        return Problem("NX-TOTALS", text, "with_vat")
    if said.without_vat + said.vat != said.with_vat:
        text = _("Les montants ne s’additionnent pas : %(ht)s HT + %(vat)s TVA ≠ %(ttc)s TTC.")
        found = {"ht": said.without_vat, "vat": said.vat, "ttc": said.with_vat}
        values = {name: str(value).replace(".", ",") for name, value in found.items()}
        return Problem("NX-SUM", text % values, "with_vat")
    if not 0 < said.with_vat <= MOST or said.without_vat < 0 or said.vat < 0:
        text = _("Le total de la facture doit être positif, et inférieur à dix millions d’euros.")
        return Problem("NX-TOTALS", text, "with_vat")
    if any(total != total.quantize(CENT) for total in (said.without_vat, said.vat, said.with_vat)):
        text = _("Les totaux de la facture ont plus de deux décimales.")
        return Problem("NX-TOTALS", text, "with_vat")
    return None


def _size(said: Incoming, _today: date) -> Problem | None:
    if len(said.lines) > MAX_LINES:
        text = _("La facture a plus de %s lignes : partagez-la en plusieurs.") % MAX_LINES
        return Problem("NX-LINES", text)
    if any(
        max(abs(line.total), abs(line.unit_price), abs(line.quantity)) > MOST for line in said.lines
    ):
        return Problem("NX-LINES", _("Une ligne de la facture a un montant hors de proportion."))
    return None


_CHECKS = (_credit, _number, _dates, _currency, _totals, _size)

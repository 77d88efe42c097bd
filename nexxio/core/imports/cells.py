"""Cells as people type them, turned into values; what can't be is refused with its reason.

Nothing is evaluated: a text that begins with = + - or @ is that text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import phonenumbers
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from stdnum.exceptions import ValidationError as NumberError
from stdnum.fr import siret as siret_rules

from nexxio.core.estate.landlords import unaccented

EXCERPT = 60
LONGEST = 8000
"""Of a cell that is read: twice the longest text that any field takes."""
EXCEL_EPOCH = date(1899, 12, 30)
MAC_EPOCH = date(1904, 1, 1)
_SERIALS = range(20_000, 80_000)  # 1954 to 2119
_YEARS = range(1900, 2101)
_EXCEL_ERRORS = frozenset(
    ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#VALEUR!", "#NOM?"]
)
_SPACES = re.compile(r"[\s\u00a0\u202f\u2009\ufeff]+")
_SHORTENED = re.compile(r"^\d([.,]\d+)?E\+?\d{1,2}$", re.IGNORECASE)
_NUMERIC_DATE = re.compile(r"^(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{2}|\d{4})(?:[ t]\d{1,2}[:h].*)?$")
_ISO_DATE = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ t]\d{1,2}:.*)?$")
_WORD_DATE = re.compile(r"^(?:[a-z]+\.? )?(\d{1,2})(?:er)? ([a-z]+)\.? (\d{4})$")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan enero",
            "fevrier fevr fev feb febrero",
            "mars mar marzo",
            "avril avr abril",
            "mai mayo",
            "juin junio",
            "juillet juil julio",
            "aout agosto",
            "septembre sept sep septiembre",
            "octobre oct octubre",
            "novembre nov noviembre",
            "decembre dec diciembre",
        ),
        start=1,
    )
    for name in names.split()
}
_AMOUNT = re.compile(r"^([+-]?)(\d{1,3}(?:[ '’.,]\d{3})+|\d+)?(?:([.,])(\d{1,4}))?$")


class BadCell(Exception):
    """A cell that can't be read as what it should be; the message says why, in French."""


Parser = Callable[[Any], Any]


def text_of(cell: Any) -> str:
    """Return a cell as a person reads it: one line of single spaces, numbers without ".0"."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "oui" if cell else "non"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004 (exact)
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return f"{cell:%d/%m/%Y}"
    return _SPACES.sub(" ", unicodedata.normalize("NFC", str(cell))).strip()


def excerpt(cell: Any) -> str:
    """Return the start of a cell, to be shown beside what is wrong with it."""
    found = text_of(cell[:LONGEST] if isinstance(cell, str) else cell)
    return found if len(found) <= EXCERPT else found[: EXCERPT - 1] + "…"


def is_error(cell: Any) -> bool:
    """Tell whether a cell holds the failure of a formula."""
    return isinstance(cell, str) and cell.strip().upper() in _EXCEL_ERRORS


def text(longest: int) -> Parser:
    """Parser of one line of text. Longer is refused, never cut."""

    def parse(cell: Any) -> str:
        found = "".join(c for c in text_of(cell) if c.isprintable())
        if len(found) > longest:
            raise BadCell(f"texte trop long : {longest} caractères au plus")
        return found

    return parse


def long_text(longest: int) -> Parser:
    """Parser of a text that may have several lines."""

    def parse(cell: Any) -> str:
        raw = cell if isinstance(cell, str) else text_of(cell)
        found = "\n".join(text_of(line) for line in raw.splitlines()).strip()
        found = "".join(c for c in found if c == "\n" or c.isprintable())
        if len(found) > longest:
            raise BadCell(f"texte trop long : {longest} caractères au plus")
        return found

    return parse


def code(longest: int) -> Parser:
    """Parser of a number or code that must be whole: Excel's shortened 7,3E+13 is refused."""
    plain = text(longest)

    def parse(cell: Any) -> str:
        found = str(plain(cell))
        if _SHORTENED.match(found):
            raise BadCell("le tableur a abrégé ce nombre : mettez la colonne au format texte")
        return found

    return parse


def day(cell: Any) -> date | None:
    """Read "12/03/2026", "2026-03-12", "12 mars 2026", a date cell, or a date's serial number."""
    if isinstance(cell, datetime):
        return _plausible(cell.date())
    if isinstance(cell, date):
        return _plausible(cell)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _from_serial(cell)
    found = text_of(cell)
    if not found:
        return None
    if re.fullmatch(r"[0-9]{5}", found) and int(found) in _SERIALS:
        return _from_serial(int(found))
    return _plausible(_written_date(found))


def _from_serial(number: float) -> date:
    # Compared, and not converted: a cell may hold a whole number of hundreds of digits.
    if not _SERIALS.start <= number < _SERIALS.stop:
        raise BadCell("ce nombre n’est pas une date : écrivez 12/03/2026")
    return EXCEL_EPOCH + timedelta(days=int(number))


def _written_date(found: str) -> date:
    words = unaccented(found.casefold())
    try:
        if match := _NUMERIC_DATE.match(words):
            day_, month, year = (int(part) for part in match.groups())
            return date(year + 2000 if year < 100 else year, month, day_)  # noqa: PLR2004 (two digits)
        if match := _ISO_DATE.match(words):
            return date(*(int(part) for part in match.groups()))
        if (match := _WORD_DATE.match(words)) and match[2] in _MONTHS:
            return date(int(match[3]), _MONTHS[match[2]], int(match[1]))
    except ValueError as error:
        raise BadCell("cette date n’existe pas au calendrier") from error
    raise BadCell("date illisible : écrivez 12/03/2026, 2026-03-12 ou 12 mars 2026")


def _plausible(found: date) -> date:
    if found.year not in _YEARS:
        raise BadCell("année hors de 1900 à 2100")
    return found


def amount(cell: Any) -> Decimal | None:
    """Read "1 234,50 €", "1234.5" or a number; rounding is left to whoever stores it."""
    if isinstance(cell, bool):
        raise BadCell("nombre attendu")
    if isinstance(cell, int | float):
        return _finite(repr(cell))
    found = re.sub(r"\s*(€|eur|euros?)?\s*(ht)?$", "", text_of(cell), flags=re.IGNORECASE).strip()
    if not found:
        return None
    match = _AMOUNT.match(found)
    if not match or (match[2] is None and match[4] is None):
        raise BadCell("nombre illisible : écrivez 1234,50")
    sign, whole, mark, rest = match.groups()
    digits = re.sub(r"\D", "", whole or "0")
    if mark and whole and mark in whole:
        raise BadCell("nombre ambigu : le même signe sépare milliers et décimales")
    if not mark and whole and re.fullmatch(r"\d{1,3}[.,]\d{3}", whole):
        raise BadCell("nombre ambigu : 1.234 se lit mille ou un ; écrivez 1234 ou 1,234 0")
    return _finite(f"{sign}{digits}.{rest or 0}")


def positive(cell: Any) -> Decimal | None:
    """Read an amount above zero."""
    found = amount(cell)
    if found is not None and found <= 0:
        raise BadCell("un nombre plus grand que zéro est attendu")
    return found


def _finite(digits: str) -> Decimal:
    try:
        found = Decimal(digits)
    except InvalidOperation as error:
        raise BadCell("nombre illisible : écrivez 1234,50") from error
    if not found.is_finite() or abs(found) >= 10**9:
        raise BadCell("nombre trop grand")
    return found


def phone(cell: Any) -> str:
    """Read a phone as +33…; a leading zero that a tableur has eaten is given back."""
    found = text_of(cell)
    if not found:
        return ""
    for spelling in (found, f"+{found}" if found.isdigit() and len(found) > 10 else ""):  # noqa: PLR2004
        if not spelling:
            continue
        try:
            number = phonenumbers.parse(spelling, "FR")
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_possible_number(number):
            return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    raise BadCell("numéro de téléphone illisible : 06 12 34 56 78 par exemple")


def email(cell: Any) -> str:
    """Read an e-mail address."""
    found = text_of(cell).lower()
    if not found:
        return ""
    try:
        validate_email(found)
    except ValidationError as error:
        raise BadCell("adresse e-mail mal formée") from error
    if len(found) > 254:  # noqa: PLR2004 (the column's)
        raise BadCell("adresse e-mail trop longue")
    return found


def siret(cell: Any) -> str:
    """Read a SIRET: 14 digits whose check digits are right."""
    found = str(code(40)(cell))
    if not found:
        return ""
    digits = re.sub(r"[\s.\-]", "", found)
    if digits.isdigit() and len(digits) == 13:  # noqa: PLR2004 (a tableur has eaten the first zero)
        digits = f"0{digits}"
    try:
        return str(siret_rules.validate(digits))
    except NumberError as error:
        raise BadCell("SIRET invalide : 14 chiffres dont la clé doit être juste") from error


def postcode(cell: Any) -> str:
    """Read five digits; a zero that a tableur has eaten is given back."""
    found = text_of(cell)
    if not found:
        return ""
    if found.isdigit() and len(found) == 4:  # noqa: PLR2004 (01 to 09)
        found = f"0{found}"
    if not re.fullmatch(r"\d{5}", found):
        raise BadCell("code postal : 5 chiffres attendus")
    return found

"""Addresses of estate files, made readable: "ZAC RUNGIS 35 RUE BRILLAT SAVARIN" and worse.

One cell may hold several streets, a building lot, the name of the group, remarks in brackets, and
line breaks, all in capitals without accents. `readable()` finds the streets by their numbers,
gives each its French form, and sets the rest aside as the place. It never decides anything: the
raw text is kept beside it, and rows are compared by the raw text.

What it does not know it leaves: an accent outside `words.py`, a street named without number in
the middle of a cell, "3-7 6-12 RUE …". Of a very long cell it reads the first 400 characters.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from nexxio.core.estate.landlords import unaccented
from nexxio.core.estate.words import ACCENTED, ACRONYMS, LINKING, SHORTENED

MAX_LABEL = 200
MAX_LINE = 300
# Longest text that is read, and longest list of numbers: the longest cell of Paris has 111
# characters and six numbers. Without bounds a hostile cell takes time by its square.
MAX_READ = 400
MAX_NUMBERS = 20
NO_ADDRESS = "Sans adresse"
BETWEEN_STREETS = " – "

_TYPES = {
    "AVENUE": "avenue",
    "AVE": "avenue",
    "AV": "avenue",
    "ALLEE": "allée",
    "ALL": "allée",
    "BOULEVARD": "boulevard",
    "BLD": "boulevard",
    "BVD": "boulevard",
    "BD": "boulevard",
    "CHAUSSEE": "chaussée",
    "CHEMIN": "chemin",
    "CITE": "cité",
    "COURS": "cours",
    "COUR": "cour",
    "ESPLANADE": "esplanade",
    "GALERIE": "galerie",
    "HAMEAU": "hameau",
    "IMPASSE": "impasse",
    "IMP": "impasse",
    "MAIL": "mail",
    "PARVIS": "parvis",
    "PASSAGE": "passage",
    "PLACE": "place",
    "PL": "place",
    "PORT": "port",
    "PROMENADE": "promenade",
    "QUAI": "quai",
    "ROUTE": "route",
    "RUELLE": "ruelle",
    "RUE": "rue",
    "SENTE": "sente",
    "SENTIER": "sentier",
    "SQUARE": "square",
    "SQ": "square",
    "VILLA": "villa",
    "VOIE": "voie",
}
_MARK = "\x00"  # stands where a remark was taken out; never in a cell, the reader refuses it
_TYPE = r"(?P<type>ALLÉE|CHAUSSÉE|CITÉ|" + "|".join(_TYPES) + r")(?![\w.])"
_NUMBER = r"\d{1,4}(?:[A-Z](?![A-Z])|(?:,?\s?(?:BIS|TER|QUATER)\b))?"
_BETWEEN = r"(?:\s*[-–,/&]\s*|\s+(?:A|À|ET|OU)\s+)"
_ADDRESS = re.compile(
    rf"(?<![\w.'’])(?P<numbers>{_NUMBER}(?:{_BETWEEN}{_NUMBER}){{0,{MAX_NUMBERS}}})\s*,?\s*{_TYPE}\s*",
    re.IGNORECASE,
)
_STREET = re.compile(rf"{_TYPE}\s+\w", re.IGNORECASE)
_CODE = r"[A-Z]{0,2}[0-9][A-Z0-9]*(?:\.\d+)*|[A-Z](?![A-Z])"
_LOT = re.compile(
    rf"\b(?:LOTS\s+(?:{_CODE})(?:(?:\s*[-,]\s*|\s+ET\s+)(?:{_CODE}))*"
    rf"|LOT\s+(?:{_CODE})(?:\s+ET\s+[A-Z]\b)?)(?![A-Z])",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\(([^()]*)\)")
_UNLINKED = "".join(rf"(?<!\b{word} )" for word in ("DE", "DES", "DU", "LA", "LE", "LES", "EN"))
_BREAK = re.compile(
    rf"\n|{_MARK}|\s+[-–/]\s+|\s*;\s*|(?:,\s*|(?<=\w)\s+){_UNLINKED}"
    r"(?=(?:RUE|AVENUE|AV|BOULEVARD|BD|ALLEE|IMPASSE|QUAI|SQUARE)\s+\w)",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    rf"(?<=\w)\s+{_UNLINKED}(?=(?:ANGLE|BARRE|BAT|BATIMENT|CAGE|CIUP|ESC|ESCALIER|FOYER|GROUPE|ILOT"
    r"|RESIDENCE|SECTEUR|SITE|TOUR|ZAC)\s)",
    re.IGNORECASE,
)
_SAINT = re.compile(
    r"\b(Sainte?)[ -](?=\w)((?:\w|')+)"
    r"((?: (?:du|des|de la|de|en l'|en|l') ?)(?=[^\W\d_]{2})\w+)?"
)
_BETWEEN_WORDS = re.compile(
    r"\w(?<!\blot)(?<!\blots)(?<!\bbat)(?<!\bcage) \0 \w{3}", re.IGNORECASE
)  # the "à" of "Passage des Fours à Chaux", not a building's letter
_VOWEL = re.compile("[AEIOUY]")
_EDGES = " \t,;-–/&"


@dataclass(frozen=True, slots=True)
class Address:
    """An address in French form.

    streets: one entry for each street of the cell, "16-20 rue des Meuniers". place: group, lot,
    remarks. label: all of it on one line, to name a group of dwellings.
    """

    streets: tuple[str, ...]
    place: str
    label: str

    @property
    def line(self) -> str:
        """The streets alone, or the label where no street is named."""
        return _cut(BETWEEN_STREETS.join(self.streets) or self.label, MAX_LINE)


def readable(raw: str) -> Address:
    """Return the readable form of an address cell; any text at all gives a label."""
    text = unicodedata.normalize("NFC", raw).replace(_MARK, " ")
    text = re.sub(r"[^\S\n]+", " ", text).strip()[:MAX_READ]
    asides: list[str] = []
    if _ADDRESS.search(_BRACKETS.sub(_MARK, text)):
        text = _BRACKETS.sub(lambda found: _set_aside(asides, found[1]), text)
    else:  # "PLANCHAT VIGNOLES (32-34, RUE TERRE NEUVE)": the street is what stands in brackets
        text = _BRACKETS.sub(rf"{_MARK}\1{_MARK}", text)
    text = _LOT.sub(lambda found: _set_aside(asides, found[0]), text)
    streets, places = _split(text)
    place = ", ".join(dict.fromkeys([*places, *asides]))
    if not place.startswith("lot"):
        place = place[:1].upper() + place[1:]
    line = BETWEEN_STREETS.join(streets)
    label = f"{line} ({place})" if line and place else line or place or NO_ADDRESS
    return Address(tuple(streets), place, _cut(label[:1].upper() + label[1:], MAX_LABEL))


def _set_aside(asides: list[str], text: str) -> str:
    if words := _words(text):
        asides.append(words)
    return _MARK


def _split(text: str) -> tuple[list[str], list[str]]:
    """Cut the cell at each numbered street; what stands before is a place or a bare street."""
    streets: list[str] = []
    places: list[str] = []
    found = list(_ADDRESS.finditer(text))
    _bare(text[: found[0].start()] if found else text, streets, places)
    nameless: list[str] = []  # "30 RUE ET 3 VILLA DE L'ERMITAGE": the first takes the second's name
    for index, here in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(text)
        name, *rest = _BREAK.split(text[here.end() : end], maxsplit=1)
        name, *aside = _ASIDE.split(name, maxsplit=1)
        start = f"{_numbers(here['numbers'])} {_type(here['type'])}"
        if not (words := _words(_trim(name))):
            nameless.append(start)
        else:
            streets += [f"{before} {words}" for before in [*nameless, start]]
            nameless.clear()
        for part in [*aside, *rest]:
            _bare(part, streets, places)
    return [*streets, *nameless], places


def _bare(text: str, streets: list[str], places: list[str]) -> None:
    for part in _BREAK.split(text):
        kept = _trim(part)
        if street := _STREET.match(kept):
            streets.append(f"{_type(street['type'])} {_words(kept[street.end('type') :])}")
        elif words := _words(kept):
            places.append(words)


def _trim(text: str) -> str:
    """Take connecting words and punctuation off both ends."""
    text = text.strip(_EDGES)
    text = re.sub(r"(?:^(?:ET|OU)\b)|(?:\b(?:ET|OU|EX)$)", "", text, flags=re.IGNORECASE)
    return text.strip(_EDGES)


def _numbers(text: str) -> str:
    """Write "17 BIS,19 ET 21" as "17 bis, 19 et 21"."""
    text = re.sub(r"(\d)\s*,?\s*(BIS|TER|QUATER)\b", r"\1 \2", text, flags=re.IGNORECASE)
    text = re.sub(r"\b(BIS|TER|QUATER|ET|OU)\b", lambda m: m[0].lower(), text, flags=re.IGNORECASE)
    text = re.sub(r"\s+[AÀ]\s+", " à ", text, flags=re.IGNORECASE)
    text = re.sub(r"\s*([-–/])\s*", r"\1", text)
    return re.sub(r"\s*,\s*", ", ", text)


def _type(text: str) -> str:
    return _TYPES.get(text.upper(), text.lower())


def _words(text: str) -> str:
    """Give each word its case and accents; words that aren't all capitals are left alone."""
    text = re.sub(r"\s+", " ", text).strip(_EDGES)
    text = re.sub(r"\s*’\s*", "'", text)
    text = re.sub(r"\bL' ", "L'", text)
    text = re.sub(r"[^\W_]+", lambda found: _word(found, text), text)
    text = _SAINT.sub(_hyphens, text)
    return re.sub(r"\s+,", ",", text)


def _hyphens(found: re.Match[str]) -> str:
    rest = (found[3] or "").strip().replace(" ", "-").replace("'-", "'")
    return f"{found[1]}-{found[2]}" + (f"-{rest}" if rest else "")


def _word(found: re.Match[str], text: str) -> str:
    word = found[0]
    if not word.isupper() or word in ACRONYMS:
        return word
    if word in {"LOT", "LOTS", "BAT", "ESC"}:
        return word.lower()
    if any(part.isdigit() for part in word):
        numbered = re.fullmatch(r"(\d+)(BIS|TER|QUATER)", word)
        return f"{numbered[1]} {numbered[2].lower()}" if numbered else word
    if word in LINKING and _links(found, text):
        return word.lower()
    if word == "A" and _BETWEEN_WORDS.search(f"{text[: found.start()]}\0{text[found.end() :]}"):
        return "à"
    known = SHORTENED.get(word) or ACCENTED.get(word)
    return known or (word.capitalize() if _VOWEL.search(unaccented(word)) else word)


def _links(found: re.Match[str], text: str) -> bool:
    """D and L link only before an apostrophe; the others anywhere."""
    return len(found[0]) > 1 or text[found.end() : found.end() + 1] == "'"


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"

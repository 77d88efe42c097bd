"""What a French printer does to typed text: no-break spaces, apostrophes, quotation marks, plurals.

Spaces follow the Imprimerie nationale: narrow before ; ! ? and whole before a colon, inside
guillemets and before a unit's sign.
"""

from __future__ import annotations

import gettext
import html
import re

from django.utils.translation import trans_real

NARROW = "\N{NARROW NO-BREAK SPACE}"
WHOLE = "\N{NO-BREAK SPACE}"
MANY = 2
"""From which number on the plural is used."""

_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # Straight quotation marks around words; never inches, which follow a digit.
    (re.compile(r'(?<![^\s(\[])"(?=\S)([^"\n]*[^\s"])"(?![\w"])'), rf"«{WHOLE}\1{WHOLE}»"),
    (re.compile(r"(?<=\w)'(?=\w)"), "\N{RIGHT SINGLE QUOTATION MARK}"),
    (re.compile(r"(?<=\S)[ \u00a0](?=[;!?]+(?!\w))"), NARROW),
    (re.compile(r"(?<=\S) (?=[:»])"), WHOLE),
    (re.compile(r"(?<=«) (?=\S)"), WHOLE),
    (re.compile(r"(?<=\d) (?=[%€])"), WHOLE),
    # A number stays with its unit, and an hour with its minutes: 14 h 30, 3 m², n° 12.
    (re.compile(r"(?<=\d) (?=(?:h|min|m²|m³|m|cm|mm|kg|l)\b)"), WHOLE),
    (re.compile(r"(?<=\d\u00a0h) (?=\d)"), WHOLE),
    (re.compile(r"(?<=[nN]°) (?=\w)"), WHOLE),
)
_TAG = re.compile(r"(<[^>]*>)")


class _Counted(gettext.NullTranslations):
    """Counts words that no catalogue holds: zero is singular in French, plural in English."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the singular below two."""
        return msgid1 if abs(n) < MANY else msgid2


def count_in_french() -> None:
    """Have what is written in French, and so is in no catalogue, counted as the French do."""
    trans_real.translation("fr").add_fallback(_Counted())


def french(text: str) -> str:
    """Return plain text with the signs and spaces of French typography."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


def typeset(page: str) -> str:
    """Return HTML whose text (never its tags) is set by `french`. It holds no script or style."""
    parts = _TAG.split(page)
    return "".join(
        part if index % 2 else html.escape(french(html.unescape(part)), quote=False)
        for index, part in enumerate(parts)
    )

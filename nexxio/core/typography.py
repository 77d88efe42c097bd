"""What a French printer does to typed text: no-break spaces, apostrophes, quotation marks.

Spaces follow the Imprimerie nationale: narrow before ; ! ? and whole before a colon, inside
guillemets and before a unit's sign.
"""

from __future__ import annotations

import html
import re
from gettext import NullTranslations

from django.utils.translation import trans_real

NARROW = "\N{NARROW NO-BREAK SPACE}"
WHOLE = "\N{NO-BREAK SPACE}"

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


class _FrenchCounts(NullTranslations):
    """Texts that are French in the source: plural begins at two, "0 commande"."""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Choose as French does; gettext's own default is English."""
        return msgid1 if abs(n) < 2 else msgid2  # noqa: PLR2004 (the rule)


def count_in_french() -> None:
    """Have texts without a catalogue counted in French. Called once, when the app is ready."""
    trans_real.translation("fr").add_fallback(_FrenchCounts())

"""Channel: SMS. Until a provider is configured the text goes to the log (console SMS)."""

from __future__ import annotations

import logging
import re
import unicodedata

logger = logging.getLogger("nexxio.sms")

_GSM = re.compile(
    r"^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\\[~\]|€]*$"
)
_EXTENDED = re.compile(r"[\^{}\\\[~\]|€]")
MOST = 2
"""Segments that a text of ours may take."""

_PLAIN = {
    "« ": '"',
    " »": '"',
    "«": '"',
    "»": '"',
    "“": '"',
    "”": '"',
    "’": "'",
    "‘": "'",
    "…": "...",
    "–": "-",
    "—": "-",
    "œ": "oe",
    "Œ": "OE",
}


def fold(text: str) -> str:
    """Return a text in the characters of GSM 03.38, where 160 fit and not 70.

    Typographic signs become plain ones; accents that the alphabet lacks are dropped (ê, ç), and
    so are pictures. Letters of other scripts stay: the text then goes as UCS-2.
    """
    text = re.sub(r"[\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\t]", " ", text)
    for sign, plain in _PLAIN.items():
        text = text.replace(sign, plain)
    return "".join(char if _GSM.match(char) else _bare(char) for char in text)


def _bare(char: str) -> str:
    """Return a character without its accents; nothing for what is no letter, mark or number."""
    kept = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    return kept if kept.isalnum() or _GSM.match(kept) else ""


def segments(text: str) -> int:
    """Return how many SMS a text takes: 160 (then 153) GSM characters, or 70 (then 67) others."""
    if _GSM.match(text):
        length = len(text) + len(_EXTENDED.findall(text))
        return 1 if length <= 160 else -(-length // 153)  # noqa: PLR2004 (GSM 03.38)
    length = len(text.encode("utf-16-le")) // 2
    return 1 if length <= 70 else -(-length // 67)  # noqa: PLR2004 (GSM 03.38, UCS-2)


def send(*, address: str, subject: str, text: str) -> None:
    """Write the SMS to the log. The text stays out of it: it carries a link that opens a case."""
    logger.info("SMS (console) to …%s, %d segment(s)", address[-2:], segments(text))

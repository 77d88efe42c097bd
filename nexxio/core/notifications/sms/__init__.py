"""Channel: SMS. Until a provider is configured the text goes to the log (console SMS)."""

from __future__ import annotations

import logging
import re

logger = logging.getLogger("nexxio.sms")

_GSM = re.compile(
    r"^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\\[~\]|€]*$"
)
_EXTENDED = re.compile(r"[\^{}\\\[~\]|€]")


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

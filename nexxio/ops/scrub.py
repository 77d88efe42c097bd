"""Takes personal data and secrets out of text before it leaves the process as a log line.

Three nets, because none is whole: values under telling keys, patterns of e-mails, phones, tokens
and passwords, and the parts of PostgreSQL's messages that quote rows. Names and access codes have
no pattern: what keeps them out is that nobody logs them (tests/ops/test_logs.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

MASK = "[…]"

_KEYS = re.compile(
    r"passw|secret|token|cookie|authori[sz]ation|session|csrf|phone|e?mail|address|name$|access"
    r"|^body$|^text$|^data$|^form",
    re.IGNORECASE,
)
# What our own and our packages' lines call so, and is neither.
_HARMLESS_KEYS = frozenset({"logger_name", "task_name", "hostname", "server_name", "filename"})

_LINK = r"[A-Za-z0-9_.~=-]{6,}"
_RULES: tuple[tuple[re.Pattern[str], str], ...] = (
    # An address of ours whose next part opens something by itself.
    (re.compile(rf"(/(?:s|bon|invitation|verifier)/){_LINK}"), rf"\1{MASK}"),
    (re.compile(r"(/compte/password/reset/key/)[^/\s\"']+"), rf"\1{MASK}"),
    (re.compile(r"(/compte/confirm-email/)[^/\s\"']+"), rf"\1{MASK}"),
    (re.compile(r"([?&](?:t|token|jeton|key|code|sig|signature)=)[^&\s\"']+"), rf"\1{MASK}"),
    # A password in the address of a server.
    (re.compile(r"(\b[a-z][a-z0-9+]*://[^:/@\s]*:)[^@\s/]+@"), rf"\1{MASK}@"),
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "[e-mail]"),
    (re.compile(r"(?<![\w.-])(?:\+|00)\d[\d\s.\u00a0\u202f-]{7,16}\d(?![\w-])"), "[téléphone]"),
    (re.compile(r"(?<![\w.-])0[1-9](?:[\s.\u00a0\u202f-]?\d\d){4}(?![\w-])"), "[téléphone]"),
    # Long words of mixed letters with digits: link tokens, signed values, session keys, API keys.
    (
        re.compile(r"(?<![\w-])(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*[\d])[\w-]{22,}(?![\w-])"),
        "[jeton]",
    ),
    # PostgreSQL quotes values in these lines of its messages.
    (re.compile(r"^(DETAIL|CONTEXT|STATEMENT|QUERY|LINE \d+):.*$", re.MULTILINE), rf"\1: {MASK}"),
)


def text(value: str) -> str:
    """Return the text without e-mails, phones, tokens, passwords and quoted rows."""
    for pattern, replacement in _RULES:
        value = pattern.sub(replacement, value)
    return value


def tree(value: Any, *, key: str = "") -> Any:
    """Return a value made of mappings, lists and text, clean all the way down."""
    if key and _KEYS.search(key) and key not in _HARMLESS_KEYS and value not in (None, "", 0):
        return MASK if not isinstance(value, bool) else value
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        return {name: tree(found, key=str(name)) for name, found in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [tree(found) for found in value]
    return value if isinstance(value, bool | int | float) or value is None else text(str(value))

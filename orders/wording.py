"""French words for dates, windows and codes, on pages, in histories and in messages."""

from __future__ import annotations

from datetime import datetime

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.translation import get_language

from nexxio.core import clock


def code_text(choices: type[TextChoices], code: str) -> str:
    """Return a code in words, as a part of a sentence."""
    return in_sentence(dict(choices.choices).get(code, code))


def in_sentence(label: object) -> str:
    """Return a label as a part of a sentence: "taux de TVA manquant", "TVA à revoir"."""
    text = str(label)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def day_text(value: datetime) -> str:
    """Return "mardi 24 novembre", "mardi 1er décembre"."""
    local = clock.local(value)
    is_first = local.day == 1 and (get_language() or "fr").startswith("fr")
    return date_format(local, r"l \1\e\r F" if is_first else "l j F")


def hour_text(value: datetime) -> str:
    """Return "14 h" or "14 h 10"."""
    local = clock.local(value)
    return f"{local.hour} h {local.minute:02d}" if local.minute else f"{local.hour} h"


def window_text(start: datetime, end: datetime) -> str:
    """Return "mardi 24 novembre, entre 14 h et 16 h"."""
    return f"{day_text(start)}, {span_text(start, end)}"


def span_text(start: datetime, end: datetime) -> str:
    """Return "entre 14 h et 16 h"."""
    return f"entre {hour_text(start)} et {hour_text(end)}"

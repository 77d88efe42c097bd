"""Which coefficient the prices of an invoice hold, in words: on its page, its PDF and its XML.

An order takes the prices of the version in force on the day of its issue, already revised; its
invoice revises nothing more. It says by which coefficient they were, from which index values.
"""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from contractors.models import Invoice
from nexxio.core.templatetags.ui import day, number
from orders.revising import Part, Reading
from orders.services.revisions import revision_of_order


def revision_words(invoice: Invoice) -> str:
    """Return how the prices of an invoice's order were revised, "" where they weren't. One query,
    none without order. Its order is loaded.
    """
    found = revision_of_order(invoice.order) if invoice.order is not None else None
    if found is None:
        return ""
    revision, parts = found
    said = {
        "version": revision.schedule.number,
        "on": day(revision.schedule.effective_on, "letter"),
        "coefficient": number(revision.coefficient),
        "formula": " + ".join([number(revision.fixed_part), *map(_term, parts)]),
    }
    return (
        _(
            "Prix du bordereau, version %(version)s en vigueur depuis le %(on)s, révisés :"
            " coefficient %(coefficient)s (%(formula)s)."
        )
        % said
        + " "
        + _certainty(parts)
    )


def _term(part: Part) -> str:
    said = {
        "share": number(part.share),
        "code": part.code,
        "current": _value(part.current),
        "reference": _value(part.reference),
    }
    return _("%(share)s × %(code)s %(current)s / %(reference)s") % said


def _value(reading: Reading) -> str:
    assert reading.value is not None  # a version isn't made while one is missing
    return f"{number(reading.value)} [{date_format(reading.month, 'F Y')}]"


def _certainty(parts: list[Part]) -> str:
    unsure = [
        f"{part.code} ({date_format(reading.month, 'F Y')})"
        for part in parts
        for reading in part.readings
        if reading.provisional
    ]
    if not unsure:
        return _("Révision définitive.")
    return _("Révision provisoire : valeur provisoire de %s.") % ", ".join(unsure)

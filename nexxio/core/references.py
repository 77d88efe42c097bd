"""Numbers for references, one sequence per landlord, kind and year."""

from __future__ import annotations

from uuid import UUID

from django.db.models import F

from nexxio.core import clock
from nexxio.core.ids import make_reference
from nexxio.core.models import ReferenceCounter


def next_references(*, landlord_id: UUID, prefix: str, count: int = 1) -> list[str]:
    """Return the next `count` references, in the caller's transaction.

    Locks the landlord's counter until commit, so numbers follow each other without holes.
    """
    year = clock.today().year
    key = {"landlord_id": landlord_id, "prefix": prefix, "year": year}
    if not ReferenceCounter.objects.filter(**key).exists():
        ReferenceCounter.objects.bulk_create([ReferenceCounter(**key)], ignore_conflicts=True)
    counter = ReferenceCounter.objects.select_for_update(of=("self",)).get(**key)
    first = counter.last + 1
    ReferenceCounter.objects.filter(pk=counter.pk).update(last=F("last") + count)
    return [
        make_reference(prefix=prefix, year=year, number=number)
        for number in range(first, first + count)
    ]

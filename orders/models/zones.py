"""Rows whose hours are hours of a place."""

from __future__ import annotations

from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.db import models


class InZone(models.Model):
    """A row of a dwelling: read from the database, its hours carry the zone of the place.

    zone: "" is Paris, whose hours stay as they are stored (UTC). hours: the fields that people
    read there; pages, messages and days need to know nothing more (`clock.local`).
    """

    zone = models.CharField(max_length=32, blank=True, default="", db_default="")

    hours: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Self:
        """Return the row as stored, its hours in its zone."""
        found = super().from_db(*args, **kwargs)
        found.carry_zone()
        return found

    def carry_zone(self) -> None:
        """Let the hours that are loaded carry the row's zone."""
        key = self.__dict__.get("zone")
        if not key:
            return
        zone = ZoneInfo(key)
        for name in self.hours:
            value = self.__dict__.get(name)
            if value is not None:
                setattr(self, name, value.astimezone(zone))

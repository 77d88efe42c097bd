"""Files, kept under landlord/sha256."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.models.base import PartyModel


class StoredFile(PartyModel):
    """A file that was checked on its way in, and is served only through a door.

    Never shared between landlords: deduplication would tell that another one has it.
    """

    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("taille en octets"))
    name = models.CharField(_("nom"), max_length=160)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="file_of_landlord"),
        ]
        indexes = [models.Index(fields=["landlord", "sha256"])]

    def __str__(self) -> str:
        return self.name

    @property
    def storage_path(self) -> str:
        """Path in the storage."""
        return f"{self.landlord_id}/{self.sha256}"

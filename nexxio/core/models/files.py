"""Files, kept under landlord/sha256."""

from __future__ import annotations

from dataclasses import replace

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models.base import PARTIES, PartyModel, ScopedModel
from nexxio.core.models.organisations import Organisation


class StoredFile(PartyModel):
    """A file that was checked on its way in, and is served only through a door.

    Never shared between landlords: deduplication would tell that another one has it.
    order_id: of which order the printed paper keeps and reads it; null for what no paper sees.
    """

    sha256 = models.CharField(max_length=64)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField(_("taille en octets"))
    name = models.CharField(_("nom"), max_length=160)
    order_id = models.UUIDField(null=True, blank=True)

    scope_rule = replace(
        PARTIES,
        paper=Custom(
            f"order_id = {setting('paper')} AND contractor_id IS NOT NULL",
            lambda scope: Q(order_id=scope.order_id, contractor__isnull=False),
        ),
    )

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


_FILE = (
    "EXISTS (SELECT 1 FROM core_storedfile f WHERE f.id = file_id"
    " AND f.landlord_id = core_filereading.landlord_id)"
)
# A contractor's own files are those of an order that it keeps them for (StoredFile.order_id).
_OWN = f" AND f.order_id IS NOT NULL AND f.contractor_id = {setting('contractor')})"
_OWN_FILE = _FILE[:-1] + _OWN
_OF_THE_READER = (
    f"((side = 'landlord' AND organisation_id = landlord_id"
    f" AND landlord_id = {setting('landlord')})"
    f" OR (side = 'contractor' AND (organisation_id = {setting('contractor')}"
    f" OR (organisation_id IS NULL AND {setting('paper')} IS NOT NULL)))"
    f" OR (side = 'tenant' AND organisation_id IS NULL"
    f" AND coalesce({setting('tenant')}, {setting('case')}) IS NOT NULL))"
    f" AND {_FILE}"
)


class FileReading(ScopedModel):
    """That a file of an order was opened or fetched: by whom, on which day.

    By an organisation in a role, never by a person; a tenant and a paper link have no
    organisation here. One row a day, its first time. Readers write it and can't read it; its
    landlord reads it, a contractor that of its own photos and pieces; it is erased by its age
    (core/retention).
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    order_id = models.UUIDField()
    side = models.CharField(_("côté"), max_length=12)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    role = models.CharField(_("rôle"), max_length=20, blank=True)
    day = models.DateField(_("jour"))

    scope_rule = Rule(
        landlord="landlord_id",
        contractor=Custom(
            _OWN_FILE,
            lambda scope: Q(file__contractor_id=scope.contractor_id, file__order_id__isnull=False),
        ),
        read_only=frozenset({"landlord", "contractor"}),
        insert=_OF_THE_READER,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "file", "side", "organisation", "role", "day"],
                nulls_distinct=False,
                name="one_file_reading_a_day",
            )
        ]
        indexes = [
            models.Index(fields=["landlord", "order_id", "-created_at"], name="file_readings"),
            models.Index(fields=["created_at"], name="file_readings_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.file_id} {self.side}"

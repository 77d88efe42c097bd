"""How a landlord divides its estate: agencies, and their sectors."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Rule, setting
from nexxio.core.models.base import ScopedModel
from nexxio.core.models.organisations import Organisation

_BY_A_MANAGER = Rule(
    landlord="landlord_id",
    checks={"landlord": f"nexxio_manages(landlord_id, {setting('user')})"},
)

explain("one_agency_name", "name", _("Une de vos agences porte déjà ce nom."))
explain("one_sector_name", "name", _("Un secteur de cette agence porte déjà ce nom."))


class Agency(ScopedModel):
    """A landlord's agency. Archived only when it is empty, so nothing hangs on an archived one."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    name = models.CharField(_("nom"), max_length=80)
    archived_at = models.DateTimeField(_("archivée le"), null=True, blank=True)

    scope_rule = _BY_A_MANAGER

    class Meta:
        verbose_name = _("agence")
        verbose_name_plural = _("agences")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="agency_of_landlord"),
            models.UniqueConstraint(
                F("landlord"),
                Lower("name"),
                condition=Q(archived_at__isnull=True),
                name="one_agency_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Sector(ScopedModel):
    """A sector of an agency, for good: residences and orders keep the agency beside the sector."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    agency = models.ForeignKey(
        Agency, on_delete=models.PROTECT, related_name="sectors", db_constraint=False
    )
    name = models.CharField(_("nom"), max_length=80)
    archived_at = models.DateTimeField(_("archivé le"), null=True, blank=True)

    scope_rule = _BY_A_MANAGER

    class Meta:
        verbose_name = _("secteur")
        verbose_name_plural = _("secteurs")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="sector_of_landlord"),
            models.UniqueConstraint(
                F("agency"),
                Lower("name"),
                condition=Q(archived_at__isnull=True),
                name="one_sector_name",
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""Residents, who lived where and when, and the cases that they follow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models.base import ScopedModel
from nexxio.core.models.organisations import Organisation
from nexxio.core.models.places import Unit


class Tenant(ScopedModel):
    """A resident (locataire). Never scored. Erasure empties this row, never events."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    user = models.OneToOneField(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    language = models.CharField(_("langue"), max_length=5, default="fr")

    scope_rule = Rule(landlord="landlord_id", tenant="id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="tenant_of_landlord")
        ]
        indexes = [
            models.Index(fields=["landlord", "last_name", "id"]),
            # How a tenant who asks for a code is found (core/entry).
            models.Index(fields=["phone"], condition=~Q(phone=""), name="tenant_by_phone"),
            models.Index(Lower("email"), condition=~Q(email=""), name="tenant_by_email"),
        ]

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()


class Occupancy(ScopedModel):
    """Who lived in a dwelling, from when to when (dates in the residence's time zone)."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="occupancies", db_constraint=False
    )
    tenant = models.ForeignKey(
        Tenant, on_delete=models.PROTECT, related_name="occupancies", db_constraint=False
    )
    starts_on = models.DateField(_("depuis le"))
    ends_on = models.DateField(_("jusqu’au"), null=True, blank=True)

    scope_rule = Rule(landlord="landlord_id", tenant="tenant_id", read_only=frozenset({"tenant"}))

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="occupancy_ends_after_it_starts",
            ),
            models.UniqueConstraint(
                fields=["landlord", "unit", "tenant", "starts_on"], name="one_occupancy"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tenant_id} @ {self.unit_id}"


class Case(ScopedModel):
    """What a tenant follows. It survives a change of contractor."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    tenant = models.ForeignKey(
        Tenant,
        on_delete=models.PROTECT,
        related_name="cases",
        null=True,
        blank=True,
        db_constraint=False,
    )
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="cases", db_constraint=False
    )
    reference = models.CharField(_("référence"), max_length=16)
    title = models.CharField(_("objet"), max_length=160)

    scope_rule = Rule(
        landlord="landlord_id",
        tenant="tenant_id",
        link="id",
        read_only=frozenset({"tenant", "link"}),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="case_of_landlord"),
            models.UniqueConstraint(fields=["landlord", "reference"], name="one_case_reference"),
        ]

    def __str__(self) -> str:
        return self.reference

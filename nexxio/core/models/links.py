"""Links that open one case without an account."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Rule
from nexxio.core.models.base import ScopedModel
from nexxio.core.models.organisations import Organisation
from nexxio.core.models.tenants import Case


class LinkPurpose(models.TextChoices):
    """What a link allows."""

    FOLLOW = "follow", _("Suivre")
    CHOOSE_SLOT = "choose_slot", _("Choisir un créneau")
    SIGN = "sign", _("Signer")
    EVALUATE = "evaluate", _("Évaluer")
    ACT = "act_as_contractor", _("Agir pour l’entreprise")


class LinkParty(models.TextChoices):
    """For whom a link is."""

    TENANT = "tenant", _("Locataire")
    CONTRACTOR = "contractor", _("Prestataire")


class Link(ScopedModel):
    """A right to one case, held by whoever has the token. Only the token's hash is kept.

    A contractor's link (the paper's code) opens one order and names its company; order_id is
    plain, because orders stand above the kernel.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="links", db_constraint=False
    )
    party = models.CharField(_("pour"), max_length=12, choices=LinkParty, default=LinkParty.TENANT)
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    order_id = models.UUIDField(null=True, blank=True)
    purposes = ArrayField(models.CharField(max_length=20, choices=LinkPurpose), default=list)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("expire le"))
    revoked_at = models.DateTimeField(_("révoqué le"), null=True, blank=True)

    scope_rule = Rule(landlord="landlord_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="link_of_landlord"),
            models.CheckConstraint(
                condition=models.Q(party=LinkParty.TENANT, contractor=None, order_id=None)
                | models.Q(
                    party=LinkParty.CONTRACTOR, contractor__isnull=False, order_id__isnull=False
                ),
                name="link_names_its_party",
            ),
            models.UniqueConstraint(
                fields=["landlord", "order_id"],
                condition=models.Q(party=LinkParty.CONTRACTOR, revoked_at=None),
                name="one_live_paper_per_order",
            ),
        ]
        indexes = [models.Index(fields=["landlord", "case"])]

    def __str__(self) -> str:
        return f"{self.party} {self.case_id}"

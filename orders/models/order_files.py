"""What a landlord attaches to an order: photos, plans, reports, diagnoses."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.models import Organisation, ScopedModel, StoredFile
from orders.models.orders import Order
from orders.models.walls import MONEY_SIDES


class FileKind(models.TextChoices):
    """What an attached file is."""

    PHOTO = "photo", _("Photo du problème")
    PLAN = "plan", _("Plan ou repérage")
    ASBESTOS = "asbestos", _("Rapport amiante avant travaux (RAT)")
    DIAGNOSIS = "diagnosis", _("Diagnostic (plomb, gaz, électricité…)")
    QUOTE = "quote", _("Devis de l’entreprise")
    OTHER = "other", _("Autre pièce")


class OrderFile(ScopedModel):
    """A file of the landlord's on an order. No tenant reads it; its company does, if it is for it.

    contractor: null until the order is issued, for a file of the landlord's alone, and once it is
    withdrawn: then nobody else reads it any more, and it counts for nothing.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        related_name="files",
        db_constraint=False,
        db_index=False,
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    kind = models.CharField(_("nature"), max_length=12, choices=FileKind)
    note = models.CharField(_("précision"), max_length=120, blank=True)
    for_contractor = models.BooleanField(_("lisible par l’entreprise"), default=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    scope_rule = MONEY_SIDES

    class Meta:
        verbose_name = _("pièce jointe à une commande")
        verbose_name_plural = _("pièces jointes aux commandes")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="order_file_of_landlord"),
            models.CheckConstraint(
                condition=Q(kind__in=FileKind.values), name="order_file_kind_is_known"
            ),
            models.CheckConstraint(
                condition=Q(contractor__isnull=True)
                | Q(for_contractor=True, withdrawn_at__isnull=True),
                name="order_file_read_by_those_it_is_for",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "order", "created_at"], name="order_files"),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.kind}"

"""A thank-you about an order that is done: one tap, never a score."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.walls import THANKS
from nexxio.core.db.constraints import explain
from nexxio.core.models import Case, Organisation, ScopedModel, User
from orders.models import Order

explain("one_thanks_per_person", "__all__", _("Vous avez déjà dit merci pour cette commande."))
explain("one_thanks_per_tenant", "__all__", _("Vous avez déjà dit merci pour cette commande."))


class ThanksFrom(models.TextChoices):
    """Who thanks. A tenant and a landlord thank the company, a company its landlord."""

    TENANT = "tenant", _("Le locataire")
    LANDLORD = "landlord", _("Le bailleur")
    CONTRACTOR = "contractor", _("L’entreprise")


class Thanks(ScopedModel):
    """A thank-you of one person. It may be taken back until it is told, and nobody else reads it.

    user: who gave it at a desk; reader_case: of the tenant who did; told_at: when it reached the
    other side. Whoever is thanked stands nowhere: he is found when it is told, so that nothing is
    counted by person.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    from_side = models.CharField(_("de la part de"), max_length=10, choices=ThanksFrom)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    reader_case = models.ForeignKey(
        Case,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    given_at = models.DateTimeField(_("donné le"))
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(_("transmis le"), null=True, blank=True)

    scope_rule = THANKS

    class Meta:
        verbose_name = _("merci")
        verbose_name_plural = _("mercis")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "order", "user"],
                condition=Q(withdrawn_at__isnull=True, user__isnull=False),
                name="one_thanks_per_person",
            ),
            models.UniqueConstraint(
                fields=["landlord", "order"],
                condition=Q(withdrawn_at__isnull=True, from_side="tenant"),
                name="one_thanks_per_tenant",
            ),
            models.CheckConstraint(
                condition=Q(from_side="tenant", user__isnull=True, reader_case__isnull=False)
                | Q(
                    from_side__in=["landlord", "contractor"],
                    user__isnull=False,
                    reader_case__isnull=True,
                ),
                name="thanks_of_a_tenant_or_of_a_member",
            ),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True)
                | Q(withdrawn_at__isnull=True, told_at__gte=F("given_at")),
                name="thanks_told_was_not_taken_back",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "order"], name="thanks_of_order"),
            models.Index(fields=["contractor", "told_at"], name="thanks_of_contractor"),
            models.Index(
                fields=["given_at"],
                condition=Q(told_at__isnull=True, withdrawn_at__isnull=True),
                name="thanks_to_tell",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} {self.from_side}"

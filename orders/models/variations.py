"""Variations and regularisations: what holds an order up is one table, prices and reasons others.

A tenant may know that extra works wait for an agreement, never what they cost. The landlord sees a
variation once it has been asked; drafts are the contractor's own.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import Organisation, PartyModel, ScopedModel, StoredFile, User
from orders.models.contracts import PriceItem
from orders.models.orders import Order, OrderLine
from orders.models.visits import Visit
from orders.models.walls import PARTIES_OF_ORDER
from orders.variation_states import (
    EVERY_REASON,
    EVERY_REFUSAL,
    VariationKind,
    VariationState,
)

explain("one_open_variation", "order", _("Une demande de cette sorte est déjà ouverte."))


# Prices and reasons: the contractor's, its paper's, and the landlord's once asked.
MONEY_OF_VARIATION = Rule(
    landlord=Custom(
        f"landlord_id = {setting('landlord')} AND shown",
        lambda scope: Q(landlord_id=scope.landlord_id, shown=True),
    ),
    contractor="contractor_id",
    paper=Custom(
        "variation_id IN (SELECT v.id FROM orders_variation v"
        f" WHERE v.order_id = {setting('paper')})",
        lambda scope: Q(variation__order_id=scope.order_id),
    ),
)


class Variation(PartyModel):
    """A request for extra works on an order, made before they are done; after, by its kind.

    Or for works less, asked by either side (`asked_by`), at once.

    tenant and reader_case are set when it is asked, on a variation only. answer_due_at: until
    when the landlord has to answer; remind_at: when the clock tells its desk next, null once it is
    answered.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="variations", db_constraint=False
    )
    visit = models.ForeignKey(
        Visit,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    kind = models.CharField(
        max_length=16,
        choices=VariationKind,
        default=VariationKind.VARIATION,
        db_default=VariationKind.VARIATION.value,
    )
    asked_by = models.CharField(
        max_length=12,
        choices=[("contractor", _("Entreprise")), ("landlord", _("Bailleur"))],
        default="contractor",
        db_default="contractor",
    )
    number = models.PositiveSmallIntegerField(_("devis n°"))
    state = models.CharField(max_length=16, choices=VariationState, default=VariationState.DRAFT)
    reason = models.CharField(_("motif"), max_length=20, choices=EVERY_REASON)
    asked_at = models.DateTimeField(null=True, blank=True)
    answer_due_at = models.DateTimeField(_("réponse attendue"), null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    remind_at = models.DateTimeField(null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)

    scope_rule = replace(
        PARTIES_OF_ORDER,
        landlord=Custom(
            f"landlord_id = {setting('landlord')} AND asked_at IS NOT NULL",
            lambda scope: Q(landlord_id=scope.landlord_id, asked_at__isnull=False),
        ),
        read_only=frozenset({"tenant", "link"}),
        # Whoever holds the order's paper asks; he never writes an answer.
        checks={"paper": "state IN ('draft', 'asked', 'withdrawn')"},
    )

    class Meta:
        verbose_name = _("devis complémentaire")
        verbose_name_plural = _("devis complémentaires")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="variation_of_landlord"),
            # Reductions count on their own: who proposes one doesn't see the other's drafts.
            models.UniqueConstraint(
                fields=["landlord", "order", "number"],
                condition=~Q(kind="reduction"),
                name="one_variation_number",
            ),
            models.UniqueConstraint(
                fields=["landlord", "order", "number"],
                condition=Q(kind="reduction"),
                name="one_reduction_number",
            ),
            models.UniqueConstraint(
                fields=["landlord", "order", "kind"],
                condition=Q(state__in=["draft", "asked"]),
                name="one_open_variation",
            ),
            models.CheckConstraint(
                condition=Q(kind="variation")
                | Q(
                    kind__in=["regularisation", "reduction"],
                    tenant__isnull=True,
                    reader_case__isnull=True,
                ),
                name="variation_kind_is_known_and_tenants_read_variations_only",
            ),
            models.CheckConstraint(
                condition=Q(asked_by="contractor") | Q(asked_by="landlord", kind="reduction"),
                name="variation_landlord_asks_for_less_only",
            ),
            models.CheckConstraint(
                condition=Q(state__in=VariationState.values), name="variation_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(asked_at__isnull=False),
                name="variation_is_asked_before_it_is_answered",
            ),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True)
                ^ Q(state__in=["granted", "partly_granted", "rejected", "acknowledged"]),
                name="variation_answered_at_exactly_when_answered",
            ),
            models.CheckConstraint(
                condition=Q(remind_at__isnull=True) | Q(state="asked"),
                name="variation_reminds_only_while_asked",
            ),
        ]
        indexes = [
            # The contractor's own: asked, to be read, to be sent.
            models.Index(
                fields=["contractor", "state", "asked_at", "id"],
                include=["order", "landlord"],
                condition=~Q(state__in=["withdrawn", "acknowledged"]),
                name="variation_of_contractor",
            ),
            models.Index(
                fields=["landlord", "asked_at", "id"],
                include=["order"],
                condition=Q(state="asked"),
                name="variation_waiting",
            ),
            models.Index(
                fields=["remind_at"],
                condition=Q(remind_at__isnull=False),
                name="variation_to_remind",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} devis n° {self.number}"


class VariationTerms(ScopedModel):
    """What a variation comes to and why, for the two organisations only. Euros excluding VAT, below
    zero where works are taken off.

    urgency: the written proof of a regularisation, beside or instead of a photo. granted: null
    until it is answered; 0 when it was rejected. automatic: within the tolerance.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    variation = models.OneToOneField(
        Variation, on_delete=models.PROTECT, related_name="terms", db_constraint=False
    )
    shown = models.BooleanField(default=False)
    note = models.CharField(_("précisions"), max_length=500, blank=True)
    urgency = models.CharField(
        _("preuve de l’urgence"), max_length=500, blank=True, default="", db_default=""
    )
    photo = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    asked = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    granted = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    automatic = models.BooleanField(default=False)
    answer_reason = models.CharField(max_length=20, choices=EVERY_REFUSAL, blank=True)
    answer_note = models.CharField(_("réponse"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    scope_rule = replace(MONEY_OF_VARIATION, checks={"paper": "granted IS NULL"})

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(granted__isnull=True)
                | Q(granted__gte=0, granted__lte=F("asked"))
                | Q(granted__lte=0, granted__gte=F("asked")),
                name="variation_grants_between_nothing_and_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variation_id}"


class VariationLine(ScopedModel):
    """A price line of a variation, from the schedule or free. granted_*: null until answered.

    A line that takes off says of which one (of_line, or of_extra granted before) and is below zero.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    variation = models.ForeignKey(
        Variation, on_delete=models.PROTECT, related_name="lines", db_constraint=False
    )
    price_item = models.ForeignKey(
        PriceItem,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    of_line = models.ForeignKey(
        OrderLine,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    of_extra = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    shown = models.BooleanField(default=False)
    rank = models.PositiveSmallIntegerField(default=1)
    code = models.CharField(max_length=20, blank=True)
    label = models.CharField(max_length=200)
    unit = models.CharField(max_length=12)
    unit_price = models.DecimalField(max_digits=12, decimal_places=4)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    total_without_vat = models.DecimalField(max_digits=12, decimal_places=2)
    granted_quantity = models.DecimalField(max_digits=12, decimal_places=3, null=True, blank=True)
    granted_without_vat = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True
    )

    scope_rule = replace(MONEY_OF_VARIATION, checks={"paper": "granted_quantity IS NULL"})

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="variation_line_of_landlord"),
            models.CheckConstraint(
                condition=Q(of_line__isnull=True, of_extra__isnull=True, quantity__gt=0)
                | Q(of_line__isnull=False, of_extra__isnull=True, quantity__lt=0)
                | Q(of_line__isnull=True, of_extra__isnull=False, quantity__lt=0),
                name="variation_line_is_below_zero_exactly_when_it_takes_off",
            ),
            models.CheckConstraint(
                condition=Q(unit_price__gte=0), name="variation_price_is_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(granted_quantity__isnull=True)
                | Q(granted_quantity__gte=0, granted_quantity__lte=F("quantity"))
                | Q(granted_quantity__lte=0, granted_quantity__gte=F("quantity")),
                name="variation_line_grants_between_nothing_and_asked",
            ),
        ]
        indexes = [models.Index(fields=["landlord", "variation"])]

    def __str__(self) -> str:
        return f"{self.label} × {self.quantity}"

"""Trades, contracts and the versions of their price schedules."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import (
    Organisation,
    ScopedModel,
)
from orders.terms import Attribution, InvoicePiece

explain("one_contract_number", "number", _("Un autre marché a ce numéro."))
explain("contract_ends_after_it_starts", "ends_on", _("Le marché finit avant de commencer."))


class Trade(models.Model):
    """A trade (corps d'état). Platform data, the same for all."""

    code = models.CharField(primary_key=True, max_length=20)
    label = models.CharField(_("corps d’état"), max_length=80)
    icon = models.CharField(max_length=40, default="tool")

    class Meta:
        verbose_name = _("corps d’état")
        verbose_name_plural = _("corps d’état")
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class Contract(ScopedModel):
    """A landlord's contract (marché) with a contractor, on which orders are drawn."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("numéro de marché"), max_length=40)
    title = models.CharField(_("objet"), max_length=160)
    trades = ArrayField(models.CharField(max_length=20), verbose_name=_("corps d’état"))
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    ceiling = models.DecimalField(
        _("plafond HT"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    needs_commitment = models.BooleanField(_("numéro d’engagement exigé"), default=False)
    target_days = models.PositiveSmallIntegerField(_("délai en jours ouvrés"), default=15)
    urgent_hours = models.PositiveSmallIntegerField(_("délai d’urgence en heures"), default=24)
    urgent_ack_hours = models.PositiveSmallIntegerField(
        _("prise en charge d’une urgence en heures"), null=True, blank=True
    )
    tolerance_percent = models.DecimalField(
        _("tolérance en %"), max_digits=5, decimal_places=2, default=Decimal(0)
    )
    tolerance_amount = models.DecimalField(
        _("tolérance en euros HT"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    pieces = ArrayField(
        models.CharField(max_length=20, choices=InvoicePiece),
        default=list,
        blank=True,
        verbose_name=_("pièces de la facture"),
    )
    pieces_to_finish = models.BooleanField(
        _("pièces exigées avant de terminer"), default=False, db_default=False
    )
    attribution = models.CharField(
        _("attribution"), max_length=12, choices=Attribution, default=Attribution.SINGLE
    )
    attribution_rank = models.PositiveSmallIntegerField(_("rang dans la cascade"), default=1)
    attribution_share = models.PositiveSmallIntegerField(
        _("part des commandes en %"), null=True, blank=True
    )
    certificate_days = models.PositiveSmallIntegerField(_("délai de constat en jours"), default=30)
    tacit_clause = models.CharField(_("clause de constat tacite"), max_length=300, blank=True)
    regularisation_days = models.PositiveSmallIntegerField(
        _("délai de régularisation en jours ouvrés"), null=True, blank=True
    )
    variation_days = models.PositiveSmallIntegerField(
        _("réponse à un devis en jours ouvrés"), default=3, db_default=3
    )
    variation_hours = models.PositiveSmallIntegerField(
        _("réponse à un devis urgent en heures"), default=4, db_default=4
    )
    contractor_cancels = models.BooleanField(
        _("l’entreprise peut annuler"), default=False, db_default=False
    )
    on_call = models.BooleanField(_("astreinte"), default=False)
    on_call_cap = models.DecimalField(
        _("plafond d’une astreinte HT"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    # Hours of the on-call service, past midnight where they end before they begin; without them it
    # runs day and night. on_call_days_off: all day too when offices are closed.
    on_call_from = models.TimeField(_("astreinte, de"), null=True, blank=True)
    on_call_to = models.TimeField(_("astreinte, à"), null=True, blank=True)
    on_call_days_off = models.BooleanField(
        _("astreinte jour et nuit les week-ends et jours fériés"), default=False, db_default=False
    )
    on_call_hours = models.PositiveSmallIntegerField(
        _("arrivée en astreinte en heures"), null=True, blank=True
    )
    on_call_phone = models.CharField(
        _("numéro d’astreinte"), max_length=20, blank=True, default="", db_default=""
    )
    version = models.PositiveIntegerField(default=1)

    scope_rule = Rule(
        landlord="landlord_id",
        contractor="contractor_id",
        paper=Custom(
            "EXISTS (SELECT 1 FROM orders_order o WHERE o.contract_id = orders_contract.id"
            f" AND o.id = {setting('paper')})",
            lambda scope: Q(orders__id=scope.order_id),
        ),
        read_only=frozenset({"contractor", "paper"}),
    )

    class Meta:
        verbose_name = _("marché")
        verbose_name_plural = _("marchés")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="contract_of_landlord"),
            models.UniqueConstraint(fields=["landlord", "number"], name="one_contract_number"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="contract_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(tolerance_percent__range=(0, 100), tolerance_amount__gte=0),
                name="contract_tolerance_is_sane",
            ),
            models.CheckConstraint(
                condition=Q(attribution__in=Attribution.values),
                name="contract_attribution_is_known",
            ),
            models.CheckConstraint(
                condition=Q(attribution_share__isnull=True) | Q(attribution_share__range=(1, 100)),
                name="contract_share_is_sane",
            ),
            models.CheckConstraint(
                condition=Q(regularisation_days__isnull=True)
                | Q(regularisation_days__range=(1, 30)),
                name="regularisation_delay_is_sane",
            ),
            models.CheckConstraint(
                condition=Q(variation_days__range=(1, 30), variation_hours__range=(1, 72)),
                name="variation_delays_are_sane",
            ),
            models.CheckConstraint(
                condition=Q(certificate_days__range=(1, 30)),
                name="contract_certificate_within_30_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"


class PriceSchedule(ScopedModel):
    """A version of a contract's price schedule (bordereau), in force from a day on.

    Being prepared until it is published: then its articles never change again, and it holds from
    `effective_on` until the next published one does. One at a time is prepared.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="schedules", db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("version"))
    effective_on = models.DateField(_("date d’effet"))
    note = models.CharField(_("origine"), max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    scope_rule = Rule(
        landlord="landlord_id",
        contractor=Custom(
            f"contractor_id = {setting('contractor')} AND published_at IS NOT NULL",
            lambda scope: Q(contractor_id=scope.contractor_id, published_at__isnull=False),
        ),
        # What is asked on an order's paper is priced by the contract that it is drawn on.
        paper=Custom(
            "published_at IS NOT NULL AND contract_id IN (SELECT o.contract_id FROM orders_order o"
            f" WHERE o.id = {setting('paper')})",
            lambda scope: Q(published_at__isnull=False, contract__orders__id=scope.order_id),
        ),
        read_only=frozenset({"contractor", "paper"}),
    )

    class Meta:
        verbose_name = _("version de bordereau")
        verbose_name_plural = _("versions de bordereau")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="price_schedule_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "contract", "number"], name="one_schedule_number"
            ),
            models.UniqueConstraint(
                fields=["landlord", "contract", "effective_on"], name="one_schedule_of_a_day"
            ),
            models.UniqueConstraint(
                fields=["landlord", "contract"],
                condition=Q(published_at__isnull=True),
                name="one_schedule_prepared",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


explain(
    "one_schedule_of_a_day",
    "effective_on",
    _("Une autre version de ce bordereau prend effet ce jour-là."),
)
explain(
    "one_schedule_prepared",
    "effective_on",
    _("Une version de ce bordereau est déjà en préparation : publiez-la ou retirez-la d’abord."),
)


class PriceItem(ScopedModel):
    """An article of a version of a price schedule (BPU). Price in euros excluding VAT."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="price_items", db_constraint=False
    )
    schedule = models.ForeignKey(
        PriceSchedule, on_delete=models.PROTECT, related_name="items", db_constraint=False
    )
    code = models.CharField(_("code"), max_length=20)
    label = models.CharField(_("désignation"), max_length=200)
    unit = models.CharField(_("unité"), max_length=12)
    unit_price = models.DecimalField(_("prix unitaire HT"), max_digits=12, decimal_places=4)
    vat_rate = models.DecimalField(
        _("TVA %"), max_digits=4, decimal_places=2, default=Decimal("10.00")
    )

    scope_rule = Rule(
        landlord="landlord_id",
        contractor=Custom(
            f"contractor_id = {setting('contractor')} AND EXISTS (SELECT 1 FROM"
            " orders_priceschedule s WHERE s.id = orders_priceitem.schedule_id"
            " AND s.published_at IS NOT NULL)",
            lambda scope: Q(
                contractor_id=scope.contractor_id, schedule__published_at__isnull=False
            ),
        ),
        paper=Custom(
            "schedule_id IN (SELECT s.id FROM orders_priceschedule s JOIN orders_order o"
            " ON o.contract_id = s.contract_id WHERE s.published_at IS NOT NULL"
            f" AND o.id = {setting('paper')})",
            lambda scope: Q(
                schedule__published_at__isnull=False,
                schedule__contract__orders__id=scope.order_id,
            ),
        ),
        read_only=frozenset({"contractor", "paper"}),
    )

    class Meta:
        verbose_name = _("article de bordereau")
        verbose_name_plural = _("articles de bordereau")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="price_item_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "schedule", "code"], name="one_price_code_of_version"
            ),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="price_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.label}"

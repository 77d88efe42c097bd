"""Words of money that a contract adds to its invoices: what is held back, advanced, given back."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contractors.models.invoices import Invoice
from contractors.models.walls import BOTH, of_invoice, partner_of
from contractors.money_states import MoneyCode, RefundHow, Security
from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Custom, Rule
from nexxio.core.models import Organisation, Partnership, ScopedModel
from nexxio.core.models.base import KernelModel
from orders.models import Contract

explain("one_advance_of_contract", "amount", _("Une avance est déjà enregistrée sur ce marché."))

_WRITTEN_BY_LANDLORD = Rule(
    landlord=BOTH.landlord, contractor=BOTH.contractor, read_only=frozenset({"contractor"})
)


class MoneyRule(KernelModel):
    """A figure that law or custom sets, from a day to a day. Unscoped, written by platform staff.

    A day without a row has no figure: what needs it is refused, nothing is guessed.
    """

    code = models.CharField(_("règle"), max_length=24, choices=MoneyCode)
    value = models.DecimalField(_("valeur"), max_digits=9, decimal_places=2)
    starts_on = models.DateField(_("à partir du"))
    ends_on = models.DateField(
        _("jusqu’au"), null=True, blank=True, help_text=_("Vide : jusqu’à nouvel ordre.")
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Texte, article, date de publication.")
    )

    class Meta:
        verbose_name = _("règle de paiement")
        verbose_name_plural = _("règles de paiement")
        ordering = ["code", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "starts_on"],
                name="one_money_rule_per_day",
                violation_error_message=_("Une règle de cette nature commence déjà ce jour-là."),
            ),
            models.CheckConstraint(
                condition=Q(value__gte=0) & Q(code__in=MoneyCode.values),
                name="money_rule_is_sane",
                violation_error_message=_("La valeur est négative."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="money_rule_ends_after_it_starts",
                violation_error_message=_("La fin précède le début."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_code_display()} : {self.value} ({self.starts_on:%d/%m/%Y})"


class LandlordDelay(KernelModel):
    """The longest payment delay of a landlord whose legal form leaves it open (a cooperative).

    From a day to a day, with its source. Unscoped, written by platform staff: both sides' clocks
    read it. A day without a row has no delay, and nothing is computed.
    """

    landlord = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    days = models.PositiveSmallIntegerField(
        _("délai maximal"), choices=[(30, _("30 jours")), (60, _("60 jours"))]
    )
    starts_on = models.DateField(_("à partir du"))
    ends_on = models.DateField(
        _("jusqu’au"), null=True, blank=True, help_text=_("Vide : jusqu’à nouvel ordre.")
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Texte, article, date de publication.")
    )

    class Meta:
        verbose_name = _("délai de paiement d’une coopérative")
        verbose_name_plural = _("délais de paiement des coopératives")
        ordering = ["landlord", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "starts_on"],
                name="one_landlord_delay_per_day",
                violation_error_message=_("Un délai de cet organisme commence déjà ce jour-là."),
            ),
            models.CheckConstraint(condition=Q(days__gte=1), name="landlord_delay_is_some"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="landlord_delay_ends_after_it_starts",
                violation_error_message=_("La fin précède le début."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.landlord} : {self.get_days_display()} ({self.starts_on:%d/%m/%Y})"


class MoneyTerms(ScopedModel):
    """What a contract says of payment, retention, advance and VAT; without a row, nothing.

    payment_days: its payment delay, where it is shorter than the law's or, between private
    parties, agreed within its caps; is_month_end: « 45 jours fin de mois » instead; late_rate: its
    own percentage of late interest. The latter two are of private rules only.

    retention_rate: percent of what is granted, VAT included. is_small: the lower ceiling for small
    firms holds. retention_months: from the acceptance of the works. security: what stands in for
    the retention since `security_on`; nothing is held any more. recover_from, recover_until:
    between which percentages of the contract's amount an advance is recovered. is_reverse_charge:
    the landlord is itself a main contractor whose works these are, and owes their VAT (CGI, article
    283-2 nonies).
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    retention_rate = models.DecimalField(
        _("retenue de garantie en %"), max_digits=4, decimal_places=2, default=0
    )
    is_small = models.BooleanField(_("plafond des petites entreprises"), default=False)
    retention_months = models.PositiveSmallIntegerField(_("mois avant libération"))
    security = models.CharField(
        _("garantie remplaçant la retenue"), max_length=12, choices=Security, blank=True
    )
    security_issuer = models.CharField(_("organisme"), max_length=120, blank=True)
    security_on = models.DateField(_("date de la garantie"), null=True, blank=True)
    recover_from = models.DecimalField(
        _("début de la reprise en %"), max_digits=5, decimal_places=2
    )
    recover_until = models.DecimalField(_("fin de la reprise en %"), max_digits=5, decimal_places=2)
    is_reverse_charge = models.BooleanField(
        _("sous-traitance de travaux, autoliquidation"), default=False, db_default=False
    )
    payment_days = models.PositiveSmallIntegerField(
        _("délai de paiement en jours"), null=True, blank=True
    )
    is_month_end = models.BooleanField(_("45 jours fin de mois"), default=False, db_default=False)
    late_rate = models.DecimalField(
        _("pénalités de retard en %"), max_digits=5, decimal_places=2, null=True, blank=True
    )

    scope_rule = _WRITTEN_BY_LANDLORD

    class Meta:
        verbose_name = _("retenue et avance d’un marché")
        verbose_name_plural = _("retenues et avances des marchés")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "contract"], name="one_money_terms_of_contract"
            ),
            models.CheckConstraint(
                condition=Q(retention_rate__range=(0, 99), retention_months__range=(1, 60)),
                name="retention_terms_are_sane",
            ),
            models.CheckConstraint(
                condition=Q(security="", security_issuer="", security_on__isnull=True)
                | (
                    Q(security__in=Security.values, security_on__isnull=False)
                    & ~Q(security_issuer="")
                ),
                name="security_has_issuer_and_day",
            ),
            models.CheckConstraint(
                condition=Q(
                    recover_from__gte=0, recover_from__lt=F("recover_until"), recover_until__lte=100
                ),
                name="advance_recovery_is_sane",
            ),
            models.CheckConstraint(
                condition=(Q(payment_days__isnull=True) | Q(payment_days__gte=1))
                & ~Q(payment_days__isnull=False, is_month_end=True)
                & (Q(late_rate__isnull=True) | Q(late_rate__gt=0)),
                name="payment_terms_are_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.retention_rate} %"


class Retention(ScopedModel):
    """What is held back of an invoice until its guarantee is over.

    amount: VAT included, less what credit notes took of it. months: as the contract said then.
    release_on: null as long as the works aren't accepted. opposed_at: since when the landlord
    opposes its release, with a reason that the company reads. released_on: the day of its payment.
    told_on: when both sides were told that its day had come.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        related_name="retentions",
        db_index=False,
        db_constraint=False,
    )
    rate = models.DecimalField(_("taux en %"), max_digits=4, decimal_places=2)
    amount = models.DecimalField(_("retenue TTC"), max_digits=12, decimal_places=2)
    months = models.PositiveSmallIntegerField(_("mois avant libération"))
    release_on = models.DateField(_("à libérer le"), null=True, blank=True)
    opposed_at = models.DateTimeField(_("opposition du"), null=True, blank=True)
    oppose_note = models.CharField(_("raison de l’opposition"), max_length=500, blank=True)
    released_on = models.DateField(_("libérée le"), null=True, blank=True)
    told_on = models.DateField(null=True, blank=True)

    scope_rule = of_invoice(read_only=frozenset({"contractor"}))

    class Meta:
        verbose_name = _("retenue de garantie")
        verbose_name_plural = _("retenues de garantie")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="retention_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "invoice"], name="one_retention_of_invoice"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="retention_is_not_negative"),
            models.CheckConstraint(
                condition=Q(opposed_at__isnull=True, oppose_note="")
                | (Q(opposed_at__isnull=False) & ~Q(oppose_note="")),
                name="retention_opposed_with_a_reason",
            ),
        ]
        indexes = [
            # The lists of both sides: what is held by its day, what was released, newest first.
            models.Index(
                fields=["landlord", "release_on", "id"],
                condition=Q(released_on__isnull=True),
                name="retention_landlord_held",
            ),
            models.Index(
                fields=["contractor", "release_on", "id"],
                condition=Q(released_on__isnull=True),
                name="retention_contractor_held",
            ),
            models.Index(
                fields=["landlord", "-released_on", "-id"],
                condition=Q(released_on__isnull=False),
                name="retention_landlord_released",
            ),
            models.Index(
                fields=["contractor", "-released_on", "-id"],
                condition=Q(released_on__isnull=False),
                name="retention_contractor_free",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.amount}"


class Advance(ScopedModel):
    """What a landlord has paid on a contract before the works, and how much of it came back.

    base: the contract's amount, VAT included, that the percentages of its recovery are of.
    recovered: what its invoices have deducted.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    base = models.DecimalField(_("montant du marché TTC"), max_digits=14, decimal_places=2)
    amount = models.DecimalField(_("avance TTC"), max_digits=12, decimal_places=2)
    requested_on = models.DateField(_("demandée le"), null=True, blank=True)
    paid_on = models.DateField(_("versée le"))
    reference = models.CharField(_("référence"), max_length=60, blank=True)
    recovered = models.DecimalField(_("déjà reprise"), max_digits=12, decimal_places=2, default=0)

    scope_rule = _WRITTEN_BY_LANDLORD

    class Meta:
        verbose_name = _("avance")
        verbose_name_plural = _("avances")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "contract"], name="one_advance_of_contract"
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=F("base")), name="advance_is_a_part"
            ),
            models.CheckConstraint(
                condition=Q(recovered__gte=0, recovered__lte=F("amount")),
                name="advance_recovered_no_more_than_paid",
            ),
        ]
        indexes = [models.Index(fields=["landlord", "paid_on"], name="advance_by_day")]

    def __str__(self) -> str:
        return f"{self.contract_id}: {self.amount}"


class Refund(ScopedModel):
    """What a company gave back of what was paid above what an invoice comes to, or let deduct."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        related_name="refunds",
        db_index=False,
        db_constraint=False,
    )
    amount = models.DecimalField(_("montant TTC"), max_digits=12, decimal_places=2)
    on = models.DateField(_("le"))
    how = models.CharField(_("nature"), max_length=10, choices=RefundHow)
    reference = models.CharField(_("référence"), max_length=120)

    scope_rule = of_invoice(read_only=frozenset({"contractor"}))

    class Meta:
        verbose_name = _("remboursement")
        verbose_name_plural = _("remboursements")
        ordering = ["on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__gt=0, how__in=RefundHow.values) & ~Q(reference=""),
                name="refund_is_positive_and_named",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "invoice"], name="refund_of_invoice"),
            models.Index(fields=["landlord", "on"], name="refund_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.amount}"


class PaymentCalendar(ScopedModel):
    """When a landlord pays: on these days of the week, and on these days.

    weekdays: 0 is Monday; a public holiday moves a run to the next working day. days: typed or
    pasted. Without a row the expected day is the legal one.
    """

    landlord = models.OneToOneField(
        Organisation, on_delete=models.PROTECT, related_name="payment_calendar"
    )
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    days = ArrayField(models.DateField(), default=list, blank=True)

    scope_rule = Rule(
        landlord="landlord_id",
        contractor=Custom(
            partner_of("landlord_id", "contractor_id", "contractor", ours="landlord_id"),
            lambda scope: Q(
                landlord_id__in=Partnership.objects.filter(
                    contractor_id=scope.contractor_id
                ).values("landlord_id")
            ),
        ),
        read_only=frozenset({"contractor"}),
    )

    class Meta:
        verbose_name = _("calendrier de paiement")
        verbose_name_plural = _("calendriers de paiement")
        constraints = [
            models.CheckConstraint(
                condition=Q(weekdays__contained_by=list(range(5))),
                name="payment_weekdays_are_working_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.landlord_id}"

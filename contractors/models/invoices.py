"""Invoices, their lines, the numbers that they take, what interrupted them, what was paid."""

from __future__ import annotations

from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from contractors.causes import CauseCode
from contractors.models.walls import INVOICES, of_invoice
from contractors.money_states import PaymentPurpose
from contractors.states import CreditReason, InvoiceKind, InvoiceState, LineOrigin
from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, PartyModel, ScopedModel, StoredFile
from orders.models import Order

explain(
    "one_live_invoice_number", "number", _("Une autre facture de l’entreprise porte ce numéro.")
)
explain("one_live_invoice_of_rank", "order", _("Cette commande est déjà facturée."))
explain("one_prepared_credit_note", "invoice", _("Un avoir de cette facture est déjà préparé."))
explain("one_chorus_number", "chorus_number", _("Une autre facture a ce numéro de Chorus Pro."))
explain("one_open_suspension", "invoice", _("Cette facture est déjà suspendue."))

_NEVER_FILED = ("prepared", "to_file", "discarded")


def granted_by(prefix: str = "") -> Least:
    """Return `Invoice.granted`, as the database adds it up. prefix: the way to the invoice."""
    total = f"{prefix}total_with_vat"
    return Least(Coalesce(f"{prefix}admitted", total), F(total) - F(f"{prefix}credited"))


def owed_by(prefix: str = "") -> CombinedExpression:
    """Return `Invoice.owed`, the same."""
    return granted_by(prefix) - F(f"{prefix}retained") - F(f"{prefix}recovered")


GRANTED_EUROS = granted_by()
OWED = owed_by()


class Invoice(PartyModel):
    """An invoice, a credit note or a situation of a contractor to a landlord.

    tenant and reader_case are always null: no tenant reads an invoice. filed_at: when it was handed
    over, from then on the landlord sees it; received_on: the certain date from which the legal
    delay runs; due_on: until when it has to be paid. admitted: what the landlord admits of it,
    VAT included, null until it says. platform_code: the last national code that came, as it came.
    came_as_file: made from a file that one side sent (ReceivedInvoice), not prepared here.

    rank: which of its order's invoices it is: 1, then what was granted since, or the next
    situation. credits: of a credit note, the invoice that it takes back, with its reason. credited:
    how much of it credit notes have taken back, VAT included; all amounts are positive.
    in_progress: a situation of works that went on when it was handed over, decided once.
    is_reverse_charge: its buyer owes the VAT (autoliquidation); its lines have none.
    retained: held back as a guarantee (Retention), paid by itself when it is released; recovered:
    of the contract's advance. Both are decided when the invoice is granted, VAT included.
    recovered_then: what it gave back of the advance on the day that it was said to be paid
    (recovered_on), for accounts; of a credit note, what it put back on the advance after that.
    owed_first: what was to be paid of a part that was admitted before the rest was granted.
    kept_terms: what its contract said of paying when it was settled, once it says something else
    (payment_days, is_month_end, late_rate); null while the contract itself still says it.
    """

    kind = models.CharField(
        _("nature"), max_length=12, choices=InvoiceKind, default=InvoiceKind.INVOICE
    )
    number = models.CharField(_("numéro"), max_length=40)
    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        related_name="invoices",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    department = models.CharField(_("service"), max_length=20, blank=True)
    state = models.CharField(
        _("état"), max_length=16, choices=InvoiceState, default=InvoiceState.PREPARED
    )
    state_since = models.DateTimeField()
    issued_on = models.DateField(_("date de facture"))
    filed_at = models.DateTimeField(_("déposée le"), null=True, blank=True)
    chorus_number = models.CharField(_("numéro Chorus Pro"), max_length=40, blank=True)
    received_on = models.DateField(_("reçue le"), null=True, blank=True)
    due_on = models.DateField(_("à payer avant le"), null=True, blank=True)
    total_without_vat = models.DecimalField(max_digits=12, decimal_places=2)
    total_vat = models.DecimalField(max_digits=12, decimal_places=2)
    total_with_vat = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    admitted = models.DecimalField(
        _("montant admis"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    cause = models.CharField(_("cause"), max_length=3, blank=True)
    answer_note = models.CharField(_("explication"), max_length=500, blank=True)
    platform_code = models.CharField(_("code reçu"), max_length=20, blank=True)
    came_as_file = models.BooleanField(default=False)
    kept_terms = models.JSONField(null=True, blank=True)
    in_progress = models.BooleanField(default=False, db_default=False)
    is_reverse_charge = models.BooleanField(_("autoliquidation"), default=False, db_default=False)
    rank = models.PositiveSmallIntegerField(_("facture n°"), default=1, db_default=1)
    credits = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="credit_notes",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    credit_reason = models.CharField(
        _("motif de l’avoir"), max_length=12, choices=CreditReason, blank=True, db_default=""
    )
    credit_words = models.CharField(_("explication"), max_length=500, blank=True, db_default="")
    credited = models.DecimalField(
        _("avoirs"), max_digits=12, decimal_places=2, default=Decimal(0), db_default=Decimal(0)
    )
    retained = models.DecimalField(
        _("retenue"), max_digits=12, decimal_places=2, default=Decimal(0), db_default=Decimal(0)
    )
    recovered = models.DecimalField(
        _("avance reprise"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
    )
    recovered_then = models.DecimalField(
        _("avance reprise au paiement"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        db_default=Decimal(0),
    )
    recovered_on = models.DateField(_("avance reprise le"), null=True, blank=True)
    owed_first = models.DecimalField(
        _("à payer d’abord"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    scope_rule = INVOICES

    class Meta:
        verbose_name = _("facture")
        verbose_name_plural = _("factures")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="invoice_of_landlord"),
            models.UniqueConstraint(
                fields=["contractor", "number"],
                condition=~Q(state="rejected"),  # mended, it is sent again under its number
                name="one_live_invoice_number",
            ),
            models.UniqueConstraint(
                fields=["landlord", "order", "rank"],
                condition=Q(kind__in=["invoice", "situation"])
                & ~Q(state__in=["refused", "rejected", "credited", "discarded"]),
                name="one_live_invoice_of_rank",
            ),
            models.UniqueConstraint(
                fields=["landlord", "credits"],
                condition=Q(credits__isnull=False, state__in=["prepared", "to_file"]),
                name="one_prepared_credit_note",
            ),
            models.UniqueConstraint(
                fields=["landlord", "chorus_number"],
                condition=~Q(chorus_number=""),
                name="one_chorus_number",
            ),
            models.CheckConstraint(
                condition=Q(
                    contractor__isnull=False, tenant__isnull=True, reader_case__isnull=True
                ),
                name="invoice_is_of_two_organisations",
            ),
            models.CheckConstraint(
                condition=Q(state__in=InvoiceState.values) & Q(kind__in=InvoiceKind.values),
                name="invoice_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(filed_at__isnull=True) ^ ~Q(state__in=_NEVER_FILED),
                name="invoice_filed_at_exactly_when_filed",
            ),
            models.CheckConstraint(
                condition=Q(total_with_vat=F("total_without_vat") + F("total_vat")),
                name="invoice_totals_add_up",
            ),
            models.CheckConstraint(
                condition=Q(admitted__isnull=True)
                | Q(admitted__gte=0, admitted__lte=F("total_with_vat")),
                name="invoice_admits_no_more_than_its_total",
            ),
            models.CheckConstraint(
                condition=Q(credits__isnull=True) ^ Q(kind="credit_note"),
                name="credit_note_has_its_invoice",
            ),
            models.CheckConstraint(
                condition=Q(credited__gte=0, credited__lte=F("total_with_vat")),
                name="invoice_credited_no_more_than_its_total",
            ),
            models.CheckConstraint(
                condition=Q(
                    retained__gte=0,
                    recovered__gte=0,
                    total_with_vat__gte=F("retained") + F("recovered"),
                ),
                name="invoice_deducts_no_more_than_its_total",
            ),
        ]
        indexes = [
            # Lists, newest first, filtered by state or not, on both sides.
            models.Index(
                fields=["landlord", "-created_at", "-id"],
                condition=Q(filed_at__isnull=False),
                name="invoice_landlord_list",
            ),
            models.Index(
                fields=["landlord", "state", "-created_at", "-id"],
                condition=Q(filed_at__isnull=False),
                name="invoice_landlord_state",
            ),
            models.Index(
                fields=["contractor", "-created_at", "-id"], name="invoice_contractor_list"
            ),
            models.Index(
                fields=["contractor", "state", "-created_at", "-id"],
                name="invoice_contractor_state",
            ),
            models.Index(fields=["landlord", "number"], name="invoice_landlord_number"),
            models.Index(fields=["landlord", "order"], name="invoice_of_order"),
            models.Index(
                fields=["landlord", "credits"],
                condition=Q(credits__isnull=False),
                name="invoice_credit_notes",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit(self) -> bool:
        """Whether it takes money back."""
        return self.kind == InvoiceKind.CREDIT_NOTE

    @property
    def net(self) -> Decimal:
        """What is left of it after credit notes, VAT included."""
        return self.total_with_vat - self.credited

    @property
    def granted(self) -> Decimal:
        """What the landlord owes of it: credit notes first take what isn't admitted.

        All of it until the landlord says; what it doesn't admit isn't due until it is granted.
        """
        return self.net if self.admitted is None else min(self.admitted, self.net)

    @property
    def owed(self) -> Decimal:
        """What is to be paid now: less the retention, which is paid later, and the advance, which
        was paid before. Paying it in time is paying in time.
        """
        return max(self.granted - self.retained - self.recovered, Decimal(0))

    @property
    def contested(self) -> Decimal:
        """What the landlord hasn't admitted of what is left: the most that a block may hold."""
        return self.net - min(self.admitted or Decimal(0), self.net)


class InvoiceLine(ScopedModel):
    """A line of an invoice: of its order, granted on top of it, or free. Copied, never followed.

    origin_id: the line that it was copied from, of the order or of the variation; null when free.
    credited_line: of a credit note, the invoice's line that it takes back.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="lines", db_index=False, db_constraint=False
    )
    origin = models.CharField(max_length=9, choices=LineOrigin, default=LineOrigin.FREE)
    origin_id = models.UUIDField(null=True, blank=True)
    credited_line = models.UUIDField(null=True, blank=True)
    variation_number = models.PositiveSmallIntegerField(null=True, blank=True)
    rank = models.PositiveSmallIntegerField(default=1)
    code = models.CharField(max_length=20, blank=True)
    label = models.CharField(max_length=200)
    unit = models.CharField(max_length=12)
    unit_price = models.DecimalField(max_digits=12, decimal_places=4)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    quantity = models.DecimalField(max_digits=12, decimal_places=3)
    total_without_vat = models.DecimalField(max_digits=12, decimal_places=2)

    scope_rule = of_invoice(read_only=frozenset({"landlord"}))

    class Meta:
        verbose_name = _("ligne de facture")
        verbose_name_plural = _("lignes de facture")
        ordering = ["rank", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(origin_id__isnull=True) ^ ~Q(origin="free"),
                name="invoice_line_has_its_origin",
            ),
        ]
        indexes = [models.Index(fields=["landlord", "invoice"], name="invoice_line_of_invoice")]

    def __str__(self) -> str:
        return f"{self.label} × {self.quantity}"


class InvoiceSeries(ScopedModel):
    """The numbers of a contractor's invoices of a year: its row is locked to take the next one.

    Each follows the one before without a hole: it is taken in the transaction that keeps it.
    """

    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    scope_rule = Rule(contractor="contractor_id")

    class Meta:
        verbose_name = _("série de factures")
        verbose_name_plural = _("séries de factures")
        constraints = [
            models.UniqueConstraint(fields=["contractor", "year"], name="one_invoice_series"),
        ]

    def __str__(self) -> str:
        return f"{self.contractor_id} {self.year}"


class Suspension(ScopedModel):
    """What the landlord asked for before it goes on, on which day, and when it came. file: with it.

    Whether it interrupts the legal delay is not said here: the law decides (legality, legal_clock).
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        related_name="suspensions",
        db_index=False,
        db_constraint=False,
    )
    number = models.PositiveSmallIntegerField(_("suspension n°"))
    cause = models.CharField(max_length=3, choices=[(code.value, code.value) for code in CauseCode])
    note = models.CharField(_("explication"), max_length=500)
    pieces = ArrayField(models.CharField(max_length=120), verbose_name=_("pièces demandées"))
    notified_at = models.DateTimeField(_("notifiée le"))
    completed_at = models.DateTimeField(_("complétée le"), null=True, blank=True)
    answer = models.CharField(_("réponse"), max_length=500, blank=True)
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )

    scope_rule = of_invoice()

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "invoice", "number"], name="one_suspension_number"
            ),
            models.UniqueConstraint(
                fields=["landlord", "invoice"],
                condition=Q(completed_at__isnull=True),
                name="one_open_suspension",
            ),
            models.CheckConstraint(
                condition=Q(pieces__len__gt=0), name="suspension_lists_what_is_missing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id} n° {self.number}"


class Payment(ScopedModel):
    """A payment: announced by the landlord, confirmed by the contractor, or seen by it first.

    paid_on: the day that counts, the announced one until the contractor says when the money came;
    announced_on: what the landlord said, kept; announced_amount: the same, where less came.
    purpose: the invoice, its retention that was released, or what its late payment cost: the latter
    are no part of what the legal clock counts. reference: of the transfer, as the accounts say it;
    two payments of one sum on one day are told apart by it. share: of a subcontractor who is paid
    directly; null of what the contractor itself is paid.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        related_name="payments",
        db_index=False,
        db_constraint=False,
    )
    purpose = models.CharField(
        max_length=10,
        choices=PaymentPurpose,
        default=PaymentPurpose.INVOICE,
        db_default=PaymentPurpose.INVOICE,
    )
    share = models.ForeignKey(
        "contractors.SubcontractShare",
        on_delete=models.PROTECT,
        related_name="payments",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    amount = models.DecimalField(max_digits=12, decimal_places=2)
    currency = models.CharField(max_length=3, default="EUR")
    reference = models.CharField(
        _("référence du virement"), max_length=40, blank=True, db_default=""
    )
    announced_on = models.DateField(_("payée le, selon le bailleur"), null=True, blank=True)
    announced_amount = models.DecimalField(
        _("montant, selon le bailleur"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    paid_on = models.DateField(_("payée le"))
    announced_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)

    scope_rule = of_invoice()

    class Meta:
        verbose_name = _("paiement")
        verbose_name_plural = _("paiements")
        ordering = ["paid_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="payment_is_positive"),
            models.CheckConstraint(
                condition=Q(announced_at__isnull=False) | Q(confirmed_at__isnull=False),
                name="payment_is_said_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=PaymentPurpose.values), name="payment_purpose_is_known"
            ),
        ]
        indexes = [models.Index(fields=["landlord", "invoice"], name="payment_of_invoice")]

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

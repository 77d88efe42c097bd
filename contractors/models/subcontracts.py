"""Who else does a contractor's works: declared on a contract, named on an order, paid directly."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contractors.models.invoices import Invoice
from contractors.models.walls import BOTH, of_invoice
from contractors.subcontract_states import LIVE, WRITTEN_BY_CONTRACTOR, SubcontractState, with_vat
from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, ScopedModel, StoredFile
from orders.models import Contract, Order

explain(
    "one_live_subcontract_of_company",
    "siret",
    _("Cette entreprise est déjà déclarée sur ce marché."),
)
explain("one_subcontractor_of_name", "name", _("Ce sous-traitant est déjà nommé."))

_WRITTEN = ", ".join(f"'{state}'" for state in WRITTEN_BY_CONTRACTOR)


class Subcontract(ScopedModel):
    """A subcontractor that a contractor has declared on a contract (DC4), and the answer.

    amount: the most that he is paid, euros excluding VAT; vat_rate: of his invoices to the
    contractor, 0 where the contractor owes the VAT (is_reverse_charge) or he owes none.
    is_direct: the landlord pays him his part itself. tacit_on: from this day on a silence has
    accepted him; null where only a word does. file: the act as both signed it, if it was sent.
    note: why he is refused, or why the declaration ended.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    name = models.CharField(_("raison sociale"), max_length=120)
    siret = models.CharField(_("SIRET"), max_length=14)
    object = models.CharField(_("prestations sous-traitées"), max_length=300)
    amount = models.DecimalField(_("montant maximum HT"), max_digits=12, decimal_places=2)
    vat_rate = models.DecimalField(_("TVA en %"), max_digits=4, decimal_places=2, default=0)
    is_reverse_charge = models.BooleanField(_("autoliquidation"), default=False)
    is_direct = models.BooleanField(_("paiement direct"), default=False)
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    state = models.CharField(
        _("état"), max_length=10, choices=SubcontractState, default=SubcontractState.DECLARED
    )
    declared_on = models.DateField(_("déclaré le"))
    tacit_on = models.DateField(_("accepté sans réponse à partir du"), null=True, blank=True)
    answered_at = models.DateTimeField(_("répondu le"), null=True, blank=True)
    ended_at = models.DateTimeField(_("terminé le"), null=True, blank=True)
    note = models.CharField(_("raison"), max_length=500, blank=True)

    scope_rule = Rule(
        landlord=BOTH.landlord,
        contractor=BOTH.contractor,
        checks={"contractor": f"state IN ({_WRITTEN})"},
    )

    class Meta:
        verbose_name = _("sous-traitant déclaré")
        verbose_name_plural = _("sous-traitants déclarés")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="subcontract_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "contract", "siret"],
                condition=Q(state__in=[str(state) for state in LIVE]),
                name="one_live_subcontract_of_company",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0, vat_rate__range=(0, 99)), name="subcontract_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(is_reverse_charge=False) | Q(vat_rate=0),
                name="subcontract_reversed_without_vat",
            ),
            models.CheckConstraint(
                condition=Q(state__in=SubcontractState.values), name="subcontract_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(note=""),
                name="subcontract_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="declared", answered_at__isnull=True)
                | Q(state="withdrawn")
                | (~Q(state__in=["declared", "withdrawn"]) & Q(answered_at__isnull=False)),
                name="subcontract_answered_when_it_is",
            ),
        ]
        indexes = [
            models.Index(fields=["landlord", "contract"], name="subcontract_of_contract"),
            models.Index(
                fields=["tacit_on"],
                condition=Q(state="declared", tacit_on__isnull=False),
                name="subcontracts_kept_silent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.siret})"

    @property
    def most(self) -> Decimal:
        """The most that he is paid, VAT included."""
        return with_vat(self.amount, self.vat_rate)


class NamedSubcontractor(ScopedModel):
    """Who comes to an order in the contractor's place, as its desk says; the landlord reads it.

    subcontract: his declaration on the order's contract; null as long as there is none.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(
        Order,
        on_delete=models.PROTECT,
        related_name="subcontractors",
        db_index=False,
        db_constraint=False,
    )
    name = models.CharField(_("sous-traitant"), max_length=120)
    subcontract = models.ForeignKey(
        Subcontract,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )

    scope_rule = Rule(
        landlord=BOTH.landlord, contractor=BOTH.contractor, read_only=frozenset({"landlord"})
    )

    class Meta:
        verbose_name = _("sous-traitant d’une commande")
        verbose_name_plural = _("sous-traitants des commandes")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "order", "name"], name="one_subcontractor_of_name"
            ),
            models.CheckConstraint(condition=~Q(name=""), name="subcontractor_has_a_name"),
        ]
        indexes = [
            models.Index(
                fields=["landlord", "subcontract"],
                condition=Q(subcontract__isnull=False),
                name="named_of_subcontract",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SubcontractShare(ScopedModel):
    """What of an invoice is to be paid to a subcontractor directly; the rest is the contractor's.

    amount: euros, as the contractor has certified it: without VAT where it owes the VAT itself.
    paid_on: the day of its payment, null before.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey(
        Invoice,
        on_delete=models.PROTECT,
        related_name="shares",
        db_index=False,
        db_constraint=False,
    )
    subcontract = models.ForeignKey(
        Subcontract,
        on_delete=models.PROTECT,
        related_name="shares",
        db_index=False,
        db_constraint=False,
    )
    amount = models.DecimalField(_("à verser au sous-traitant"), max_digits=12, decimal_places=2)
    paid_on = models.DateField(_("versé le"), null=True, blank=True)

    scope_rule = of_invoice()

    class Meta:
        verbose_name = _("part d’un sous-traitant")
        verbose_name_plural = _("parts des sous-traitants")
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="share_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "invoice", "subcontract"], name="one_share_of_subcontract"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="share_is_some"),
        ]
        indexes = [
            models.Index(fields=["landlord", "subcontract"], name="shares_of_subcontract"),
        ]

    def __str__(self) -> str:
        return f"{self.invoice_id}: {self.amount}"

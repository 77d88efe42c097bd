"""Accounts of invoices' lines: a landlord's own, no company reads them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contractors.imputation import Charge
from contractors.models.invoices import Invoice
from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Rule
from nexxio.core.models import Organisation, ScopedModel
from orders.models import Trade

explain("one_account_rule_of_day", "starts_on", _("Une règle identique commence ce jour-là."))

_OWN = Rule(landlord="landlord_id")


class AccountRule(ScopedModel):
    """To which account lines go from a day to a day, and who bears them.

    trade: null for all trades; code: how the article's code begins, "" for all articles.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    trade = models.ForeignKey(
        Trade,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        verbose_name=_("corps d’état"),
    )
    code = models.CharField(_("début du code d’article"), max_length=20, blank=True)
    account = models.CharField(_("compte"), max_length=20)
    charge = models.CharField(_("imputation"), max_length=16, choices=Charge)
    starts_on = models.DateField(_("à partir du"))
    ends_on = models.DateField(_("jusqu’au"), null=True, blank=True)

    scope_rule = _OWN

    class Meta:
        verbose_name = _("règle d’imputation")
        verbose_name_plural = _("règles d’imputation")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "trade", "code", "starts_on"],
                nulls_distinct=False,
                name="one_account_rule_of_day",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="account_rule_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(charge__in=Charge.values) & ~Q(account=""),
                name="account_rule_says_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} ({self.starts_on:%d/%m/%Y})"


class LineAccount(ScopedModel):
    """Where one line of an invoice goes, where somebody said so; else its landlord's rules say.

    line: the id of the invoice's line.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    invoice = models.ForeignKey(
        Invoice, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    line = models.UUIDField()
    account = models.CharField(_("compte"), max_length=20, blank=True)
    charge = models.CharField(_("imputation"), max_length=16, choices=Charge, blank=True)
    unit = models.CharField(_("UG"), max_length=20, blank=True)

    scope_rule = _OWN

    class Meta:
        verbose_name = _("imputation d’une ligne")
        verbose_name_plural = _("imputations des lignes")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "invoice", "line"], name="one_account_of_line"
            ),
            models.CheckConstraint(
                condition=Q(charge__in=["", *Charge.values]), name="line_charge_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.line}: {self.account}"

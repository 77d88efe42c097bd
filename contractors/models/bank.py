"""Bank details of a company, and each landlord's check of them before it pays there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from contractors.bank import AccountState, Outcome
from contractors.models.walls import partner_of
from nexxio.core.db.rls import Custom, Rule
from nexxio.core.models import Organisation, Partnership, ScopedModel


class BankAccount(ScopedModel):
    """Where a company wants to be paid. Never changed: another account is another row.

    organisation: the company. asked_phone: the number given with the request, which must not be
    the one that is called. is_alone: the company has nobody else to confirm it, so that each
    landlord's call is the second person. confirmed_at: from then on landlords see it. ended_at:
    when the company stopped to offer it; whoever paid there by then goes on until his next one.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    owner = models.CharField(_("titulaire du compte"), max_length=70)
    iban = models.CharField("IBAN", max_length=34)
    bic = models.CharField("BIC", max_length=11, blank=True)
    asked_phone = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=AccountState, default=AccountState.PROPOSED)
    is_alone = models.BooleanField(default=False)
    proposed_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    decided_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    note = models.CharField(_("raison"), max_length=500, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    scope_rule = Rule(
        landlord=Custom(
            "confirmed_at IS NOT NULL"
            f" AND {partner_of('contractor_id', 'landlord_id', 'landlord')}",
            lambda scope: Q(
                confirmed_at__isnull=False,
                organisation_id__in=Partnership.objects.filter(
                    landlord_id=scope.landlord_id
                ).values("contractor_id"),
            ),
        ),
        contractor="organisation_id",
        read_only=frozenset({"landlord"}),
    )

    class Meta:
        verbose_name = _("coordonnées bancaires")
        verbose_name_plural = _("coordonnées bancaires")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "id"], name="account_of_organisation"),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state=AccountState.PROPOSED),
                name="one_proposed_account",
            ),
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state=AccountState.CONFIRMED),
                name="one_offered_account",
            ),
            models.CheckConstraint(
                condition=Q(state__in=AccountState.values), name="account_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=[AccountState.PROPOSED, AccountState.CONFIRMED],
                    ended_at__isnull=True,
                )
                | (
                    ~Q(state__in=[AccountState.PROPOSED, AccountState.CONFIRMED])
                    & Q(ended_at__isnull=False)
                ),
                name="account_ended_exactly_when_it_is_over",
            ),
            models.CheckConstraint(
                condition=~Q(state=AccountState.CONFIRMED) | Q(confirmed_at__isnull=False),
                name="account_confirmed_at_a_moment",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~Q(state=AccountState.CONFIRMED)
                | ~Q(decided_by=models.F("proposed_by")),
                name="account_confirmed_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.state}"


class BankCheck(ScopedModel):
    """A landlord's own check of an account: whom it called, at which number, and what came of it.

    number_from: where the number was known from. from_at: when the hold is over and the account is
    paid to; null where it was refused. told_at: when both sides were told that it is in
    force. Its landlord alone writes it.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        BankAccount, on_delete=models.PROTECT, related_name="checks", db_constraint=False
    )
    outcome = models.CharField(max_length=10, choices=Outcome)
    called_name = models.CharField(_("personne jointe"), max_length=120, blank=True)
    called_phone = models.CharField(_("numéro appelé"), max_length=20, blank=True)
    number_from = models.CharField(_("origine du numéro"), max_length=200, blank=True)
    called_on = models.DateField(_("jour de l’appel"), null=True, blank=True)
    note = models.CharField(_("raison"), max_length=500, blank=True)
    checked_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    from_at = models.DateTimeField(null=True, blank=True)
    stopped_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    scope_rule = Rule(
        landlord="landlord_id", contractor="contractor_id", read_only=frozenset({"contractor"})
    )

    class Meta:
        verbose_name = _("contrôle de coordonnées bancaires")
        verbose_name_plural = _("contrôles de coordonnées bancaires")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "account"], name="one_check_of_an_account"),
            models.CheckConstraint(
                condition=Q(outcome__in=Outcome.values), name="bank_outcome_is_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.REFUSED, from_at__isnull=True)
                | Q(
                    outcome=Outcome.CONFIRMED,
                    from_at__isnull=False,
                    called_on__isnull=False,
                )
                & ~Q(called_name="")
                & ~Q(called_phone=""),
                name="bank_confirmed_by_a_call",
            ),
            models.CheckConstraint(
                condition=~Q(outcome=Outcome.REFUSED) | ~Q(note=""),
                name="bank_refused_with_a_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["from_at"], condition=Q(told_at__isnull=True), name="bank_holds_to_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.landlord_id} {self.account_id} {self.outcome}"

"""Compliance papers: what there is of each kind, what landlords ask for and say of them."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contractors.models.walls import BOTH, partner_of
from contractors.papers import PaperCode, Verdict
from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import Organisation, Partnership, ScopedModel, StoredFile
from nexxio.core.models.base import KernelModel


class PaperRule(KernelModel):
    """What a kind of paper is, from a day to a day. Unscoped: written by platform staff.

    months: how long one usually holds, from its date; null where only the paper says it.
    is_usual: among those that a landlord is proposed to ask for.
    """

    code = models.CharField(_("pièce"), max_length=20, choices=PaperCode)
    label = models.CharField(_("libellé"), max_length=80)
    help = models.CharField(
        _("ce qu’il faut envoyer"),
        max_length=300,
        help_text=_("Lu par l’entreprise : quel document, où le demander."),
    )
    months = models.PositiveSmallIntegerField(
        _("durée de validité en mois"),
        null=True,
        blank=True,
        help_text=_("Proposée à l’entreprise. Vide : la date de fin se lit sur le document."),
    )
    is_usual = models.BooleanField(_("demandée d’ordinaire"), default=False)
    starts_on = models.DateField(_("à partir du"))
    ends_on = models.DateField(
        _("jusqu’au"), null=True, blank=True, help_text=_("Vide : jusqu’à nouvel ordre.")
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Texte, article, date de publication.")
    )

    class Meta:
        verbose_name = _("pièce de conformité")
        verbose_name_plural = _("pièces de conformité")
        ordering = ["code", "-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "starts_on"],
                name="one_paper_rule_per_day",
                violation_error_message=_("Une ligne de cette pièce commence déjà ce jour-là."),
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="paper_rule_ends_after_it_starts",
                violation_error_message=_("La fin précède le début."),
            ),
            models.CheckConstraint(
                condition=Q(code__in=PaperCode.values), name="paper_rule_code_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.starts_on:%d/%m/%Y})"


class Paper(ScopedModel):
    """A paper that a company has uploaded; the newest of a kind counts, the others are kept.

    organisation: the company, whose own copy `file` is. replaced_at: when a newer one came, null
    for the one that counts. reminded: the last step of reminders that was told, null before the
    first. A landlord sees those of which it was given a copy.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    code = models.CharField(max_length=20, choices=PaperCode)
    issued_on = models.DateField(_("date du document"))
    expires_on = models.DateField(_("valable jusqu’au"))
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    sent_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    replaced_at = models.DateTimeField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(null=True, blank=True)

    scope_rule = Rule(
        landlord=Custom(
            "id IN (SELECT s.paper_id FROM contractors_papershare s"  # noqa: S608 (of constants)
            f" WHERE s.landlord_id = {setting('landlord')})",
            lambda scope: Q(
                id__in=PaperShare.objects.filter(landlord_id=scope.landlord_id).values("paper_id")
            ),
        ),
        contractor="organisation_id",
        read_only=frozenset({"landlord"}),
    )

    class Meta:
        verbose_name = _("attestation")
        verbose_name_plural = _("attestations")
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "id"], name="paper_of_organisation"),
            models.UniqueConstraint(
                fields=["organisation", "code"],
                condition=Q(replaced_at__isnull=True),
                name="one_paper_that_counts",
            ),
            models.CheckConstraint(
                condition=Q(expires_on__gte=F("issued_on")), name="paper_ends_after_its_date"
            ),
            models.CheckConstraint(
                condition=Q(code__in=PaperCode.values), name="paper_code_is_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_on"],
                condition=Q(replaced_at__isnull=True),
                name="papers_that_expire",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.expires_on:%d/%m/%Y}"


class PaperShare(ScopedModel):
    """A landlord's own copy of a paper, and what it says of it.

    verdict: "" as long as it says nothing, which is enough for the paper to count. The company
    makes the copy and writes nothing that is the landlord's to say.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    paper = models.ForeignKey(
        Paper, on_delete=models.PROTECT, related_name="shares", db_constraint=False
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    verdict = models.CharField(max_length=10, choices=Verdict, blank=True, default=Verdict.NONE)
    note = models.CharField(_("raison"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        "core.User", on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    answered_at = models.DateTimeField(null=True, blank=True)

    scope_rule = Rule(
        landlord="landlord_id",
        contractor="contractor_id",
        checks={"contractor": "verdict = ''"},
    )

    class Meta:
        verbose_name = _("copie d’attestation")
        verbose_name_plural = _("copies d’attestation")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "paper"], name="one_share_of_a_paper"),
            models.CheckConstraint(
                condition=Q(verdict__in=Verdict.values), name="paper_verdict_is_known"
            ),
            models.CheckConstraint(
                condition=Q(verdict="", answered_at__isnull=True)
                | (~Q(verdict="") & Q(answered_at__isnull=False)),
                name="paper_answered_exactly_when_it_is_said",
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.REFUSED) | ~Q(note=""),
                name="paper_refused_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.landlord_id} {self.paper_id}"


class PaperDemand(ScopedModel):
    """What a landlord asks of its companies; nothing is asked, nor held back, without one.

    is_on: whether it asks at all. counts_from: the day from which what lacks holds invoices (B17).
    notice_days: what a company that comes later has from the day on which it is asked.
    """

    landlord = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    is_on = models.BooleanField(default=False)
    codes = ArrayField(models.CharField(max_length=20, choices=PaperCode))
    counts_from = models.DateField(_("compte à partir du"))
    notice_days = models.PositiveSmallIntegerField(_("préavis en jours"), default=15)

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
        verbose_name = _("pièces demandées")
        verbose_name_plural = _("pièces demandées")
        constraints = [
            models.CheckConstraint(
                condition=Q(codes__contained_by=list(PaperCode.values)),
                name="paper_demand_codes_are_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.landlord_id}: {', '.join(self.codes)}"


class PaperAsk(ScopedModel):
    """That a landlord has asked one company for its papers: what lacks counts only then.

    counts_from: from which day, for this company. is_lacking: what the last look found; it is what
    holds invoices. looked_on: the day of that look, since days pass without an event.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    counts_from = models.DateField()
    is_lacking = models.BooleanField(default=False)
    looked_on = models.DateField(null=True, blank=True)

    scope_rule = Rule(
        landlord=BOTH.landlord, contractor=BOTH.contractor, read_only=frozenset({"contractor"})
    )

    class Meta:
        verbose_name = _("demande de pièces")
        verbose_name_plural = _("demandes de pièces")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "contractor"], name="one_paper_ask"),
        ]
        indexes = [models.Index(fields=["looked_on"], name="paper_asks_to_look_at")]

    def __str__(self) -> str:
        return f"{self.landlord_id} / {self.contractor_id}"

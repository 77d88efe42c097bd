"""Causes of a block: dated rows with their source, never constants."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from contractors.causes import CauseCode, Holder, StopsClock
from nexxio.core.models import Department
from nexxio.core.models.base import KernelModel


class Cause(KernelModel):
    """What a cause is, from a day to a day. Platform data, unscoped: the same for all.

    Blocks keep the code, never this row: what it says is asked for by day. starts_on and ends_on:
    null since and for ever. department: the landlord's service that holds it or checks it; empty
    is the service that ordered.
    """

    code = models.CharField(
        _("code"), max_length=3, choices=[(code.value, code.value) for code in CauseCode]
    )
    label = models.CharField(_("libellé"), max_length=80)
    request = models.CharField(
        _("demande"),
        max_length=200,
        help_text=_("Ce que lit la personne à qui c’est de jouer : le manque, puis le geste."),
    )
    holder = models.CharField(_("qui la tient"), max_length=12, choices=Holder)
    holder_note = models.CharField(_("précision"), max_length=300, blank=True)
    department = models.CharField(
        _("service du bailleur"),
        max_length=20,
        choices=Department,
        blank=True,
        help_text=_("Vide : le service qui a commandé."),
    )
    reasons = ArrayField(
        models.CharField(max_length=30),
        verbose_name=_("motifs transmis"),
        default=list,
        blank=True,
        help_text=_("Codes nationaux, séparés par des virgules."),
    )
    stops_clock = models.CharField(_("interrompt le délai légal"), max_length=8, choices=StopsClock)
    stops_unless_said = models.BooleanField(
        _("l’interrompt tant que rien n’est précisé"),
        default=False,
        help_text=_("Ne compte que « selon le cas »."),
    )
    stops_note = models.CharField(_("règle"), max_length=300, blank=True)
    starts_on = models.DateField(
        _("à partir du"), null=True, blank=True, help_text=_("Vide : depuis toujours.")
    )
    ends_on = models.DateField(
        _("jusqu’au"), null=True, blank=True, help_text=_("Vide : jusqu’à nouvel ordre.")
    )
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Texte, article, date de publication.")
    )

    class Meta:
        verbose_name = _("cause de blocage")
        verbose_name_plural = _("causes de blocage")
        ordering = ["code", F("starts_on").desc(nulls_last=True)]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "starts_on"],
                nulls_distinct=False,
                name="one_cause_per_day",
                violation_error_message=_("Une ligne de cette cause commence déjà ce jour-là."),
            ),
            models.CheckConstraint(
                condition=Q(starts_on__isnull=True)
                | Q(ends_on__isnull=True)
                | Q(ends_on__gte=F("starts_on")),
                name="cause_ends_after_it_starts",
                violation_error_message=_("La fin précède le début."),
            ),
            models.CheckConstraint(
                condition=Q(code__in=[code.value for code in CauseCode])
                & Q(holder__in=Holder.values)
                & Q(stops_clock__in=StopsClock.values),
                name="cause_codes_are_known",
            ),
            models.CheckConstraint(
                condition=Q(stops_clock=StopsClock.DEPENDS) | Q(stops_unless_said=False),
                name="cause_presumes_only_where_it_depends",
                violation_error_message=_("Ce qui est présumé ne se dit que « selon le cas »."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"

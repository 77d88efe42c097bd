"""Tenants who enter with a code sent to the phone or address that their landlord knows."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.models.base import KernelModel


class EntryCode(KernelModel):
    """One code that was asked for, and the session that it opened.

    Unscoped: it precedes every scope, and says nothing of who lives where. The same row is made
    for a contact that nobody knows. The code itself is derived from the row's key and never kept
    (core/entry). Rows are erased a day after they are over.
    """

    channel = models.CharField(_("canal"), max_length=8)
    contact = models.CharField(_("contact"), max_length=254)
    expires_at = models.DateTimeField(_("valable jusqu’à"))
    attempts = models.PositiveSmallIntegerField(_("essais"), default=0)
    send_at = models.DateTimeField(_("à envoyer à"), null=True)
    sendings = models.PositiveSmallIntegerField(_("envois tentés"), default=0)
    used_at = models.DateTimeField(_("utilisé à"), null=True)
    ends_at = models.DateTimeField(_("fin de session"), null=True)

    class Meta:
        verbose_name = _("code d’entrée")
        verbose_name_plural = _("codes d’entrée")
        constraints = [
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) ^ Q(ends_at__isnull=False),
                name="entry_session_exactly_when_used",
            ),
        ]
        indexes = [
            models.Index(fields=["contact", "created_at"], name="entry_of_contact"),
            models.Index(
                fields=["send_at"], condition=Q(send_at__isnull=False), name="entry_to_send"
            ),
            models.Index(fields=["created_at"], name="entry_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.created_at:%d/%m/%Y %H:%M}"

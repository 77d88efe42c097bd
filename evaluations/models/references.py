"""References between peers: what a company publishes of its results, and who may be called.

What is read by others is kept here as it was shown before it was published: nobody else's scope
reaches the results themselves.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evaluations.models.walls import PEER_CONTACTS, PEER_REFERENCES, PEER_RULES
from nexxio.core.db.constraints import explain
from nexxio.core.models import Organisation, ScopedModel, User

explain(
    "one_live_reference",
    "__all__",
    _("Une référence sur ce bailleur vient d’être publiée. Rechargez la page."),
)
explain(
    "one_live_contact",
    "__all__",
    _("Vous êtes déjà joignable au sujet de cette entreprise."),
)


class PeerReference(ScopedModel):
    """A company's published results of one closed quarter at one landlord, shown to the others.

    company, house: both names then. lines: what is shown, axis by axis (evaluations/peers.py).
    trades, districts: of the works of that quarter, to filter by. sha256: of all that is shown.
    unnamed: the landlord's own rule at present; others then read neither name nor départements.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    company = models.CharField(_("entreprise"), max_length=120)
    house = models.CharField(_("bailleur"), max_length=120)
    unnamed = models.BooleanField(_("bailleur non nommé"), default=False, db_default=False)
    quarter = models.DateField(_("trimestre"))
    lines = models.JSONField(default=list)
    trades = ArrayField(models.CharField(max_length=20), default=list)
    districts = ArrayField(models.CharField(max_length=3), default=list)
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("publiée le"))
    published_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    withdrawn_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    scope_rule = PEER_REFERENCES

    class Meta:
        verbose_name = _("référence entre pairs")
        verbose_name_plural = _("références entre pairs")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "contractor"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_live_reference",
            ),
            models.CheckConstraint(
                condition=~Q(lines=[]) & ~Q(sha256=""), name="reference_shows_something"
            ),
            models.CheckConstraint(
                condition=Q(quarter__day=1, quarter__month__in=[1, 4, 7, 10]),
                name="reference_of_a_quarter",
            ),
        ]
        indexes = [
            models.Index(fields=["contractor", "-published_at"], name="reference_of_contractor"),
        ]

    def __str__(self) -> str:
        return f"{self.company}, {self.house}"


class PeerRule(ScopedModel):
    """Whether a landlord is named in its companies' references; named where there is no row."""

    landlord = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    unnamed = models.BooleanField(_("ne pas nommer"), default=False)
    changed_at = models.DateTimeField(_("depuis le"))
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", db_index=False)

    scope_rule = PEER_RULES

    class Meta:
        verbose_name = _("règle des références")
        verbose_name_plural = _("règles des références")

    def __str__(self) -> str:
        return f"{self.landlord_id} {self.unnamed}"


class PeerContact(ScopedModel):
    """« Appelez-moi »: a landlord's member who answers others about a company, if he likes."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("nom"), max_length=160, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    consented_at = models.DateTimeField(_("depuis le"))
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)

    scope_rule = PEER_CONTACTS

    class Meta:
        verbose_name = _("contact entre pairs")
        verbose_name_plural = _("contacts entre pairs")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "contractor", "user"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_live_contact",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | Q(name="", phone=""),
                name="contact_forgotten_once_withdrawn",
            ),
        ]
        indexes = [
            models.Index(fields=["contractor", "landlord"], name="contact_of_contractor"),
        ]

    def __str__(self) -> str:
        return self.name

"""Landlords and contractors."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models.base import ScopedModel
from nexxio.core.models.users import Membership
from nexxio.core.scoping import Scope


class OrganisationKind(models.TextChoices):
    """Which side an organisation is on."""

    LANDLORD = "landlord", _("Bailleur")
    CONTRACTOR = "contractor", _("Prestataire")


class LegalForm(models.TextChoices):
    """Legal form; for a landlord it drives the payment rules."""

    OPH = "oph", _("OPH")
    ESH = "esh", _("ESH (SA d’HLM)")
    COOPERATIVE = "cooperative", _("Coopérative")
    SEM = "sem", _("SEM")
    PRIVATE = "private", _("Bailleur privé")
    COMPANY = "company", _("Entreprise")


def _partner_of(column: str, other: str, name: str) -> str:
    return f"id IN (SELECT p.{column} FROM core_partnership p WHERE p.{other} = {setting(name)})"


def _landlord_sees(scope: Scope) -> Q:
    partners = Partnership.objects.filter(landlord_id=scope.landlord_id)
    return Q(id=scope.landlord_id) | Q(id__in=partners.values("contractor_id"))


def _contractor_sees(scope: Scope) -> Q:
    partners = Partnership.objects.filter(contractor_id=scope.contractor_id)
    return Q(id=scope.contractor_id) | Q(id__in=partners.values("landlord_id"))


def _tenant_sees(scope: Scope) -> Q:
    partners = Partnership.objects.filter(landlord_id=scope.via_id)
    return Q(id=scope.via_id) | Q(id__in=partners.values("contractor_id"))


def _member_sees(scope: Scope) -> Q:
    memberships = Membership.objects.filter(user=scope.user_id, is_active=True)
    return Q(id__in=memberships.values("organisation_id"))


# A paper names one order, so its holder reads the name of the two who are on it and of those
# whom its landlord works with; nothing of any of them but the names' table.
_VIA = f"id = {setting('via')} OR {_partner_of('contractor_id', 'landlord_id', 'via')}"


class Organisation(ScopedModel):
    """A landlord or a contractor. Partners see each other; nobody else is visible."""

    kind = models.CharField(_("côté"), max_length=12, choices=OrganisationKind)
    legal_form = models.CharField(_("forme juridique"), max_length=12, choices=LegalForm)
    name = models.CharField(_("nom"), max_length=120)
    aliases = models.JSONField(_("autres noms"), default=list, blank=True)
    slug = models.SlugField(_("nom dans l’adresse"), max_length=60, unique=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    colour = models.CharField(_("couleur"), max_length=7, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    requires_second_factor = models.BooleanField(
        _("double authentification exigée"), default=False, db_default=False
    )

    scope_rule = Rule(
        landlord=Custom(
            f"id = {setting('landlord')} OR {_partner_of('contractor_id', 'landlord_id', 'landlord')}",
            _landlord_sees,
        ),
        contractor=Custom(
            f"id = {setting('contractor')}"
            f" OR {_partner_of('landlord_id', 'contractor_id', 'contractor')}",
            _contractor_sees,
        ),
        tenant=Custom(f"({setting('tenant')} IS NOT NULL) AND ({_VIA})", _tenant_sees),
        link=Custom(f"({setting('case')} IS NOT NULL) AND ({_VIA})", _tenant_sees),
        paper=Custom(f"({setting('paper')} IS NOT NULL) AND ({_VIA})", _tenant_sees),
        user=Custom(
            "id IN (SELECT m.organisation_id FROM core_membership m"
            f" WHERE m.is_active AND m.user_id = {setting('user')})",
            _member_sees,
        ),
        read_only=frozenset({"landlord", "contractor", "tenant", "link", "paper", "user"}),
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=OrganisationKind.values), name="organisation_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Partnership(ScopedModel):
    """A landlord and a contractor who work together; each then sees the other's name."""

    landlord = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    scope_rule = Rule(
        landlord="landlord_id",
        contractor="contractor_id",
        tenant=Custom(
            f"({setting('tenant')} IS NOT NULL) AND landlord_id = {setting('via')}",
            lambda scope: Q(landlord_id=scope.via_id),
        ),
        link=Custom(
            f"({setting('case')} IS NOT NULL) AND landlord_id = {setting('via')}",
            lambda scope: Q(landlord_id=scope.via_id),
        ),
        paper=Custom(
            f"({setting('paper')} IS NOT NULL) AND landlord_id = {setting('via')}",
            lambda scope: Q(landlord_id=scope.via_id),
        ),
        read_only=frozenset({"contractor", "tenant", "link", "paper"}),
    )

    class Meta:
        verbose_name = _("partenariat")
        verbose_name_plural = _("partenariats")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "contractor"], name="one_partnership")
        ]

    def __str__(self) -> str:
        return f"{self.landlord_id} × {self.contractor_id}"


class ReferenceCounter(ScopedModel):
    """Last number given out, per landlord, kind of reference and year."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    prefix = models.CharField(max_length=3)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    scope_rule = Rule(landlord="landlord_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "prefix", "year"], name="one_counter")
        ]

    def __str__(self) -> str:
        return f"{self.prefix}{self.year}: {self.last}"

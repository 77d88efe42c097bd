"""Who is invited into an organisation, and when platform staff looked into its space."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Role
from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models.base import ScopedModel
from nexxio.core.models.organisations import Organisation, OrganisationKind, Partnership
from nexxio.core.models.users import Department, Membership, User
from nexxio.core.scoping import Scope

BY_A_MANAGER = f"nexxio_manages(organisation_id, {setting('user')})"
"""Condition on a row that is written: its writer is an active manager of its organisation."""


_BY_HIMSELF = (
    "EXISTS (SELECT 1 FROM core_membership m WHERE m.id = core_absence.member_id AND m.is_active"
    f" AND m.organisation_id = core_absence.organisation_id AND m.user_id = {setting('user')})"
)


class Absence(ScopedModel):
    """Days on which a member is absent, both included, and who stands in."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    member = models.ForeignKey(
        Membership, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    substitute = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name=_("remplacé par"),
    )
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    ended_at = models.DateTimeField(_("terminée le"), null=True, blank=True)

    scope_rule = Rule(
        landlord="organisation_id",
        contractor="organisation_id",
        checks={
            "landlord": f"({BY_A_MANAGER} OR {_BY_HIMSELF})",
            "contractor": f"({BY_A_MANAGER} OR {_BY_HIMSELF})",
        },
    )

    class Meta:
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="absence_ends_after_it_starts"
            ),
        ]
        indexes = [
            # Those that run or come: few, and asked for in every reminder.
            models.Index(
                fields=["organisation", "ends_on"],
                condition=Q(ended_at__isnull=True),
                name="absence_of_house",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id}: {self.starts_on} – {self.ends_on}"


def _own_or_partners(kind: str, other: str) -> Custom:
    """Rows of the scope's own house, and of those that it works with."""

    def q(scope: Scope) -> Q:
        partners = Partnership.objects.filter(**{f"{kind}_id": scope.value_for(kind)})
        own = Q(organisation_id=scope.value_for(kind))
        return own | Q(organisation_id__in=partners.values(f"{other}_id"))

    return Custom(_own_or_works_with(setting(kind), kind, other), q)


def _own_or_works_with(house: str, column: str, other: str) -> str:
    partners = f"SELECT p.{other}_id FROM core_partnership p WHERE p.{column}_id = {house}"
    return f"(organisation_id = {house} OR organisation_id IN ({partners}))"


def _paper_sees(scope: Scope) -> Q:
    partners = Partnership.objects.filter(landlord_id=scope.via_id)
    via = Q(organisation_id=scope.via_id)
    return via | Q(organisation_id__in=partners.values("contractor_id"))


def _managed(scope: Scope) -> Q:
    houses = Membership.objects.filter(
        user=scope.user_id, user__is_active=True, is_active=True, roles__contains=[Role.MANAGER]
    )
    return Q(organisation_id__in=houses.values("organisation_id"))


class ClosedPeriod(ScopedModel):
    """Days on which a house is closed, both included, beside Sundays and public holidays.

    Its managers write them. Whoever works with it reads them: they are asked for before anybody is
    given an appointment. They move no date that a contract or the law sets.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    label = models.CharField(_("libellé"), max_length=60)

    # Partners read what they may not change, so what is written has a kind of its own: the person.
    scope_rule = Rule(
        landlord=_own_or_partners("landlord", "contractor"),
        contractor=_own_or_partners("contractor", "landlord"),
        paper=Custom(
            f"({setting('paper')} IS NOT NULL)"
            f" AND {_own_or_works_with(setting('via'), 'landlord', 'contractor')}",
            _paper_sees,
        ),
        user=Custom(BY_A_MANAGER, _managed),
        read_only=frozenset({"landlord", "contractor", "paper"}),
        checks={
            "user": f"(organisation_id = {setting('landlord')}"
            f" OR organisation_id = {setting('contractor')})"
        },
    )

    class Meta:
        verbose_name = _("jours de fermeture")
        verbose_name_plural = _("jours de fermeture")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="closing_ends_after_it_starts"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "ends_on"], name="closed_days_of_house")]

    def __str__(self) -> str:
        return f"{self.label}: {self.starts_on} – {self.ends_on}"


class RoleLimit(ScopedModel):
    """What a role of a landlord may commit on one order, euros excluding VAT."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    role = models.CharField(
        _("rôle"), max_length=20, choices=[(role.value, role.value) for role in Role]
    )
    spend_limit = models.DecimalField(_("plafond par commande HT"), max_digits=12, decimal_places=2)

    scope_rule = Rule(landlord="organisation_id", checks={"landlord": BY_A_MANAGER})

    class Meta:
        verbose_name = _("plafond d’un rôle")
        verbose_name_plural = _("plafonds des rôles")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "role"], name="one_limit_of_a_role"),
            models.CheckConstraint(
                condition=Q(spend_limit__gte=0), name="role_limit_is_not_below_zero"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role}: {self.spend_limit}"


class Invitation(ScopedModel):
    """A place in an organisation, offered to an address. Only the hash of its token is kept.

    issue: how many times it was sent; each sending has a token of its own, the last one counts.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    email = models.EmailField(_("adresse e-mail"))
    department = models.CharField(_("service"), max_length=20, choices=Department)
    roles = ArrayField(
        models.CharField(max_length=20, choices=[(role.value, role.value) for role in Role]),
        default=list,
    )
    agency = models.ForeignKey(
        "core.Agency",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name=_("agence"),
    )
    sector = models.ForeignKey(
        "core.Sector",
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
        verbose_name=_("secteur"),
    )
    spend_limit = models.DecimalField(
        _("plafond par commande HT"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    issue = models.PositiveSmallIntegerField(default=1)
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(_("expire le"))
    accepted_at = models.DateTimeField(_("acceptée le"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    revoked_at = models.DateTimeField(_("retirée le"), null=True, blank=True)

    scope_rule = Rule(
        landlord="organisation_id",
        contractor="organisation_id",
        checks={"landlord": BY_A_MANAGER, "contractor": BY_A_MANAGER},
    )

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "email", "department"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="one_open_invitation",
            ),
            models.UniqueConstraint(fields=["organisation", "id"], name="invitation_of_house"),
        ]

    def __str__(self) -> str:
        return self.email


class PlatformEntry(ScopedModel):
    """A stay of platform staff in an organisation's space: why, until when. They only look."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    side = models.CharField(_("côté"), max_length=12, choices=OrganisationKind)
    staff = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("motif"), max_length=300)
    expires_at = models.DateTimeField(_("jusqu’à"))
    ended_at = models.DateTimeField(_("terminé le"), null=True, blank=True)
    ended_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )

    scope_rule = Rule(
        landlord="organisation_id",
        contractor="organisation_id",
        user="staff_id",
        checks={
            "landlord": BY_A_MANAGER,
            "contractor": BY_A_MANAGER,
            "user": f"staff_id = {setting('user')}",
        },
    )

    class Meta:
        verbose_name = _("accès de la plateforme")
        verbose_name_plural = _("accès de la plateforme")
        constraints = [
            models.UniqueConstraint(fields=["organisation", "id"], name="entry_of_house"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")), name="entry_has_a_duration"
            ),
        ]
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="entry_list"),
            models.Index(
                fields=["staff", "expires_at"],
                condition=Q(ended_at__isnull=True),
                name="entry_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} → {self.organisation_id}"


_OF_OWN_ENTRY = (
    "entry_id IN (SELECT e.id FROM core_platformentry e"
    f" WHERE e.staff_id = {setting('user')} AND e.organisation_id = core_entrypage.organisation_id)"
)


class EntryPage(ScopedModel):
    """A page that was seen during such a stay: its path, never what was searched for."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    entry = models.ForeignKey(
        PlatformEntry, on_delete=models.PROTECT, related_name="pages", db_constraint=False
    )
    path = models.CharField(_("page"), max_length=300)
    times = models.PositiveIntegerField(_("fois"), default=1)
    last_at = models.DateTimeField(_("dernière fois"))

    scope_rule = Rule(
        landlord="organisation_id",
        contractor="organisation_id",
        user=Custom(
            _OF_OWN_ENTRY,
            lambda scope: Q(entry__in=PlatformEntry.objects.filter(staff_id=scope.user_id)),
        ),
        read_only=frozenset({"landlord", "contractor"}),
    )

    class Meta:
        verbose_name = _("page vue par la plateforme")
        constraints = [models.UniqueConstraint(fields=["entry", "path"], name="one_page_per_entry")]

    def __str__(self) -> str:
        return self.path

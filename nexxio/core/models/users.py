"""People who log in, and their place in organisations."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Role
from nexxio.core.db.rls import Rule, setting
from nexxio.core.ids import new_id
from nexxio.core.models.base import ScopedModel


class UserManager(BaseUserManager["User"]):
    """Makes users by e-mail."""

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """Create a user; without password he logs in by code."""
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password) if password else user.set_unusable_password()
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        """Create a member of platform staff."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """A person who logs in. What he may do is in his memberships. Unscoped: log-in precedes any."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(_("adresse e-mail"), unique=True)
    first_name = models.CharField(_("prénom"), max_length=80, blank=True)
    last_name = models.CharField(_("nom"), max_length=80, blank=True)
    is_staff = models.BooleanField(_("équipe de la plateforme"), default=False)
    is_active = models.BooleanField(_("actif"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    sessions_ended = models.PositiveIntegerField(
        _("sessions closes"),
        default=0,
        db_default=0,
        help_text=_("Nombre de fois."),
        editable=False,
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = UserManager()

    class Meta:
        verbose_name = _("personne")
        verbose_name_plural = _("personnes")

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        """Return first and last name."""
        return f"{self.first_name} {self.last_name}".strip()

    def _get_session_auth_hash(self, secret: Any = None) -> str:
        """Tie sessions to the password, and to how often all of them were ended.

        A session remembers this hash: counting up ends every one of them, wherever it is kept.
        """
        if not self.sessions_ended:
            return super()._get_session_auth_hash(secret)  # type: ignore[misc,no-any-return]
        value = f"{self.password}:{self.sessions_ended}"
        salt = "nexxio.core.models.User.session"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    def get_short_name(self) -> str:
        """Return the first name, as it is said at a door."""
        return self.first_name or self.email


class Department(models.TextChoices):
    """Services of a landlord, and the desks of a contractor."""

    PATRIMOINE = "patrimoine", _("Patrimoine")
    MARCHES = "marches", _("Marchés")
    PROXIMITE = "proximite", _("Proximité")
    RELATION = "relation", _("Relation locataire")
    COMPTABILITE = "comptabilite", _("Comptabilité")
    EXPLOITATION = "exploitation", _("Exploitation")
    TERRAIN = "terrain", _("Équipe terrain")


# No membership is written by its own person: whoever writes stays a manager, so that an
# organisation never loses its last one.
_BY_ANOTHER_MANAGER = (
    f"nexxio_manages(organisation_id, {setting('user')}) AND user_id <> {setting('user')}"
)


class Membership(ScopedModel):
    """A person's place in an organisation: department, territory, roles, limit.

    agency and sector: what he looks at first; both null for the whole estate, a sector comes with
    its agency. former_sector: a note of the time before sectors, shown to managers, never read.
    spend_limit: euros excluding VAT that he may commit on one order; null for what his roles may:
    role_limit, kept by the database from the house's limits (RoleLimit); null there for no limit.
    """

    organisation = models.ForeignKey(
        "core.Organisation", on_delete=models.PROTECT, related_name="memberships"
    )
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
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
    former_sector = models.CharField(
        _("secteur noté auparavant"),
        max_length=80,
        blank=True,
        db_column="sector",
        db_default="",
    )
    phone = models.CharField(_("téléphone professionnel"), max_length=20, blank=True)
    spend_limit = models.DecimalField(
        _("plafond par commande HT"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    role_limit = models.DecimalField(
        _("plafond du rôle"), max_digits=12, decimal_places=2, null=True, blank=True, editable=False
    )
    is_active = models.BooleanField(_("active"), default=True)

    scope_rule = Rule(
        landlord="organisation_id",
        contractor="organisation_id",
        user="user_id",
        read_only=frozenset({"user"}),
        checks={"landlord": _BY_ANOTHER_MANAGER, "contractor": _BY_ANOTHER_MANAGER},
    )

    class Meta:
        verbose_name = _("appartenance")
        verbose_name_plural = _("appartenances")
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user", "department"], name="one_membership_per_department"
            ),
            models.UniqueConstraint(
                fields=["organisation", "id"], name="membership_of_organisation"
            ),
            models.CheckConstraint(
                condition=models.Q(sector__isnull=True) | models.Q(agency__isnull=False),
                name="membership_sector_with_agency",
            ),
        ]
        indexes = [models.Index(fields=["user", "is_active"])]

    @property
    def limit(self) -> Decimal | None:
        """Euros excluding VAT that he may commit on one order: his own, else his roles'."""
        return self.role_limit if self.spend_limit is None else self.spend_limit

    def __str__(self) -> str:
        return f"{self.user} ({self.get_department_display()})"

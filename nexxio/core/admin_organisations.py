"""Organisations and who works with whom; people and their places."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.forms import CheckboxSelectMultiple, ModelForm, MultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nexxio.core.actors import Role, Side
from nexxio.core.admin_base import Act, Arranged, acting
from nexxio.core.admin_entries import Entering
from nexxio.core.members.wording import roles_text
from nexxio.core.models import Membership, Organisation, Partnership, User
from nexxio.core.platform import services


@admin.register(Organisation)
class OrganisationAdmin(Entering, Arranged):
    """Landlords and contractors."""

    list_display = ("name", "kind", "legal_form", "siret", "members", "is_active")
    list_filter = ("kind", "legal_form", "is_active")
    search_fields = ("name", "slug", "siret")
    search_help_text = _("Nom ou SIRET")
    ordering = ("name",)
    fields = (
        ("name", "slug"),
        ("kind", "legal_form"),
        "siret",
        ("phone", "email"),
        "colour",
        "is_active",
    )
    readonly_fields = ("is_active",)
    prepopulated_fields = {"slug": ("name",)}
    acts = {
        "close": Act(
            label=_("Fermer l’espace"),
            run=lambda actor, row: services.close_organisation(actor=actor, organisation_id=row.pk),
            done=_("Espace fermé"),
            confirm=_(
                "Plus personne n’entrera dans cet espace, et les liens de suivi de ses locataires"
                " ne répondront plus. Rien n’est effacé ; vous pourrez le rouvrir."
            ),
            danger=True,
            shown=lambda row: row.is_active,
        ),
        "reopen": Act(
            label=_("Rouvrir l’espace"),
            run=lambda actor, row: services.reopen_organisation(
                actor=actor, organisation_id=row.pk
            ),
            done=_("Espace rouvert"),
            confirm=_("Ses membres pourront de nouveau entrer, et ses liens répondront."),
            shown=lambda row: not row.is_active,
        ),
    }

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        """Count the active members of what is listed."""
        active = Count("memberships", filter=Q(memberships__is_active=True))
        found: QuerySet[Organisation] = super().get_queryset(request).annotate(members=active)
        return found

    @admin.display(description=_("membres"), ordering="members")
    def members(self, organisation: Any) -> int:
        """Return how many active members it has."""
        return int(organisation.members)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the side and the address of the space, once links and rules stand on them."""
        return (*self.readonly_fields, *(("kind", "slug") if obj else ()))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Fill the address in from the name, for a new one."""
        return {} if obj else self.prepopulated_fields

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: Any) -> None:
        """Save through the service."""
        services.save_organisation(
            actor=acting(request), organisation=obj, fields=form.changed_data, is_new=not change
        )


@admin.register(Partnership)
class PartnershipAdmin(Arranged):
    """Who works with whom."""

    list_display = ("landlord", "contractor", "created_at")
    list_select_related = ("landlord", "contractor")
    search_fields = ("landlord__name", "contractor__name")
    search_help_text = _("Nom du bailleur ou du prestataire")
    autocomplete_fields = ("landlord", "contractor")
    ordering = ("landlord__name", "contractor__name")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes who the parties of a partnership are."""
        return False

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Take a landlord for one side and a contractor for the other."""
        kwargs["queryset"] = Organisation.objects.filter(kind=db_field.name)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def save_model(self, request: HttpRequest, obj: Partnership, form: Any, change: Any) -> None:
        """Save through the service."""
        services.open_partnership(actor=acting(request), partnership=obj)


@admin.register(User)
class UserAdmin(Arranged):
    """People. Passwords are neither typed nor shown here."""

    list_display = ("email", "first_name", "last_name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "last_name")
    search_help_text = _("Adresse e-mail ou nom")
    fields = ("email", ("first_name", "last_name"), "is_staff", "is_active", "last_login")
    readonly_fields = ("is_active", "last_login")
    ordering = ("email",)
    acts = {
        "end_sessions": Act(
            label=_("Fermer ses sessions"),
            run=lambda actor, row: services.end_sessions(actor=actor, user_id=row.pk),
            done=_("Sessions fermées"),
            confirm=_("Cette personne devra se reconnecter sur tous ses appareils."),
        ),
        "reset_factors": Act(
            label=_("Retirer les seconds facteurs perdus"),
            run=lambda actor, row: services.reset_second_factors(actor=actor, user_id=row.pk),
            done=_("Seconds facteurs retirés"),
            confirm=_(
                "Seulement après avoir vérifié l’identité de la personne (procédure des comptes)."
                " Ses sessions sont fermées ; ses organisations en seront informées."
            ),
            danger=True,
        ),
        "deactivate": Act(
            label=_("Désactiver le compte"),
            run=lambda actor, row: services.deactivate_user(actor=actor, user_id=row.pk),
            done=_("Compte désactivé"),
            confirm=_(
                "Ses sessions seront fermées et elle ne pourra plus se connecter."
                " Ses organisations en seront informées. Son historique reste."
            ),
            danger=True,
            shown=lambda row: row.is_active,
        ),
        "reactivate": Act(
            label=_("Réactiver le compte"),
            run=lambda actor, row: services.reactivate_user(actor=actor, user_id=row.pk),
            done=_("Compte réactivé"),
            confirm=_("Cette personne pourra de nouveau se connecter."),
            shown=lambda row: not row.is_active,
        ),
    }

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the address once it is there: whoever holds it may log in by code."""
        return (*self.readonly_fields, *(("email",) if obj else ()))

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: Any) -> None:
        """Save through the service."""
        services.save_user(
            actor=acting(request), user=obj, fields=form.changed_data, is_new=not change
        )


_ROLES = {
    Role.MANAGER: _("Responsable"),
    Role.CLERK: _("Gestionnaire"),
    Role.TECHNICIAN: _("Technicien"),
    Role.READER: _("Lecture seule"),
}


class MembershipForm(ModelForm):  # type: ignore[type-arg]
    """Roles as boxes to tick."""

    roles = MultipleChoiceField(
        label=_("rôles"),
        choices=[(role.value, label) for role, label in _ROLES.items()],
        widget=CheckboxSelectMultiple,
    )

    class Meta:
        localized_fields = ("spend_limit",)


@admin.register(Membership)
class MembershipAdmin(Arranged):
    """Who belongs where, with which roles and limit."""

    form = MembershipForm
    list_display = ("user", "organisation", "department", "role_names", "spend_limit", "is_active")
    list_filter = ("department", "is_active", "organisation__kind")
    list_select_related = ("user", "organisation")
    search_fields = ("user__email", "user__last_name", "organisation__name")
    search_help_text = _("Personne ou organisation")
    autocomplete_fields = ("user", "organisation")
    fields = (
        ("user", "organisation"),
        "department",
        "roles",
        ("phone", "spend_limit"),
        "is_active",
    )
    ordering = ("organisation__name", "user__email")

    @admin.display(description=_("rôles"))
    def role_names(self, membership: Membership) -> str:
        """Return the roles in words."""
        return roles_text(membership.roles, Side(membership.organisation.kind))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep whose place it is: visits and events point at it."""
        return ("user", "organisation") if obj else ()

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: Any) -> None:
        """Save through the service."""
        services.save_membership(
            actor=acting(request), membership=obj, fields=form.changed_data, is_new=not change
        )

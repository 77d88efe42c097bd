"""What the administration's lists and acts have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import display_for_value
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import BooleanField, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from nexxio.core.actors import Actor
from nexxio.core.errors import Refused
from nexxio.core.models import User
from nexxio.core.platform.services import staff_actor

PAGE = 50
CAP = 2000
"""A list counts and pages so far: whoever wants more narrows it."""


def acting(request: HttpRequest) -> Actor:
    """Return the member of staff as an actor."""
    assert isinstance(request.user, User)
    return staff_actor(request.user)


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts to a cap: a table of millions is not counted for a list's foot."""

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, at most CAP."""
        rows = self.object_list
        assert isinstance(rows, QuerySet)
        return rows.order_by()[:CAP].count()


def is_moment(value: Any) -> bool:
    """Tell whether a value is a day or an instant."""
    return isinstance(value, date)


LABELS: dict[str, Any] = {
    "accepted_at": _("prise en charge le"),
    "actor_side": _("côté de l’auteur"),
    "applied_at": _("appliqué le"),
    "arrived_at": _("sur place à"),
    "attempts": _("essais"),
    "ceiling": _("montant maximal HT"),
    "channel": _("canal"),
    "confirmed_at": _("confirmé le"),
    "contractor": _("prestataire"),
    "created_at": _("créé le"),
    "done_at": _("terminé le"),
    "done_steps": _("étapes faites"),
    "external_number": _("numéro du bailleur"),
    "finished_at": _("fini le"),
    "happened_at": _("survenu le"),
    "issued_at": _("transmise le"),
    "kind": _("nature"),
    "landlord": _("organisation"),
    "leased_until": _("tenu jusqu’à"),
    "left_at": _("départ à"),
    "number": _("numéro"),
    "order": _("commande"),
    "organisation": _("organisation"),
    "payload": _("contenu"),
    "priority": _("priorité"),
    "recorded_at": _("enregistré le"),
    "started_at": _("commencé le"),
    "state": _("état"),
    "subject_id": _("identifiant"),
    "subject_type": _("objet"),
    "total_steps": _("étapes en tout"),
    "undone_at": _("annulé le"),
    "user": _("personne"),
}
"""French names of columns whose fields have none: people see them here only."""


def label_of(field: Any) -> Any:
    """Return a field's own name, or ours when it has only what Django made of its English one."""
    if str(field.verbose_name) == field.name.replace("_", " "):
        return LABELS.get(field.name, field.verbose_name)
    return field.verbose_name


def titled(title: Any) -> type[admin.ChoicesFieldListFilter]:
    """Return a filter over a field's choices with a French title."""

    class Titled(admin.ChoicesFieldListFilter):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self.title = title

    return Titled


@dataclass(frozen=True)
class Act:
    """Something that staff may do to chosen rows, by a service.

    run: the service with the actor and one row. confirm: what is asked before; without it the act
    is done at once. reason: the label of the words that staff have to give then, which `run` gets.
    shown: whether the button stands on a row's own page.
    """

    label: Any
    run: Callable[..., None]
    done: Any
    confirm: Any = ""
    danger: bool = False
    reason: Any = ""
    shown: Callable[[Any], bool] = lambda _row: True


class Arranged(admin.ModelAdmin):  # type: ignore[type-arg]
    """Lists that don't scan millions, and acts that go through services and are logged."""

    show_full_result_count = False
    list_per_page = PAGE
    list_max_show_all = PAGE
    paginator = CappedPaginator
    change_form_template = "admin/arranged_form.html"
    acts: dict[str, Act] = {}
    title: Any = ""
    one: Any = ""
    """Names of the list and of a row, where the model's own aren't said to people."""

    def get_list_display(self, request: HttpRequest) -> list[Any]:
        """Give columns their French names."""
        return [self._column(name) for name in super().get_list_display(request)]

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Give inputs their French names."""
        kwargs.setdefault("label", capfirst(label_of(db_field)))
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def _column(self, name: Any) -> Any:
        """Return a column under its French name; as it is, where it has one already."""
        if not isinstance(name, str) or hasattr(self, name):
            return name
        field: Any = self.opts.get_field(name)
        label = label_of(field)
        if label is field.verbose_name or isinstance(field, BooleanField):
            return name

        def show(row: Any) -> Any:
            in_words = getattr(row, f"get_{name}_display", None)
            value = in_words() if in_words else getattr(row, name)
            # A row's own page would write an instant as Python does.
            return display_for_value(value, "–") if value is None or is_moment(value) else value

        show.__name__ = name
        return admin.display(description=label, ordering=name, empty_value="–")(show)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Name the list plainly, in place of "Sélectionnez l'objet … à changer"."""
        context = {"title": self.list_title, **(extra_context or {})}
        return super().changelist_view(request, context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> Any:
        """Name what is open, in place of "Modification de organisation"."""
        one = self.one or self.opts.verbose_name
        title = capfirst(one) if object_id else _("Ajouter : %(one)s") % {"one": one}
        context = {"title": title, "list_title": self.list_title, **(extra_context or {})}
        return super().changeform_view(request, object_id, form_url, context)

    @property
    def list_title(self) -> Any:
        """Return the list's name."""
        return self.title or capfirst(self.opts.verbose_name_plural)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Offer the acts, and never Django's own deletion."""
        return {
            name: (_action(name), name, act.label)
            for name, act in self.acts.items()
            if self.may_act(request)
        }

    def may_act(self, request: HttpRequest) -> bool:
        """Ask for the right to change, also where nobody edits a row."""
        label = self.opts.app_label
        user = request.user
        return user.is_active and user.has_perm(f"{label}.change_{self.opts.model_name}")

    def perform(
        self, request: HttpRequest, name: str, rows: QuerySet[Any]
    ) -> TemplateResponse | None:
        """Do an act to each row, log it, and say how it went; ask first where it says so."""
        if not self.may_act(request):
            raise PermissionDenied
        act = self.acts[name]
        chosen = list(rows[:PAGE])
        reason = " ".join(request.POST.get("reason", "").split())
        is_asked = bool(act.confirm) and "confirmed" not in request.POST
        if is_asked or (act.reason and not reason):
            context = {
                **self.admin_site.each_context(request),
                "title": act.label,
                "act": act,
                "name": name,
                "rows": chosen,
                "lacks_reason": not is_asked,
                "checkbox": ACTION_CHECKBOX_NAME,
                "opts": self.opts,
            }
            return TemplateResponse(request, "admin/confirm_act.html", context)
        done = 0
        for row in chosen:
            try:
                act.run(acting(request), row, *([reason] if act.reason else []))
            except Refused as refusal:
                self.message_user(request, f"{row} : {refusal.message}", messages.ERROR)
                continue
            self.log_change(request, row, f"{act.done} : {reason}" if reason else str(act.done))
            done += 1
        if done:
            text = ngettext("%(act)s : %(n)d ligne.", "%(act)s : %(n)d lignes.", done)
            self.message_user(request, text % {"act": act.done, "n": done}, messages.SUCCESS)
        return None

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:
        """Put the acts that fit a row on its page."""
        row = kwargs.get("obj")
        if row is not None and self.may_act(request):
            context["acts"] = [(name, act) for name, act in self.acts.items() if act.shown(row)]
            context["checkbox"] = ACTION_CHECKBOX_NAME
        return super().render_change_form(request, context, *args, **kwargs)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody deletes: rows are closed, and histories point at them."""
        return False


def _action(name: str) -> Callable[..., Any]:
    def run(modeladmin: Arranged, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        return modeladmin.perform(request, name, queryset)

    return run


class ReadOnly(Arranged):
    """Looks, never edits: aggregates change through services."""

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Give fields their French names: nothing is typed, so all of them are columns."""
        rows = [
            [self._column(name) for name in row] if isinstance(row, tuple) else self._column(row)
            for row in self.fields or ()
        ]
        return [(None, {"fields": rows})]

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False


def listed(
    title: Any, column: str, pairs: Callable[[], list[tuple[str, Any]]]
) -> type[admin.SimpleListFilter]:
    """Return a filter of a column whose (value, label) pairs are known without asking the table."""
    label = title

    class Listed(admin.SimpleListFilter):
        title = label
        parameter_name = column

        def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
            return pairs()

        def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
            value = self.value()
            return queryset.filter(**{column: value}) if value else queryset

    return Listed

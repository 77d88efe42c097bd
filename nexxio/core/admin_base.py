"""What the administration's lists and acts have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.text import capfirst
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


@dataclass(frozen=True)
class Act:
    """Something that staff may do to chosen rows, by a service.

    run: the service with the actor and one row. confirm: what is asked before; without it the act
    is done at once. shown: whether the button stands on a row's own page.
    """

    label: Any
    run: Callable[[Actor, Any], None]
    done: Any
    confirm: Any = ""
    danger: bool = False
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
    """Name of the list, where the model's own isn't said to people."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Name the list plainly, in place of "Sélectionnez l'objet … à changer"."""
        title = self.title or capfirst(self.opts.verbose_name_plural)
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

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
        if act.confirm and "confirmed" not in request.POST:
            context = {
                **self.admin_site.each_context(request),
                "title": act.label,
                "act": act,
                "name": name,
                "rows": chosen,
                "checkbox": ACTION_CHECKBOX_NAME,
                "opts": self.opts,
            }
            return TemplateResponse(request, "admin/confirm_act.html", context)
        done = 0
        for row in chosen:
            try:
                act.run(acting(request), row)
            except Refused as refusal:
                self.message_user(request, f"{row} : {refusal.message}", messages.ERROR)
                continue
            self.log_change(request, row, str(act.done))
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

    def has_add_permission(self, request: HttpRequest, *_args: Any) -> bool:
        """Nobody adds."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody changes."""
        return False


class Choices(admin.SimpleListFilter):
    """A filter whose values are known without asking the table for all that it holds."""

    column = ""

    def choices_known(self) -> list[tuple[str, Any]]:
        """Return (value, label) pairs."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Return the choices."""
        return self.choices_known()

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Narrow."""
        value = self.value()
        return queryset.filter(**{self.column: value}) if value else queryset

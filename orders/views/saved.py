"""The views that people save of a list: what the list shows of them, and the page that keeps them.

A list says its name, its keys and how its addresses are made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from nexxio.core import saved_views
from nexxio.core.acts import Act, by_action
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest
from nexxio.core.members.wording import department_text
from nexxio.core.models import SavedView
from orders.views.common import add_errors

WHOLE = "vue=toutes"
"""The query of the whole list, for whom a view opens it."""


class ViewForm(forms.Form):
    """The name of a view, and the query string that it stands for."""

    name = forms.CharField(label=gettext_lazy("Nom de la vue"), max_length=40)
    query = forms.CharField(widget=forms.HiddenInput, required=False, max_length=600)


@dataclass(frozen=True)
class Saved:
    """What a list needs of the views. query: what is shown, in its one spelling."""

    query: str
    shelf: saved_views.Shelf
    url: str

    @property
    def first(self) -> SavedView | None:
        """The view that opens the list."""
        return self.shelf.first

    @property
    def columns(self) -> str:
        """The columns that the person chose, as a query string."""
        return self.shelf.columns

    def context(self, columns: str = "") -> dict[str, Any]:
        """Return what templates/orders/list_views.html shows. columns: kept with a new view."""
        shelf, query = self.shelf, self.query
        whole = f"?{WHOLE}" if shelf.first else "?"
        mine = saved_views.chips(shelf.mine, current=query, whole=str(_("Toutes")), url=whole)
        shared = saved_views.chips(shelf.shared, current=query)
        if shared and not mine:
            mine = [saved_views.Chip(label=_("Toutes"), url=whole, current=not query)]
        parts = dict(part.split("=", 1) for part in f"{columns}&{query}".split("&") if "=" in part)
        return {
            "query": query,
            "whole_url": whole,
            "views_url": self.url,
            "chips": mine,
            "shared_chips": shared,
            "view_query": "&".join(f"{key}={parts[key]}" for key in sorted(parts)),
            "is_saved": any(chip.current for chip in (*mine, *shared)),
        }


@dataclass(frozen=True)
class SavedPages:
    """The pages of the views of one list. url: address of "list", "views" or "view".

    keys: what of the query string is kept; first: what says nothing, since it is the usual.
    """

    page: str
    keys: Iterable[str]
    url: Callable[..., str]
    first: dict[str, str] = field(default_factory=dict)

    def of_list(self, request: PortalRequest) -> Saved:
        """Return what the list needs; a fragment of it shows no views, and asks for none."""
        query = saved_views.canonical(request.GET.urlencode(), self.keys)
        if query in {f"{key}={value}" for key, value in self.first.items()}:
            query = ""
        shelf = saved_views.Shelf([], [])
        if not request.htmx:
            shelf = saved_views.shelf_of(request.actor, page=self.page)
        return Saved(query, shelf, self.url(request, "views"))

    def pages(self, door: Callable[[Any], Any]) -> tuple[Any, Any]:
        """Return the page and the acts on one view, behind a door."""
        acts: dict[str, Act[SavedView]] = {
            "renommer": self._rename,
            "supprimer": self._delete,
            "partager": self._share,
            "retirer": self._withdraw,
            "ouvrir": self._open,
            "ne-plus-ouvrir": self._open_whole,
        }
        act = by_action(acts, self._find)
        both = require_http_methods(["GET", "POST"])
        return both(door(self._views)), require_POST(door(act))

    def _views(self, request: PortalRequest) -> HttpResponseBase:
        """The person's saved views; POST keeps one more."""
        if request.method != "POST":
            return self._show(request)
        form = ViewForm(request.POST)
        if form.is_valid():
            query = saved_views.canonical(form.cleaned_data["query"], self.keys)
            try:
                view = saved_views.save_view(
                    actor=request.actor,
                    page=self.page,
                    name=form.cleaned_data["name"],
                    query=query,
                )
            except Invalid as invalid:
                add_errors(form, invalid)
            else:
                messages.success(request, f"Vue « {view.name} » enregistrée.")
                return redirect(f"{self.url(request, 'list')}?{view.query}")
        return self._show(request, new=form)

    def _find(self, request: PortalRequest, pk: UUID) -> SavedView:
        view = saved_views.find_view(request.actor, pk)
        if view is None or view.page != self.page:
            raise Http404
        return view

    def _rename(self, request: PortalRequest, view: SavedView) -> HttpResponseBase:
        _own(request, view)
        form = ViewForm(request.POST, auto_id=_ids(view.pk))
        if form.is_valid():
            name = form.cleaned_data["name"]
            try:
                saved_views.rename_view(actor=request.actor, pk=view.pk, name=name)
            except Invalid as invalid:
                add_errors(form, invalid)
            else:
                return self._done(request, _("Vue renommée."))
        return self._show(request, wrong=(view, form))

    def _delete(self, request: PortalRequest, view: SavedView) -> HttpResponseBase:
        _own(request, view)
        saved_views.delete_view(actor=request.actor, pk=view.pk)
        return self._done(request, f"Vue « {view.name} » supprimée.")

    def _share(self, request: PortalRequest, view: SavedView) -> HttpResponseBase:
        _own(request, view)
        audience = request.POST.get("audience", "")
        try:
            saved_views.share_view(actor=request.actor, pk=view.pk, audience=audience)
        except Invalid as invalid:
            messages.error(request, invalid.message)
            return redirect(self.url(request, "views"))
        words = _("Vue « %(name)s » partagée avec %(whom)s.")
        return self._done(request, words % {"name": view.name, "whom": audience_text(audience)})

    def _withdraw(self, request: PortalRequest, view: SavedView) -> HttpResponseBase:
        saved_views.withdraw_view(actor=request.actor, pk=view.pk)
        return self._done(request, _("La vue n’est plus partagée."))

    def _open(self, request: PortalRequest, view: SavedView) -> HttpResponseBase:
        saved_views.open_with(actor=request.actor, page=self.page, pk=view.pk)
        return self._done(request, f"La liste s’ouvrira avec « {view.name} ».")

    def _open_whole(self, request: PortalRequest, _view: SavedView) -> HttpResponseBase:
        saved_views.open_with(actor=request.actor, page=self.page, pk=None)
        return self._done(request, _("La liste s’ouvrira en entier."))

    def _done(self, request: PortalRequest, words: str) -> HttpResponseBase:
        messages.success(request, words)
        return redirect(self.url(request, "views"))

    def _show(
        self,
        request: PortalRequest,
        *,
        new: ViewForm | None = None,
        wrong: tuple[SavedView, ViewForm] | None = None,
    ) -> HttpResponseBase:
        actor = request.actor
        first = saved_views.first_of(actor, page=self.page)
        rows = []
        for view in saved_views.views_of(actor, page=self.page):
            form = ViewForm(auto_id=_ids(view.pk), initial={"name": view.name})
            if wrong is not None and wrong[0].pk == view.pk:
                form = wrong[1]
            rows.append({**self._row(request, view, first), "form": form})
        offered = saved_views.offered_views(actor, page=self.page)
        context = {
            "rows": rows,
            "shared": [self._row(request, view, first) for view in offered],
            "new": new,
            "list_url": self.url(request, "list"),
            "audiences": [(code, audience_text(code)) for code in saved_views.audiences_of(actor)],
        }
        return render(request, "orders/views.html", context, status=422 if new or wrong else 200)

    def _row(self, request: PortalRequest, view: SavedView, first: UUID | None) -> dict[str, Any]:
        actor = request.actor
        acts = {"rename": "renommer", "delete": "supprimer", "share": "partager"}
        acts |= {"withdraw": "retirer", "open": "ouvrir", "whole": "ne-plus-ouvrir"}
        return {
            "view": view,
            "opens": view.pk == first,
            "whom": audience_text(view.audience) if view.audience else "",
            "may_withdraw": saved_views.may_withdraw(actor, view),
            **{
                f"{name}_url": self.url(request, "view", view.pk, act) for name, act in acts.items()
            },
        }


def audience_text(audience: str) -> str:
    """Return with whom a view is shared, in words."""
    if audience == SavedView.HOUSE:
        return _("toute l’organisation")
    return _("le service %(name)s") % {"name": department_text(audience)}


def _own(request: PortalRequest, view: SavedView) -> None:
    """Raise Http404 for the view of a colleague."""
    if view.user_id != request.actor.user_id:
        raise Http404


def _ids(pk: UUID) -> str:
    """Return how a row's form names its controls: several of them stand on the page."""
    return f"id_{pk}_%s"

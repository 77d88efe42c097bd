"""Pages of members: list, invite, change, history, stays of platform staff; and the invitation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from nexxio.core.actors import Actor, Role, Side
from nexxio.core.acts import by_action
from nexxio.core.errors import Invalid
from nexxio.core.exports import csv_response
from nexxio.core.http import PortalRequest, Request, portal
from nexxio.core.identity import services as identity
from nexxio.core.members import entering, selectors, services, wording
from nexxio.core.members.forms import InviteForm, RightsForm
from nexxio.core.members.invitation_view import invitation
from nexxio.core.territories.selectors import choices

__all__ = ["SIDES", "invitation", "leave"]

View = Callable[..., HttpResponseBase]


def _url(request: PortalRequest, page: str, *args: Any) -> str:
    slug = request.organisation.slug
    return reverse(f"members:{request.actor.side}_{page}", args=[slug, *args])


def page_tabs(request: PortalRequest, current: str) -> list[dict[str, Any]]:
    """Return the tabs of the members' pages; `current` names the one that is shown."""
    actor = request.actor
    tabs = [
        ("list", _("Membres"), "users", _url(request, "list")),
        ("closings", _("Jours de fermeture"), "calendar-off", _url(request, "closings")),
        ("entries", _("Accès de Nexxio"), "eye", _url(request, "entries")),
    ]
    if actor.has(Role.MANAGER):
        tabs.insert(1, ("history", _("Histoire"), "history", _url(request, "history")))
    if actor.has(Role.MANAGER) and actor.side is Side.LANDLORD:
        url = reverse("territories:index", args=[request.organisation.slug])
        tabs.insert(1, ("territories", _("Agences et secteurs"), "map-2", url))
    return [
        {"label": label, "url": url, "icon": icon, "current": name == current}
        for name, label, icon, url in tabs
    ]


def page_context(request: PortalRequest, tab: str) -> dict[str, Any]:
    """Return what every page of this part shows: its tabs and what the actor may do."""
    is_manager = request.actor.has(Role.MANAGER)
    return {
        "is_manager": is_manager,
        "tabs": page_tabs(request, tab),
        "urls": {
            name: _url(request, name)
            for name in ("list", "export", "invite", "history", "entries", "protect")
        },
        "url_of_member": f"members:{request.actor.side}_member",
        "url_of_absence": f"members:{request.actor.side}_absence",
        "url_of_act": f"members:{request.actor.side}_act",
    }


def _filters(request: PortalRequest) -> selectors.Filters:
    get = request.GET
    return selectors.Filters(
        q=get.get("q", "")[:100],
        role=get.get("role", ""),
        department=get.get("service", ""),
        state={"inactifs": "inactive", "tous": "all"}.get(get.get("etat", ""), ""),
    )


def _list(request: PortalRequest) -> HttpResponseBase:
    actor, filters = request.actor, _filters(request)
    page = selectors.member_page(actor, filters, request.GET.get("page", "1"))
    context = {
        **page_context(request, "list"),
        "filters": filters,
        "lines": page,
        "rows": selectors.rows(actor, page),
        "pending": selectors.pending(actor) if actor.has(Role.MANAGER) else [],
        "roles": wording.ROLES[actor.side].items(),
        "departments": wording.department_choices(actor.side),
        "has_limits": actor.side is Side.LANDLORD,
    }
    return render(request, "core/members/list.html", context)


_HEADINGS = (
    "Nom",
    "Prénom",
    "Adresse e-mail",
    "Service",
    "Rôles",
    "Plafond HT",
    "Agence et secteur",
    "Dernière connexion",
    "Double authentification",
    "Accès",
)


def _export(request: PortalRequest) -> HttpResponseBase:
    actor = request.actor
    rows = selectors.rows(actor, selectors.members(actor, _filters(request)))
    name = f"membres-{request.organisation.slug}"
    return csv_response(name, _HEADINGS, map(_cells, rows))


def _cells(row: selectors.MemberRow) -> list[Any]:
    user, limit = row.member.user, row.member.limit
    seen = timezone.localtime(user.last_login) if user.last_login else None
    return [
        user.last_name,
        user.first_name,
        user.email,
        row.department,
        row.roles,
        "" if limit is None else str(limit).replace(".", ","),
        row.territory,
        seen.strftime("%d/%m/%Y %H:%M") if seen else "",
        _("oui") if row.has_factor else _("non"),
        _("actif") if row.member.is_active else _("désactivé"),
    ]


def _invite(request: PortalRequest) -> HttpResponseBase:
    actor = request.actor
    form = InviteForm(
        request.POST if request.method == "POST" else None,
        side=actor.side,
        territories=choices(actor),
    )

    def save() -> str:
        email = form.cleaned_data["email"]
        services.invite(actor=actor, email=email, rights=form.rights)
        return _("Invitation enregistrée : un message part vers %(email)s.") % {"email": email}

    values = {"title": _("Inviter un membre"), "submit": _("Envoyer l’invitation")}
    return _form(request, form, save, values)


def _member(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    actor = request.actor
    member = selectors.member(actor, pk)
    if member is None:
        raise Http404
    if member.user_id == actor.user_id:
        messages.info(request, _("Vous ne changez pas vos propres droits."))
        return redirect(_url(request, "list"))
    data = request.POST if request.method == "POST" else None
    offered = choices(actor, kept=member)
    form = RightsForm(data, side=actor.side, member=member, territories=offered)

    def save() -> str:
        services.change_member(actor=actor, membership_id=pk, rights=form.rights)
        return _("Les droits de %(who)s sont enregistrés.") % {"who": member.user}

    values = {"title": str(member.user), "submit": _("Enregistrer"), "member": member}
    return _form(request, form, save, values)


def _form(
    request: PortalRequest, form: forms.Form, save: Callable[[], str], values: dict[str, Any]
) -> HttpResponseBase:
    """Show a form, 422 with what was typed when it is wrong; else save and go to the list."""
    if request.method == "POST" and form.is_valid():
        try:
            done = save()
        except Invalid as invalid:
            for name, found in invalid.errors.items():
                form.add_error(name if name in form.fields else None, found)
        else:
            messages.success(request, done)
            return redirect(_url(request, "list"))
    status = 422 if form.is_bound else 200
    context = {**page_context(request, ""), "form": form, **values}
    if member := values.get("member"):
        context["act_urls"] = {
            "off": _url(request, "act", member.pk, "desactiver"),
            "on": _url(request, "act", member.pk, "reactiver"),
        }
    return render(request, "core/members/form.html", context, status=status)


def _done_resend(actor: Actor, pk: UUID) -> str:
    invitation = services.resend(actor=actor, invitation_id=pk)
    return _("L’invitation repart vers %(email)s.") % {"email": invitation.email}


def _done_revoke(actor: Actor, pk: UUID) -> str:
    invitation = services.revoke(actor=actor, invitation_id=pk)
    return _("L’invitation de %(email)s est retirée.") % {"email": invitation.email}


def _done_deactivate(actor: Actor, pk: UUID) -> str:
    member = services.deactivate(actor=actor, membership_id=pk)
    return _("L’accès de %(who)s est désactivé ; vous pouvez le rétablir.") % {"who": member.user}


def _done_reactivate(actor: Actor, pk: UUID) -> str:
    member = services.reactivate(actor=actor, membership_id=pk)
    return _("L’accès de %(who)s est rétabli.") % {"who": member.user}


def _done_undo(actor: Actor, pk: UUID) -> str:
    member = services.undo_change(actor=actor, event_id=pk)
    return _("La modification de %(who)s est annulée.") % {"who": member.user}


def _done_send_out(actor: Actor, pk: UUID) -> str:
    entering.send_out(actor=actor, entry_id=pk)
    return _("L’accès de Nexxio est terminé.")


def _doing(
    service: Callable[[Actor, UUID], str], page: str
) -> Callable[[PortalRequest, UUID], HttpResponseBase]:
    """Return the act of an address: does it, says so, goes back to `page`."""

    def act(request: PortalRequest, pk: UUID) -> HttpResponseBase:
        messages.success(request, service(request.actor, pk))
        return redirect(_url(request, page))

    return act


def _protect(request: PortalRequest) -> HttpResponseBase:
    """Ask a second factor of all members, or no longer."""
    required = request.POST.get("exiger") == "oui"
    identity.set_second_factor(actor=request.actor, required=required)
    messages.success(
        request,
        _("Chaque membre devra activer la double authentification à sa prochaine page.")
        if required
        else _("La double authentification n’est plus exigée."),
    )
    return redirect(_url(request, "list"))


def _by_id(_request: PortalRequest, pk: UUID) -> UUID:
    return pk  # the services look, under their lock


_ACTS = {
    "renvoyer": _doing(_done_resend, "list"),
    "retirer": _doing(_done_revoke, "list"),
    "desactiver": _doing(_done_deactivate, "list"),
    "reactiver": _doing(_done_reactivate, "list"),
    "annuler": _doing(_done_undo, "history"),
    "terminer": _doing(_done_send_out, "entries"),
}


def _history(request: PortalRequest) -> HttpResponseBase:
    lines = [
        {"line": line, "undo_url": _url(request, "act", line.undo, "annuler") if line.undo else ""}
        for line in selectors.history(request.actor)
    ]
    context = {**page_context(request, "history"), "lines": lines}
    return render(request, "core/members/history.html", context)


def _entries(request: PortalRequest) -> HttpResponseBase:
    may_end = request.actor.has(Role.MANAGER)
    rows = [
        {
            "row": row,
            "end_url": _url(request, "act", row.entry.pk, "terminer")
            if may_end and row.is_open
            else "",
        }
        for row in selectors.entries(request.actor)
    ]
    context = {**page_context(request, "entries"), "rows": rows}
    return render(request, "core/members/entries.html", context)


def _side(side: Side) -> dict[str, View]:
    office = portal(side, Role.MANAGER, Role.CLERK, Role.READER)
    manager = portal(side, Role.MANAGER)
    form = require_http_methods(["GET", "HEAD", "POST"])
    return {
        "list": require_GET(office(_list)),
        "export": require_GET(manager(_export)),
        "invite": form(manager(_invite)),
        "member": form(manager(_member)),
        "act": require_POST(manager(by_action(_ACTS, _by_id))),
        "history": require_GET(manager(_history)),
        "protect": require_POST(manager(_protect)),
        "entries": require_GET(office(_entries)),
    }


SIDES = {side: _side(side) for side in (Side.LANDLORD, Side.CONTRACTOR)}


@require_POST
@login_required
def leave(request: Request, pk: UUID) -> HttpResponseBase:
    """End one's own stay in an organisation's space."""
    entering.leave(user=request.user, entry_id=pk)
    messages.success(request, _("Vous avez quitté cet espace."))
    return redirect("core:home")

"""References between peers: a company publishes, other landlords read, a landlord answers calls."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evaluations import access, peers, policies, services
from evaluations.reference_forms import CallForm, ConsentForm, NamingForm
from evaluations.selectors import references as pages
from evaluations.views.desk import contractor, landlord
from evaluations.views.tabs import tabs, url_of
from nexxio.core.actors import Role, Side
from nexxio.core.errors import Conflict, Invalid
from nexxio.core.http import PortalRequest, portal
from orders.views.common import add_errors, form_page, posted

_direction = portal(Side.CONTRACTOR, Role.MANAGER)
_heads = portal(Side.LANDLORD, Role.MANAGER)
_desk = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)


def _directory(request: PortalRequest) -> HttpResponseBase:
    """What companies publish elsewhere, each with the same space."""
    trade, place = request.GET.get("metier", ""), request.GET.get("zone", "")
    page = pages.directory(
        request.actor, trade=trade, place=place, page=request.GET.get("page", "1")
    )
    unnamed = peers.is_unnamed(request.actor.own_id)
    context = {
        "page": page,
        "trade": trade,
        "place": place,
        "is_filtered": bool(trade or place),
        "may_answer": policies.desk(request.actor) and not unnamed,
        "unnamed": unnamed,
        "may_name": policies.steers(request.actor),
        "answered": {
            card.reference.pk
            for card in page.own
            for contact in card.contacts
            if contact.user_id == request.actor.user_id
        },
        "tabs": tabs(request, "references"),
    }
    return render(request, "evaluations/references/directory.html", context)


def _one(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One reference in full, and the company's others."""
    reference = access.get_reference(request.actor, pk)
    card, others = pages.reference_page(reference)
    context = {"card": card, "others": others, "back": url_of(request, "references")}
    return render(request, "evaluations/references/reference.html", context)


def _call(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """A member offers himself to be called."""
    reference = access.get_reference(request.actor, pk, to="answer")
    if reference.withdrawn_at is not None:
        raise Conflict(_("L’entreprise a retiré cette référence."))
    return form_page(
        request,
        form=CallForm(posted(request)),
        title=_("Être appelé au sujet de %s") % reference.company,
        intro=_(
            "D’autres bailleurs verront votre nom, %(name)s, et ce numéro, à côté de la référence."
            " Vous pouvez vous retirer à tout moment."
        )
        % {"name": request.actor.name},
        submit=_("Appelez-moi"),
        done=_("C’est noté : d’autres bailleurs peuvent vous appeler."),
        back=url_of(request, "references"),
        save=lambda found: services.offer_call(
            actor=request.actor, reference_id=reference.pk, phone=found["phone"]
        ),
    )


def _call_end(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    contact = access.get_peer_contact(request.actor, pk)
    services.withdraw_call(actor=request.actor, contact_id=contact.pk)
    messages.success(request, _("Retiré : plus aucun autre bailleur ne voit ce contact."))
    return redirect(url_of(request, "references"))


def _naming(request: PortalRequest) -> HttpResponseBase:
    """The landlord's own rule: whether its companies' references name it."""
    return form_page(
        request,
        form=NamingForm(
            posted(request), initial={"unnamed": peers.is_unnamed(request.actor.own_id)}
        ),
        title=_("Notre nom dans les références"),
        submit=_("Enregistrer"),
        done=_("Enregistré : les références publiées suivent dans quelques instants."),
        back=url_of(request, "references"),
        save=lambda found: services.name_house(actor=request.actor, unnamed=found["unnamed"]),
    )


def _own(request: PortalRequest) -> HttpResponseBase:
    """A company's own references, and the way to publish one."""
    context = {
        "cards": pages.published_references(request.actor),
        "may_publish": policies.publishes_references(request.actor),
        "has_results": bool(pages.offered(request.actor)),
        "tabs": tabs(request, "references"),
    }
    return render(request, "evaluations/references/own.html", context)


def _new(request: PortalRequest) -> HttpResponseBase:
    """Choose a landlord's quarter and axes, read what others would read, then publish it."""
    data = request.POST if request.method == "POST" else request.GET
    found = pages.offered(request.actor)
    chosen = next((one for one in found if _value(one) == data.get("de")), None)
    axes = data.getlist("axes")
    shown = (
        pages.preview(request.actor, chosen, axes, request.organisation.name) if chosen else None
    )
    form = ConsentForm(posted(request))
    if request.method == "POST" and form.is_valid() and chosen is not None and shown is not None:
        try:
            services.publish_reference(
                actor=request.actor,
                landlord_id=chosen.landlord_id,
                quarter=chosen.quarter,
                subjects=axes,
                sha256=data.get("sha256", ""),
                consents=form.cleaned_data["consents"],
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, _("Publiée : les autres bailleurs la lisent dès maintenant."))
            return redirect(url_of(request, "references"))
    context: dict[str, Any] = {
        "offered": [(_value(one), one) for one in found],
        "chosen": chosen,
        "axes": axes,
        "shown": shown,
        "form": form,
        "value": data.get("de", ""),
        "back": url_of(request, "references"),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "evaluations/references/publish.html", context, status=status)


def _withdraw(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    reference = access.get_reference(request.actor, pk, to="publish")
    services.withdraw_reference(actor=request.actor, reference_id=reference.pk)
    messages.success(request, _("Retirée : plus aucun autre bailleur ne la lit."))
    return redirect(url_of(request, "references"))


# --- inside -----------------------------------------------------------------------------------


def _value(one: pages.Offered) -> str:
    return f"{one.landlord_id}:{one.quarter.first.isoformat()}"


landlord_references = require_GET(landlord(_directory))
landlord_reference = require_GET(landlord(_one))
landlord_call = require_http_methods(["GET", "POST"])(_desk(_call))
landlord_call_end = require_POST(_desk(_call_end))
landlord_naming = require_http_methods(["GET", "POST"])(_heads(_naming))
contractor_references = require_GET(contractor(_own))
contractor_new = require_http_methods(["GET", "POST"])(_direction(_new))
contractor_withdraw = require_POST(_direction(_withdraw))

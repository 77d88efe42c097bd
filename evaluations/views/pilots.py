"""Needs and pilots of a landlord: the list, a need, one pilot, its decision."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evaluations import access, services
from evaluations.models import Need, Pilot, PilotOutcome
from evaluations.pilot_book import FEATURES, Feature, NeedCode, Switch, is_offered
from evaluations.pilot_forms import (
    DecideForm,
    NeedForm,
    PilotForm,
    first_criteria,
    initial_pilot,
)
from evaluations.selectors.pilots import days_of, kept_facts, pilot_page, pilots_page
from evaluations.services import PilotInput
from evaluations.views.desk import landlord
from evaluations.views.tabs import tabs, url_of
from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Conflict, Invalid
from nexxio.core.http import PortalRequest, portal
from orders.views.common import add_errors, form_page, posted

_managers = portal(Side.LANDLORD, Role.MANAGER)


def _list(request: PortalRequest) -> HttpResponseBase:
    """What the landlord wants to improve, and its pilots."""
    context = {"page": pilots_page(request.actor), "tabs": tabs(request, "pilots")}
    return render(request, "evaluations/pilots/list.html", context)


def _pilot(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One pilot, with what its facts say now."""
    pilot = access.get_pilot(request.actor, pk)
    context = {"page": pilot_page(request.actor, pilot), "back": url_of(request, "pilots")}
    return render(request, "evaluations/pilots/pilot.html", context)


def _new_need(request: PortalRequest) -> HttpResponseBase:
    """Put a need on the list."""
    left = pilots_page(request.actor).left
    if not left:
        messages.info(request, _("Tous les besoins sont déjà dans votre liste."))
        return redirect(url_of(request, "pilots"))
    return form_page(
        request,
        form=NeedForm(posted(request), left=left),
        title=_("Ajouter un besoin"),
        intro=_(
            "Ce que vous voulez améliorer ; les fonctions qui y répondent s’affichent ensuite."
        ),
        submit=_("Ajouter le besoin"),
        done=_("Le besoin est dans votre liste : choisissez une fonction à piloter."),
        back=url_of(request, "pilots"),
        save=lambda found: services.list_need(actor=request.actor, **found),
    )


@by_post
def _withdraw_need(request: PortalRequest, need: Need) -> HttpResponseBase:
    services.withdraw_need(actor=request.actor, need_id=need.pk)
    messages.success(request, _("Le besoin n’est plus dans la liste. Ses pilotes continuent."))
    return redirect(url_of(request, "pilots"))


def _new(request: PortalRequest, need: str, feature: str) -> HttpResponseBase:
    """Prepare a pilot of a feature for a need."""
    if not is_offered(need, feature):
        raise Http404
    found = FEATURES[feature]
    form = PilotForm(posted(request), feature=found, initial=first_criteria(found))
    return _edit(
        request,
        form,
        need,
        found,
        back=url_of(request, "pilots"),
        save=lambda data: services.prepare_pilot(
            actor=request.actor, need=need, feature=feature, data=data
        ),
    )


def _change(request: PortalRequest, pilot: Pilot) -> HttpResponseBase:
    """Write a pilot anew before it starts."""
    if pilot.starts_on <= clock.today() or pilot.withdrawn_at is not None:
        raise Conflict(_("Ce pilote a commencé ou est retiré : il ne change plus."))
    feature = FEATURES[pilot.feature]
    form = PilotForm(posted(request), feature=feature, initial=initial_pilot(pilot))
    return _edit(
        request,
        form,
        pilot.need,
        feature,
        back=url_of(request, "pilot", pilot.pk),
        save=lambda data: services.change_pilot(actor=request.actor, pilot_id=pilot.pk, data=data),
    )


def _edit(
    request: PortalRequest,
    form: PilotForm,
    need: str,
    feature: Feature,
    *,
    back: str,
    save: Callable[[PilotInput], Pilot],
) -> HttpResponseBase:
    """Show the form of a pilot; 422 with what was typed where something is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            pilot = save(form.pilot_input())
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, _("Le pilote est prêt ; il commence le jour dit."))
            return redirect(url_of(request, "pilot", pilot.pk))
    context = {
        "form": form,
        "need": NeedCode(need).label,
        "feature": feature,
        "switch": Switch(feature.switch).label,
        "back": back,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "evaluations/pilots/form.html", context, status=status)


def _decide(request: PortalRequest, pilot: Pilot) -> HttpResponseBase:
    """Go, no-go or prolonged; the way back and the facts are read again first."""
    if days_of(pilot, clock.today()) is None or pilot.outcome == PilotOutcome.NO_GO:
        raise Conflict(_("Ce pilote n’a pas commencé, ou sa décision est déjà prise."))
    feature = FEATURES[pilot.feature]
    form = DecideForm(posted(request), pilot=pilot, switched=feature.switch == Switch.PERIMETER)
    if request.method == "POST" and form.is_valid():
        try:
            services.decide_pilot(
                actor=request.actor,
                pilot_id=pilot.pk,
                facts=kept_facts(pilot),
                **form.cleaned_data,
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, _("La décision est prise et gardée."))
            return redirect(url_of(request, "pilot", pilot.pk))
    context = {
        "form": form,
        "page": pilot_page(request.actor, pilot),
        "back": url_of(request, "pilot", pilot.pk),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "evaluations/pilots/decide.html", context, status=status)


@by_post
def _withdraw(request: PortalRequest, pilot: Pilot) -> HttpResponseBase:
    services.withdraw_pilot(actor=request.actor, pilot_id=pilot.pk)
    messages.success(request, _("Le pilote est retiré."))
    return redirect(url_of(request, "pilots"))


def _find_need(request: PortalRequest, pk: UUID) -> Need:
    return access.get_need(request.actor, pk)


def _find(request: PortalRequest, pk: UUID) -> Pilot:
    return access.get_pilot(request.actor, pk, to="act")


_NEED_ACTS: dict[str, Act[Need]] = {"retirer": _withdraw_need}
_ACTS: dict[str, Act[Pilot]] = {"modifier": _change, "decider": _decide, "retirer": _withdraw}
_BOTH = ["GET", "POST"]

landlord_pilots = require_GET(landlord(_list))
landlord_pilot = require_GET(landlord(_pilot))
landlord_need_new = require_http_methods(_BOTH)(_managers(_new_need))
landlord_need_act = require_http_methods(_BOTH)(_managers(by_action(_NEED_ACTS, _find_need)))
landlord_new = require_http_methods(_BOTH)(_managers(_new))
landlord_act = require_http_methods(_BOTH)(_managers(by_action(_ACTS, _find)))

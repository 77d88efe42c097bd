"""A contract's rules of bonus and malus: prepared and signed by the landlord, then its company."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evaluations import access, services
from evaluations.bonus_forms import FIRST_RULES, RefuseForm, RulesForm, initial_rules
from evaluations.bonus_rules import in_force
from evaluations.models import BonusRules
from evaluations.selectors import bonus
from evaluations.views.desk import contractor, landlord
from evaluations.views.tabs import url_of
from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Conflict, Invalid, Refused
from nexxio.core.http import PortalRequest, portal
from orders import access as orders_access
from orders.models import Contract
from orders.views.common import add_errors, form_page, posted

managers = portal(Side.LANDLORD, Role.MANAGER)
company_managers = portal(Side.CONTRACTOR, Role.MANAGER)


def _rules(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One version: its terms, its signatures, and what it would have given."""
    page = bonus.rules_page(request.actor, access.get_bonus_rules(request.actor, pk))
    side = request.actor.side.value
    context = {
        "page": page,
        "rules": page.version.rules,
        "answer": page.version.answer,
        "side": side,
        "contract_url": _contract_url(request, page.contract),
    }
    return render(request, "evaluations/bonus/rules.html", context)


def _new(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Prepare a contract's next version, from the one in force."""
    contract = orders_access.get_contract(request.actor, pk, to="edit")
    before = in_force(contract, clock.today())
    initial = initial_rules(before) if before else FIRST_RULES
    form = RulesForm(posted(request), initial={**initial, "starts_on": ""})
    return _edit(
        request,
        form,
        contract,
        back=_contract_url(request, contract),
        save=lambda data: services.draft_rules(
            actor=request.actor, contract_id=contract.pk, data=data
        ),
    )


def _change(request: PortalRequest, rules: BonusRules) -> HttpResponseBase:
    """Write a version anew that nobody else has seen."""
    if rules.proposed_at is not None or rules.withdrawn_at is not None:
        raise Conflict(_("Cette version est déjà proposée ou retirée : préparez-en une autre."))
    return _edit(
        request,
        RulesForm(posted(request), initial=initial_rules(rules)),
        rules.contract,
        back=url_of(request, "bonus_rules", rules.pk),
        save=lambda data: services.change_rules(actor=request.actor, rules_id=rules.pk, data=data),
    )


def _edit(
    request: PortalRequest,
    form: RulesForm,
    contract: Contract,
    *,
    back: str,
    save: Callable[[Any], BonusRules],
) -> HttpResponseBase:
    """Show the form; keep what is typed. 422 with what was typed when something is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            rules = save(form.rules_input())
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(
                request, _("La version est préparée : regardez la simulation, puis proposez-la.")
            )
            return redirect(url_of(request, "bonus_rules", rules.pk))
    status = 422 if form.is_bound and form.errors else 200
    context = {"form": form, "contract": contract, "back": back}
    return render(request, "evaluations/bonus/rules_form.html", context, status=status)


def _at_once(service: Callable[..., object], said: str) -> Act[BonusRules]:
    """Return the act of a button. What is refused is said on the version's page."""

    @by_post
    def act(request: PortalRequest, rules: BonusRules) -> HttpResponseBase:
        try:
            service(actor=request.actor, rules_id=rules.pk)
        except Refused as refused:
            messages.error(request, refused.message)
        else:
            messages.success(request, said)
        return redirect(url_of(request, "bonus_rules", rules.pk))

    return act


@by_post
def _accept(request: PortalRequest, rules: BonusRules) -> HttpResponseBase:
    try:
        services.accept_rules(
            actor=request.actor, rules_id=rules.pk, sha256=request.POST.get("sha256", "")
        )
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Les règles sont acceptées et signées."))
    return redirect(url_of(request, "bonus_rules", rules.pk))


def _refuse(request: PortalRequest, rules: BonusRules) -> HttpResponseBase:
    page = bonus.rules_page(request.actor, rules)
    if not page.can_answer:
        raise Conflict(_("Ces règles ont déjà reçu une réponse, ou le bailleur les a retirées."))
    return form_page(
        request,
        form=RefuseForm(posted(request)),
        title=_("Refuser les règles proposées"),
        submit=_("Refuser"),
        tone="danger",
        done=_("Votre refus est transmis au bailleur, avec son motif."),
        back=url_of(request, "bonus_rules", rules.pk),
        save=lambda found: services.refuse_rules(actor=request.actor, rules_id=rules.pk, **found),
    )


def _contract_url(request: PortalRequest, contract: Contract) -> str:
    name = f"orders:{request.actor.side.value}_contract"
    return reverse(name, args=[request.organisation.slug, contract.pk])


def _find(request: PortalRequest, pk: UUID) -> BonusRules:
    return access.get_bonus_rules(request.actor, pk)


LANDLORD_ACTS: dict[str, Act[BonusRules]] = {
    "modifier": _change,
    "proposer": _at_once(services.propose_rules, "La version est signée et proposée."),
    "retirer": _at_once(services.withdraw_rules, "La version est retirée."),
}
CONTRACTOR_ACTS: dict[str, Act[BonusRules]] = {"accepter": _accept, "refuser": _refuse}

landlord_rules = require_GET(landlord(_rules))
contractor_rules = require_GET(contractor(_rules))
landlord_new = require_http_methods(["GET", "POST"])(managers(_new))
landlord_rules_act = require_http_methods(["GET", "POST"])(
    managers(by_action(LANDLORD_ACTS, _find))
)
contractor_rules_act = require_http_methods(["GET", "POST"])(
    company_managers(by_action(CONTRACTOR_ACTS, _find))
)

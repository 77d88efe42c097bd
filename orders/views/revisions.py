"""The landlord revises a contract's prices by its indexes."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from nexxio.core import clock
from nexxio.core.acts import by_post
from nexxio.core.errors import Invalid, Refused
from nexxio.core.http import PortalRequest
from nexxio.core.platform.price_indexes import index_choices
from orders import services
from orders.models import Contract
from orders.revision_forms import (
    RevisionClauseForm,
    RevisionDayForm,
    RevisionForm,
    initial_clause,
)
from orders.selectors.contracts import ITEMS_PER_PAGE
from orders.views.common import add_errors, form_page, posted


def clause(request: PortalRequest, found: Contract) -> HttpResponseBase:
    """Write the contract's formula."""
    form = RevisionClauseForm(
        posted(request),
        indexes=index_choices(),
        initial=initial_clause(services.revision_clause(found.pk)),
    )
    return form_page(
        request,
        form=form,
        title="Formule de révision",
        intro=f"{found.number} · {found.title}",
        submit="Enregistrer la formule",
        done="La formule de révision est enregistrée.",
        back=_contract_url(request, found),
        save=lambda _data: services.set_revision_clause(
            actor=request.actor, contract_id=found.pk, clause=form.clause()
        ),
        template="orders/landlord/revision_clause.html",
    )


@by_post
def drop_clause(request: PortalRequest, found: Contract) -> HttpResponseBase:
    """Take the formula away: prices are firm, or revised by hand."""
    services.set_revision_clause(actor=request.actor, contract_id=found.pk, clause=None)
    messages.success(request, "Ce marché n’a plus de formule de révision.")
    return redirect(_contract_url(request, found))


def revise(request: PortalRequest, found: Contract) -> HttpResponseBase:
    """Show what the formula gives on a day, line by line; by POST prepare the version."""
    made = request.method == "POST"
    asked = RevisionForm(request.POST) if made else RevisionDayForm(request.GET or None)
    if made and asked.is_valid():
        try:
            schedule = services.revise_schedule(
                actor=request.actor, contract_id=found.pk, **asked.cleaned_data
            )
        except Invalid as invalid:
            add_errors(asked, invalid)
        except Refused as refused:
            asked.add_error(None, refused.message)
        else:
            messages.success(
                request, "La version révisée est préparée : vérifiez-la, puis publiez-la."
            )
            return redirect("orders:landlord_schedule", request.organisation.slug, schedule.pk)
    asked.is_valid()
    day = asked.cleaned_data.get("effective_on") if asked.is_bound else None
    revision, refusal = None, ""
    try:
        revision = services.revision_on(found, day or max(found.starts_on, clock.today()))
        if day is None and revision.is_early:
            revision = services.revision_on(found, revision.earliest)
    except Refused as refused:
        refusal = refused.message
    if revision and not asked.is_bound:
        asked = RevisionDayForm(initial={"effective_on": revision.effective_on})
    context = {
        "contract": found,
        "form": asked,
        "revision": revision,
        "refusal": refusal,
        "items": Paginator(revision.items, ITEMS_PER_PAGE).get_page(request.GET.get("page", "1"))
        if revision
        else None,
    }
    status = 422 if asked.is_bound and asked.errors else 200
    return render(request, "orders/landlord/revise.html", context, status=status)


# --- inside -----------------------------------------------------------------------------------


def _contract_url(request: PortalRequest, found: Contract) -> str:
    return reverse("orders:landlord_contract", args=[request.organisation.slug, found.pk])

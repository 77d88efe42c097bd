"""The tenant's opinion in thirty seconds, by the link that he has, or after a code."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from evaluations import access, services
from evaluations.forms import MarksForm
from evaluations.selectors.desk import sentences_of
from evaluations.states import EvaluationState
from nexxio.core.errors import Conflict, Invalid
from nexxio.core.http import PortalRequest, by_link
from nexxio.core.models import LinkPurpose
from orders.views.common import add_errors, posted
from tenants.entry_views import by_entry

_GIVEN = "Vous avez déjà donné votre avis sur cette réparation. Merci !"
_OVER = "Le délai pour donner votre avis sur cette réparation est passé."
_NOTHING = "Aucun avis ne vous est demandé pour l’instant."
_THANKS = "Merci ! Votre avis est enregistré."


@require_http_methods(["GET", "POST"])
@by_link(LinkPurpose.FOLLOW, LinkPurpose.EVALUATE)
def opinion(request: PortalRequest, token: str) -> HttpResponseBase:
    """The form, by a link. Looking changes nothing: mail scanners follow links."""
    return _opinion(request, reverse("tenants:follow", args=[token]))


@require_http_methods(["GET", "POST"])
@by_entry
def case_opinion(request: PortalRequest, case: UUID) -> HttpResponseBase:
    """The form, of a tenant who entered with a code."""
    return _opinion(request, reverse("tenants:case", args=[case]))


def _opinion(request: PortalRequest, back: str) -> HttpResponseBase:
    evaluation = access.open_for_tenant(request.actor)
    if evaluation is None:
        messages.info(request, _why_not(request))
        return redirect(back)
    form = MarksForm(sentences_of(evaluation), posted(request), comment=True, contact=True)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_evaluation(
                actor=request.actor,
                evaluation_id=evaluation.pk,
                marks=form.marks(),
                text=form.cleaned_data["text"],
                contact=form.cleaned_data["contact"],
            )
        except Invalid as invalid:
            add_errors(form, invalid)
        except Conflict:
            messages.info(request, _GIVEN)
            return redirect(back)
        else:
            messages.success(request, _THANKS)
            return redirect(back)
    context = {"form": form, "evaluation": evaluation, "back": back}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "evaluations/opinion.html", context, status=status)


def _why_not(request: PortalRequest) -> str:
    found = access.tenants_evaluation(request.actor)
    if found is None:
        return _NOTHING
    return _OVER if found.state in (EvaluationState.INVITED, EvaluationState.EXPIRED) else _GIVEN

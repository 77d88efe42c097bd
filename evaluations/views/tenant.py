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
from evaluations.languages import LANGUAGES, language_of
from evaluations.models import Evaluation
from evaluations.selectors.tenant import opinion_of, words_of
from evaluations.states import EvaluationState
from nexxio.core.errors import Conflict, Invalid
from nexxio.core.http import PortalRequest, by_link
from nexxio.core.models import LinkPurpose
from orders.views.common import add_errors, posted
from tenants.entry_views import by_entry

_NOTHING = "Aucun avis ne vous est demandé pour l’instant."


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
    if request.POST.get("langue") in LANGUAGES:
        return _choose_language(request, evaluation, request.POST["langue"])
    asked = opinion_of(evaluation)
    form = MarksForm(
        asked.sentences, posted(request), comment=True, contact=True, words=asked.words
    )
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
            messages.info(request, asked.words["already"])
            return redirect(back)
        else:
            messages.success(request, asked.words["thanks"])
            return redirect(back)
    context = {"form": form, "evaluation": evaluation, "asked": asked, "back": back}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "evaluations/opinion.html", context, status=status)


def _choose_language(request: PortalRequest, evaluation: Evaluation, code: str) -> HttpResponseBase:
    """Remember the language that was chosen; the page comes back in it, nothing marked yet."""
    services.choose_language(
        actor=request.actor, evaluation_id=evaluation.pk, language=language_of(code).code
    )
    return redirect(request.path)


def _why_not(request: PortalRequest) -> str:
    found = access.tenants_evaluation(request.actor)
    if found is None:
        return _NOTHING
    is_over = found.state in (EvaluationState.INVITED, EvaluationState.EXPIRED)
    return words_of(found)[1]["over" if is_over else "already"]

"""« Nos équipes »: a member's own answer, and what all of them say, to the direction."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evaluations import access, policies, services
from evaluations.forms import MarksForm
from evaluations.quarters import Quarter
from evaluations.selectors.staff import has_answered, sentences_of_survey, staff_page
from evaluations.views.desk import landlord
from evaluations.views.tabs import tabs, url_of
from nexxio.core.actors import Side
from nexxio.core.errors import Invalid
from nexxio.core.http import PortalRequest, portal
from orders.views.common import add_errors, posted

_company = portal(Side.CONTRACTOR)
"""Technicians too: they are members like the others."""


def _staff(request: PortalRequest) -> HttpResponseBase:
    """The page: what waits for the reader; to the direction, the results."""
    page = staff_page(
        request.actor,
        quarter=request.GET.get("trimestre", ""),
        landlord=request.GET.get("bailleur", ""),
    )
    offered = tabs(request, "staff") if policies.reads(request.actor) else []
    context = {"page": page, "side": request.actor.side.value, "tabs": offered}
    return render(request, "evaluations/staff.html", context)


def _answer(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The questions, to one member."""
    survey = access.get_staff_survey(request.actor, pk)
    back = url_of(request, "staff")
    if request.method == "GET" and has_answered(request.actor, survey):
        messages.info(request, _("Vous avez déjà répondu ce trimestre. Merci !"))
        return redirect(back)
    form = MarksForm(sentences_of_survey(survey), posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_staff(actor=request.actor, survey_id=survey.pk, marks=form.marks())
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, _("Merci. Votre réponse est enregistrée, sans votre nom."))
            return redirect(back)
    context = {
        "form": form,
        "survey": survey,
        "quarter": Quarter(survey.quarter),
        "back": back,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "evaluations/staff_answer.html", context, status=status)


landlord_staff = require_GET(landlord(_staff))
contractor_staff = require_GET(_company(_staff))
landlord_answer = require_http_methods(["GET", "POST"])(landlord(_answer))
contractor_answer = require_http_methods(["GET", "POST"])(_company(_answer))

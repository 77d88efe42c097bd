"""Evaluations at a desk of the two houses: to give, given, received, results."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evaluations import access, policies, services
from evaluations.axes import Direction
from evaluations.forms import ContestForm, MarksForm, ReplyForm
from evaluations.models import Campaign, Evaluation
from evaluations.selectors import desk
from evaluations.selectors.results import Asked, ResultsPage, results_page
from evaluations.selectors.showing import shown_answers
from evaluations.selectors.waiting import waiting
from evaluations.views.tabs import tabs, url_of
from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action
from nexxio.core.errors import Conflict, Invalid
from nexxio.core.http import PortalRequest, portal
from orders.views.common import add_errors, form_page, posted

landlord = portal(Side.LANDLORD)
landlord_desk = portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)
contractor = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK, Role.READER)
contractor_desk = portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)


def _home(request: PortalRequest) -> HttpResponseBase:
    """What waits for the reader, what was said."""
    page = desk.desk_page(request.actor)
    context = {
        "page": page,
        "lists": [
            (_("Reçues"), "inbox", page.received),
            (_("Données par votre organisme"), "send", page.given),
        ],
        "side": request.actor.side.value,
        "tabs": tabs(request, "home"),
    }
    return render(request, "evaluations/home.html", context)


def _waiting(request: PortalRequest) -> HttpResponseBase:
    """What waits for the reader, as a part of the page of the day."""
    rows = [(one, url_of(request, one.page)) for one in waiting(request.actor)]
    return render(request, "evaluations/waiting.html", {"rows": rows})


def _results(request: PortalRequest) -> HttpResponseBase:
    """What is published of a closed quarter, in one view."""
    dimension, _colon, key = request.GET.get("vue", "").partition(":")
    asked = Asked(quarter=request.GET.get("trimestre", ""), dimension=dimension, key=key)
    page = results_page(request.actor, asked)
    current = next((one for one in page.views if one.current), None)
    context = {
        "page": page,
        "shown": shown_answers(request.actor, page.quarter, current.dimension, current.key)
        if page.quarter and current
        else [],
        "given_url": url_of(request, "given") if policies.shows_answers(request.actor) else "",
        "figures": _figures(page),
        "questions_url": url_of(request, "questions")
        if request.actor.side is Side.LANDLORD
        else "",
        "tabs": tabs(request, "results"),
    }
    return render(request, "evaluations/results.html", context)


def _figures(page: ResultsPage) -> list[dict[str, object]]:
    """Return the share of dissatisfied tenants beside the sector's, and the answer rates."""
    found: list[dict[str, object]] = []
    if page.dissatisfied:
        found.append(
            {
                "label": _("Locataires insatisfaits"),
                "value": page.dissatisfied,
                "detail": _("repère du secteur : %s, chiffre de l’article de référence")
                % page.sector,
                "icon": "mood-sad",
            }
        )
    found += [
        {
            "label": _("Réponses : %s") % direction,
            "value": rate,
            "detail": detail,
            "icon": "message-star",
        }
        for direction, rate, detail in page.rates
    ]
    return found


def _campaign(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """The quarter's evaluation of the other house, by the member who is logged in."""
    campaign = access.get_campaign(request.actor, pk)
    back = url_of(request, "home")
    if request.method == "GET" and desk.has_answered(request.actor, campaign):
        messages.info(request, _("Vous avez déjà répondu à cette évaluation."))
        return redirect(back)
    form = MarksForm(
        desk.sentences_of_campaign(request.actor, campaign),
        posted(request),
        comment=request.actor.side is Side.LANDLORD,
    )
    other = desk.other_of(request.actor, campaign)
    title = _("Votre avis sur %(name)s, %(quarter)s") % {
        "name": other.name,
        "quarter": desk.quarter_text(campaign),
    }
    return _give(request, form, title=title, back=back, row=campaign)


def _evaluation(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """One evaluation: the question to answer, or what was said."""
    to = "act" if request.method == "POST" else "read"
    evaluation = access.get_evaluation(request.actor, pk, to=to)
    card = desk.card_of(request.actor, evaluation)
    back = url_of(request, "home")
    if request.method == "POST" or card.is_open:
        form = MarksForm(
            desk.sentences_of(evaluation),
            posted(request),
            comment=evaluation.direction == Direction.LANDLORD_CONTRACTOR,
        )
        return _give(request, form, title=card.title, back=back, row=evaluation)
    context = {
        "card": card,
        "history": desk.history_of(request.actor, card),
        "back": back,
        "side": request.actor.side.value,
    }
    return render(request, "evaluations/evaluation.html", context)


def _give(
    request: PortalRequest, form: MarksForm, *, title: str, back: str, row: Campaign | Evaluation
) -> HttpResponseBase:
    """Show the scales; keep what is marked. 422 with what was marked when something is missing."""
    if request.method == "POST" and form.is_valid():
        try:
            _keep(request, form, row)
        except Invalid as invalid:
            add_errors(form, invalid)
        else:
            messages.success(request, _("Merci. Votre réponse est enregistrée."))
            return redirect(back)
    context = {
        "form": form,
        "title": title,
        "back": back,
        "row": row,
        "order": getattr(row, "order", None),
        "side": request.actor.side.value,
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "evaluations/give.html", context, status=status)


def _keep(request: PortalRequest, form: MarksForm, row: Campaign | Evaluation) -> None:
    given: dict[str, Any] = {
        "actor": request.actor,
        "marks": form.marks(),
        "text": form.cleaned_data.get("text", ""),
    }
    if isinstance(row, Campaign):
        services.answer_campaign(campaign_id=row.pk, **given)
    else:
        services.answer_evaluation(evaluation_id=row.pk, **given)


def _reply(request: PortalRequest, evaluation: Evaluation) -> HttpResponseBase:
    _require(request, "reply", evaluation)
    return form_page(
        request,
        form=ReplyForm(posted(request)),
        title=_("Répondre à l’évaluation"),
        submit=_("Envoyer la réponse"),
        done=_("Votre réponse est visible."),
        back=url_of(request, "evaluation", evaluation.pk),
        save=lambda found: services.reply_to_evaluation(
            actor=request.actor, evaluation_id=evaluation.pk, **found
        ),
    )


def _contest(request: PortalRequest, evaluation: Evaluation) -> HttpResponseBase:
    _require(request, "contest", evaluation)
    return form_page(
        request,
        form=ContestForm(posted(request)),
        title=_("Contester l’évaluation"),
        submit=_("Demander l’examen"),
        done=_("Votre contestation est transmise à l’équipe de la plateforme."),
        back=url_of(request, "evaluation", evaluation.pk),
        save=lambda found: services.contest_evaluation(
            actor=request.actor, evaluation_id=evaluation.pk, **found
        ),
    )


def _require(request: PortalRequest, name: str, evaluation: Evaluation) -> None:
    """Refuse the form of what can't be done any more."""
    if not policies.may_react(name, request.actor, evaluation, clock.now()):
        raise Conflict(_("C’est déjà fait, ou le délai pour répondre est passé."))


def _find(request: PortalRequest, pk: UUID) -> Evaluation:
    return access.get_evaluation(request.actor, pk, to="act")


_REACTIONS: dict[str, Act[Evaluation]] = {"repondre": _reply, "contester": _contest}

landlord_home = require_GET(landlord(_home))
contractor_home = require_GET(contractor(_home))
landlord_waiting = require_GET(landlord(_waiting))
contractor_waiting = require_GET(contractor(_waiting))
landlord_results = require_GET(landlord(_results))
contractor_results = require_GET(contractor(_results))
landlord_campaign = require_http_methods(["GET", "POST"])(landlord_desk(_campaign))
contractor_campaign = require_http_methods(["GET", "POST"])(contractor_desk(_campaign))
landlord_evaluation = require_http_methods(["GET", "POST"])(landlord(_evaluation))
contractor_evaluation = require_http_methods(["GET", "POST"])(contractor(_evaluation))
contractor_act = require_http_methods(["GET", "POST"])(
    contractor_desk(by_action(_REACTIONS, _find))
)

"""A landlord's own questions: the list, a new one, other words, withdrawing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evaluations import access, services
from evaluations.axes import Direction
from evaluations.models import OwnQuestion
from evaluations.question_forms import QuestionForm, WordsForm
from evaluations.selectors.own_questions import questions_page
from evaluations.views.desk import landlord
from evaluations.views.tabs import tabs, url_of
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Conflict
from nexxio.core.http import PortalRequest, portal
from orders.views.common import form_page, posted

_managers = portal(Side.LANDLORD, Role.MANAGER)


def _list(request: PortalRequest) -> HttpResponseBase:
    """What is asked beside the axes, by direction."""
    context = {"page": questions_page(request.actor), "tabs": tabs(request, "results")}
    return render(request, "evaluations/questions.html", context)


def _new(request: PortalRequest) -> HttpResponseBase:
    """Add a question."""
    form = QuestionForm(posted(request), translated=True)
    return form_page(
        request,
        form=form,
        title=_("Ajouter une question"),
        intro=_(
            "Les onze axes restent posés. Aux locataires, une question à vous prend l’une des deux"
            " places à tour de rôle."
        ),
        submit=_("Ajouter la question"),
        done=_("La question est ajoutée."),
        back=url_of(request, "questions"),
        save=lambda _found: services.add_question(actor=request.actor, **form.words()),
    )


def _reword(request: PortalRequest, question: OwnQuestion) -> HttpResponseBase:
    if question.ends_on is not None:
        raise Conflict(_("Cette question est déjà retirée ou remplacée."))
    initial: dict[str, Any] = {f"in_{code}": text for code, text in question.translations.items()}
    form = WordsForm(
        posted(request),
        translated=question.direction == Direction.TENANT_REPAIR,
        initial={**initial, "text": question.text},
    )
    return form_page(
        request,
        form=form,
        title=_("Reformuler la question"),
        intro=_(
            "La nouvelle phrase est posée à partir du prochain trimestre ; les réponses à"
            " l’ancienne restent sous l’ancienne."
        ),
        submit=_("Poser la nouvelle phrase"),
        done=_("La nouvelle phrase sera posée à partir du prochain trimestre."),
        back=url_of(request, "questions"),
        save=lambda _found: services.reword_question(
            actor=request.actor, question_id=question.pk, **form.words()
        ),
    )


@by_post
def _withdraw(request: PortalRequest, question: OwnQuestion) -> HttpResponseBase:
    services.withdraw_question(actor=request.actor, question_id=question.pk)
    messages.success(request, _("La question n’est plus posée. Ses réponses restent comptées."))
    return redirect(url_of(request, "questions"))


def _find(request: PortalRequest, pk: UUID) -> OwnQuestion:
    return access.get_question(request.actor, pk)


_ACTS: dict[str, Act[OwnQuestion]] = {"reformuler": _reword, "retirer": _withdraw}

landlord_questions = require_GET(landlord(_list))
landlord_new = require_http_methods(["GET", "POST"])(_managers(_new))
landlord_act = require_http_methods(["GET", "POST"])(_managers(by_action(_ACTS, _find)))

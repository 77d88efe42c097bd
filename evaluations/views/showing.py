"""What a company gave of its landlords: read by its direction, shown and withdrawn."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evaluations import access, services
from evaluations.quarters import Quarter
from evaluations.selectors import showing as pages
from evaluations.showing_forms import ShowForm
from evaluations.views.tabs import tabs, url_of
from nexxio.core.actors import Role, Side
from nexxio.core.errors import Conflict
from nexxio.core.http import PortalRequest, portal
from orders.views.common import form_page, posted

_direction = portal(Side.CONTRACTOR, Role.MANAGER)


def _given(request: PortalRequest) -> HttpResponseBase:
    """The company's own answers, quarter by quarter."""
    context = {"found": pages.given_answers(request.actor), "tabs": tabs(request, "results")}
    return render(request, "evaluations/given.html", context)


def _show(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Say who will read them and who may be recognised, then ask to show them."""
    row = access.get_given(request.actor, pk)
    if row.is_shown or row.is_looked_at or row.refused_at is not None:
        raise Conflict(_("Ces réponses sont déjà montrées, en vérification ou refusées."))
    names = {"house": row.landlord.name, "quarter": str(Quarter(row.quarter))}
    intro = _(
        "%(house)s lira, pour le %(quarter)s, la moyenne de votre entreprise sur chaque axe et le"
        " nombre de réponses. Vous pouvez les retirer à tout moment ; ce qui a été lu reste connu."
    )
    if pages.is_alone(request.actor, row):
        intro += " " + _(
            "Attention : une seule personne de votre entreprise peut être derrière ces notes. Elle"
            " sera reconnaissable : demandez-lui d’abord son accord."
        )
    return form_page(
        request,
        form=ShowForm(posted(request)),
        title=_("Montrer vos réponses à %(house)s") % names,
        intro=intro % names,
        submit=_("Montrer"),
        done=_(
            "C’est demandé : nous vérifions que les autres entreprises restent anonymes, puis le"
            " bailleur les lit."
        ),
        back=url_of(request, "given"),
        save=lambda found: services.show_answers(
            actor=request.actor, given_id=row.pk, consents=found["consents"]
        ),
    )


def _withdraw(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    row = access.get_given(request.actor, pk)
    services.withdraw_answers(actor=request.actor, given_id=row.pk)
    messages.success(request, _("Retirées : le bailleur ne les lit plus."))
    return redirect(url_of(request, "given"))


contractor_given = require_GET(_direction(_given))
contractor_given_show = require_http_methods(["GET", "POST"])(_direction(_show))
contractor_given_withdraw = require_POST(_direction(_withdraw))

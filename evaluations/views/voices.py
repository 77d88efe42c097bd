"""A tenant's comment that one of the two houses reports to the platform."""

from __future__ import annotations

from uuid import UUID

from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluations import access, services
from evaluations.views.tabs import url_of
from evaluations.voice_forms import VoiceReportForm
from nexxio.core.actors import Role, Side
from nexxio.core.http import PortalRequest, portal
from orders.views.common import form_page, posted


def _report(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    """Say why the platform should look at it."""
    voice = access.get_voice(request.actor, pk)
    return form_page(
        request,
        form=VoiceReportForm(posted(request)),
        title=_("Signaler un commentaire"),
        intro=_("« %s »") % voice.text,
        submit=_("Signaler à la plateforme"),
        done=_("Commentaire signalé : l’équipe de la plateforme l’examine."),
        back=url_of(request, "home"),
        save=lambda found: services.report_voice(actor=request.actor, voice_id=pk, **found),
    )


_methods = require_http_methods(["GET", "POST"])
landlord_report = _methods(portal(Side.LANDLORD, Role.MANAGER, Role.CLERK)(_report))
contractor_report = _methods(portal(Side.CONTRACTOR, Role.MANAGER, Role.CLERK)(_report))

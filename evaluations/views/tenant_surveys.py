"""The button with which a landlord's manager takes a figure of its own survey away."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from evaluations import access, services
from evaluations.views.tabs import url_of
from nexxio.core.actors import Role, Side
from nexxio.core.http import PortalRequest, portal


def _withdraw(request: PortalRequest, pk: UUID) -> HttpResponseBase:
    survey = access.get_tenant_survey(request.actor, pk)
    services.withdraw_tenant_survey(actor=request.actor, survey_id=survey.pk)
    messages.success(request, _("Le résultat de votre enquête est retiré."))
    return redirect(url_of(request, "steering") + "#enquete")


landlord_withdraw = require_POST(portal(Side.LANDLORD, Role.MANAGER)(_withdraw))

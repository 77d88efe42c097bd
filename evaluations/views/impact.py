"""A landlord's impact: its perimeters, one roll-out's figures, the diary, the file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evaluations import access, services
from evaluations.impact_files import COLUMNS
from evaluations.impact_forms import DayForm, NoteForm, RolloutForm
from evaluations.models import ImpactNote, Rollout
from evaluations.selectors.impact import choices, export_rows, impact_page, parsed
from evaluations.views.desk import landlord, landlord_desk
from evaluations.views.tabs import tabs, url_of
from nexxio.core import clock
from nexxio.core.actors import Role, Side
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.errors import Conflict
from nexxio.core.http import PortalRequest, portal
from orders.list_files import csv_export
from orders.views.common import form_page, posted

_managers = portal(Side.LANDLORD, Role.MANAGER)


def _impact(request: PortalRequest) -> HttpResponseBase:
    """Perimeters, what is established of one, what else changed."""
    context = {
        "page": impact_page(request.actor, chosen=request.GET.get("perimetre", "")),
        "tabs": tabs(request, "impact"),
    }
    return render(request, "evaluations/impact.html", context)


def _file(request: PortalRequest) -> HttpResponseBase:
    """All estimates as a file."""
    name = f"impact-{clock.today():%Y-%m-%d}"
    return csv_export(export_rows(request.actor), name, COLUMNS)


def _new(request: PortalRequest) -> HttpResponseBase:
    """Plan a roll-out, or declare one."""
    form = RolloutForm(posted(request), perimeters=choices(request.actor))

    def save(found: dict[str, Any]) -> None:
        agency_id, trade = parsed(found.pop("perimeter"))
        assert agency_id is not None  # the field is required
        services.plan_rollout(actor=request.actor, agency_id=agency_id, trade_code=trade, **found)

    return form_page(
        request,
        form=form,
        title=_("Prévoir une mise en service"),
        intro=_(
            "Le périmètre est comparé, avant et après ce jour, à ceux qui ne sont pas en service."
        ),
        submit=_("Enregistrer le jour"),
        done=_("La mise en service est enregistrée. Les premiers chiffres arrivent dans l’heure."),
        back=url_of(request, "impact"),
        save=save,
    )


def _move(request: PortalRequest, rollout: Rollout) -> HttpResponseBase:
    if rollout.cancelled_at is not None or rollout.starts_on <= clock.today():
        raise Conflict(_("Ce périmètre est déjà en service, ou sa mise en service est annulée."))
    weeks = (rollout.starts_on - rollout.baseline_on).days // 7
    initial = {"starts_on": rollout.starts_on, "baseline_weeks": weeks}
    return form_page(
        request,
        form=DayForm(posted(request), initial=initial),
        title=_("Déplacer la mise en service"),
        intro=f"{rollout.agency.name} · {rollout.trade.label}",
        submit=_("Enregistrer le nouveau jour"),
        done=_("Le jour est changé. Les chiffres sont recalculés dans l’heure."),
        back=url_of(request, "impact"),
        save=lambda found: services.move_rollout(
            actor=request.actor, rollout_id=rollout.pk, **found
        ),
    )


@by_post
def _cancel(request: PortalRequest, rollout: Rollout) -> HttpResponseBase:
    services.cancel_rollout(actor=request.actor, rollout_id=rollout.pk)
    messages.success(request, _("La mise en service est annulée."))
    return redirect(url_of(request, "impact"))


def _note(request: PortalRequest) -> HttpResponseBase:
    """Write into the diary."""
    form = NoteForm(posted(request), perimeters=choices(request.actor))

    def save(found: dict[str, Any]) -> None:
        agency_id, trade = parsed(found.pop("perimeter"))
        services.note_change(actor=request.actor, agency_id=agency_id, trade_code=trade, **found)

    return form_page(
        request,
        form=form,
        title=_("Noter ce qui a changé"),
        intro=_("Tout ce qui a pu jouer en même temps que la mise en service."),
        submit=_("Ajouter au journal"),
        done=_("La note est au journal."),
        back=url_of(request, "impact") + "#journal",
        save=save,
    )


@by_post
def _withdraw(request: PortalRequest, note: ImpactNote) -> HttpResponseBase:
    services.withdraw_note(actor=request.actor, note_id=note.pk)
    messages.success(request, _("La note est retirée. Elle reste lisible, barrée."))
    return redirect(url_of(request, "impact") + "#journal")


def _rollout(request: PortalRequest, pk: UUID) -> Rollout:
    return access.get_rollout(request.actor, pk)


def _noted(request: PortalRequest, pk: UUID) -> ImpactNote:
    return access.get_note(request.actor, pk)


_ROLLOUT_ACTS: dict[str, Act[Rollout]] = {"deplacer": _move, "annuler": _cancel}
_NOTE_ACTS: dict[str, Act[ImpactNote]] = {"retirer": _withdraw}

landlord_impact = require_GET(landlord(_impact))
landlord_file = require_GET(landlord(_file))
landlord_new = require_http_methods(["GET", "POST"])(_managers(_new))
landlord_act = require_http_methods(["GET", "POST"])(_managers(by_action(_ROLLOUT_ACTS, _rollout)))
landlord_note = require_http_methods(["GET", "POST"])(landlord_desk(_note))
landlord_note_act = require_http_methods(["GET", "POST"])(
    landlord_desk(by_action(_NOTE_ACTS, _noted))
)

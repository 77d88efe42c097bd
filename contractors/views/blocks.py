"""Blocks: the board that is the same for both sides, and lifting one by hand."""

from __future__ import annotations

from django.contrib import messages
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from contractors import access, policies, services
from contractors.forms import CloseForm, PassForm
from contractors.models import Block
from contractors.selectors.blocks import Board, board
from contractors.selectors.received import to_attach
from contractors.selectors.trend import trend
from contractors.views.invoices import contractor, contractor_desk, landlord, landlord_desk
from contractors.wording import asked_of
from nexxio.core.acts import Act, by_action, by_post
from nexxio.core.http import PortalRequest
from nexxio.core.templatetags.ui import money_text
from orders.views.common import form_page, posted


def _board(request: PortalRequest) -> HttpResponseBase:
    """Blocked euros, by cause, service, age and other party."""
    side, slug = request.actor.side.value, request.organisation.slug
    found = board(request.actor)
    context = {
        "board": found,
        "side": side,
        "list_url": reverse(f"contractors:{side}_invoices", args=[slug]),
        "claims": policies.claims(request.actor),
        "trend_url": reverse(f"contractors:{side}_trend", args=[slug]),
        "figures": [
            *_figures(found, reverse(f"contractors:{side}_invoices", args=[slug])),
            *_unattached(request),
        ],
    }
    return render(request, "contractors/board.html", context)


def _trend(request: PortalRequest) -> HttpResponseBase:
    """The last weeks of it, and who held what for how long."""
    board_url = reverse(
        f"contractors:{request.actor.side}_blocks", args=[request.organisation.slug]
    )
    context = {"trend": trend(request.actor), "board_url": board_url}
    return render(request, "contractors/trend.html", context)


def _figures(found: Board, list_url: str) -> list[dict[str, object]]:
    return [
        {
            "label": _("Euros bloqués"),
            "value": money_text(found.blocked),
            "detail": ngettext("%(n)d facture", "%(n)d factures", found.invoices)
            % {"n": found.invoices},
            "icon": "lock",
            "tone": "danger" if found.blocked else "success",
            "url": f"{list_url}?etat=bloquees",
        },
        {
            "label": _("Bloqueraient une facture"),
            "value": money_text(found.foreseen),
            "detail": ngettext("%(n)d commande", "%(n)d commandes", found.orders)
            % {"n": found.orders},
            "icon": "hourglass",
            "tone": "warning" if found.orders else "success",
        },
        {
            "label": _("En traitement, rien ne bloque"),
            "value": money_text(found.circuit.euros),
            "detail": ngettext("%(n)d facture", "%(n)d factures", found.circuit.count)
            % {"n": found.circuit.count},
            "icon": "inbox",
            "tone": "neutral",
            "url": f"{list_url}?cause={found.circuit.query}",
        },
    ]


def _unattached(request: PortalRequest) -> list[dict[str, object]]:
    """Files without an order: their delay runs, and they are no invoice yet. Nothing for none."""
    waiting = to_attach(request.actor)
    if not waiting["count"]:
        return []
    side, slug = request.actor.side.value, request.organisation.slug
    return [
        {
            "label": _("À rattacher à une commande"),
            "value": money_text(waiting["euros"]),
            "detail": ngettext("%(n)d facture déposée", "%(n)d factures déposées", waiting["count"])
            % {"n": waiting["count"]},
            "icon": "inbox",
            "tone": "warning",
            "url": reverse(f"contractors:{side}_inbox", args=[slug]),
        }
    ]


landlord_trend = require_GET(landlord(_trend))
contractor_trend = require_GET(contractor(_trend))
landlord_board = require_GET(landlord(_board))
contractor_board = require_GET(contractor(_board))


def _back(request: PortalRequest, block: Block) -> str:
    side, slug = request.actor.side.value, request.organisation.slug
    if block.invoice is not None:
        return reverse(f"contractors:{side}_invoice", args=[slug, block.invoice.pk])
    return reverse(f"orders:{side}_detail", args=[slug, block.order_id])


def _close(request: PortalRequest, block: Block) -> HttpResponseBase:
    return form_page(
        request,
        form=CloseForm(posted(request)),
        title=_("Lever le blocage %s") % block.cause,
        intro=block.open_note or asked_of(block.cause, block.side, ""),
        submit=_("Lever le blocage"),
        done=_("Blocage levé."),
        back=_back(request, block),
        save=lambda found: services.close_block_by_hand(
            actor=request.actor, block_id=block.pk, **found
        ),
    )


def _pass(request: PortalRequest, block: Block) -> HttpResponseBase:
    side = request.actor.side.value
    return form_page(
        request,
        form=PassForm(posted(request), side=side, holder=block.department),
        title=_("Passer le blocage %s") % block.cause,
        intro=_("Qui le reçoit est prévenu tout de suite. Le délai légal continue de courir."),
        submit=_("Passer"),
        done=_("Blocage passé."),
        back=_back(request, block),
        save=lambda found: services.pass_block(actor=request.actor, block_id=block.pk, **found),
    )


@by_post
def _take(request: PortalRequest, block: Block) -> HttpResponseBase:
    services.see_to_block(actor=request.actor, block_id=block.pk)
    messages.success(request, _("Noté : vous vous en occupez. Seuls vos collègues le voient."))
    return redirect(_back(request, block))


def _find(request: PortalRequest, pk: object) -> Block:
    return access.get_block(request.actor, pk, to="act")  # type: ignore[arg-type]


ACTS: dict[str, Act[Block]] = {"lever": _close, "passer": _pass}
_OF_LANDLORD: dict[str, Act[Block]] = {**ACTS, "prendre": _take}
landlord_act = require_http_methods(["GET", "POST"])(landlord_desk(by_action(_OF_LANDLORD, _find)))
contractor_act = require_http_methods(["GET", "POST"])(contractor_desk(by_action(ACTS, _find)))

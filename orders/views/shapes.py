"""From what selectors return to what components show: cards, figures, acts with their address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nexxio.core.templatetags.ui import ago, moment, number
from orders.certificate_states import CertificateState
from orders.selectors import territory
from orders.selectors.boards import Column
from orders.selectors.desks import Desk
from orders.selectors.lists import OrderRow
from orders.selectors.pages import OrderPage
from orders.selectors.status import STOPPED
from orders.selectors.territory import Reach
from orders.states import OrderState
from orders.variation_states import VariationState

Component = dict[str, Any]


_REACH = {
    territory.SECTOR: gettext_lazy("Mon secteur"),
    territory.AGENCY: gettext_lazy("Mon agence"),
    territory.WHOLE: gettext_lazy("Tout"),
}
_FROM_HERE = ("apres", "avant")


def reach_chips(reach: Reach, query: QueryDict) -> list[Component]:
    """Return which part of the estate is shown, and the other ones; all else stays as asked."""
    rest = query.copy()
    for key in (territory.KEY, *_FROM_HERE):
        rest.pop(key, None)
    chips = []
    for code in reach.choices:
        asked = rest.copy()
        if code != reach.choices[0]:
            asked[territory.KEY] = code
        chips.append(
            {
                "label": _REACH[code],
                "url": f"?{asked.urlencode()}",
                "current": code == reach.code,
                "icon": "map-2" if code != territory.WHOLE else "",
            }
        )
    return chips


def figures(desk: Desk, list_url: str, suffix: str = "") -> list[Component]:
    """Return the desk's figures, each leading to its list. suffix: more for the query."""
    return [
        {"label": label, "value": value, "url": f"{list_url}{query}{suffix}", "tone": tone}
        for label, value, query, tone in desk.figures
    ]


def board_columns(columns: list[Column], side: str, slug: str) -> list[Component]:
    """Return one side's board."""
    return [
        {
            "label": column.label,
            "icon": column.icon,
            "count": f"{number(column.total)}{'+' if column.is_capped else ''}",
            "cards": [_order_card(row, side, slug) for row in column.rows],
            "note": _more(column),
        }
        for column in columns
    ]


def _more(column: Column) -> str:
    if not column.more:
        return ""
    if column.is_capped:
        return _("et plus de %(n)s autres") % {"n": number(column.more)}
    return ngettext("et %(n)s autre", "et %(n)s autres", column.more) % {"n": number(column.more)}


def _order_card(row: OrderRow, side: str, slug: str) -> Component:
    order = row.order
    lines = [{"text": f"{order.place_address} · {order.place_unit}"}]
    if row.visit is not None:
        lines.append({"icon": "clock", "text": moment(row.visit.window_start, "short")})
    elif row.ball is not None:
        lines.append({"icon": "clock", "text": ago(row.ball.since)})
    if row.is_unread:
        lines.append({"icon": "message", "text": _("Message non lu")})
    return {
        "title": order.title,
        "url": reverse(f"orders:{side}_detail", args=[slug, order.pk]),
        "lines": lines,
        "status": row.status,
        "urgent": order.is_pressing,
    }


@dataclass(frozen=True)
class HeadAct:
    """A button in the head of the order page.

    can: answer of the selector that shows it; action: last part of the act's address, or "" for
    the order's form. `posts`: acts at once; else leads to a page that asks for more.
    """

    can: str
    action: str
    label: Any
    icon: str
    css: str = ""
    posts: bool = False
    confirm: Any = ""


_HEADS: dict[str, tuple[HeadAct, ...]] = {
    "landlord": (
        HeadAct(
            "issue",
            "transmettre",
            gettext_lazy("Transmettre à l’entreprise"),
            "send",
            "btn--primary",
            posts=True,
        ),
        HeadAct(
            "approve",
            "valider",
            gettext_lazy("Valider et transmettre"),
            "circle-check",
            "btn--primary",
            posts=True,
        ),
        HeadAct(
            "send_again",
            "transmettre-a-nouveau",
            gettext_lazy("Valider et transmettre à nouveau"),
            "circle-check",
            "btn--primary",
            posts=True,
        ),
        HeadAct(
            "ask_reissue",
            "demander-a-transmettre",
            gettext_lazy("Demander à un collègue de la transmettre"),
            "hourglass",
            posts=True,
        ),
        HeadAct("reissue", "", gettext_lazy("Compléter et transmettre"), "pencil", "btn--primary"),
        HeadAct(
            "correct",
            "corriger",
            gettext_lazy("Corriger pour la même entreprise"),
            "pencil",
            "btn--primary",
            posts=True,
        ),
        HeadAct(
            "correct_returned",
            "corriger",
            gettext_lazy("Corriger par une commande qui remplace"),
            "replace",
            "btn--quiet",
            posts=True,
        ),
        HeadAct(
            "recall",
            "reprendre",
            gettext_lazy("Reprendre ma commande"),
            "arrow-back-up",
            posts=True,
        ),
        HeadAct("chase", "relancer", gettext_lazy("Relancer"), "alarm", posts=True),
        HeadAct("edit", "", gettext_lazy("Modifier"), "pencil"),
        HeadAct("send_back", "renvoyer", gettext_lazy("Renvoyer à l’auteur"), "arrow-back-up"),
        HeadAct("reopen", "rouvrir", gettext_lazy("Signaler non réglé"), "rotate"),
        HeadAct(
            "supersede",
            "confier-a-une-autre",
            gettext_lazy("Confier à une autre entreprise"),
            "replace",
            "btn--quiet",
        ),
        HeadAct("reduce", "moins-value", gettext_lazy("Moins-value"), "receipt", "btn--quiet"),
        HeadAct(
            "hold",
            "mettre-en-attente",
            gettext_lazy("Mettre en attente"),
            "player-pause",
            "btn--quiet",
        ),
        HeadAct(
            "duplicate", "dupliquer", gettext_lazy("Dupliquer"), "copy", "btn--quiet", posts=True
        ),
        HeadAct("cancel", "annuler", gettext_lazy("Annuler"), "ban", "btn--quiet btn--danger"),
    ),
    "contractor": (
        HeadAct(
            "accept",
            "accepter",
            gettext_lazy("Accepter"),
            "circle-check",
            "btn--primary",
            posts=True,
        ),
        HeadAct(
            "propose",
            "rendez-vous",
            gettext_lazy("Fixer un rendez-vous"),
            "calendar-plus",
            "btn--primary",
        ),
        HeadAct("go", "partir", gettext_lazy("J’y vais maintenant"), "car"),
        HeadAct("chase", "relancer", gettext_lazy("Relancer"), "alarm", posts=True),
        HeadAct(
            "vary",
            "devis-complementaire",
            gettext_lazy("Devis complémentaire"),
            "file-plus",
        ),
        HeadAct(
            "regularise",
            "regularisation",
            gettext_lazy("Régulariser une urgence"),
            "file-alert",
            "btn--quiet",
        ),
        HeadAct("reduce", "moins-value", gettext_lazy("Moins-value"), "receipt", "btn--quiet"),
        HeadAct(
            "hold",
            "mettre-en-attente",
            gettext_lazy("Mettre en attente"),
            "player-pause",
            "btn--quiet",
        ),
        HeadAct("return", "renvoyer", gettext_lazy("Renvoyer, incomplète"), "arrow-back-up"),
        HeadAct(
            "decline",
            "reserves",
            gettext_lazy("Émettre des réserves"),
            "circle-x",
            "btn--quiet btn--danger",
        ),
        HeadAct("cancel", "annuler", gettext_lazy("Annuler"), "ban", "btn--quiet btn--danger"),
    ),
}


def _twice(page: OrderPage) -> str:
    """Return what is asked before an order leaves that looks like others."""
    named = ", ".join(order.reference for order in page.similar)
    return _("Semblable au même endroit : %(orders)s. Transmettre quand même ?") % {"orders": named}


def head_acts(page: OrderPage, side: str, slug: str) -> list[Component]:
    """Return the acts that the reader may do on the order now, the first ones first."""
    found: list[Component] = []
    for act in _HEADS[side]:
        if not page.can[act.can] or (act.can == "edit" and page.can["reissue"]):
            continue
        if act.action:
            url = reverse(f"orders:{side}_act", args=[slug, page.order.pk, act.action])
        else:
            url = reverse("orders:landlord_edit", args=[slug, page.order.pk])
        if act.can in ("issue", "approve") and page.similar:
            act = replace(act, confirm=_twice(page))  # noqa: PLW2901 (the same act, with a question)
        found.append({"act": act, "url": url})
    return found


def turn_act(page: OrderPage, side: str, slug: str) -> Component | None:
    """Return where the reader does what is expected of him, when it stands further down.

    None when it is not his turn, or when the head of the page has the act.
    """
    if page.ball is None or page.ball.side != side:
        return None
    code, certified = page.status.code, page.certified
    if code in ("variation_pending", "regularisation_pending"):
        asked = [
            card.variation.pk
            for card in page.variations
            if card.variation.state == VariationState.ASKED and not card.is_reduction
        ]
        url = reverse(f"orders:{side}_variation", args=[slug, asked[0]]) if asked else ""
        return {"label": _("Examiner et répondre"), "url": url} if url else None
    if code == OrderState.CERTIFIED_WITH_RESERVES:
        return {"label": _("Voir les réserves"), "url": "#reserves"}
    certificate = certified.certificate
    if certified.can_correct:
        url = reverse("orders:contractor_act", args=[slug, page.order.pk, "constat"])
        return {"label": _("Établir ou corriger le constat"), "url": url}
    to_sign = certificate is not None and certificate.state == CertificateState.TO_SIGN
    if certificate is not None and to_sign and code in (OrderState.DONE, *STOPPED):
        url = reverse(f"orders:{side}_certificate", args=[slug, certificate.pk])
        return {"label": _("Lire et signer"), "url": url}
    return None

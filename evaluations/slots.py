"""What this app puts into the pages of orders, contracts and tenants."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from evaluations import access, policies
from evaluations.selectors.around import around_of
from evaluations.selectors.bonus import open_statements, versions_of
from evaluations.selectors.clauses import annexes_of
from evaluations.selectors.desk import panel_of
from evaluations.selectors.pilots import asked_text, pilots_of
from evaluations.selectors.results import latest_of_pair
from evaluations.selectors.reviews import reviews_of
from evaluations.selectors.sendings import letters_of
from evaluations.selectors.staff import has_answered, open_survey
from evaluations.selectors.tenant import french_words, words_of
from evaluations.selectors.thanks import thanks_card
from evaluations.selectors.training import card_for
from evaluations.states import EvaluationState
from evaluations.training_cards import Card
from nexxio.core import clock, links
from nexxio.core.actors import Actor, Side, scope_of
from nexxio.core.models import Organisation
from nexxio.core.slots import Part, fills
from orders.models import Contract, Order
from orders.selectors.attribution import rule_words


@fills("order.opinions")
def opinions(actor: Actor, order: Order) -> Part | None:
    """Fill the place below an order's invoice: what is asked of the reader, what is shared."""
    if not policies.reads(actor) or order.done_at is None:
        return None
    cards = panel_of(actor, order)
    if not cards:
        return None
    return Part("evaluations/panel.html", {"cards": cards, "side": actor.side.value})


@fills("order.opinions")
def thanks(actor: Actor, order: Order) -> Part | None:
    """Fill the same place: a thank-you to give, and those that came."""
    if not policies.reads(actor) or order.done_at is None:
        return None
    card = thanks_card(actor, order)
    if card.is_empty:
        return None
    return Part("evaluations/thanks.html", {"card": card, "urls": _thanks_urls(actor, order)})


@fills("contract.company")
def of_contract(actor: Actor, contract: Contract) -> Part | None:
    """Fill the place on a contract's page: what is published between its two houses."""
    return _of_pair(actor, contract.landlord_id, contract.contractor_id)


@fills("company.page")
def of_company(actor: Actor, company: Organisation) -> Part | None:
    """Fill the place on a landlord's pages of a company: what is published of the two."""
    if actor.side is not Side.LANDLORD:
        return None
    return _of_pair(actor, actor.own_id, company.pk)


@fills("contract.terms")
def around(actor: Actor, contract: Contract) -> Part | None:
    """Fill the place below a contract's terms: its orders around what its parties said."""
    rows = around_of(contract) if policies.reads(actor) else []
    if not rows:
        return None
    context = {"rows": rows, "rule": rule_words(contract), "side": actor.side.value}
    return Part("evaluations/around.html", context)


@fills("claims.letters")
def sendings(actor: Actor, _house: Organisation) -> Part | None:
    """Fill the place below a company's claim letters: which of them it has sent."""
    rows = letters_of(actor)
    if not rows:
        return None
    return Part("evaluations/sendings.html", {"rows": rows, "today": clock.today()})


@fills("contract.terms")
def bonus(actor: Actor, contract: Contract) -> Part | None:
    """Fill the same place: the contract's rules of bonus and malus, and statements."""
    if not policies.reads(actor):
        return None
    versions = versions_of(contract)
    can_prepare = policies.proposes_bonus(actor)
    if not versions and not can_prepare:
        return None
    standing = {version.status.code for version in versions}
    context = {
        "versions": versions,
        "statements": open_statements(contract) if versions else [],
        "contract": contract,
        "side": actor.side.value,
        "can_prepare": can_prepare and "prepared" not in standing,
        "holds": "held" in standing,
    }
    return Part("evaluations/bonus/contract.html", context)


@fills("contract.terms")
def reviews(actor: Actor, contract: Contract) -> Part | None:
    """Fill the same place: the contract's reviews."""
    if not policies.reads(actor):
        return None
    context = {
        "rows": reviews_of(contract),
        "contract": contract,
        "side": actor.side.value,
        "can_open": policies.desk(actor),
    }
    return Part("evaluations/reviews/contract.html", context)


@fills("contract.terms")
def clauses(actor: Actor, contract: Contract) -> Part | None:
    """Fill the same place: the clauses that are measured, and the annex of them."""
    if not policies.reads(actor):
        return None
    context = {
        "contract": contract,
        "side": actor.side.value,
        "annexes": annexes_of(contract) if actor.side is Side.LANDLORD else [],
        "can_ask": policies.steers(actor),
    }
    return Part("evaluations/clauses/contract.html", context)


@fills("contract.terms")
def pilots(actor: Actor, contract: Contract) -> Part | None:
    """Fill the same place: the pilots that touch the contract."""
    rows = pilots_of(contract) if policies.reads(actor) else []
    if not rows:
        return None
    told = [
        (row, [(one, asked_text(one)) for one in row.pilot.told])  # type: ignore[attr-defined]
        for row in rows
    ]
    return Part("evaluations/pilots/contract.html", {"rows": told, "side": actor.side.value})


@fills("page.moment")
def card_of_moment(actor: Actor, match: Any) -> Part | None:
    """Fill the place above every page: the card that its reader needs there, if any.

    Pages that say that something went wrong are rendered outside of any scope, so it opens one.
    """
    if match is None or not policies.is_member(actor):
        return None
    action = match.kwargs.get("action")
    place = f"{match.view_name}#{action}" if action else match.view_name
    with scope_of(actor):
        card = card_for(actor, place, match.kwargs.get("pk"))
    if card is None:
        return None
    return Part(
        "evaluations/training/card.html",
        {"card": card, "urls": _card_urls(actor, match.kwargs["org"], card)},
    )


@fills("desk.more")
def waits(actor: Actor, house: Organisation) -> Part | None:
    """Fill the place below a desk's orders: what waits in evaluations, bonus and reviews."""
    if not policies.desk(actor):
        return None
    url = reverse(f"evaluations:{actor.side.value}_waiting", args=[house.slug])
    return Part("evaluations/waiting_place.html", {"url": url})


@fills("day.foot")
def cards_of_field(actor: Actor, house: Organisation) -> Part | None:
    """Fill the place below a technician's day: the way to his cards."""
    if not policies.is_member(actor):
        return None
    url = reverse("evaluations:contractor_cards", args=[house.slug])
    return Part("evaluations/training/link.html", {"url": url})


@fills("day.foot")
def survey_of_field(actor: Actor, house: Organisation) -> Part | None:
    """Fill the same place: what the house asks its members, until the technician has answered."""
    survey = open_survey(actor) if policies.is_member(actor) else None
    if survey is None or has_answered(actor, survey):
        return None
    url = reverse("evaluations:contractor_staff_answer", args=[house.slug, survey.pk])
    return Part("evaluations/staff_ask.html", {"url": url, "until": survey.closes_at})


@fills("tenant.follow")
def of_tenant(actor: Actor, page: Any) -> Part | None:
    """Fill the place on a tenant's page: his opinion, and one tap to say thank you."""
    if actor.side is not Side.TENANT:
        return None
    order: Order = page.order
    found = access.tenants_evaluation(actor)
    language, words = words_of(found) if found is not None else french_words()
    card = thanks_card(actor, order) if order.done_at is not None else None
    opinion, is_open = "", False
    if found is not None:
        is_open = policies.is_open(found, clock.now())
        given = found.state not in (EvaluationState.INVITED, EvaluationState.EXPIRED)
        opinion = _url(actor) if is_open or given else ""
    context = {
        "opinion": opinion,
        "is_open": is_open,
        "card": None if card is None or card.is_empty else card,
        "thank": words["thank_button"].format(whom=card.whom) if card is not None else "",
        "urls": _thanks_urls(actor, order),
        "language": language,
        "words": words,
        "repair": found.order.title if found is not None and found.order else "",
    }
    return Part("evaluations/follow.html", context)


def _of_pair(actor: Actor, landlord_id: UUID, contractor_id: UUID) -> Part | None:
    page = latest_of_pair(actor, landlord_id, contractor_id) if policies.reads(actor) else None
    if page is None or page.quarter is None:
        return None
    view = next(one.value for one in page.views if one.current)
    context = {
        "page": page,
        "lines": [line for line in (*page.axes, *page.criteria, *page.own) if line.is_told],
        "side": actor.side.value,
        "query": urlencode({"trimestre": page.quarter.first.isoformat(), "vue": view}),
    }
    return Part("evaluations/company.html", context)


def _card_urls(actor: Actor, slug: str, card: Card) -> dict[str, str]:
    """Return the addresses of a card's buttons, and of all cards."""
    name = f"evaluations:{actor.side.value}_card"
    acts = {
        act: reverse(f"{name}_act", args=[slug, card.code, word])
        for act, word in (("seen", "vue"), ("done", "compris"))
    }
    return {**acts, "all": reverse(f"{name}s", args=[slug])}


def _thanks_urls(actor: Actor, order: Order) -> dict[str, str]:
    """Return the addresses that give a thank-you and take it back."""
    name, keys = f"{actor.side.value}_thanks", list[Any]()
    if actor.side is not Side.TENANT:
        house = order.landlord if actor.side is Side.LANDLORD else order.contractor
        assert house is not None
        keys = [house.slug, order.pk]
    elif actor.link_id is not None:
        keys = [links.token_of(actor.link_id)]
    else:
        name, keys = "case_thanks", [actor.case_id]
    return {
        act: reverse(f"evaluations:{name}", args=[*keys, slug])
        for act, slug in (("give", "dire"), ("take_back", "reprendre"))
    }


def _url(actor: Actor) -> str:
    if actor.link_id is not None:
        return reverse("evaluations:opinion", args=[links.token_of(actor.link_id)])
    return reverse("evaluations:case_opinion", args=[actor.case_id])

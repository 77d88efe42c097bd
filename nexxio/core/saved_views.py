"""Saved views: a person names the filters of a list, renames them, throws them away.

They are nobody else's business and no fact about an order: no event is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from nexxio.core.actors import Actor
from nexxio.core.errors import Invalid
from nexxio.core.models import Membership, SavedView

MOST = 20
_LONGEST = 500
_NAME = 40


@dataclass(frozen=True)
class Chip:
    """A view as the list offers it (templates/components/chips.html)."""

    label: str
    url: str
    current: bool


def canonical(query: str, keys: Iterable[str]) -> str:
    """Return a query string with `keys` only, each once, sorted, without empty values."""
    wanted = set(keys)
    pairs = {key: value for key, value in parse_qsl(query) if key in wanted}
    return urlencode(sorted(pairs.items()))


def views_of(actor: Actor, *, page: str) -> list[SavedView]:
    """Return the actor's own views of a list in his organisation, oldest first."""
    return list(_mine(actor).filter(page=page).order_by("created_at", "id"))


def chips(views: list[SavedView], *, current: str, whole: str) -> list[Chip]:
    """Return the views as chips after `whole`, the words for the unfiltered list.

    current: the canonical query of what is shown. No chips when nothing is saved.
    """
    if not views:
        return []
    return [
        Chip(label=whole, url="?", current=not current),
        *(
            Chip(label=view.name, url=f"?{view.query}", current=view.query == current)
            for view in views
        ),
    ]


def get_view(actor: Actor, pk: UUID) -> SavedView | None:
    """Return one of the actor's own views in his organisation, or None."""
    return _mine(actor).filter(pk=pk).first()


@transaction.atomic
def save_view(*, actor: Actor, page: str, name: str, query: str) -> SavedView:
    """Keep the canonical `query` of a list under `name`.

    Raises Invalid for the name (empty, taken), for an empty query, and past MOST views of the
    list. The membership's row is locked, so that two tabs don't pass the limit together.
    """
    _lock_member(actor)
    name = _name(name)
    views = views_of(actor, page=page)
    if not query or len(query) > _LONGEST:
        raise Invalid({"name": ["Choisissez d'abord des filtres ou un tri."]})
    if len(views) >= MOST:
        raise Invalid({"name": [f"Vous avez déjà {MOST} vues : supprimez-en une."]})
    _free(name, views)
    return SavedView.objects.create(
        user_id=_person(actor),
        organisation_id=actor.own_id,
        page=page,
        name=name,
        query=query,
    )


@transaction.atomic
def rename_view(*, actor: Actor, pk: UUID, name: str) -> SavedView:
    """Give a view another name. Raises Invalid for the name, SavedView.DoesNotExist."""
    view = _lock(actor, pk)
    view.name = _name(name)
    _free(view.name, [one for one in views_of(actor, page=view.page) if one.pk != view.pk])
    view.save(update_fields=["name"])
    return view


@transaction.atomic
def delete_view(*, actor: Actor, pk: UUID) -> None:
    """Throw a view away. Raises SavedView.DoesNotExist."""
    _lock(actor, pk).delete()


def _person(actor: Actor) -> UUID:
    if actor.user_id is None:
        raise RuntimeError(f"{actor.side} is no person with views.")
    return actor.user_id


def _mine(actor: Actor) -> QuerySet[SavedView]:
    return SavedView.objects.filter(user_id=_person(actor), organisation_id=actor.own_id)


def _lock_member(actor: Actor) -> None:
    own = Membership.objects.filter(user_id=_person(actor), organisation_id=actor.own_id)
    list(own.select_for_update(of=("self",)).order_by("pk"))


def _lock(actor: Actor, pk: UUID) -> SavedView:
    _lock_member(actor)
    return _mine(actor).select_for_update(of=("self",)).get(pk=pk)


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name:
        raise Invalid({"name": ["Donnez un nom à cette vue."]})
    if len(name) > _NAME:
        raise Invalid({"name": [f"Ce nom est trop long : {_NAME} caractères au plus."]})
    return name


def _free(name: str, others: list[SavedView]) -> None:
    if any(other.name.casefold() == name.casefold() for other in others):
        raise Invalid({"name": [f"Vous avez déjà une vue « {name} »."]})

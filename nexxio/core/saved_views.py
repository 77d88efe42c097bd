"""Saved views: a person names the filters of a list, shares them, opens the list with one.

They are no fact about an order: no event is recorded. What is not shared is nobody else's
business. A shared one is its person's still: colleagues find it, a manager may withdraw it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from nexxio.core import clock
from nexxio.core.actors import Actor, Role
from nexxio.core.errors import Invalid, Refused
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


@dataclass(frozen=True)
class Shelf:
    """What a person has of a list. shared: what colleagues share with him, their user loaded.

    columns: the query string of the columns that he chose; "" for those of the house.
    first: the view that opens the list; None for the whole list.
    """

    mine: list[SavedView]
    shared: list[SavedView]
    columns: str = ""
    first: SavedView | None = None


def canonical(query: str, keys: Iterable[str]) -> str:
    """Return a query string with `keys` only, each once, sorted, without empty values."""
    wanted = set(keys)
    pairs = {key: value for key, value in parse_qsl(query) if key in wanted}
    return urlencode(sorted(pairs.items()))


def views_of(actor: Actor, *, page: str) -> list[SavedView]:
    """Return the actor's own views of a list in his organisation, oldest first."""
    return list(_mine(actor).filter(page=page).exclude(name="").order_by("created_at", "id"))


def shelf_of(actor: Actor, *, page: str) -> Shelf:
    """Return all that a person has of a list, in one query."""
    own = Q(user_id=_person(actor))
    offered = Q(audience__in=_audiences(actor), shared_at__isnull=False)
    rows = list(
        SavedView.objects.filter(own | offered, organisation_id=actor.own_id, page=page)
        .select_related("user")
        .order_by("created_at", "id")
    )
    mine = [row for row in rows if row.user_id == actor.user_id and row.name]
    shared = [row for row in rows if row.user_id != actor.user_id]
    choice = next((row for row in rows if not row.name), None)
    if choice is None:
        return Shelf(mine, shared)
    first = next((row for row in (*mine, *shared) if row.pk == choice.opens_with), None)
    return Shelf(mine, shared, choice.query, first)


def chips(views: list[SavedView], *, current: str, whole: str = "", url: str = "?") -> list[Chip]:
    """Return the views as chips after `whole`, the words for the unfiltered list at `url`.

    current: the canonical query of what is shown. No chips when nothing is saved. Without `whole`
    they are those of colleagues, each with the name of who shares it.
    """
    if not views:
        return []
    first = [Chip(label=whole, url=url, current=not current)] if whole else []
    return [
        *first,
        *(
            Chip(
                label=view.name if whole else f"{view.name} · {view.user}",
                url=f"?{view.query}",
                current=view.query == current,
            )
            for view in views
        ),
    ]


def may_share(actor: Actor) -> bool:
    """Tell whether the actor may offer a view to colleagues: not who only reads."""
    return actor.has(Role.MANAGER, Role.CLERK)


def audiences_of(actor: Actor) -> list[str]:
    """Return with whom the actor may share a view: his house and his department."""
    return _audiences(actor) if may_share(actor) else []


def may_withdraw(actor: Actor, view: SavedView) -> bool:
    """Tell whether the actor may take back what is shared: its person, or a manager."""
    return bool(view.audience) and (view.user_id == actor.user_id or actor.has(Role.MANAGER))


def get_view(actor: Actor, pk: UUID) -> SavedView | None:
    """Return one of the actor's own views in his organisation, or None."""
    return _mine(actor).exclude(name="").filter(pk=pk).first()


def find_view(actor: Actor, pk: UUID) -> SavedView | None:
    """Return a view that the actor finds in his lists, his own or a shared one, or None."""
    return get_view(actor, pk) or _offered(actor).filter(pk=pk).first()


def offered_views(actor: Actor, *, page: str) -> list[SavedView]:
    """Return what colleagues share with the actor; of a manager, with anybody in the house."""
    others = _offered(actor).filter(page=page).exclude(user_id=_person(actor))
    return list(others.select_related("user").order_by("created_at", "id"))


def first_of(actor: Actor, *, page: str) -> UUID | None:
    """Return the key of the view that opens the list for the actor; it may be gone."""
    found: UUID | None = (
        _mine(actor).filter(page=page, name="").values_list("opens_with", flat=True).first()
    )
    return found


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
        raise Invalid({"name": ["Choisissez d’abord des filtres ou un tri."]})
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


@transaction.atomic
def share_view(*, actor: Actor, pk: UUID, audience: str) -> SavedView:
    """Offer one of the actor's views to his whole organisation, or to his own department.

    Raises Invalid for another audience, Refused for who only reads, SavedView.DoesNotExist.
    """
    view = _lock(actor, pk)
    if not may_share(actor):
        raise Refused(_("Votre rôle ne permet pas de partager une vue."), code="role")
    if audience not in _audiences(actor):
        raise Invalid({"audience": [_("Choisissez avec qui partager cette vue.")]})
    view.audience, view.shared_at = audience, clock.now()
    view.save(update_fields=["audience", "shared_at"])
    return view


@transaction.atomic
def withdraw_view(*, actor: Actor, pk: UUID) -> SavedView:
    """Stop sharing a view: it stays its person's. Raises Refused, SavedView.DoesNotExist."""
    mine = _mine(actor).select_for_update(of=("self",)).filter(pk=pk).first()
    if mine is not None:
        mine.audience, mine.shared_at = "", None
        mine.save(update_fields=["audience", "shared_at"])
        return mine
    if not actor.has(Role.MANAGER):
        raise Refused(_("Seul un responsable retire la vue d’un collègue."), code="role")
    view = _offered(actor).select_for_update(of=("self",)).get(pk=pk)
    view.audience = ""
    view.save(update_fields=["audience"])
    return view


@transaction.atomic
def open_with(*, actor: Actor, page: str, pk: UUID | None) -> None:
    """Make a view the one that opens the list for the actor; None for the whole list.

    Raises SavedView.DoesNotExist for one that he doesn't find there.
    """
    _lock_member(actor)
    if pk is not None:
        view = find_view(actor, pk)
        if view is None or view.page != page:
            raise SavedView.DoesNotExist
    _choose(actor, page, opens_with=pk)


@transaction.atomic
def keep_columns(*, actor: Actor, page: str, query: str) -> None:
    """Remember the columns that the actor wants in a list, as a query string; "" for the usual.

    Raises Invalid for more than a row holds.
    """
    if len(query) > _LONGEST:
        raise Invalid({"colonne": [_("Trop de colonnes.")]})
    _lock_member(actor)
    _choose(actor, page, query=query)


def _choose(actor: Actor, page: str, **values: UUID | str | None) -> None:
    SavedView.objects.update_or_create(
        user_id=_person(actor), organisation_id=actor.own_id, page=page, name="", defaults=values
    )


def _audiences(actor: Actor) -> list[str]:
    return [SavedView.HOUSE, *([actor.department] if actor.department else [])]


def _offered(actor: Actor) -> QuerySet[SavedView]:
    """What colleagues offer; a manager finds what other departments share too."""
    shared = SavedView.objects.filter(organisation_id=actor.own_id, shared_at__isnull=False)
    if actor.has(Role.MANAGER):
        return shared.exclude(audience="")
    return shared.filter(audience__in=_audiences(actor))


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

"""Addresses that end in an act: which acts there are is data, which tests read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, TypeVar

from django.http import Http404
from django.http.response import HttpResponseBase

from nexxio.core.http import PortalRequest

T = TypeVar("T")
Act = Callable[[PortalRequest, T], HttpResponseBase]


def by_action(
    acts: Mapping[str, Act[T]], find: Callable[..., T]
) -> Callable[..., HttpResponseBase]:
    """Return the view of an address that ends in `<slug:action>`: finds the row, then acts.

    find: the row's door, called with the request and what else the address holds: a row's id, a
    link's token. An act that isn't listed is a page that doesn't exist. The names stay on
    the view (`acts`): each of them must be in the access matrix.
    """

    def view(request: PortalRequest, *keys: Any, action: str, **named: Any) -> HttpResponseBase:
        act = acts.get(action)
        if act is None:
            raise Http404
        return act(request, find(request, *keys, **named))

    view.acts = frozenset(acts)  # type: ignore[attr-defined]
    return view


def by_post(act: Act[T]) -> Act[T]:
    """Decorator of an act that shows no page of its own: a GET doesn't find it."""

    @wraps(act)
    def inner(request: PortalRequest, row: T) -> HttpResponseBase:
        if request.method != "POST":
            raise Http404
        return act(request, row)

    return inner


def acts_of(view: Any) -> frozenset[str] | None:
    """Return the names of a view's acts; None for a view that takes none."""
    return getattr(view, "acts", None)

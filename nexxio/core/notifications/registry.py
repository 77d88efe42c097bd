"""The registry of notification kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from nexxio.core.actors import Side
from nexxio.core.models import Event, Message


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One thing to tell one person.

    bell_user_id and bell_organisation_id: whose bell rings, in which organisation (or none).
    addresses: (channel, address) pairs in order of preference; the first is used, the others are
    fallbacks. text may hold ``{link}``, replaced at sending by the address of `link_id`, and any
    word that `fills` registers: what opens something by itself is never kept in a row.
    member_id: the membership whose preferences hold for the addresses; None for anybody else's.
    not_before: when it leaves at the earliest. line: what is added to a message of the same kind
    that still waits for the same address, instead of a message of its own: bursts are one.
    """

    title: str
    text: str = ""
    url: str = ""
    bell_user_id: UUID | None = None
    bell_organisation_id: UUID | None = None
    addresses: tuple[tuple[str, str], ...] = ()
    member_id: UUID | None = None
    link_id: UUID | None = None
    not_before: datetime | None = None
    line: str = ""


Builder = Callable[[Event], Iterable[Notice]]
Filler = Callable[[Message], str]


@dataclass(frozen=True)
class Kind:
    """A kind of notification: what it is about, and how it may travel.

    label: what members read of it among their preferences, "" for kinds that tell nobody of a
    desk. sides: whose members it tells. always: law or safety wants it, nobody switches it off;
    anyway: events of which that is so while the others may be off.
    """

    name: str
    event_kinds: frozenset[str]
    channels: frozenset[str]
    build: Builder
    label: Any = ""
    sides: frozenset[Side] = frozenset()
    always: bool = False
    anyway: frozenset[str] = frozenset()


_kinds: dict[str, Kind] = {}
_fillers: dict[str, Filler] = {}


def notices(
    name: str,
    *,
    on: Iterable[str],
    channels: Iterable[str],
    label: Any = "",
    sides: Iterable[Side] = (),
    always: bool = False,
    anyway: Iterable[str] = (),
) -> Callable[[Builder], Builder]:
    """Register a builder of notices for some kinds of event. Runs in a system scope."""

    def decorate(build: Builder) -> Builder:
        if name in _kinds:
            raise ValueError(f"Notification kind {name} is registered twice.")
        _kinds[name] = Kind(
            name=name,
            event_kinds=frozenset(on),
            channels=frozenset(channels),
            build=build,
            label=label,
            sides=frozenset(sides),
            always=always,
            anyway=frozenset(anyway),
        )
        return build

    return decorate


def kinds_for(event_kind: str) -> list[Kind]:
    """Return the kinds that an event gives rise to."""
    return [kind for kind in _kinds.values() if event_kind in kind.event_kinds]


def fills(word: str) -> Callable[[Filler], Filler]:
    """Register what is put in for ``{word}`` when a message leaves. Runs in a system scope."""

    def decorate(filler: Filler) -> Filler:
        _fillers[f"{{{word}}}"] = filler
        return filler

    return decorate


def filled(message: Message) -> str:
    """Return a message's text with the registered words put in."""
    text = message.text
    for mark, filler in _fillers.items():
        if mark in text:
            text = text.replace(mark, filler(message))
    return text


def all_kinds() -> list[Kind]:
    """Return all kinds, by name."""
    return [_kinds[name] for name in sorted(_kinds)]

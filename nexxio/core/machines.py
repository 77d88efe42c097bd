"""State machines as tables. Pure: apply() is in `transitions`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nexxio.core.actors import Side


@dataclass(frozen=True)
class Transition:
    """One row of a table.

    sources: states that it starts from (empty: it creates the row). sides: who may do it.
    guard: the rule in words, for the generated document; the policy enforces it.
    late_from: states in which a fact that happened *earlier* may still be reported; it is then
    recorded without moving the state.
    """

    name: str
    sources: frozenset[str]
    target: str
    sides: frozenset[Side]
    guard: str = ""
    late_from: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Machine:
    """States, their labels for each side, and the transitions between them."""

    name: str
    states: tuple[str, ...]
    labels: Mapping[str, Mapping[Side, Any]]
    transitions: Mapping[str, Transition]

    def label(self, state: str, side: Side) -> str:
        """Return the state's label for a side (the landlord's when the side has none)."""
        found = self.labels[state]
        return str(found.get(side, found[Side.LANDLORD]))

    def permits(self, *, name: str, state: str, side: Side) -> bool:
        """Tell whether `side` may do transition `name` from `state`, guards apart."""
        transition = self.transitions[name]
        return side in transition.sides and state in transition.sources


def machine(
    *,
    name: str,
    labels: Mapping[str, Mapping[Side, Any]],
    transitions: list[Transition],
) -> Machine:
    """Build a machine; raises ValueError for a state that the table names and nobody labels."""
    for transition in transitions:
        unknown = ({*transition.sources, *transition.late_from, transition.target}) - set(labels)
        if unknown:
            raise ValueError(f"{name}.{transition.name}: unknown states {sorted(unknown)}")
    return Machine(
        name=name,
        states=tuple(labels),
        labels=labels,
        transitions={transition.name: transition for transition in transitions},
    )

"""Services that are too small to be told alone: a number would be a person's. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from evaluations.training_cards import FEWEST

TOGETHER = "*"
"""Stands for a house's services that are told together."""


def put_together(persons: Mapping[str, int]) -> frozenset[str]:
    """Return which services are told together, by how many persons each has.

    Those of fewer than three; where they are fewer than three still, with the smallest other one.
    """
    small = {key for key, count in persons.items() if count < FEWEST}
    others = sorted(persons.keys() - small, key=lambda key: (persons[key], key))
    if small and others and sum(persons[key] for key in small) < FEWEST:
        small.add(others[0])
    return frozenset(small)

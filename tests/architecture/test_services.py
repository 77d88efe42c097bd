"""No service is without a test that calls it by its name."""

from __future__ import annotations

import re
from pathlib import Path

from orders import services

TESTS = Path(__file__).parents[1]


def test_every_service_is_named_by_a_test():
    named = set()
    for path in TESTS.rglob("test_*.py"):
        named |= set(re.findall(r"services\.(\w+)", path.read_text(encoding="utf-8")))
    wanted = {name for name in services.__all__ if name.islower()}
    assert wanted - named <= {"ceilings_left", "facts_of", "typed_values"}  # parts of others

"""Pages of orders with 10 000 to 1 000 000 orders of fifty landlords, as the site's role."""

from __future__ import annotations

import json
import time
from typing import Any

from tests.product import Site

_FILL = """
import json
from nexxio.core.scoping import owner_scope
from tests.bench.fill import fill
from tests.bench.read import row_counts
fill({size})
with owner_scope():
    print(json.dumps(row_counts()))
"""
_READ = "from tests.bench.read import main\nmain()"


def measure(site: Site, sizes: list[int]) -> list[dict[str, Any]]:
    """Fill the database step by step and read the pages at each size."""
    found = []
    for size in sizes:
        began = time.perf_counter()
        rows = json.loads(site.python(_FILL.format(size=size), login="owner").split("\n")[-1])
        filled = round(time.perf_counter() - began, 1)
        read = json.loads(site.python(_READ, login="site").split("\n")[-1])
        found.append({"orders": rows["orders_order"], "rows": rows, "filled_s": filled, **read})
    return found


def ratio(found: list[dict[str, Any]], page: str, figure: str = "ms") -> float:
    """Return how many times as long a page takes at the largest size as at the smallest."""
    last, first = (part["pages"][page][figure] for part in (found[-1], found[0]))
    return round(last / first, 2)

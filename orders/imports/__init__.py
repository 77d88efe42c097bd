"""Orders from a file: one order for each number, a draft with what it lacks.

Rules. The landlord's own number is the key: a row without it is refused. Rows of one number that
follow each other are one order, a price line each; what else they say must be the same. A row
that a former import has brought in the same words changes nothing; in other words, it rewrites
the draft, unless a person has edited it or it has left. Never is anything else touched.
"""

from orders.imports import contracts, equipment, kind, prices, warranties

__all__ = ["contracts", "equipment", "kind", "prices", "warranties"]

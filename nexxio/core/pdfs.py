"""Several PDFs as one."""

from __future__ import annotations

import io
from collections.abc import Iterable


def merged(documents: Iterable[bytes]) -> bytes:
    """Return the pages of PDFs of our own making, one document after the other."""
    import pikepdf  # a library of its own weight: loaded where it is used

    whole = pikepdf.new()
    for data in documents:
        with pikepdf.open(io.BytesIO(data)) as part:
            whole.pages.extend(part.pages)
    out = io.BytesIO()
    whole.save(out)
    return out.getvalue()

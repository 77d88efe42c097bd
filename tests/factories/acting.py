"""Acting as one of the characters, and what they hold in hand."""

from __future__ import annotations

import io

from PIL import Image

from nexxio.core.actors import scope_of
from tests.factories.world import Party


def photo_bytes(size=(40, 30)) -> io.BytesIO:
    """Return a small real JPEG."""
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, "JPEG")
    out.seek(0)
    return out


def act(party: Party, who: str, service, **kwargs):
    """Run a service as one of the party's characters, in his scope."""
    actor = party.actor(who)
    with scope_of(actor):
        return service(actor=actor, **kwargs)

"""What an order's page says of its newest proof file."""

from __future__ import annotations

from dataclasses import dataclass

from contractors import policies
from contractors.models import ProofFile
from contractors.services.proofs import latest_proof
from nexxio.core.actors import Actor
from orders.models import Order


@dataclass(frozen=True)
class ProofCard:
    """What a page says of the newest proof file of its reader. proof: None before the first."""

    order: Order
    proof: ProofFile | None

    @property
    def is_ready(self) -> bool:
        """Whether it can be fetched."""
        return self.proof is not None and self.proof.file_id is not None

    @property
    def is_preparing(self) -> bool:
        """Whether a worker makes it."""
        return self.proof is not None and policies.proof_waits(self.proof)

    @property
    def has_failed(self) -> bool:
        """Whether it came to nothing, or its worker was lost."""
        return self.proof is not None and not self.is_ready and not self.is_preparing


def proof_card(actor: Actor, order: Order) -> ProofCard | None:
    """Return the card; None for who may not ask for one."""
    return ProofCard(order, latest_proof(actor, order.pk)) if policies.desk(actor) else None

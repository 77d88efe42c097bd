"""What goes otherwise than planned in an order of the demo world's year, and how it is put right.

Each is a part of a `Life` (life.py): it acts as the party whose act it is, and yields the instant
at which it wants to go on. How often it happens is a house's manner (manners.py).
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal

from contractors import services as invoicing
from contractors.causes import CauseCode
from contractors.models import Block
from nexxio.core import clock
from nexxio.core.actors import scope_of
from nexxio.demo.manners import EXTRAS, CompanyManner, LandlordManner
from nexxio.demo.teller import Teller, picture
from orders import services
from orders.certificate_states import CertificateRefusal
from orders.hold_states import HoldReason
from orders.models import Certificate
from orders.variation_states import RejectReason, VariationReason

Wait = Iterator[datetime]


class Setbacks(Teller):
    """A teller to whom things happen. mood: what they do to the marks that are given, in points."""

    luck: random.Random
    manner: CompanyManner
    house: LandlordManner
    mood = 0.0
    report = ""

    # --- the appointment ------------------------------------------------------------------------

    def _is_forgotten(self, start: datetime) -> Wait:
        """The company doesn't come to an appointment, and the tenant says so afterwards."""
        self.at = start + timedelta(hours=2, minutes=30)
        yield self.at
        self._do(self._tenant(), services.declare_no_show, visit_id=self.visit_id)
        self.mood -= 0.8
        yield self._after(hours=(2, 20))

    def _is_not_believed(self) -> Wait:
        """The tenant says that he was there; the landlord looks at the proofs and settles it."""
        self._do(self._tenant(), services.answer_absence, visit_id=self.visit_id, was_here=True)
        yield self._after(days=(1, 3))
        came = self.luck.random() < 0.5
        self._do(
            self.landlord,
            services.decide_absence,
            visit_id=self.visit_id,
            company_came=came,
            note=(
                "La photo montre la bonne porte, à l’heure du rendez-vous."
                if came
                else "La photo est celle d’un autre palier : le passage ne compte pas."
            ),
        )
        self.mood -= 0.2 if came else 0.8

    # --- the works ------------------------------------------------------------------------------

    def _more_is_found(self) -> None:
        """More is found on site: asked for, and granted, granted in part, or refused at once."""
        line, note = self.luck.choice(EXTRAS[self.story.trade])
        label, unit, quantity, price = line
        asked = self._do(
            self.technician,
            services.draft_variation,
            order_id=self._pk,
            visit_id=self.visit_id,
            data=services.VariationInput(
                reason=VariationReason.HIDDEN_DEFECT.value,
                note=note,
                lines=(
                    services.LineInput(
                        None, Decimal(quantity), label=label, unit=unit, unit_price=Decimal(price)
                    ),
                ),
                photo=picture(),
            ),
        )
        self._do(self.technician, services.ask_variation, variation_id=asked.pk)
        luck = self.luck.random()
        if luck < 0.25:
            self._do(
                self.landlord,
                services.reject_variation,
                variation_id=asked.pk,
                reason=RejectReason.SEPARATE_ORDER.value,
                note="À reprendre avec le remplacement prévu au budget de l’an prochain.",
            )
            self.mood -= 0.2
        elif luck < 0.55:
            with scope_of(self.landlord):
                less = {row.pk: Decimal(1) for row in asked.lines.all()}
            self._do(
                self.landlord,
                services.grant_variation,
                variation_id=asked.pk,
                granted=less,
                reason=RejectReason.UNPROVEN.value,
                note="La photo n’en montre qu’un : accord pour celui-là.",
            )
        else:
            self._do(self.landlord, services.grant_variation, variation_id=asked.pk)
        self._do(self.desk, services.acknowledge_variation, variation_id=asked.pk)

    def _waits_for_material(self) -> Wait:
        """A part has to be ordered: both sides see until when the order waits."""
        self._do(
            self.desk,
            services.hold_order,
            order_id=self._pk,
            reason=HoldReason.MATERIAL.value,
            expected_on=clock.day_of(self.at) + timedelta(days=4),
        )
        yield self._after(days=(2, 4))
        self._do(self.desk, services.lift_hold, order_id=self._pk)

    # --- the papers -----------------------------------------------------------------------------

    def _sign(self) -> Wait:
        """The certificate, signed when the landlord comes to it; refused first where it is poor."""
        yield self._after(days=self.house.signs)
        waiting = self._waiting()
        if waiting is not None and self.luck.random() < self.house.refuses:
            self._do(
                self.landlord,
                services.refuse_certificate,
                certificate_id=waiting.pk,
                reason=CertificateRefusal.REPORT.value,
                note="Précisez ce qui a été remplacé et l’essai qui a été fait.",
            )
            yield self._after(days=(1, 4))
            self._do(
                self.desk,
                services.correct_certificate,
                order_id=self._pk,
                report=f"{self.report} Pièce déposée laissée à l’occupant, essai d’une heure.",
                submit=True,
            )
            yield self._after(days=self.house.signs)
            waiting = self._waiting()
        if waiting is not None:  # else it was accepted by silence
            self._do(self.landlord, services.sign_certificate, certificate_id=waiting.pk)

    def _waiting(self) -> Certificate | None:
        with scope_of(self.landlord):
            return Certificate.objects.filter(order_id=self._pk, state="to_sign").first()

    def _judge(self) -> Wait:
        """The invoice: taken care of, suspended or contested where something is wrong, approved."""
        self._do(self.landlord, invoicing.take_charge, invoice_id=self.invoice_id)
        luck = self.luck.random()
        if luck < self.house.suspends:
            yield from self._suspend()
        elif luck < self.house.suspends + self.house.disputes:
            yield from self._dispute()
        self._do(self.landlord, invoicing.approve, invoice_id=self.invoice_id)

    def _suspend(self) -> Wait:
        self._do(
            self.landlord,
            invoicing.suspend,
            invoice_id=self.invoice_id,
            cause=CauseCode.PHOTOS_OR_REPORT.value,
            note="La photo après travaux est floue : la pièce remplacée ne s’y voit pas.",
            pieces=("Photo nette de la pièce remplacée",),
        )
        yield self._after(days=(2, 9))
        self._do(
            self.desk,
            invoicing.complete,
            invoice_id=self.invoice_id,
            answer="Photo reprise sur place avec le technicien, jointe au message.",
            upload=picture(),
        )
        yield self._after(days=(1, 3))

    def _dispute(self) -> Wait:
        self._do(
            self.landlord,
            invoicing.dispute,
            invoice_id=self.invoice_id,
            cause=CauseCode.QUANTITY.value,
            note="La quantité facturée nous paraît supérieure à ce que le gardien a vu.",
        )
        yield self._after(days=(4, 15))
        with scope_of(self.landlord):
            mine = Block.objects.filter(
                invoice_id=self.invoice_id, cause=CauseCode.QUANTITY.value, closed_at__isnull=True
            )
            blocks = list(mine.values_list("pk", flat=True))
        for block in blocks:
            self._do(
                self.landlord,
                invoicing.close_block_by_hand,
                block_id=block,
                note="Vu avec l’entreprise, photos à l’appui : la quantité est juste.",
            )

    # --- inside ---------------------------------------------------------------------------------

    def _after(
        self, *, days: tuple[int, int] = (0, 0), hours: tuple[int, int] = (0, 0)
    ) -> datetime:
        """Return an office hour, so many days or hours from here; the next acts happen then."""
        later = self.at + timedelta(days=self.luck.randint(*days), hours=self.luck.randint(*hours))
        local = later.astimezone(clock.PARIS)
        if not 8 <= local.hour < 18:
            local = datetime.combine(
                local.date() + timedelta(days=local.hour >= 18),
                time(9, self.luck.randint(0, 59)),
                clock.PARIS,
            )
        self.at = local
        return local

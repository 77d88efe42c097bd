"""The life of one order of the demo world's year, from the draft to the money.

`run` yields the instant at which it wants to go on. Whatever it does is a service of the product,
as the party whose act it is.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from contractors import services as invoicing
from contractors.models import Invoice
from contractors.policies import goes_by_chorus
from evaluations import services as evaluating
from evaluations.axes import Direction
from evaluations.languages import OTHERS
from evaluations.models import Evaluation
from nexxio.core import clock
from nexxio.core.actors import Actor, scope_of
from nexxio.core.scoping import system_scope
from nexxio.demo import opinions
from nexxio.demo.manners import COMPANIES, LANDLORDS, LIVE, LIVE_MISSES
from nexxio.demo.setbacks import Setbacks, Wait
from nexxio.demo.stories import Story
from orders import services
from orders.models import Order
from orders.working_days import add_working_days

if TYPE_CHECKING:
    from nexxio.demo.world import DemoWorld

_GLAD = 4
_AT_ONCE = 0.8
"""The share of urgencies that a company accepts at once."""
_STILL_TODAY = 14
"""Until this hour somebody still comes on the same day."""
_ELSEWHERE = 0.2
"""The share of tenants who read the questions in another language than French."""
_SLOTS = (8, 10, 14, 16)
_WRITTEN = (services.draft_order, services.issue_order, services.reissue_order)


class Life(Setbacks):
    """One order, from its draft to its payment.

    share: how much of the year is over then. is_live: its perimeter works with all of the product.
    """

    def __init__(
        self,
        world: DemoWorld,
        story: Story,
        report: str,
        at: datetime,
        *,
        share: float,
        is_live: bool = False,
    ) -> None:
        super().__init__(world, story)
        self.at = at
        self.report = report
        self.share = share
        self.luck = world.random
        self.company = next(s for s, o in world.orgs.items() if o.pk == self.contract.contractor_id)
        self.manner = COMPANIES[self.company]
        self.house = LIVE if is_live else LANDLORDS[story.landlord]
        self.misses = self.manner.misses * (LIVE_MISSES if is_live else 1)
        self.technician = self.luck.choice(world.technicians(self.company))
        self.desks = world.desk(self.company)
        self.author = self.luck.choice(world.desk(story.landlord))

    def run(self) -> Wait:
        """Live it. Ends early where the order does."""
        self._draft()
        self._issue()
        # An urgency rings whoever is there; one in five waits as long as any other order.
        soon = self._is_urgent and self.luck.random() < _AT_ONCE
        if not soon:
            yield self._after(hours=(1, 20))
        if self.luck.random() > self.house.complete:
            yield from self._return_and_complete()
        self._accept()
        if self.luck.random() < 0.03:
            yield self._after(hours=(4, 40))
            self._cancel()
            return
        yield from self._visits()
        yield from self._opinions()
        yield from self._sign_and_bill()

    def _do(self, actor: Actor, service: Callable[..., Any], **kwargs: Any) -> Any:
        """Act as `actor`: at the company's desk as whoever is there, at the landlord's as who wrote
        the order until it has left.
        """
        if actor is self.desk:
            actor = self.luck.choice(self.desks)
        elif service in _WRITTEN:
            actor = self.author
        return super()._do(actor, service, **kwargs)

    # --- the works ------------------------------------------------------------------------------

    def _return_and_complete(self) -> Wait:
        self._return()
        self.mood -= 0.4
        # An urgency has to leave again before its date.
        yield self._after(hours=(1, 6)) if self._is_urgent else self._after(days=(1, 4))
        self._do(self.landlord, services.reissue_order, order_id=self._pk)
        yield self._after(hours=(1, 10))

    def _visits(self) -> Wait:
        first = True
        while True:
            start = self._slot()
            self._visit(start, hours=2)
            self._confirm()
            if first and self.luck.random() < self.misses:
                yield from self._is_forgotten(start)
                first = False
                continue
            if first and self.luck.random() < 0.07:
                yield from self._nobody_home(start)
                first = False
                continue
            yield start - timedelta(minutes=25)
            self._travel(start)
            if first and self.luck.random() > self.manner.fixed:
                self._finish_in_part()
                self.mood -= 0.8
                first = False
                yield self._after(days=(1, 3))
                if self.luck.random() < 0.4:
                    yield from self._waits_for_material()
                continue
            break
        if self.luck.random() < self.manner.finds_more:
            self._more_is_found()
        self._prove()
        self._do(
            self.technician,
            services.complete_visit,
            visit_id=self.visit_id,
            report=self.report,
        )

    def _travel(self, start: datetime) -> None:
        late = self.luck.random() < 0.1
        self.at = start + timedelta(minutes=20 if late else -35)
        self.mood -= 0.3 if late else 0.0
        self._do(self.technician, services.leave, visit_id=self.visit_id)
        self._do(self.technician, services.arrive, visit_id=self.visit_id)

    def _nobody_home(self, start: datetime) -> Wait:
        yield start - timedelta(minutes=25)
        self._travel(start)
        self._nobody(full=True)
        if self.luck.random() < 0.4:
            yield self._after(hours=(1, 6))
            yield from self._is_not_believed()
        yield self._after(days=(1, 2))

    @property
    def _is_urgent(self) -> bool:
        return self.story.priority == "urgent"

    def _slot(self) -> datetime:
        """The appointment: working days ahead, by the company's manner; when urgent, today or
        tomorrow morning.
        """
        local = self.at.astimezone(clock.PARIS)
        if self._is_urgent and local.hour < _STILL_TODAY:
            return datetime.combine(local.date(), time(local.hour + 3), clock.PARIS)
        if self._is_urgent:
            tomorrow = add_working_days(local.date(), 1)
            return datetime.combine(tomorrow, time(_SLOTS[0]), clock.PARIS)
        low, high = self.manner.plans
        day = add_working_days(clock.day_of(self.at), self.luck.randint(low, high))
        return datetime.combine(day, time(self.luck.choice(_SLOTS)), clock.PARIS)

    # --- what people say of it ------------------------------------------------------------------

    def _opinions(self) -> Wait:
        yield self._after(hours=(20, 60))
        if self.luck.random() < 0.7:
            self._give(self._tenant(), Direction.TENANT_REPAIR, self.company)
        yield self._after(hours=(4, 30))
        if self.luck.random() < 0.6:
            self._give(self.author, Direction.LANDLORD_CONTRACTOR, self.company)
        if self.luck.random() < 0.6:
            self._give(self.desk, Direction.CONTRACTOR_LANDLORD, self.story.landlord)

    def _give(self, actor: Actor, direction: Direction, of: str) -> None:
        with scope_of(actor):
            asked = Evaluation.objects.filter(order_id=self._pk, direction=direction).first()
        if asked is None:
            return
        if direction == Direction.TENANT_REPAIR and self.luck.random() < _ELSEWHERE:
            self._do(
                actor,
                evaluating.choose_language,
                evaluation_id=asked.pk,
                language=self.luck.choice(OTHERS).code,
            )
        marks = {
            subject: opinions.mark(self.luck, of, share=self.share, shift=self.mood)
            for subject in asked.subjects
        }
        given = [value for value in marks.values() if value is not None]
        words = ""
        if direction == Direction.TENANT_REPAIR and given:
            words = opinions.words(self.luck, glad=sum(given) / len(given) >= 4)
        self._do(
            actor,
            evaluating.answer_evaluation,
            evaluation_id=asked.pk,
            marks=marks,
            text=words,
        )
        if given and min(given) >= _GLAD:
            self._thank(actor)

    def _thank(self, actor: Actor) -> None:
        """Say thank you where nothing was to be said against."""
        with scope_of(actor):
            order = Order.objects.select_related("landlord", "contractor").get(pk=self._pk)
        if order.done_at is not None:
            self._do(actor, evaluating.give_thanks, order=order)

    # --- the money ------------------------------------------------------------------------------

    def _sign_and_bill(self) -> Wait:
        yield from self._sign()
        yield self._after(days=(1, 6))
        self._prepare()
        self._file()
        with system_scope("demo: how the landlord takes invoices"):
            invoice = Invoice.objects.select_related("landlord").get(pk=self.invoice_id)
        if goes_by_chorus(invoice.landlord):
            yield self._after(days=(1, 3))
            self._do(
                self.desk,
                invoicing.note_chorus,
                invoice_id=self.invoice_id,
                chorus_number=f"CPP-{self.luck.randint(10**7, 10**8 - 1)}",
                filed_on=clock.day_of(self.at),
            )
        yield self._after(days=self.house.approves)
        yield from self._judge()
        yield self._after(days=self.house.pays)
        paid_on = clock.day_of(self.at)
        self._do(
            self.landlord, invoicing.announce_payment, invoice_id=self.invoice_id, paid_on=paid_on
        )
        yield self._after(days=(1, 4))
        self._do(self.desk, invoicing.confirm_payment, invoice_id=self.invoice_id, paid_on=paid_on)

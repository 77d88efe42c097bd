"""A year before today, told by the real services in the order of time, with the clock's own work.

Orders of a year live side by side: each is a `_Life` that says when it wants to go on, and a heap
runs whoever is next. Morning and evening the clock does what its tasks do: deliver events, remind,
chase, open campaigns, reveal, count, publish. What boards show of the year is therefore true to
its events. The manners that led to them are data (manners.py).
"""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Min

from contractors import tasks as invoice_tasks
from evaluations import services as evaluating
from evaluations import tasks as evaluation_tasks
from evaluations.axes import Direction
from evaluations.models import Campaign, CampaignSeat, Question
from nexxio.core import clock, relay
from nexxio.core.actors import scope_of
from nexxio.core.http import actor_of
from nexxio.core.models import Notification
from nexxio.core.notifications import sending
from nexxio.core.scoping import system_scope
from nexxio.demo import answers, bonuses, meetings, opinions
from nexxio.demo import characters as who
from nexxio.demo.life import Life
from nexxio.demo.manners import HEART, PACES, WORKS
from nexxio.demo.rollouts import Rollouts
from nexxio.demo.stories import Story
from orders import tasks as order_tasks
from orders.working_days import is_working_day

if TYPE_CHECKING:
    from nexxio.demo.world import DemoWorld

DAYS = 365
LAST = 9
"""Nothing new is ordered in the last days: those belong to the stories (stories.py)."""
_MORNING, _EVENING = time(7, 30), time(19, 30)
_OFFICE = (8, 17)
_Step = Iterator[datetime]


class Year:
    """Makes the year of a demo world that was just built, before its stories' own days."""

    def __init__(self, world: DemoWorld) -> None:
        self.world = world
        self.random = random.Random(20251130)
        self.today = clock.day_of(world.now)
        # Nobody could be asked before there were questions.
        first = Question.objects.aggregate(first=Min("starts_on"))["first"]
        self.days = min(DAYS, (self.today - first).days)
        self._heap: list[tuple[datetime, int, _Step]] = []
        self._turn = itertools.count()
        self._asked: set[Any] = set()
        self._owed = dict.fromkeys(PACES, (0.0, 0.0))
        self.rollouts = Rollouts(world, self.today, self.days)
        self.orders = 0

    def build(self, tell: Callable[[str], None]) -> int:
        """Live through the year; returns how many orders it had. tell: hears of each month."""
        rewards = bonuses.Bonuses(self.world, self.today - timedelta(days=self.days))
        for ago in range(self.days, 0, -1):
            day = self.today - timedelta(days=ago)
            if day.day == 1:
                tell(f"{day:%m/%Y}")
            self._clock(day, _MORNING)
            if ago > LAST and is_working_day(day):
                self._order(day)
            self._live_until(datetime.combine(day, _EVENING, clock.PARIS))
            self._clock(day, _EVENING)
            self._ask_desks(day)
            answers.react(self.world, self.random, day)
            if ago == self.days:
                answers.ask_own(self.world, day)
            answers.answer_staff(self.world, self.random, day)
            rewards.live(day)
            self.rollouts.live(day)
            if meetings.is_due(day):
                meetings.hold(self.world.members.values(), day)
        rewards.contest_newest()
        answers.import_survey(self.world)
        # Once, at the end: what each of its nights estimated isn't kept anyway.
        evaluation_tasks.measure_due()
        with system_scope("demo: people read their bells"):
            Notification.objects.filter(read_at__isnull=True).update(read_at=self.world.now)
        return self.orders

    # --- what people do -------------------------------------------------------------------------

    def _order(self, day: date) -> None:
        """Begin what the day brings: as many as its pace says, however the dice fall."""
        left = (self.today - day).days
        for slug, paces in PACES.items():
            pace = next(one for one in paces if left > one.until)
            elsewhere, there = self._owed[slug]
            elsewhere, there = elsewhere + pace.elsewhere, there + pace.there
            while elsewhere >= 1:
                self._begin(slug, day)
                elsewhere -= 1
            while there >= 1:
                self._begin(slug, day, heart=True)
                there -= 1
            self._owed[slug] = elsewhere, there

    def _begin(self, slug: str, day: date, *, heart: bool = False) -> None:
        trade, agency = HEART[2], HEART[1]
        if not heart:
            trade = self.random.choices(list(WORKS), (5, 3, 2, 2))[0]
            agency = self.random.choice(
                [name for name in _agencies(slug) if (slug, name, trade) != HEART]
            )
        title, text, lines, report = self.random.choice(WORKS[trade])
        priority = "urgent" if self.random.random() < 0.15 else "normal"
        story = Story(slug, trade, title, text, lines, 0, "", priority, agency=agency)
        at = datetime.combine(day, time(self.random.randint(*_OFFICE)), clock.PARIS)
        is_live = heart and self.rollouts.is_live(day)
        life = Life(self.world, story, report, at, share=self._share(at), is_live=is_live)
        self.orders += 1
        self._wait(at, life.run())

    def _share(self, at: datetime) -> float:
        """Return how much of the year is over, 0 to 1."""
        left: int = (self.world.now - at).days
        return 1.0 - left / int(self.days)

    def _wait(self, at: datetime, step: _Step) -> None:
        heapq.heappush(self._heap, (at, next(self._turn), step))

    def _live_until(self, end: datetime) -> None:
        while self._heap and self._heap[0][0] <= end:
            _at, _turn, step = heapq.heappop(self._heap)
            wish = next(step, None)
            if wish is not None:
                self._wait(wish, step)

    def _ask_desks(self, day: date) -> None:
        """Let the members of both houses answer the campaigns that have just opened."""
        with system_scope("demo: campaigns"):
            new = list(Campaign.objects.exclude(pk__in=self._asked).filter(closed_at__isnull=True))
            rows = CampaignSeat.objects.filter(campaign__in=new)
            seats = set(rows.values_list("campaign_id", "user_id"))
        for campaign in new:
            self._asked.add(campaign.pk)
            for (slug, _first), member in self.world.members.items():
                if (campaign.pk, member.user_id) not in seats:
                    continue
                if member.organisation_id not in (campaign.landlord_id, campaign.contractor_id):
                    continue
                if self.random.random() < 0.9:
                    hours = self.random.randint(20, 240)
                    at = datetime.combine(day, time(9), clock.PARIS) + timedelta(hours=hours)
                    self._wait(at, self._answer(campaign, slug, member, at))

    def _answer(self, campaign: Campaign, slug: str, member: Any, at: datetime) -> _Step:
        actor = actor_of(member)
        own = campaign.landlord_id == member.organisation_id
        direction = Direction.LANDLORD_CONTRACTOR if own else Direction.CONTRACTOR_LANDLORD
        other = campaign.contractor_id if own else campaign.landlord_id
        name = next(key for key, org in self.world.orgs.items() if org.pk == other)
        with clock.moved_to(at), scope_of(actor):
            marks = {
                subject: opinions.mark(self.random, name, share=self._share(at))
                for subject in opinions.subjects(direction, campaign)
            }
            evaluating.answer_campaign(actor=actor, campaign_id=campaign.pk, marks=marks)
        yield from ()  # nothing to wait for afterwards

    # --- what the clock does --------------------------------------------------------------------

    def _clock(self, day: date, hour: time) -> None:
        with clock.moved_to(datetime.combine(day, hour, clock.PARIS)):
            while relay.deliver_one_by_one():
                pass
            order_tasks.remind_due()
            order_tasks.chase_due()
            if hour == _EVENING:
                invoice_tasks.chase_due()
                evaluation_tasks.evaluations_due()
                if not bonuses.is_held(day, self.today):
                    evaluation_tasks.statements_due()
            while relay.deliver_one_by_one():
                pass
            while sending.send_due():
                pass


def _agencies(slug: str) -> list[str]:
    return list(dict.fromkeys(name for name, _sector, _postcodes in who.SECTORS[slug]))

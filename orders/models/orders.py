"""An order, its money, its lines, its contact. What one party must not read: a table apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value, When
from django.db.models.functions import Coalesce, Concat, Left
from django.utils.translation import gettext_lazy as _

from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import (
    PARTIES,
    Agency,
    Case,
    Organisation,
    PartyModel,
    ScopedModel,
    Sector,
    Unit,
    User,
)
from orders.ball import Holder
from orders.models.contracts import Contract, PriceItem, Trade
from orders.models.order_indexes import FILTER_INDEXES
from orders.models.walls import IN_CLEAR_SQL, MONEY_SIDES, in_clear
from orders.next_steps import NextStep
from orders.querysets import OPEN_STATES
from orders.states import (
    ENDED,
    FINISHED,
    PRESSING_HAZARDS,
    AccessDuty,
    Asbestos,
    CancelReason,
    ClosedHow,
    DeclineReason,
    Hazard,
    Nature,
    OrderState,
    Priority,
    ReturnReason,
    StopReason,
    SupersedeReason,
    presses,
)
from orders.terms import AttributionReason
from orders.working_days import department_of, zone_of

explain("one_order_external_number", "external_number", _("Une autre commande a ce numéro."))
# What lists sort by, and their indexes hold: the target date, orders without one at the end; the
# state's place on the path of an order; since when it is whose turn, nobody's at the end.
DUE = Coalesce(F("target_date"), Value(date(9999, 12, 31)))
HELD = Coalesce(F("held_since"), Value(datetime(9999, 12, 31, tzinfo=UTC)))
URGENT = Coalesce(F("urgent_at"), Value(datetime(9999, 12, 31, tzinfo=UTC)))
PLACE_LENGTH = 120
PLACE = Left(Concat("place_city", Value(" "), "place_address"), PLACE_LENGTH)
"""Postcode and commune, then the street: what is near stands together."""
NO_TRADE = "zzz"
"""Behind every code of a trade: orders without one stand at the end."""
TRADE = Coalesce(F("trade_id"), Value(NO_TRADE))
STATE_RANK = models.Case(
    *(When(state=state, then=Value(rank)) for rank, state in enumerate(OrderState.values)),
    default=Value(len(OrderState)),
    output_field=models.SmallIntegerField(),
)


def awaits_limit() -> Q:
    """Orders that wait for somebody whose limit covers them: to be sent, or sent again."""
    return Q(state=OrderState.PENDING_APPROVAL) | Q(
        state=OrderState.RETURNED, reissue_asked_at__isnull=False
    )


def pressing(prefix: str = "") -> Q:
    """Return what keeps orders that press: urgent (those on call are), or a danger of that kind.

    prefix: how the rows name their order. Always worded alike: indexes know it again by that.
    """
    dangers = [hazard.value for hazard in PRESSING_HAZARDS]
    urgent = Q(**{f"{prefix}priority": Priority.URGENT.value})
    return urgent | Q(**{f"{prefix}hazard__in": dangers})


TAKEN_ON = (
    *("accepted", "partly_done", "done", "with_reserves", "certified", "closed"),
    "closed_no_access",
)
SENT = ("issued", "returned", "declined", "superseded", *TAKEN_ON)
# What a row has as soon as it is in a state: the database keeps it, docs/states.md lists it.
STATE_NEEDS: tuple[tuple[str, tuple[str, ...], Q], ...] = (
    ("order_sent_has_its_instant", SENT, Q(issued_at__isnull=False)),
    ("order_taken_on_has_its_instant", TAKEN_ON, Q(accepted_at__isnull=False)),
    ("order_returned_has_items", ("returned",), Q(returned_items__len__gt=0)),
    ("order_declined_has_a_reason", ("declined",), ~Q(decline_reason="")),
    ("order_cancelled_has_a_reason", ("cancelled",), ~Q(cancel_reason="")),
    ("order_superseded_has_a_reason", ("superseded",), ~Q(superseded_reason="")),
    (
        "order_finished_has_its_instant",
        ("done", "with_reserves", "certified"),
        Q(done_at__isnull=False),
    ),
    ("order_partly_done_has_a_next_step", ("partly_done",), ~Q(next_step="")),
    ("order_closed_says_how", ("closed",), ~Q(closed_how="")),
)


class Order(PartyModel):
    """An order (bon de commande).

    Place and contract's names are copied, so that later edits don't rewrite history and the
    contractor needs no right to the estate; so are agency and sector of the residence, which follow
    it when it moves (services/territories.py). contractor, tenant and reader_case are set when it
    is issued. Money, contact and access are in tables of their own.
    """

    reference = models.CharField(_("référence"), max_length=16)
    external_number = models.CharField(_("numéro ERP"), max_length=40, blank=True)
    case = models.ForeignKey(
        Case, on_delete=models.PROTECT, related_name="orders", db_constraint=False
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    agency = models.ForeignKey(
        Agency,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    sector = models.ForeignKey(
        Sector,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    contract = models.ForeignKey(
        Contract,
        on_delete=models.PROTECT,
        related_name="orders",
        null=True,
        blank=True,
        db_constraint=False,
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    department = models.CharField(_("service"), max_length=20, blank=True)
    nature = models.CharField(
        _("nature"), max_length=16, choices=Nature, default=Nature.MAINTENANCE
    )
    priority = models.CharField(
        _("priorité"), max_length=8, choices=Priority, default=Priority.NORMAL
    )
    trade = models.ForeignKey(
        Trade, on_delete=models.PROTECT, related_name="+", null=True, blank=True, db_index=False
    )
    title = models.CharField(_("objet"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    target_date = models.DateField(_("à faire avant le"), null=True, blank=True)
    # Why the date is another one than the contract's delay allows.
    target_note = models.CharField(max_length=200, blank=True, default="", db_default="")
    place_name = models.CharField(max_length=600)
    place_address = models.CharField(max_length=600)
    place_city = models.CharField(max_length=90)
    place_unit = models.CharField(max_length=60)
    place_entrance = models.CharField(max_length=40, blank=True)
    place_floor = models.CharField(max_length=20, blank=True)
    place_door = models.CharField(max_length=40, blank=True)
    has_phone = models.BooleanField(default=False)
    has_access = models.BooleanField(default=False)
    asbestos = models.CharField(_("amiante"), max_length=16, choices=Asbestos, blank=True)
    asbestos_measures = models.CharField(_("mesures"), max_length=300, blank=True)
    access_duty = models.CharField(
        _("accès à obtenir"), max_length=8, choices=AccessDuty, blank=True, default=""
    )
    hazard = models.CharField(
        _("danger"), max_length=8, choices=Hazard, blank=True, default="", db_default=""
    )
    state = models.CharField(_("état"), max_length=20, choices=OrderState, default=OrderState.DRAFT)
    returned_items = ArrayField(
        models.CharField(max_length=20, choices=ReturnReason), default=list, blank=True
    )
    return_note = models.CharField(max_length=500, blank=True)
    # Completed after a return, over the limit of whoever did: since when it waits for somebody
    # whose limit covers it (services/reissuing.py), or in words what that one wants changed.
    reissue_asked_at = models.DateTimeField(null=True, blank=True)
    reissue_note = models.CharField(max_length=300, blank=True, default="", db_default="")
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    cancel_reason = models.CharField(max_length=20, choices=CancelReason, blank=True)
    # In words, on top of the coded reason, for the other organisation.
    decline_note = models.CharField(max_length=300, blank=True, default="", db_default="")
    cancel_note = models.CharField(max_length=300, blank=True, default="", db_default="")
    next_step = models.CharField(_("suite prévue"), max_length=300, blank=True)
    # The same in a code (orders/next_steps.py), and the day of what is waited for.
    next_kind = models.CharField(
        _("suite"), max_length=12, choices=NextStep, blank=True, default="", db_default=""
    )
    next_date = models.DateField(_("attendu le"), null=True, blank=True)
    stopped_for = models.CharField(
        _("arrêtée"), max_length=12, choices=StopReason, blank=True, default="", db_default=""
    )
    reopened = models.PositiveSmallIntegerField(default=0)
    reopen_reason = models.CharField(_("non réglé"), max_length=200, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_how = models.CharField(
        max_length=8, choices=ClosedHow, blank=True, default="", db_default=""
    )
    # Contact and photos are erased by their age (services/erasing.py); the order says since when.
    contact_erased_at = models.DateTimeField(null=True, blank=True)
    photos_erased_at = models.DateTimeField(null=True, blank=True)
    # How many then: an order without any is settled too, but nothing is said of it.
    photos_erased = models.PositiveIntegerField(default=0, db_default=0)
    # Another trade goes on after this one's works, on the same case; neither ends the other.
    follows = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="followers",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    # Another company: the new order names the one whose place it takes, on the same case.
    supersedes = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="successors",
        null=True,
        blank=True,
        db_index=False,
        db_constraint=False,
    )
    superseded_reason = models.CharField(
        max_length=16, choices=SupersedeReason, blank=True, default="", db_default=""
    )
    superseded_note = models.CharField(max_length=300, blank=True, default="", db_default="")
    # The contract's rule of attribution was left: why, and what its landlord says of it.
    rule_reason = models.CharField(
        max_length=16, choices=AttributionReason, blank=True, default="", db_default=""
    )
    rule_note = models.CharField(max_length=300, blank=True, default="", db_default="")
    state_since = models.DateTimeField()
    # Kept by services/holders.py in the transaction of each event, never written elsewhere.
    holder = models.CharField(
        _("à qui le tour"), max_length=12, choices=Holder, blank=True, default="", db_default=""
    )
    held_since = models.DateTimeField(null=True, blank=True)
    ball = models.JSONField(
        default=dict, db_default=Value({}, output_field=models.JSONField()), blank=True
    )
    # The same of silence (orders/silence.py): the last news, from when on it is silent, when the
    # clock chases next. chased_at, chases: by hand or by the clock, and how often since it moved.
    moved_at = models.DateTimeField(null=True, blank=True)
    silent_at = models.DateTimeField(null=True, blank=True)
    chase_at = models.DateTimeField(null=True, blank=True)
    chased_at = models.DateTimeField(null=True, blank=True)
    chases = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Clocks of urgency (orders/urgency.py), set at issue: until when it is taken in charge, until
    # when somebody is on site; then, kept like the rest, the next one and when its passing is told.
    ack_due_at = models.DateTimeField(null=True, blank=True)
    arrival_due_at = models.DateTimeField(null=True, blank=True)
    urgent_at = models.DateTimeField(null=True, blank=True)
    urgent_alert_at = models.DateTimeField(null=True, blank=True)
    # Certified and not invoiced: when its company is told next, and how often it was.
    invoice_remind_at = models.DateTimeField(null=True, blank=True)
    invoice_reminders = models.PositiveSmallIntegerField(default=0, db_default=0)
    version = models.PositiveIntegerField(default=1)

    scope_rule = replace(
        PARTIES,
        paper=Custom(
            f"id = {setting('paper')} AND contractor_id IS NOT NULL",
            lambda scope: Q(id=scope.order_id, contractor__isnull=False),
        ),
    )

    class Meta:
        verbose_name = _("commande")
        verbose_name_plural = _("commandes")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="order_of_landlord"),
            models.UniqueConstraint(fields=["landlord", "reference"], name="one_order_reference"),
            models.UniqueConstraint(
                fields=["landlord", "external_number"],
                condition=~Q(external_number=""),
                name="one_order_external_number",
            ),
            models.CheckConstraint(
                condition=Q(state__in=OrderState.values), name="order_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(stopped_for="")
                | Q(stopped_for__in=StopReason.values, state__in=FINISHED),
                name="order_stopped_is_finished",
            ),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) ^ Q(state__in=ENDED),
                name="order_closed_at_exactly_when_closed",
            ),
            *(
                models.CheckConstraint(condition=~Q(state__in=states) | needs, name=name)
                for name, states, needs in STATE_NEEDS
            ),
            models.UniqueConstraint(
                fields=["landlord", "supersedes"],
                condition=Q(supersedes__isnull=False) & ~Q(state="cancelled"),
                name="one_successor_of_an_order",
            ),
            models.CheckConstraint(
                condition=Q(contractor__isnull=True) | ~Q(state__in=["draft", "pending_approval"]),
                name="order_unseen_by_contractor_before_issue",
            ),
            models.CheckConstraint(
                condition=Q(contractor__isnull=False)
                | Q(state__in=["draft", "pending_approval", "cancelled"]),
                name="order_issued_has_contractor",
            ),
        ]
        indexes = [
            # Lists: newest first, filtered by state or not. Where orders are counted the index
            # includes all that the policies read, so that the table isn't touched.
            models.Index(fields=["landlord", "-created_at", "-id"], name="order_landlord_list"),
            # The target date is there for those that are late, found newest first on boards; the
            # trade for those of one trade that are late.
            *(
                models.Index(
                    fields=[house, "state", "-created_at", "-id"],
                    include=[other, "tenant", "reader_case", "target_date"],
                    name=f"order_{house}_by_state",
                )
                for house, other in (("landlord", "contractor"), ("contractor", "landlord"))
            ),
            *(
                models.Index(
                    fields=[house, "state", "target_date", "id"],
                    include=[other, "tenant", "reader_case", "trade"],
                    condition=Q(state__in=OPEN_STATES),
                    name=f"order_{house}_overdue",
                )
                for house, other in (("landlord", "contractor"), ("contractor", "landlord"))
            ),
            # Of one trade: its part of each list, and of each column of the board.
            *(
                models.Index(
                    fields=[house, "trade", "state", "-created_at", "-id"],
                    include=[other, "tenant", "reader_case", "target_date"],
                    name=f"order_{house}_trade",
                )
                for house, other in (("landlord", "contractor"), ("contractor", "landlord"))
            ),
            models.Index(fields=["contractor", "-created_at", "-id"], name="order_contractor_list"),
            models.Index(fields=["landlord", "case"], name="order_case"),
            models.Index(fields=["landlord", "contract"], name="order_contract"),
            # Open orders of a dwelling, shown before another one leaves for it.
            models.Index(
                fields=["landlord", "unit"],
                condition=Q(state__in=OPEN_STATES),
                name="order_open_of_unit",
            ),
            # The other sorts of the list (selectors/sorting.py).
            models.Index(F("landlord"), DUE, F("id"), name="order_landlord_due"),
            models.Index(F("contractor"), DUE, F("id"), name="order_contractor_due"),
            models.Index(F("landlord"), STATE_RANK, F("id"), name="order_landlord_path"),
            models.Index(F("contractor"), STATE_RANK, F("id"), name="order_contractor_path"),
            *(
                models.Index(F(house), expression, F("id"), name=f"order_{house}_{name}_sort")
                for name, expression in (("place", PLACE), ("trade", TRADE))
                for house in ("landlord", "contractor")
            ),
            # Whose turn it is: who waits longest, and the list of one holder.
            models.Index(F("landlord"), HELD, F("id"), name="order_landlord_held"),
            models.Index(F("contractor"), HELD, F("id"), name="order_contractor_held"),
            models.Index(
                fields=["landlord", "holder", "-created_at", "-id"],
                include=["contractor", "tenant", "reader_case"],
                name="order_landlord_holder",
            ),
            models.Index(
                fields=["contractor", "holder", "-created_at", "-id"],
                include=["landlord", "tenant", "reader_case"],
                name="order_contractor_holder",
            ),
            # Closed ones whose contact or photos are still there, for the clock.
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False, contact_erased_at__isnull=True),
                name="order_contact_to_erase",
            ),
            models.Index(
                fields=["closed_at"],
                condition=Q(closed_at__isnull=False, photos_erased_at__isnull=True),
                name="order_photos_to_erase",
            ),
            # The parapheur: what waits for a limit that covers it.
            models.Index(
                fields=["landlord", "created_at", "id"],
                include=["contractor", "tenant", "reader_case"],
                condition=awaits_limit(),
                name="order_awaits_limit",
            ),
            # Silent ones: found, counted, and chased by the clock.
            models.Index(
                fields=["landlord", "silent_at"],
                include=["contractor", "tenant", "reader_case"],
                condition=Q(silent_at__isnull=False),
                name="order_landlord_silent",
            ),
            models.Index(
                fields=["contractor", "silent_at"],
                include=["landlord", "tenant", "reader_case"],
                condition=Q(silent_at__isnull=False),
                name="order_contractor_silent",
            ),
            models.Index(
                fields=["chase_at"], condition=Q(chase_at__isnull=False), name="order_chase"
            ),
            models.Index(
                fields=["invoice_remind_at"],
                condition=Q(invoice_remind_at__isnull=False),
                name="order_invoice_awaited",
            ),
            # Whose clock of urgency ends first; and the clocks whose passing is to be told.
            models.Index(F("landlord"), URGENT, F("id"), name="order_landlord_clock"),
            models.Index(F("contractor"), URGENT, F("id"), name="order_contractor_clock"),
            models.Index(
                fields=["urgent_alert_at"],
                condition=Q(urgent_alert_at__isnull=False),
                name="order_urgent_alert",
            ),
            # Counted on desks: clocks that have passed, and reopened ones to be planned again.
            *(
                models.Index(
                    fields=[house, "urgent_at"],
                    include=[other, "tenant", "reader_case"],
                    condition=Q(urgent_at__isnull=False),
                    name=f"order_{house}_passed",
                )
                for house, other in (("landlord", "contractor"), ("contractor", "landlord"))
            ),
            *(
                models.Index(
                    fields=[house, "created_at", "id"],
                    include=[other, "tenant", "reader_case"],
                    condition=Q(state="accepted", reopened__gt=0),
                    name=f"order_{house}_reopened",
                )
                for house, other in (("landlord", "contractor"), ("contractor", "landlord"))
            ),
            # With the company, but waiting for the landlord: boards show them in its own column.
            *(
                models.Index(
                    fields=[house, "state", "-created_at", "-id"],
                    include=[other, "tenant", "reader_case", "target_date"],
                    condition=Q(holder=Holder.LANDLORD, state__in=("accepted", "partly_done")),
                    name=f"order_{house}_turned",
                )
                for house, other in (("landlord", "contractor"), ("contractor", "landlord"))
            ),
            # Pressing ones are few: neither their page nor their count reads the others.
            models.Index(
                fields=["landlord", "-created_at", "-id"],
                include=["contractor", "tenant", "reader_case"],
                condition=pressing(),
                name="order_landlord_pressing",
            ),
            models.Index(
                fields=["contractor", "-created_at", "-id"],
                include=["landlord", "tenant", "reader_case"],
                condition=pressing(),
                name="order_contractor_pressing",
            ),
            # A sector's and an agency's desk, board and list: found and counted in their own part.
            # The target date is there for those that are late.
            *(
                models.Index(
                    fields=[part, "state", "-created_at", "-id"],
                    include=["landlord", "contractor", "tenant", "reader_case", "target_date"],
                    condition=Q(**{f"{part}__isnull": False}),
                    name=f"order_{part}_state",
                )
                for part in ("agency", "sector")
            ),
            *(
                models.Index(
                    fields=[part, "-created_at", "-id"],
                    include=["landlord", "contractor", "tenant", "reader_case"],
                    condition=Q(**{f"{part}__isnull": False}),
                    name=f"order_{part}_list",
                )
                for part in ("agency", "sector")
            ),
            *FILTER_INDEXES,
        ]

    def __str__(self) -> str:
        return self.reference

    @property
    def where(self) -> str:
        """Department of the place: its holidays count for whoever waits or is chased there."""
        return department_of(self.place_city)

    @property
    def is_pressing(self) -> bool:
        """Tell whether somebody goes at once; `pressing` is the same in a query."""
        return presses(self.priority, self.nature, self.hazard)

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of the place: hours that are typed for it are hours there."""
        return zone_of(self.where)


class OrderBudget(ScopedModel):
    """The money of an order, excluding what a tenant may read. Sums in euros.

    quote_cap: excluding VAT, up to which works are accepted without another approval.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="budget", db_constraint=False
    )
    total_without_vat = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    total_vat = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    total_with_vat = models.DecimalField(max_digits=12, decimal_places=2, default=Decimal(0))
    currency = models.CharField(max_length=3, default="EUR")
    quote_cap = models.DecimalField(
        _("devis plafonné"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    commitment_number = models.CharField(_("numéro d’engagement"), max_length=40, blank=True)
    service_code = models.CharField(_("code service"), max_length=40, blank=True)
    billing_address = models.TextField(
        _("adresse de facturation"), max_length=400, blank=True, default="", db_default=""
    )

    scope_rule = MONEY_SIDES

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(total_without_vat__gte=0, total_vat__gte=0),
                name="order_amount_is_not_below_zero",
            ),
        ]
        indexes = [
            # The list sorted and filtered by what orders come to.
            models.Index(fields=["landlord", "total_with_vat", "order"], name="budget_landlord"),
            models.Index(
                fields=["contractor", "total_with_vat", "order"], name="budget_contractor"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.total_with_vat} {self.currency}"

    @property
    def committed(self) -> Decimal:
        """What its landlord has agreed to, euros excluding VAT: its total, or the cap above it."""
        return max(self.total_without_vat, self.quote_cap or Decimal(0))


class OrderLine(ScopedModel):
    """A line: code, label, unit and price as they were at issue.

    Without an article it is off the schedule: label, unit and price were typed by hand.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="lines", db_constraint=False
    )
    price_item = models.ForeignKey(
        PriceItem,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    rank = models.PositiveSmallIntegerField(default=1)
    code = models.CharField(max_length=20, blank=True)
    label = models.CharField(max_length=200)
    unit = models.CharField(max_length=12)
    unit_price = models.DecimalField(max_digits=12, decimal_places=4)
    vat_rate = models.DecimalField(max_digits=4, decimal_places=2)
    quantity = models.DecimalField(_("quantité"), max_digits=12, decimal_places=3)
    total_without_vat = models.DecimalField(max_digits=12, decimal_places=2)

    scope_rule = MONEY_SIDES

    class Meta:
        ordering = ["rank", "id"]
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="order_line_of_landlord"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_is_positive"),
        ]
        indexes = [models.Index(fields=["landlord", "order"])]

    def __str__(self) -> str:
        return f"{self.code or self.label} × {self.quantity}"

    @property
    def lacks_price(self) -> bool:
        """Tell whether its company still has to say the price: it was another one's order."""
        return self.is_off_schedule and not self.unit_price

    @property
    def is_off_schedule(self) -> bool:
        """Tell whether it is on no price schedule (hors bordereau)."""
        return self.price_item_id is None


class OrderContact(ScopedModel):
    """Whom to ask for, by which phone, and how to get in. Copied onto the order.

    The contractor reads it from acceptance on; before, it only learns that it is there
    (`Order.has_phone`, `has_access`).
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, related_name="contact", db_constraint=False
    )
    name = models.CharField(_("demander"), max_length=120, blank=True)
    phone = models.CharField(_("téléphone"), max_length=20, blank=True)
    second_phone = models.CharField(_("second téléphone"), max_length=20, blank=True)
    email = models.EmailField(_("adresse e-mail"), blank=True)
    access = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, verbose_name=_("accès")
    )
    access_code = models.CharField(_("code ou précision"), max_length=120, blank=True)

    scope_rule = Rule(
        landlord="landlord_id",
        contractor=Custom(
            "EXISTS (SELECT 1 FROM orders_order o WHERE o.id = orders_ordercontact.order_id"
            f" AND o.contractor_id = {setting('contractor')} AND {IN_CLEAR_SQL})",
            lambda scope: in_clear() & Q(order__contractor_id=scope.contractor_id),
        ),
        paper=Custom(
            "EXISTS (SELECT 1 FROM orders_order o WHERE o.id = orders_ordercontact.order_id"
            f" AND o.id = {setting('paper')} AND {IN_CLEAR_SQL})",
            lambda scope: in_clear() & Q(order_id=scope.order_id),
        ),
        read_only=frozenset({"contractor", "paper"}),
    )

    def __str__(self) -> str:
        return self.name

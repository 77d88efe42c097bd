"""Contracts, orders, visits. What one party must not read is a table of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from nexxio.core import clock
from nexxio.core.db.constraints import explain
from nexxio.core.db.rls import Custom, Rule, setting
from nexxio.core.models import (
    PARTIES,
    Agency,
    Case,
    Event,
    Membership,
    Organisation,
    PartyModel,
    ScopedModel,
    Sector,
    StoredFile,
    Unit,
    User,
)
from orders.querysets import OPEN_STATES
from orders.states import (
    FINISHED,
    OPEN_VISIT,
    Asbestos,
    CancelReason,
    DeclineReason,
    Nature,
    OrderState,
    Priority,
    ReturnReason,
    VisitState,
)
from orders.terms import Attribution, InvoicePiece

CONTACT_LIFE = timedelta(days=90)
"""How long after the works a contractor may still read the contact (docs/adr/0005)."""
# Who holds an order's paper reads and writes what its contractor does, of that order only.
PAPER_OF_ORDER = Custom(
    f"order_id = {setting('paper')} AND contractor_id IS NOT NULL",
    lambda scope: Q(order_id=scope.order_id, contractor__isnull=False),
)
MONEY_SIDES = Rule(
    landlord="landlord_id",
    contractor="contractor_id",
    paper=PAPER_OF_ORDER,
    read_only=frozenset({"contractor", "paper"}),
)
PARTIES_OF_ORDER: Rule = replace(PARTIES, paper=PAPER_OF_ORDER)
IN_CLEAR_SQL = (
    "(o.state IN ('accepted', 'partly_done')"
    " OR o.state IN ('done', 'with_reserves', 'certified')"
    f" AND o.done_at > now() - interval '{CONTACT_LIFE.days} days')"
)
"""SQL: order `o` is in a state in which its contractor reads contact and access in clear."""


def in_clear() -> Q:
    """The same condition as IN_CLEAR_SQL, for a row that points at its order."""
    return Q(order__state__in=["accepted", "partly_done"]) | Q(
        order__state__in=FINISHED, order__done_at__gt=clock.now() - CONTACT_LIFE
    )


explain("one_contract_number", "number", _("Un autre marché a ce numéro."))
explain("contract_ends_after_it_starts", "ends_on", _("Le marché finit avant de commencer."))
explain("one_order_external_number", "external_number", _("Une autre commande a ce numéro."))


class Trade(models.Model):
    """A trade (corps d'état). Platform data, the same for all."""

    code = models.CharField(primary_key=True, max_length=20)
    label = models.CharField(_("corps d'état"), max_length=80)
    icon = models.CharField(max_length=40, default="tool")

    class Meta:
        verbose_name = _("corps d'état")
        verbose_name_plural = _("corps d'état")
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class Contract(ScopedModel):
    """A landlord's contract (marché) with a contractor, on which orders are drawn."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.CharField(_("numéro de marché"), max_length=40)
    title = models.CharField(_("objet"), max_length=160)
    trades = ArrayField(models.CharField(max_length=20), verbose_name=_("corps d'état"))
    starts_on = models.DateField(_("du"))
    ends_on = models.DateField(_("au"))
    ceiling = models.DecimalField(
        _("plafond HT"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    needs_commitment = models.BooleanField(_("numéro d'engagement exigé"), default=False)
    target_days = models.PositiveSmallIntegerField(_("délai en jours ouvrés"), default=15)
    urgent_hours = models.PositiveSmallIntegerField(_("délai d'urgence en heures"), default=24)
    tolerance_percent = models.DecimalField(
        _("tolérance en %"), max_digits=5, decimal_places=2, default=Decimal(0)
    )
    tolerance_amount = models.DecimalField(
        _("tolérance en euros HT"), max_digits=12, decimal_places=2, default=Decimal(0)
    )
    pieces = ArrayField(
        models.CharField(max_length=20, choices=InvoicePiece),
        default=list,
        blank=True,
        verbose_name=_("pièces de la facture"),
    )
    attribution = models.CharField(
        _("attribution"), max_length=12, choices=Attribution, default=Attribution.SINGLE
    )
    attribution_rank = models.PositiveSmallIntegerField(_("rang dans la cascade"), default=1)
    certificate_days = models.PositiveSmallIntegerField(_("délai de constat en jours"), default=30)
    tacit_clause = models.CharField(_("clause de constat tacite"), max_length=300, blank=True)
    on_call = models.BooleanField(_("astreinte"), default=False)
    on_call_cap = models.DecimalField(
        _("plafond d'une astreinte HT"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    scope_rule = Rule(
        landlord="landlord_id",
        contractor="contractor_id",
        paper=Custom(
            "EXISTS (SELECT 1 FROM orders_order o WHERE o.contract_id = orders_contract.id"
            f" AND o.id = {setting('paper')})",
            lambda scope: Q(orders__id=scope.order_id),
        ),
        read_only=frozenset({"contractor", "paper"}),
    )

    class Meta:
        verbose_name = _("marché")
        verbose_name_plural = _("marchés")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="contract_of_landlord"),
            models.UniqueConstraint(fields=["landlord", "number"], name="one_contract_number"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=models.F("starts_on")),
                name="contract_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(tolerance_percent__range=(0, 100), tolerance_amount__gte=0),
                name="contract_tolerance_is_sane",
            ),
            models.CheckConstraint(
                condition=Q(attribution__in=Attribution.values),
                name="contract_attribution_is_known",
            ),
            models.CheckConstraint(
                condition=Q(certificate_days__range=(1, 30)),
                name="contract_certificate_within_30_days",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} · {self.title}"


class PriceSchedule(ScopedModel):
    """A version of a contract's price schedule (bordereau), in force from a day on.

    Being prepared until it is published: then its articles never change again, and it holds from
    `effective_on` until the next published one does. One at a time is prepared.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="schedules", db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("version"))
    effective_on = models.DateField(_("date d'effet"))
    note = models.CharField(_("origine"), max_length=200, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    scope_rule = Rule(
        landlord="landlord_id",
        contractor=Custom(
            f"contractor_id = {setting('contractor')} AND published_at IS NOT NULL",
            lambda scope: Q(contractor_id=scope.contractor_id, published_at__isnull=False),
        ),
        read_only=frozenset({"contractor"}),
    )

    class Meta:
        verbose_name = _("version de bordereau")
        verbose_name_plural = _("versions de bordereau")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="price_schedule_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "contract", "number"], name="one_schedule_number"
            ),
            models.UniqueConstraint(
                fields=["landlord", "contract", "effective_on"], name="one_schedule_of_a_day"
            ),
            models.UniqueConstraint(
                fields=["landlord", "contract"],
                condition=Q(published_at__isnull=True),
                name="one_schedule_prepared",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number}"


explain(
    "one_schedule_of_a_day",
    "effective_on",
    _("Une autre version de ce bordereau prend effet ce jour-là."),
)
explain(
    "one_schedule_prepared",
    "effective_on",
    _("Une version de ce bordereau est déjà en préparation : publiez-la ou retirez-la d'abord."),
)


class PriceItem(ScopedModel):
    """An article of a version of a price schedule (BPU). Price in euros excluding VAT."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(
        Contract, on_delete=models.PROTECT, related_name="price_items", db_constraint=False
    )
    schedule = models.ForeignKey(
        PriceSchedule, on_delete=models.PROTECT, related_name="items", db_constraint=False
    )
    code = models.CharField(_("code"), max_length=20)
    label = models.CharField(_("désignation"), max_length=200)
    unit = models.CharField(_("unité"), max_length=12)
    unit_price = models.DecimalField(_("prix unitaire HT"), max_digits=12, decimal_places=4)
    vat_rate = models.DecimalField(
        _("TVA %"), max_digits=4, decimal_places=2, default=Decimal("10.00")
    )

    scope_rule = Rule(
        landlord="landlord_id",
        contractor=Custom(
            f"contractor_id = {setting('contractor')} AND EXISTS (SELECT 1 FROM"
            " orders_priceschedule s WHERE s.id = orders_priceitem.schedule_id"
            " AND s.published_at IS NOT NULL)",
            lambda scope: Q(
                contractor_id=scope.contractor_id, schedule__published_at__isnull=False
            ),
        ),
        read_only=frozenset({"contractor"}),
    )

    class Meta:
        verbose_name = _("article de bordereau")
        verbose_name_plural = _("articles de bordereau")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="price_item_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "schedule", "code"], name="one_price_code_of_version"
            ),
            models.CheckConstraint(condition=Q(unit_price__gte=0), name="price_is_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.label}"


# What lists sort by, and their indexes hold: the target date, orders without one at the end; the
# state's place on the path of an order.
DUE = Coalesce(F("target_date"), Value(date(9999, 12, 31)))
STATE_RANK = models.Case(
    *(When(state=state, then=Value(rank)) for rank, state in enumerate(OrderState.values)),
    default=Value(len(OrderState)),
    output_field=models.SmallIntegerField(),
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
        Trade, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    title = models.CharField(_("objet"), max_length=160)
    description = models.TextField(_("description"), blank=True)
    target_date = models.DateField(_("à faire avant le"), null=True, blank=True)
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
    state = models.CharField(_("état"), max_length=20, choices=OrderState, default=OrderState.DRAFT)
    returned_items = ArrayField(
        models.CharField(max_length=20, choices=ReturnReason), default=list, blank=True
    )
    return_note = models.CharField(max_length=500, blank=True)
    decline_reason = models.CharField(max_length=20, choices=DeclineReason, blank=True)
    cancel_reason = models.CharField(max_length=20, choices=CancelReason, blank=True)
    next_step = models.CharField(_("suite prévue"), max_length=300, blank=True)
    reopened = models.PositiveSmallIntegerField(default=0)
    reopen_reason = models.CharField(_("non réglé"), max_length=200, blank=True)
    issued_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    state_since = models.DateTimeField()
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
                condition=Q(closed_at__isnull=True) ^ Q(state="cancelled"),
                name="order_closed_at_exactly_when_closed",
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
            models.Index(
                fields=["landlord", "state", "-created_at", "-id"],
                include=["contractor", "tenant", "reader_case"],
                name="order_landlord_state",
            ),
            models.Index(
                fields=["contractor", "state", "-created_at", "-id"],
                include=["landlord", "tenant", "reader_case"],
                name="order_contractor_state",
            ),
            models.Index(
                fields=["landlord", "target_date"],
                include=["contractor", "tenant", "reader_case"],
                condition=Q(state__in=OPEN_STATES),
                name="order_landlord_late",
            ),
            models.Index(
                fields=["contractor", "target_date"],
                include=["landlord", "tenant", "reader_case"],
                condition=Q(state__in=OPEN_STATES),
                name="order_contractor_late",
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
            models.Index(F("landlord"), STATE_RANK, F("id"), name="order_landlord_step"),
            models.Index(F("contractor"), STATE_RANK, F("id"), name="order_contractor_step"),
            # Urgent ones are few: neither their page nor their count reads the others.
            models.Index(
                fields=["landlord", "-created_at", "-id"],
                include=["contractor", "tenant", "reader_case"],
                condition=Q(priority="urgent"),
                name="order_landlord_urgent",
            ),
            models.Index(
                fields=["contractor", "-created_at", "-id"],
                include=["landlord", "tenant", "reader_case"],
                condition=Q(priority="urgent"),
                name="order_contractor_urgent",
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
        ]

    def __str__(self) -> str:
        return self.reference


class OrderBudget(ScopedModel):
    """The money of an order, excluding what a tenant may read. Sums in euros."""

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
    commitment_number = models.CharField(_("numéro d'engagement"), max_length=40, blank=True)
    service_code = models.CharField(_("code service"), max_length=40, blank=True)

    scope_rule = MONEY_SIDES

    def __str__(self) -> str:
        return f"{self.total_with_vat} {self.currency}"


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
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_is_positive")
        ]
        indexes = [models.Index(fields=["landlord", "order"])]

    def __str__(self) -> str:
        return f"{self.code or self.label} × {self.quantity}"

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


class Visit(PartyModel):
    """One attempt at one dwelling, with its window (UTC, shown in the residence's time).

    technician: the contractor's own membership; other sides read the first name only.
    """

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="visits", db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("passage n°"))
    state = models.CharField(max_length=16, choices=VisitState, default=VisitState.PROPOSED)
    window_start = models.DateTimeField(_("début du créneau"))
    window_end = models.DateTimeField(_("fin du créneau"))
    technician = models.ForeignKey(
        Membership,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        db_constraint=False,
    )
    technician_first_name = models.CharField(max_length=80, blank=True)
    call_noted = models.BooleanField(default=False)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    # On the day: when the technician says that he arrives. The window that was agreed stays.
    arrival_start = models.DateTimeField(null=True, blank=True)
    arrival_end = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    report = models.CharField(_("compte rendu"), max_length=500, blank=True)
    reason = models.CharField(_("motif"), max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)

    scope_rule = PARTIES_OF_ORDER

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["landlord", "id"], name="visit_of_landlord"),
            models.UniqueConstraint(
                fields=["landlord", "order", "number"], name="one_visit_number"
            ),
            models.UniqueConstraint(
                fields=["landlord", "order"],
                condition=Q(state__in=["proposed", "confirmed", "on_the_way", "on_site"]),
                name="one_open_visit",
            ),
            models.CheckConstraint(
                condition=Q(state__in=VisitState.values), name="visit_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(window_end__gt=models.F("window_start")),
                name="visit_window_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(arrival_start__isnull=True, arrival_end__isnull=True)
                | Q(arrival_end__gt=models.F("arrival_start")),
                name="visit_arrival_ends_after_it_starts",
            ),
        ]
        indexes = [
            models.Index(fields=["contractor", "window_start"]),
            models.Index(fields=["technician", "window_start"]),
            # The board's columns of appointments, and their counts.
            models.Index(
                fields=["landlord", "state", "window_start", "id"],
                include=["order", "contractor", "tenant", "reader_case"],
                condition=Q(state__in=OPEN_VISIT),
                name="visit_landlord_open",
            ),
            # What a contractor still has to plan: orders without one of these.
            models.Index(
                fields=["contractor", "order"],
                include=["landlord", "tenant", "reader_case"],
                condition=Q(state__in=OPEN_VISIT),
                name="visit_contractor_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} n° {self.number}"


class NoAccessProof(ScopedModel):
    """The proof pack left when nobody opened. missing: codes of the pieces it lacks."""

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    visit = models.OneToOneField(
        Visit, on_delete=models.PROTECT, related_name="proof", db_constraint=False
    )
    minutes_waited = models.PositiveSmallIntegerField(_("minutes d'attente"))
    call_tried = models.BooleanField(_("appel tenté"), default=False)
    sms_tried = models.BooleanField(_("SMS tenté"), default=False)
    notice_number = models.CharField(_("numéro de l'avis de passage"), max_length=30, blank=True)
    missing = ArrayField(models.CharField(max_length=20), default=list, blank=True)

    scope_rule = Rule(
        landlord="landlord_id",
        contractor="contractor_id",
        paper=Custom(
            "contractor_id IS NOT NULL AND EXISTS (SELECT 1 FROM orders_visit v"
            f" WHERE v.id = orders_noaccessproof.visit_id AND v.order_id = {setting('paper')})",
            lambda scope: Q(contractor__isnull=False, visit__order_id=scope.order_id),
        ),
    )

    def __str__(self) -> str:
        return f"{self.visit_id}"


class PhotoMoment(models.TextChoices):
    """When a photo was taken."""

    BEFORE = "before", _("Avant")
    AFTER = "after", _("Après")
    DOOR = "door", _("Porte")


class Photo(PartyModel):
    """A photo of the work (never of people), on a visit."""

    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="photos", db_constraint=False
    )
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="photos", db_constraint=False
    )
    file = models.ForeignKey(
        StoredFile, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    moment = models.CharField(max_length=8, choices=PhotoMoment, default=PhotoMoment.AFTER)

    scope_rule = PARTIES_OF_ORDER

    class Meta:
        indexes = [models.Index(fields=["landlord", "order"])]

    def __str__(self) -> str:
        return self.moment


class DocumentState(models.TextChoices):
    """Where a printed order stands."""

    PREPARING = "preparing", _("En préparation")
    READY = "ready", _("Prêt")
    FAILED = "failed", _("Échec")


class OrderDocument(ScopedModel):
    """A printed order (PDF), one row per version; its file comes when a worker has made it.

    in_clear: contact and access can be read in it. The contractor then reaches it under the same
    condition as the contact itself; before acceptance it gets the masked one.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="documents", db_constraint=False
    )
    number = models.PositiveSmallIntegerField(_("version"))
    state = models.CharField(max_length=10, choices=DocumentState, default=DocumentState.PREPARING)
    in_clear = models.BooleanField(_("coordonnées en clair"), default=False)
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        null=True,
        blank=True,
    )

    scope_rule = Rule(
        landlord="landlord_id",
        contractor=Custom(
            f"contractor_id = {setting('contractor')} AND (NOT in_clear OR EXISTS (SELECT 1"
            " FROM orders_order o WHERE o.id = orders_orderdocument.order_id"
            f" AND {IN_CLEAR_SQL}))",
            lambda scope: Q(contractor_id=scope.contractor_id) & (Q(in_clear=False) | in_clear()),
        ),
        read_only=frozenset({"contractor"}),
    )

    class Meta:
        verbose_name = _("bon de commande en PDF")
        verbose_name_plural = _("bons de commande en PDF")
        constraints = [
            models.UniqueConstraint(
                fields=["landlord", "order", "number"], name="one_document_number"
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False) ^ ~Q(state=DocumentState.READY),
                name="document_ready_exactly_when_it_has_a_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id} v{self.number}"


class PaperAct(ScopedModel):
    """Who said to have acted with a printed order in hand: the company's to read, and erasable.

    Events hold no name. The landlord reads the company's, as everywhere.
    """

    landlord = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    contractor = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    name = models.CharField(_("nom"), max_length=80)

    scope_rule = Rule(
        contractor="contractor_id", paper=PAPER_OF_ORDER, read_only=frozenset({"contractor"})
    )

    class Meta:
        verbose_name = _("acte sur bon papier")
        verbose_name_plural = _("actes sur bon papier")
        constraints = [
            models.UniqueConstraint(fields=["landlord", "event"], name="one_name_per_paper_act"),
        ]
        indexes = [models.Index(fields=["landlord", "order"])]

    def __str__(self) -> str:
        return self.name


# What may hold an order up stands in modules of its own; Django looks for models here.
from orders.appointment_models import ReminderMoment, VisitReminder, VisitSlot  # noqa: E402
from orders.certificate_models import Certificate, Reserve, SealState, SignOff  # noqa: E402
from orders.hold_models import Hold  # noqa: E402
from orders.talk_models import (  # noqa: E402
    InternalNote,
    MessageFile,
    MessageReading,
    NoteFile,
    OrderMessage,
)
from orders.variation_models import Variation, VariationLine, VariationTerms  # noqa: E402

__all__ = [
    "Certificate",
    "Hold",
    "InternalNote",
    "MessageFile",
    "MessageReading",
    "NoteFile",
    "OrderMessage",
    "ReminderMoment",
    "Reserve",
    "SealState",
    "SignOff",
    "Variation",
    "VariationLine",
    "VariationTerms",
    "VisitReminder",
    "VisitSlot",
]

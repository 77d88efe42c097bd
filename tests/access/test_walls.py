"""The two walls: the manager's filter and the database's policies say the same, for everybody."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connection, models, transaction

from evaluations.models import StaffBallot
from evaluations.quarters import Quarter
from nexxio.core import clock, file_readings
from nexxio.core.actors import scope_of
from nexxio.core.db.rls import policies
from nexxio.core.models import (
    Event,
    EventPosition,
    FileReading,
    Group,
    Link,
    Message,
    ScopedModel,
    StoredFile,
    Unit,
)
from nexxio.core.scoping import (
    Scope,
    ScopeKind,
    ScopeMissing,
    open_scope,
    owner_scope,
    system_scope,
)
from nexxio.devtools.management.commands.make_walls import composite_keys, owner_of
from orders import services
from orders.models import Contract, Order, Visit

SCOPED = [m for m in apps.get_models() if issubclass(m, ScopedModel)]
UNSCOPED = {
    "account.EmailAddress",
    "account.EmailConfirmation",
    "admin.LogEntry",
    "auth.Group",
    "auth.Permission",
    "contenttypes.ContentType",
    "contractors.BlockedThreshold",
    "contractors.Cause",
    "contractors.LandlordDelay",
    "contractors.MoneyRule",
    "contractors.PaperRule",
    "core.EntryCode",
    "core.PriceIndex",
    "core.PriceIndexValue",
    "core.Rate",
    "core.RetentionRule",
    "core.User",
    "evaluations.Question",
    "evaluations.Wording",
    "mfa.Authenticator",
    "orders.Trade",
    "sessions.Session",
    "usersessions.UserSession",
}


def visitors(world) -> dict[str, Scope | None]:
    found: dict[str, Scope | None] = {
        "nobody": None,
        "system": Scope(kind=ScopeKind.SYSTEM, reason="tests"),
    }
    for name, party in (("first", world.first), ("second", world.second)):
        found[f"{name} landlord"] = party.actor("manager").scope
        found[f"{name} contractor"] = party.actor("desk").scope
        found[f"{name} paper"] = Scope(
            kind=ScopeKind.PAPER, order_id=party.order.pk, via_id=party.landlord.pk
        )
        found[f"{name} link"] = party.actor("tenant").scope
        found[f"{name} tenant"] = Scope(
            kind=ScopeKind.TENANT, tenant_id=party.tenant.pk, via_id=party.landlord.pk
        )
        found[f"{name} user"] = Scope(kind=ScopeKind.USER, user_id=party.manager.user_id)
    found["staff user"] = Scope(kind=ScopeKind.USER, user_id=world.staff.pk)
    return found


def behind_policies(model, scope) -> set:
    """What the database shows with wall 1 switched off."""
    with open_scope(scope):
        return set(model._base_manager.values_list("pk", flat=True))


def by_the_rule(model, scope) -> set:
    """What the rule says, asked where no policy applies."""
    with owner_scope():
        rows = model._base_manager.all()
        if scope is None:
            return set()
        condition = model.scope_rule.q(scope)
        return set(
            (rows if condition is None else rows.filter(condition)).values_list("pk", flat=True)
        )


def may_record(party) -> bool:
    """Whether the outbox takes an event in an ordinary scope."""
    manager = party.actor("manager")
    try:
        with transaction.atomic(), scope_of(manager):
            services.read_contact(actor=manager, order_id=party.order.pk)
    except (DatabaseError, ObjectDoesNotExist):
        return False
    return True


def may_note(party) -> bool:
    """Whether the log of files takes a reading."""
    manager = party.actor("manager")
    try:
        with transaction.atomic(), scope_of(manager):
            file = StoredFile.objects.filter(landlord=party.landlord).first()
            file_readings.note_reading(actor=manager, file=file, order_id=party.order.pk)
    except (DatabaseError, ObjectDoesNotExist, AttributeError):
        return False
    return True


def may_vote(party) -> bool:
    """Whether the ballots of a house's members take one more."""
    survey = {"organisation": party.landlord, "quarter": Quarter.of(clock.today()).previous.first}
    try:
        with transaction.atomic(), scope_of(party.actor("manager")):
            StaffBallot(created_at=clock.now(), **survey).save(force_insert=True)
    except DatabaseError:
        return False
    return True


def differences(world, models_) -> list[str]:
    found = [
        f"{model.__name__} for {name}"
        for model in models_
        for name, scope in visitors(world).items()
        if behind_policies(model, scope) != by_the_rule(model, scope)
    ]
    if FileReading in models_ and not may_note(world.first):
        found.append("the log of files refuses")
    if StaffBallot in models_ and not may_vote(world.first):
        found.append("the ballots of members refuse")
    return found if may_record(world.first) else [*found, "the outbox refuses"]


def test_both_walls_agree_for_every_table_and_visitor(filled):
    with owner_scope():
        for model in SCOPED:
            assert model._base_manager.count() >= 2, f"{model.__name__} has no rows to hide"
    assert differences(filled, SCOPED) == []


def test_each_party_sees_only_its_own(filled):
    for model in (Order, Unit, Event):
        first = behind_policies(model, visitors(filled)["first landlord"])
        second = behind_policies(model, visitors(filled)["second landlord"])
        assert first
        assert second
        assert not first & second


def test_dropping_any_single_policy_is_noticed(filled):
    """The meta-test: each policy is needed, and its absence makes the census fail."""
    by_table = {model._meta.db_table: model for model in SCOPED}
    with connection.cursor() as cursor:
        cursor.execute("SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public'")
        found = cursor.fetchall()
    assert len(found) >= 80
    unnoticed = []
    for name, table in found:
        savepoint = transaction.savepoint()
        with owner_scope(), connection.cursor() as cursor:
            cursor.execute(f"DROP POLICY {name} ON {table}")
        if not differences(filled, [by_table[table]]):
            unnoticed.append(name)
        transaction.savepoint_rollback(savepoint)
    assert unnoticed == []


def test_the_database_has_exactly_the_declared_policies(db):
    wanted = {name for model in SCOPED for name in policies(model._meta.db_table, model.scope_rule)}
    with connection.cursor() as cursor:
        cursor.execute("SELECT policyname FROM pg_policies WHERE schemaname = 'public'")
        assert {name for (name,) in cursor.fetchall()} == wanted
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'"
            " AND relnamespace = 'public'::regnamespace"
        )
        assert {name for (name,) in cursor.fetchall()} == {m._meta.db_table for m in SCOPED}


def test_unscoped_tables_are_a_short_known_list():
    found = {m._meta.label for m in apps.get_models() if not issubclass(m, ScopedModel)}
    assert found == UNSCOPED


def test_the_suite_runs_as_the_sites_role(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("nexxio_site",)
        cursor.execute(
            "SELECT rolname FROM pg_roles WHERE rolname IN ('nexxio_site', 'nexxio_system')"
            " AND (rolsuper OR rolbypassrls OR rolcreatedb OR rolcreaterole)"
        )
        assert cursor.fetchall() == []
        cursor.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            " AND tableowner IN ('nexxio_site', 'nexxio_system')"
        )
        assert cursor.fetchall() == []


@pytest.mark.parametrize("kind", ["landlord", "contractor", "link", "tenant", "paper"])
def test_nobody_writes_into_another_party(filled, kind):
    scope = visitors(filled)[f"second {kind}"]
    order = filled.first.order
    with open_scope(scope):
        assert Order._base_manager.filter(pk=order.pk).update(title="volé") == 0
        assert Order._base_manager.filter(pk=order.pk).delete()[0] == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Group(
                landlord_id=filled.first.landlord.pk, name="x", address="x", postcode="75001"
            ).save(force_insert=True)


def test_a_key_into_another_landlord_is_refused_even_to_the_system(filled):
    with system_scope("tests"), pytest.raises(DatabaseError), transaction.atomic():
        Unit(
            landlord_id=filled.first.landlord.pk, group_id=filled.second.unit.group_id, number="1"
        ).save(force_insert=True)


def test_every_key_between_scoped_tables_is_composite(db):
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE contype = 'f'")
        there = {name for (name,) in cursor.fetchall()}
    for model in SCOPED:
        assert {key.name for key in composite_keys(model)} <= there, model.__name__


def test_a_plain_key_between_scoped_tables_is_on_a_short_known_list():
    plain = {
        f"{model.__name__}.{field.name}"
        for model in SCOPED
        for field in model._meta.local_fields
        if isinstance(field, models.ForeignKey)
        and field.db_constraint
        and issubclass(field.related_model, ScopedModel)
        and owner_of(field.related_model)
    }
    # The outbox has no owner of its own (its policy asks for the event), the bell is a person's,
    # and an import outlives the membership of who asked for it (set to null, which a key of two
    # columns can't do). A claim letter calls its two houses otherwise (organisation, debtor).
    assert plain == {
        "ClaimSending.letter",
        "Delivery.event",
        "ImportRun.member",
        "Notification.event",
    }


@pytest.mark.parametrize("field", ["event_id", "link_id"])
def test_a_message_of_one_landlord_holds_nothing_of_another(filled, field):
    with system_scope("tests"):
        message = Message.objects.filter(landlord=filled.first.landlord, link__isnull=False).first()
        values = {"event_id": message.event_id, "link_id": message.link_id, "address": "+33600"}
        model = {"event_id": Event, "link_id": Link}[field]
        values[field] = model.objects.filter(landlord=filled.second.landlord).latest("id").pk
        with pytest.raises(DatabaseError, match=f"core_message_{field}"), transaction.atomic():
            Message(
                landlord=filled.first.landlord,
                kind=message.kind,
                channel=message.channel,
                text="x",
                next_attempt_at=message.next_attempt_at,
                **values,
            ).save(force_insert=True)


def test_a_position_and_a_technician_are_of_ones_own(filled):
    first, second = filled.first, filled.second
    with system_scope("tests"):
        event = Event.objects.filter(landlord=second.landlord).latest("id")
        EventPosition.objects.filter(event=event).delete()
        with pytest.raises(DatabaseError, match="event_id_of_landlord"), transaction.atomic():
            EventPosition(landlord=first.landlord, event=event, position=9000).save()
        visits = Visit.objects.filter(landlord=first.landlord)
        with pytest.raises(DatabaseError, match="technician_id"), transaction.atomic():
            visits.update(technician_id=second.technician.pk)


def test_events_are_append_only_even_for_the_owner(filled):
    with owner_scope():
        event = Event._base_manager.first()
        with pytest.raises(DatabaseError), transaction.atomic():
            Event._base_manager.filter(pk=event.pk).update(kind="x")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM core_event WHERE id = %s", [event.pk])


def test_no_scope_no_query(db):
    with pytest.raises(ScopeMissing):
        Order.objects.count()
    assert Contract._base_manager.count() == 0


def test_the_scope_is_forgotten_on_rollback_and_applied_again(filled):
    first = filled.first.actor("manager").scope
    second = filled.second.actor("manager").scope
    with open_scope(first):
        assert Contract._base_manager.get().landlord_id == filled.first.landlord.pk
    savepoint = transaction.savepoint()
    with open_scope(second):
        assert Contract._base_manager.get().landlord_id == filled.second.landlord.pk
    transaction.savepoint_rollback(savepoint)
    # PostgreSQL has restored the first landlord's settings; nobody may see through them.
    assert Contract._base_manager.count() == 0
    with open_scope(second):
        assert Contract._base_manager.get().landlord_id == filled.second.landlord.pk


def test_the_pools_reset_clears_role_and_scope(db):
    from nexxio.core.db.pool import reset_connection

    with open_scope(Scope(kind=ScopeKind.SYSTEM, reason="x")), connection.cursor():
        pass
    raw = connection.connection
    wrapped = connection.cursor()
    wrapped.execute("SELECT set_config('nexxio.landlord', 'x', false)")

    class Idle:
        autocommit = True

        def execute(self, sql):
            raw.execute(sql)

    reset_connection(Idle())
    row = raw.execute("SELECT current_user, current_setting('nexxio.landlord', true)").fetchone()
    connection._applied = None
    assert row == ("nexxio_test", "")

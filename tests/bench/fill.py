"""Fills the database with orders on the server's side, as the owner: a million in about a minute.

The reader's landlord (RIVP of the demo world) holds every second order, forty-nine others the
rest; one contractor has them all, so that his pages meet the whole table. Of ten orders seven are
done, one waits for the contractor, two are accepted (one of them with an appointment); one
returned and one cancelled in a hundred. One in twenty-five is silent, and a certificate waits on
one in fourteen that are done.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, models, transaction

from nexxio.core.models import Case, Group, Organisation, Tenant, Unit
from nexxio.core.scoping import owner_scope
from orders.models import Certificate, Contract, Order, OrderBudget, OrderWords, Visit

FILLED: tuple[type[models.Model], ...] = (Order, OrderBudget, Visit, Certificate)
LANDLORDS = 50
_PARTS: tuple[tuple[type[models.Model], str], ...] = (
    (Group, "group_id"),
    (Tenant, "tenant_id"),
    (Unit, "unit_id"),
    (Case, "case_id"),
    (Contract, "contract_id"),
)
_STREETS = "ARRAY['rue des Lilas', 'avenue de Flandre', 'rue Léon-Frot', 'quai de la Gare']"
_STATE = (
    "CASE WHEN x.n %% 100 = 7 THEN 'returned' WHEN x.n %% 100 = 17 THEN 'cancelled' ELSE"
    " (ARRAY['issued', 'accepted', 'accepted', 'done', 'done', 'done', 'done', 'done', 'done',"
    " 'done'])[1 + x.n / 2 %% 10] END"
)
_TITLES = "ARRAY['Fuite sous évier', 'Robinet qui goutte', 'Volet bloqué', 'Serrure à changer']"


def fill(size: int) -> int:
    """Bring the table of orders to `size` rows, then let PostgreSQL look at it; return how many."""
    with owner_scope(), connection.cursor() as cursor:
        # All or nothing: a filling that breaks off must not leave the tables without their keys.
        with transaction.atomic():
            fill_rows(cursor, size)
        filled = ", ".join(model._meta.db_table for model in (*FILLED, OrderWords))
        cursor.execute(f"VACUUM ANALYZE {filled}")
        cursor.execute("ANALYZE core_organisation, core_partnership, core_case, core_unit")
        return Order._base_manager.count()


def fill_rows(cursor: Any, size: int) -> None:
    """Bring the table of orders to `size` rows, in the transaction of the caller."""
    have = Order._base_manager.count()
    _parties(cursor)
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks to come can't be altered
    again = _drop(cursor)
    cursor.execute(_orders(), {"have": have, "add": max(0, size - have)})
    cursor.execute(_budgets())
    cursor.execute(_visits())
    cursor.execute(_certificates())
    cursor.execute("SET LOCAL maintenance_work_mem = '256MB'")
    for sql in again:
        cursor.execute(sql)


def _copy(model: type[models.Model], source: str, given: dict[str, str]) -> str:
    """Return INSERT … SELECT that copies the row `m` of `source`, with the columns of `given`."""
    columns = [f.column for f in model._meta.local_concrete_fields if not f.generated]
    values = ", ".join(given.get(column, f"m.{column}") for column in columns)
    return (
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)}) SELECT {values} FROM {source}"
    )


def _parties(cursor: Any) -> None:
    """Make the other landlords, each with a place, a resident, a case and a contract."""
    if Organisation._base_manager.filter(slug="bench-1").exists():
        return
    # A flush between two runs leaves them, with keys of rows that are gone.
    cursor.execute("DROP TABLE IF EXISTS bench_party, bench_model")
    ids = ", ".join(f"uuidv7() AS {column}" for _model, column in _PARTS)
    cursor.execute(
        f"CREATE TABLE bench_party AS SELECT n, uuidv7() AS landlord_id, {ids}"
        f" FROM generate_series(1, {LANDLORDS - 1}) n"
    )
    model = "(SELECT o.* FROM orders_order o JOIN core_organisation g ON g.id = o.landlord_id"
    model += " JOIN core_organisation c ON c.id = o.contractor_id"
    model += " WHERE g.slug = 'rivp' AND c.slug = 'plomberie-lutece' AND o.trade_id = 'plomberie'"
    # The same one whatever index it is found by: pages are read of this landlord and company.
    model += " AND o.state = 'accepted' AND o.tenant_id IS NOT NULL ORDER BY o.created_at LIMIT 1)"
    cursor.execute(f"CREATE TABLE bench_model AS SELECT * FROM {model} o")
    named = {"id": "p.landlord_id", "name": "'Bailleur ' || p.n", "slug": "'bench-' || p.n"}
    of_model = "bench_party p, bench_model o JOIN {table} m ON m.id = o.{key}"
    source = of_model.format(table="core_organisation", key="landlord_id")
    cursor.execute(_copy(Organisation, source, named))
    for part, column in _PARTS:
        given = {key: f"p.{key}" for _part, key in _PARTS} | {
            "id": f"p.{column}",
            "landlord_id": "p.landlord_id",
            "source_key": "''",
            "user_id": "NULL",
            "sector_id": "NULL",
        }
        if part is Group:
            source = "bench_party p, bench_model o JOIN core_unit u ON u.id = o.unit_id"
            source += " JOIN core_group m ON m.id = u.group_id"
        else:
            source = of_model.format(table=part._meta.db_table, key=column)
        cursor.execute(_copy(part, source, given))
    cursor.execute(
        "INSERT INTO core_partnership (id, created_at, landlord_id, contractor_id)"
        " SELECT uuidv7(), now(), p.landlord_id, o.contractor_id FROM bench_party p, bench_model o"
    )
    cursor.execute(
        "INSERT INTO bench_party SELECT 0, o.landlord_id, u.group_id, o.tenant_id, o.unit_id,"
        " o.case_id, o.contract_id FROM bench_model o JOIN core_unit u ON u.id = o.unit_id"
    )


def _drop(cursor: Any) -> list[str]:
    """Drop foreign keys and indexes of the filled tables; return what brings them back.

    Checked and built once at the end they cost some joins and sorts; row by row, most of the time.
    """
    tables = [model._meta.db_table for model in FILLED]
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND conrelid = ANY(%s::regclass[])",
        [tables],
    )
    keys = cursor.fetchall()
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index"
        " WHERE indrelid = ANY(%s::regclass[]) AND NOT indisunique",
        [tables],
    )
    indexes = cursor.fetchall()
    for table, name, _definition in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in indexes] + [
        f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}'
        for table, name, definition in keys
    ]


def _orders() -> str:
    given = {key: f"p.{key}" for _part, key in _PARTS if key != "group_id"} | {
        "id": "uuidv7(make_interval(secs => -x.n))",
        "created_at": "now() - make_interval(secs => x.n)",
        "landlord_id": "p.landlord_id",
        "reader_case_id": "p.case_id",
        "reference": "'B' || lpad(x.n::text, 7, '0')",
        "external_number": "''",
        "agency_id": "NULL",
        "sector_id": "NULL",
        "title": f"({_TITLES})[1 + x.n / 2 %% 4]",
        "place_address": f"x.n %% 300 || ' ' || ({_STREETS})[1 + x.n / 7 %% 4]",
        "state": _STATE,
        "target_date": "current_date + (x.n / 2 %% 40)::int - 4",
        "state_since": "now() - make_interval(secs => x.n / 2)",
        "returned_items": f"CASE WHEN {_STATE} = 'returned' THEN ARRAY['phone'] ELSE '{{}}' END",
        "cancel_reason": f"CASE WHEN {_STATE} = 'cancelled' THEN 'duplicate' ELSE '' END",
        "closed_at": "CASE WHEN x.n %% 100 = 17 THEN now() END",
        "done_at": f"CASE WHEN {_STATE} = 'done' THEN now() - make_interval(secs => x.n / 2) END",
        "silent_at": "CASE WHEN x.n %% 50 IN (2, 3) THEN now() - interval '1 day' END",
    }
    return _copy(
        Order,
        "generate_series(%(have)s + 1, %(have)s + %(add)s::bigint) x(n)"
        f" JOIN bench_party p ON p.n = CASE WHEN x.n %% 2 = 0 THEN 0 ELSE 1 + x.n / 2 %% {LANDLORDS - 1} END"
        " CROSS JOIN bench_model m",
        given,
    )


def _budgets() -> str:
    given = {
        "id": "uuidv7()",
        "landlord_id": "o.landlord_id",
        "contractor_id": "o.contractor_id",
        "order_id": "o.id",
    }
    source = "(SELECT b.* FROM orders_orderbudget b JOIN bench_model o ON o.id = b.order_id) m,"
    source += (
        " orders_order o LEFT JOIN orders_orderbudget b ON b.order_id = o.id WHERE b.id IS NULL"
    )
    return _copy(OrderBudget, source, given)


def _visits() -> str:
    """An appointment for half of the accepted orders."""
    given = {
        key: f"o.{key}" for key in ("landlord_id", "contractor_id", "tenant_id", "reader_case_id")
    }
    given |= {
        "id": "uuidv7()",
        "order_id": "o.id",
        "number": "1",
        "technician_id": "NULL",
        "state": "(ARRAY['proposed', 'confirmed', 'on_site'])[1 + length(o.reference || o.title) % 3]",
        "confirmed_at": "now()",
        "arrived_at": "now()",
        "window_start": "now() + make_interval(days => length(o.title))",
        "window_end": "now() + make_interval(days => length(o.title), hours => 2)",
    }
    source = "(SELECT * FROM orders_visit LIMIT 1) m, orders_order o LEFT JOIN orders_visit v"
    source += " ON v.order_id = o.id WHERE v.id IS NULL AND o.state = 'accepted'"
    source += " AND o.reference LIKE 'B%' AND right(o.reference, 1) IN ('2', '3')"
    return _copy(Visit, source, given)


def _certificates() -> str:
    """A certificate that waits for its signature, on some of the orders that are done."""
    given = {key: f"o.{key}" for key in ("landlord_id", "contractor_id")}
    given |= dict.fromkeys(
        ("tenant_id", "reader_case_id", "decided_at", "decided_by_id", "remind_at", "file_id"),
        "NULL",
    )
    given |= {
        "id": "uuidv7()",
        "order_id": "o.id",
        "number": "1",
        "state": "'to_sign'",
        "seal": "'none'",
        "verify_hash": "''",
        "asked_at": "o.state_since",
        "due_at": "o.state_since + interval '30 days'",
    }
    source = "(SELECT * FROM orders_certificate WHERE state <> 'draft' LIMIT 1) m, orders_order o"
    source += " LEFT JOIN orders_certificate c ON c.order_id = o.id WHERE c.id IS NULL"
    source += " AND o.state = 'done' AND o.reference LIKE 'B%' AND right(o.reference, 2) IN"
    source += " ('06', '27', '48', '69', '90')"
    return _copy(Certificate, source, given)

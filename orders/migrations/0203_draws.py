"""What orders draw on their contract, kept by triggers: no page adds up all of its orders.

Each change of an order or of its budget adds a row (orders_contractdraw) that says by how much the
sum changed; nobody waits for anybody, as two who write to one sum would. Whoever holds the contract
to draw on it folds the rows into one for each month when they have become many. Readers see the
rows before or after, and the same sum.

`orders_drawn` alone says what an order draws: nothing unless it was sent and not given up; its
total, or the cap of its quote above it (what was agreed to); once works are done its total, because
what the cap allowed and nobody asked for isn't owed any more.

`orders_recount_draws` brings the rows of a contract to what its orders say, in one statement: orders
and rows are read in the same snapshot, so that it may run at any time and any number of times.
"""

from django.db import migrations

RULES = """
CREATE FUNCTION orders_drawn(state text, total numeric, cap numeric) RETURNS numeric
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE
        WHEN state IN ('draft', 'pending_approval', 'declined', 'cancelled', 'closed_no_access',
            'superseded') THEN NULL
        WHEN state IN ('done', 'certified', 'with_reserves', 'closed') THEN coalesce(total, 0)
        ELSE greatest(total, cap, 0)
    END
$$;
CREATE FUNCTION orders_draw_month(issued timestamptz) RETURNS date
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT date_trunc('month', issued AT TIME ZONE 'Europe/Paris')::date
$$;
"""
RULES_UNDO = """
DROP FUNCTION orders_draw_month(timestamptz);
DROP FUNCTION orders_drawn(text, numeric, numeric);
"""

_NEW = """
    INSERT INTO orders_contractdraw
        (id, created_at, landlord_id, contractor_id, contract_id, month, amount, orders)
    SELECT uuidv7(), now(), k.landlord_id, k.contractor_id, k.id, d.month, sum(d.amount),
        sum(d.orders)
    FROM ({changes}) d JOIN orders_contract k ON k.id = d.contract_id
    GROUP BY k.landlord_id, k.contractor_id, k.id, d.month
    HAVING sum(d.amount) <> 0 OR sum(d.orders) <> 0
"""


def _says(order: str, budget: str, sign: str = "") -> str:
    """Return what a row of an order with its budget says, or takes back."""
    drawn = f"orders_drawn({order}.state, {budget}.total_without_vat, {budget}.quote_cap)"
    return (
        f"SELECT {order}.contract_id, orders_draw_month({order}.issued_at) AS month,"
        f" {sign}coalesce({drawn}, 0) AS amount,"
        f" {sign}(CASE WHEN {drawn} IS NULL THEN 0 ELSE 1 END) AS orders"
    )


def _function(name: str, changes: str) -> str:
    return f"""
CREATE FUNCTION {name}() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    {_NEW.format(changes=changes)};
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION {name}() FROM PUBLIC;
"""


def _row(order: str, sign: str = "") -> str:
    """The budget of an order as it is now; an order without one comes to nothing."""
    budget = "(SELECT) one LEFT JOIN orders_orderbudget b ON b.order_id"
    return f"{_says(order, 'b', sign)} FROM {budget} = {order}.id"


def _part(budget: str, sign: str = "") -> str:
    return f"{_says('o', budget, sign)} FROM orders_order o WHERE o.id = {budget}.order_id"


_WITHOUT = "(SELECT NULL::numeric AS total_without_vat, NULL::numeric AS quote_cap) nothing"
FUNCTIONS = {
    "orders_draws_of_new": f"{_says('o', 'b')} FROM fresh o"
    " LEFT JOIN orders_orderbudget b ON b.order_id = o.id",
    "orders_draws_of_order": f"{_row('OLD', '-')} UNION ALL {_row('NEW')}",
    "orders_draws_of_gone": _row("OLD", "-"),
    # The order was counted without it.
    "orders_draws_of_new_budget": f"{_says('o', 'b')} FROM fresh b"
    f" JOIN orders_order o ON o.id = b.order_id UNION ALL {_says('o', 'nothing', '-')}"
    f" FROM fresh b JOIN orders_order o ON o.id = b.order_id CROSS JOIN {_WITHOUT}",
    "orders_draws_of_budget": f"{_part('OLD', '-')} UNION ALL {_part('NEW')}",
    "orders_draws_of_gone_budget": f"{_part('OLD', '-')} UNION ALL {_says('o', 'nothing')}"
    f" FROM orders_order o CROSS JOIN {_WITHOUT} WHERE o.id = OLD.order_id",
}

RECOUNT = f"""
CREATE FUNCTION orders_recount_draws(wanted uuid) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
{_NEW.format(
    changes=_says("o", "b")
    + " FROM orders_order o LEFT JOIN orders_orderbudget b ON b.order_id = o.id"
    " WHERE o.contract_id = wanted UNION ALL"
    " SELECT contract_id, month, -amount, -orders FROM orders_contractdraw"
    " WHERE contract_id = wanted"
)}
$$;
REVOKE ALL ON FUNCTION orders_recount_draws(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders_recount_draws(uuid) TO nexxio_system;

CREATE FUNCTION orders_fold_draws(wanted uuid) RETURNS void
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    -- No sum changes, and nothing is told: anybody may ask for it, of any contract.
    IF (SELECT count(*) FROM orders_contractdraw d JOIN orders_contract k
            ON k.landlord_id = d.landlord_id AND k.id = d.contract_id WHERE k.id = wanted) <= 100
    THEN
        RETURN;
    END IF;
    WITH gone AS (
        DELETE FROM orders_contractdraw d USING orders_contract k
        WHERE k.id = wanted AND d.landlord_id = k.landlord_id AND d.contract_id = k.id
        RETURNING d.*
    )
    INSERT INTO orders_contractdraw
        (id, created_at, landlord_id, contractor_id, contract_id, month, amount, orders)
    SELECT uuidv7(), now(), landlord_id, contractor_id, contract_id, month, sum(amount), sum(orders)
    FROM gone GROUP BY landlord_id, contractor_id, contract_id, month;
END $$;
REVOKE ALL ON FUNCTION orders_fold_draws(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders_fold_draws(uuid) TO nexxio_site, nexxio_system;
"""
RECOUNT_UNDO = "DROP FUNCTION orders_recount_draws(uuid); DROP FUNCTION orders_fold_draws(uuid);"

# The service that writes a budget holds its order, so that neither trigger misses what the other
# transaction is about to say.
TRIGGERS = """
CREATE TRIGGER order_draws_insert AFTER INSERT ON orders_order
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION orders_draws_of_new();
CREATE TRIGGER order_draws_update AFTER UPDATE OF state, contract_id, issued_at ON orders_order
    FOR EACH ROW WHEN ((OLD.state, OLD.contract_id, OLD.issued_at)
        IS DISTINCT FROM (NEW.state, NEW.contract_id, NEW.issued_at))
    EXECUTE FUNCTION orders_draws_of_order();
CREATE TRIGGER order_draws_delete AFTER DELETE ON orders_order
    FOR EACH ROW EXECUTE FUNCTION orders_draws_of_gone();
CREATE TRIGGER budget_draws_insert AFTER INSERT ON orders_orderbudget
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION orders_draws_of_new_budget();
CREATE TRIGGER budget_draws_update AFTER UPDATE OF total_without_vat, quote_cap
    ON orders_orderbudget FOR EACH ROW WHEN ((OLD.total_without_vat, OLD.quote_cap)
        IS DISTINCT FROM (NEW.total_without_vat, NEW.quote_cap))
    EXECUTE FUNCTION orders_draws_of_budget();
CREATE TRIGGER budget_draws_delete AFTER DELETE ON orders_orderbudget
    FOR EACH ROW EXECUTE FUNCTION orders_draws_of_gone_budget();
"""
TRIGGERS_UNDO = """
DROP TRIGGER order_draws_insert ON orders_order;
DROP TRIGGER order_draws_update ON orders_order;
DROP TRIGGER order_draws_delete ON orders_order;
DROP TRIGGER budget_draws_insert ON orders_orderbudget;
DROP TRIGGER budget_draws_update ON orders_orderbudget;
DROP TRIGGER budget_draws_delete ON orders_orderbudget;
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0202_draws_tables")]

    operations = [
        migrations.RunSQL(RULES, RULES_UNDO),
        *(
            migrations.RunSQL(_function(name, changes), f"DROP FUNCTION {name}()")
            for name, changes in FUNCTIONS.items()
        ),
        migrations.RunSQL(RECOUNT, RECOUNT_UNDO),
        migrations.RunSQL(TRIGGERS, TRIGGERS_UNDO),
    ]

"""Articles belong to a version, and their words are searched.

The folded column with its trigram index is what `orders_search_items` reads, with its owner's
rights as in 0005: whose articles is in the connection's scope, which contract and version in its
arguments. Words are folded as everywhere, and may be parts of words (« robin »).
"""

import django.db.models.deletion
from django.db import migrations, models

COLUMN = """
ALTER TABLE orders_priceitem ADD COLUMN search text
    GENERATED ALWAYS AS (nexxio_fold(' ' || code || ' ' || label)) STORED;
CREATE INDEX price_item_search ON orders_priceitem
    USING gin (landlord_id, schedule_id, search gin_trgm_ops);
"""
COLUMN_UNDO = "ALTER TABLE orders_priceitem DROP COLUMN search"
SIGNATURE = "orders_search_items(text, uuid, integer)"
SEARCH = f"""
CREATE FUNCTION orders_search_items(asked text, schedule uuid, most integer)
RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    landlord uuid := nullif(current_setting('nexxio.landlord', true), '')::uuid;
    query text := 'SELECT id FROM orders_priceitem WHERE landlord_id = $1 AND schedule_id = $2';
    pattern text;
    patterns text[] := nexxio_patterns(asked);
BEGIN
    IF landlord IS NULL OR (patterns IS NULL AND trim(asked) <> '') THEN
        RETURN;
    END IF;
    FOREACH pattern IN ARRAY coalesce(patterns, '{{}}') LOOP
        query := query || format(' AND search LIKE %L', pattern);
    END LOOP;
    query := query || ' ORDER BY code, id LIMIT $3';
    RETURN QUERY EXECUTE query USING landlord, schedule, most;
END $$;
REVOKE ALL ON FUNCTION {SIGNATURE} FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {SIGNATURE} TO nexxio_site, nexxio_system;
"""
SEARCH_UNDO = f"DROP FUNCTION {SIGNATURE}"


class Migration(migrations.Migration):
    """Runs as the owner of the schema. Price schedules are small tables."""

    dependencies = [("orders", "0052_first_versions")]

    operations = [
        migrations.AlterField(
            model_name="priceitem",
            name="schedule",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="items",
                to="orders.priceschedule",
            ),
        ),
        migrations.RemoveConstraint(model_name="priceitem", name="one_price_code"),
        migrations.AddConstraint(
            model_name="priceitem",
            constraint=models.UniqueConstraint(
                fields=["landlord", "schedule", "code"], name="one_price_code_of_version"
            ),
        ),
        migrations.RunSQL(COLUMN, COLUMN_UNDO),
        migrations.RunSQL(SEARCH, SEARCH_UNDO),
    ]

"""What orders' words are searched by, and the look-up of a sealed document.

`orders_find` runs with its owner's rights, since behind row-level security the index of words may
not be used. It carries the scope's filter instead: whose orders it searches is in the connection's
settings, in no argument, and without a landlord or a contractor there it finds nothing. It looks
twice. Frequent words are found by walking the newest orders; when those don't fill the page, the
index of words is asked, whose first columns are the parties, so that a word that others use often
and this party never costs nothing. PostgreSQL can't choose by itself: it knows how frequent a word
is, but not among whose orders. A contractor's words meet the contact only where its policy shows it
the contact in clear; else they must all be among the open words. What else the list is narrowed to
comes in `more`: each of its values is quoted, each of its keys is known here.

`orders_write_words` folds what an order, its budget and its contact say; triggers call it, so that
no writer is forgotten. Phones are kept as digits without signs. A company's name is the one at that
moment.

`orders_near_words` serves a search that found nothing: each word that no order of the scope holds is
replaced by the nearest word of these orders, by trigrams. A near word is one that the reader may
read. Null when a word has no near one, and when nothing had to be replaced. Words with digits are
references: nothing is near to them.

`orders_search_items` reads the folded words of price items, which may be parts of words (« robin »).
"""

from django.db import migrations

COLUMN = """
ALTER TABLE orders_order ADD COLUMN search text GENERATED ALWAYS AS (nexxio_fold(
    ' ' || reference || ' ' || external_number || ' ' || title || ' ' || place_address
    || ' ' || place_name)) STORED;
ALTER TABLE orders_order ALTER COLUMN search SET STATISTICS 1000;
CREATE EXTENSION IF NOT EXISTS btree_gin;
CREATE INDEX order_search ON orders_order
    USING gin (landlord_id, contractor_id, search gin_trgm_ops);
"""

ITEMS = """
ALTER TABLE orders_priceitem ADD COLUMN search text
    GENERATED ALWAYS AS (nexxio_fold(' ' || code || ' ' || label)) STORED;
CREATE INDEX price_item_search ON orders_priceitem
    USING gin (landlord_id, schedule_id, search gin_trgm_ops);
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
    FOREACH pattern IN ARRAY coalesce(patterns, '{}') LOOP
        query := query || format(' AND search LIKE %L', pattern);
    END LOOP;
    query := query || ' ORDER BY code, id LIMIT $3';
    RETURN QUERY EXECUTE query USING landlord, schedule, most;
END $$;
REVOKE ALL ON FUNCTION orders_search_items(text, uuid, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders_search_items(text, uuid, integer) TO nexxio_site, nexxio_system;
"""

# A sealed document is found by the code that is printed on it, before any scope. It tells who
# issued it, when, how, and the fingerprint; no person, place or sum.
FIND_SEALED = """
CREATE FUNCTION nexxio_find_sealed(wanted text)
RETURNS TABLE (landlord varchar, number smallint, is_tacit boolean, decided_at timestamptz,
               sha256 varchar)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.name, c.number, c.state = 'tacit', c.decided_at, f.sha256
    FROM orders_certificate c
    JOIN core_organisation o ON o.id = c.landlord_id
    JOIN core_storedfile f ON f.id = c.file_id
    WHERE c.verify_hash = wanted AND c.verify_hash <> '' AND c.seal = 'sealed'
$$;
REVOKE ALL ON FUNCTION nexxio_find_sealed(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_find_sealed(text) TO nexxio_site, nexxio_system;
"""

NEAR_WORDS = """
CREATE FUNCTION orders_near_words(asked text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    landlord uuid := nullif(current_setting('nexxio.landlord', true), '')::uuid;
    contractor uuid := nullif(current_setting('nexxio.contractor', true), '')::uuid;
    mine text := CASE WHEN landlord IS NOT NULL THEN 'landlord_id = $1' ELSE 'contractor_id = $1' END;
    word text;
    nearest text;
    is_held boolean;
    found text[] := '{}';
    is_changed boolean := false;
BEGIN
    IF landlord IS NULL AND contractor IS NULL THEN
        RETURN NULL;
    END IF;
    -- Not a setting of the function: no role but a superuser could restore that from a backup.
    PERFORM set_config('pg_trgm.word_similarity_threshold', '0.4', true);
    FOR word IN SELECT w FROM regexp_split_to_table(nexxio_fold(asked), '[^[:alnum:]]+') AS w
                WHERE w <> '' LIMIT 8 LOOP
        IF length(word) < 4 OR word ~ '[0-9]' THEN
            found := found || word;
            CONTINUE;
        END IF;
        EXECUTE 'SELECT EXISTS (SELECT FROM orders_order WHERE ' || mine
            || format(' AND search LIKE %L)', '%' || word || '%')
            INTO is_held USING coalesce(landlord, contractor);
        IF is_held THEN
            found := found || word;
            CONTINUE;
        END IF;
        EXECUTE 'SELECT lower(w) FROM (SELECT title, place_address, place_name FROM orders_order'
            || ' WHERE ' || mine || ' AND $2 <% search LIMIT 200) orders,'
            || ' regexp_split_to_table(title || '' '' || place_address || '' '' || place_name,'
            || ' ''[^[:alnum:]]+'') AS w'
            || ' WHERE length(w) > 2 AND similarity($2, nexxio_fold(w)) >= 0.3'
            || ' GROUP BY lower(w) ORDER BY max(similarity($2, nexxio_fold(w))) DESC,'
            || ' count(*) DESC, lower(w) LIMIT 1'
            INTO nearest USING coalesce(landlord, contractor), word;
        IF nearest IS NULL THEN
            RETURN NULL;
        END IF;
        found := found || nearest;
        is_changed := true;
    END LOOP;
    RETURN CASE WHEN is_changed THEN array_to_string(found, ' ') END;
END $$;
REVOKE ALL ON FUNCTION orders_near_words(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders_near_words(text) TO nexxio_site, nexxio_system;
"""

WRITE = r"""
CREATE FUNCTION orders_write_words(orders uuid[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO orders_orderwords AS kept
        (id, created_at, landlord_id, contractor_id, order_id, open_words, words)
    SELECT o.id, now(), o.landlord_id, o.contractor_id, o.id, said.words,
        said.words || nexxio_fold(concat_ws(' ', '', nullif(c.name, '')))
            || coalesce(' ' || nullif(regexp_replace(c.phone, '\D', '', 'g'), ''), '')
            || coalesce(' ' || nullif(regexp_replace(c.second_phone, '\D', '', 'g'), ''), '')
    FROM orders_order o
    LEFT JOIN orders_orderbudget b ON b.order_id = o.id
    LEFT JOIN orders_ordercontact c ON c.order_id = o.id
    LEFT JOIN orders_contract k ON k.id = o.contract_id
    LEFT JOIN core_organisation company ON company.id = coalesce(o.contractor_id, k.contractor_id)
    CROSS JOIN LATERAL (SELECT nexxio_fold(concat_ws(' ', '', o.reference, o.external_number,
        o.title, o.place_address, o.place_name, o.place_city, o.place_unit, k.number,
        b.commitment_number, b.service_code, company.name, o.description)) AS words) said
    WHERE o.id = ANY (orders)
    ON CONFLICT (order_id) DO UPDATE SET contractor_id = excluded.contractor_id,
        open_words = excluded.open_words, words = excluded.words
    WHERE (kept.contractor_id, kept.open_words, kept.words)
        IS DISTINCT FROM (excluded.contractor_id, excluded.open_words, excluded.words)
$$;
REVOKE ALL ON FUNCTION orders_write_words(uuid[]) FROM PUBLIC;

CREATE FUNCTION orders_words_of_new() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM orders_write_words(ARRAY(SELECT id FROM fresh));
    RETURN NULL;
END $$;
CREATE FUNCTION orders_words_of_parts() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM orders_write_words(ARRAY(SELECT order_id FROM fresh));
    RETURN NULL;
END $$;
CREATE FUNCTION orders_words_of_order() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM orders_write_words(ARRAY[NEW.id]);
    RETURN NULL;
END $$;
CREATE FUNCTION orders_words_of_part() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM orders_write_words(ARRAY[CASE TG_OP WHEN 'DELETE' THEN OLD.order_id ELSE NEW.order_id END]);
    RETURN NULL;
END $$;
CREATE FUNCTION orders_drop_words() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    DELETE FROM orders_orderwords WHERE order_id = OLD.id;
    RETURN OLD;
END $$;
REVOKE ALL ON FUNCTION orders_words_of_new(), orders_words_of_parts(), orders_words_of_order(),
    orders_words_of_part(), orders_drop_words() FROM PUBLIC;

CREATE TRIGGER order_words_insert AFTER INSERT ON orders_order
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION orders_words_of_new();
CREATE TRIGGER order_words_update AFTER UPDATE OF contractor_id, contract_id, reference,
    external_number, title, description, place_name, place_address, place_city, place_unit
    ON orders_order FOR EACH ROW
    WHEN ((OLD.contractor_id, OLD.contract_id, OLD.reference, OLD.external_number, OLD.title,
           OLD.description, OLD.place_name, OLD.place_address, OLD.place_city, OLD.place_unit)
        IS DISTINCT FROM
          (NEW.contractor_id, NEW.contract_id, NEW.reference, NEW.external_number, NEW.title,
           NEW.description, NEW.place_name, NEW.place_address, NEW.place_city, NEW.place_unit))
    EXECUTE FUNCTION orders_words_of_order();
CREATE TRIGGER order_words_delete BEFORE DELETE ON orders_order
    FOR EACH ROW EXECUTE FUNCTION orders_drop_words();
CREATE TRIGGER budget_words_insert AFTER INSERT ON orders_orderbudget
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION orders_words_of_parts();
CREATE TRIGGER budget_words_update AFTER UPDATE OF commitment_number, service_code
    ON orders_orderbudget FOR EACH ROW
    WHEN ((OLD.commitment_number, OLD.service_code)
        IS DISTINCT FROM (NEW.commitment_number, NEW.service_code))
    EXECUTE FUNCTION orders_words_of_part();
CREATE TRIGGER contact_words_insert AFTER INSERT ON orders_ordercontact
    REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION orders_words_of_parts();
CREATE TRIGGER contact_words_update AFTER UPDATE OF name, phone, second_phone
    ON orders_ordercontact FOR EACH ROW
    WHEN ((OLD.name, OLD.phone, OLD.second_phone)
        IS DISTINCT FROM (NEW.name, NEW.phone, NEW.second_phone))
    EXECUTE FUNCTION orders_words_of_part();
CREATE TRIGGER contact_words_delete AFTER DELETE ON orders_ordercontact
    FOR EACH ROW EXECUTE FUNCTION orders_words_of_part();
"""

WRITE_UNDO = """
DROP TRIGGER order_words_insert ON orders_order;
DROP TRIGGER order_words_update ON orders_order;
DROP TRIGGER order_words_delete ON orders_order;
DROP TRIGGER budget_words_insert ON orders_orderbudget;
DROP TRIGGER budget_words_update ON orders_orderbudget;
DROP TRIGGER contact_words_insert ON orders_ordercontact;
DROP TRIGGER contact_words_update ON orders_ordercontact;
DROP TRIGGER contact_words_delete ON orders_ordercontact;
DROP FUNCTION orders_words_of_new();
DROP FUNCTION orders_words_of_parts();
DROP FUNCTION orders_words_of_order();
DROP FUNCTION orders_words_of_part();
DROP FUNCTION orders_drop_words();
DROP FUNCTION orders_write_words(uuid[]);
"""

# Who reads a contact in clear is IN_CLEAR_SQL of orders/models/walls.py, as it is now.
FIND = """
CREATE FUNCTION orders_find(asked text, states text[], trade text, priority text,
                            late_before date, key_at timestamptz, key_id uuid,
                            backwards boolean, most integer, agency uuid, sector uuid, more jsonb)
RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    landlord uuid := nullif(current_setting('nexxio.landlord', true), '')::uuid;
    contractor uuid := nullif(current_setting('nexxio.contractor', true), '')::uuid;
    pattern text;
    patterns text[] := nexxio_patterns(asked);
    every text := '';
    held text;
    open_held text := '';
    direction text := CASE WHEN backwards THEN 'ASC' ELSE 'DESC' END;
    mine text := CASE WHEN landlord IS NOT NULL THEN 'o.landlord_id = $1'
                      ELSE 'o.contractor_id = $1' END;
    asked_of text := ''
        || CASE WHEN states IS NOT NULL THEN ' AND o.state = ANY ($2)' ELSE '' END
        || CASE WHEN trade IS NOT NULL THEN ' AND o.trade_id = $3' ELSE '' END
        || CASE WHEN priority IS NOT NULL THEN ' AND o.priority = $4' ELSE '' END
        || CASE WHEN late_before IS NOT NULL THEN ' AND o.target_date < $5' ELSE '' END
        || CASE WHEN agency IS NOT NULL THEN ' AND o.agency_id = $9' ELSE '' END
        || CASE WHEN sector IS NOT NULL THEN ' AND o.sector_id = $10' ELSE '' END
        || CASE WHEN key_id IS NULL THEN ''
                WHEN backwards THEN ' AND (o.created_at, o.id) > ($6, $7)'
                ELSE ' AND (o.created_at, o.id) < ($6, $7)' END;
    clause text;
    value text;
    newest uuid[];
BEGIN
    IF patterns IS NULL OR (landlord IS NULL AND contractor IS NULL) THEN
        RETURN;
    END IF;
    FOREACH pattern IN ARRAY patterns LOOP
        every := every || format(' AND w.words LIKE %L', pattern);
        open_held := open_held || format(' AND w.open_words LIKE %L', pattern);
    END LOOP;
    FOR clause, value IN
        SELECT known.clause, more->>known.name FROM (VALUES
            ('company', ' AND o.contractor_id = %L::uuid'),
            ('house', ' AND o.landlord_id = %L::uuid'),
            ('contract', ' AND o.contract_id = %L::uuid'),
            ('unit', ' AND o.unit_id = %L::uuid'),
            ('group', ' AND o.unit_id IN (SELECT id FROM core_unit WHERE group_id = %L::uuid)'),
            ('nature', ' AND o.nature = %L'),
            ('hazard', ' AND o.hazard = %L'),
            ('any_hazard', ' AND o.hazard <> '''''),
            ('holder', ' AND o.holder = %L'),
            ('silent_at', ' AND o.silent_at <= %L::timestamptz'),
            ('moved_before', ' AND o.moved_at < %L::timestamptz'),
            ('issued_from', ' AND o.issued_at >= %L::timestamptz'),
            ('issued_to', ' AND o.issued_at < %L::timestamptz'),
            ('done_from', ' AND o.done_at >= %L::timestamptz'),
            ('done_to', ' AND o.done_at < %L::timestamptz'),
            ('due_from', ' AND o.target_date >= %L::date'),
            ('due_to', ' AND o.target_date < %L::date'),
            ('least', ' AND EXISTS (SELECT FROM orders_orderbudget b'
                ' WHERE b.order_id = o.id AND b.total_with_vat >= %L::numeric)'),
            ('most', ' AND EXISTS (SELECT FROM orders_orderbudget b'
                ' WHERE b.order_id = o.id AND b.total_with_vat <= %L::numeric)'),
            ('ids', ' AND o.id IN (SELECT jsonb_array_elements_text(%L::jsonb)::uuid)')
        ) AS known (name, clause) WHERE more ? known.name
    LOOP
        asked_of := asked_of || format(clause, value);
    END LOOP;
    held := every || CASE WHEN landlord IS NOT NULL THEN ''
                          ELSE ' AND ((o.state IN (''accepted'', ''partly_done'') OR o.state IN (''done'', ''with_reserves'', ''certified'', ''closed'') AND o.done_at > now() - interval ''90 days'') OR (true' || open_held || '))' END;
    -- A subquery that gives a value: a join would read what is walked whole, and lose its order.
    EXECUTE 'SELECT ARRAY(SELECT o.id FROM (SELECT o.id, o.created_at, o.state, o.done_at'
        || ' FROM orders_order o WHERE ' || mine || asked_of
        || format(' ORDER BY o.created_at %1$s, o.id %1$s LIMIT $8 * 20) o', direction)
        || ' WHERE (SELECT true' || held || ' FROM orders_orderwords w WHERE w.order_id = o.id)'
        || ' LIMIT $8)'
        INTO newest USING coalesce(landlord, contractor), states, trade, priority, late_before,
            key_at, key_id, most, agency, sector;
    IF cardinality(newest) = most THEN
        RETURN QUERY SELECT unnest(newest);
        RETURN;
    END IF;
    -- Materialized: with the limit in sight the planner would walk all the orders again.
    RETURN QUERY EXECUTE 'WITH found AS MATERIALIZED (SELECT o.id, o.created_at'
        || ' FROM orders_orderwords w JOIN orders_order o ON o.id = w.order_id WHERE '
        || mine || ' AND ' || replace(mine, 'o.', 'w.') || held || asked_of
        || format(') SELECT id FROM found ORDER BY created_at %1$s, id %1$s LIMIT $8', direction)
        USING coalesce(landlord, contractor), states, trade, priority, late_before,
            key_at, key_id, most, agency, sector;
END $$;
REVOKE ALL ON FUNCTION orders_find(text, text[], text, text, date, timestamptz, uuid, boolean, integer, uuid, uuid, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION orders_find(text, text[], text, text, date, timestamptz, uuid, boolean, integer, uuid, uuid, jsonb) TO nexxio_site, nexxio_system;
"""

INDEX = """
CREATE INDEX order_words ON orders_orderwords
    USING gin (landlord_id, contractor_id, words gin_trgm_ops)
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    replaces = [
        ("orders", "0157_walls"),
    ]

    dependencies = [("orders", "0159_tables"), ("core", "0045_functions")]

    operations = [
        migrations.RunSQL(COLUMN, "ALTER TABLE orders_order DROP COLUMN search"),
        migrations.RunSQL(ITEMS, "DROP FUNCTION orders_search_items(text, uuid, integer); ALTER TABLE orders_priceitem DROP COLUMN search"),
        migrations.RunSQL(FIND_SEALED, "DROP FUNCTION nexxio_find_sealed(text)"),
        migrations.RunSQL(NEAR_WORDS, "DROP FUNCTION orders_near_words(text)"),
        migrations.RunSQL(WRITE, WRITE_UNDO),
        migrations.RunSQL(FIND, "DROP FUNCTION orders_find(text, text[], text, text, date, timestamptz, uuid, boolean, integer, uuid, uuid, jsonb)"),
        migrations.RunSQL(INDEX, "DROP INDEX order_words"),
    ]

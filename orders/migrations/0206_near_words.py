"""Near words of all that an order is found by, and of price items.

`orders_near_words` replaces each word that no order of the scope holds by the nearest word of these
orders. It looks where `orders_find` looks, so that a name that is held stays (« Durand fuitte ») and
one that isn't is forgiven too. A company meets names only of orders whose contact it reads in clear
now, for the others the open words: neither what is held nor what is near tells it more.
Words of titles and places are given as they are written, the others folded.

`orders_search_items` serves both sides of a schedule, a company once it is published, and forgives
in the same way.
"""

from importlib import import_module

from django.db import migrations

# As the contact's policy and `orders_find` have it (orders/models/walls.py, 0160_functions).
IN_CLEAR = """(o.state IN ('accepted', 'partly_done')
            OR o.state IN ('done', 'with_reserves', 'certified', 'closed')
            AND o.done_at > now() - interval '90 days')"""

NEAR_WORDS = (
    r"""
CREATE OR REPLACE FUNCTION orders_near_words(asked text) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    landlord uuid := nullif(current_setting('nexxio.landlord', true), '')::uuid;
    contractor uuid := nullif(current_setting('nexxio.contractor', true), '')::uuid;
    mine text := CASE WHEN landlord IS NOT NULL THEN 'landlord_id = $1' ELSE 'contractor_id = $1' END;
    readable text := CASE WHEN landlord IS NOT NULL THEN 'w.words' ELSE
        'CASE WHEN EXISTS (SELECT FROM orders_order o WHERE o.id = w.order_id AND ' || $clear$"""
    + IN_CLEAR
    + r"""$clear$ || ') THEN w.words ELSE w.open_words END' END;
    word text;
    pattern text;
    nearest text;
    score real;
    other text;
    other_score real;
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
        pattern := (nexxio_patterns(word))[1];
        EXECUTE 'SELECT EXISTS (SELECT FROM orders_orderwords w WHERE w.' || mine
            || format(' AND w.words LIKE %1$L AND %2$s LIKE %1$L)', pattern, readable)
            INTO is_held USING coalesce(landlord, contractor);
        IF is_held THEN
            found := found || word;
            CONTINUE;
        END IF;
        EXECUTE 'SELECT lower(w), max(similarity($2, nexxio_fold(w)))'
            || ' FROM (SELECT title, place_address, place_name FROM orders_order'
            || ' WHERE ' || mine || ' AND $2 <% search LIMIT 200) orders,'
            || ' regexp_split_to_table(title || '' '' || place_address || '' '' || place_name,'
            || ' ''[^[:alnum:]]+'') AS w'
            || ' WHERE length(w) > 2 AND similarity($2, nexxio_fold(w)) >= 0.3'
            || ' GROUP BY lower(w) ORDER BY 2 DESC, count(*) DESC, lower(w) LIMIT 1'
            INTO nearest, score USING coalesce(landlord, contractor), word;
        IF coalesce(score, 0) < 0.5 THEN
            EXECUTE 'SELECT said, max(similarity($2, said)) FROM (SELECT ' || readable || ' AS text'
                || ' FROM orders_orderwords w WHERE w.' || mine || ' AND $2 <% w.words AND $2 <% '
                || readable || ' LIMIT 200)'
                || ' orders, regexp_split_to_table(text, ''[^[:alnum:]]+'') AS said'
                || ' WHERE length(said) > 2 AND similarity($2, said) >= 0.3'
                || ' GROUP BY said ORDER BY 2 DESC, count(*) DESC, said LIMIT 1'
                INTO other, other_score USING coalesce(landlord, contractor), word;
            IF other_score > coalesce(score, 0) THEN
                nearest := other;
            END IF;
        END IF;
        IF nearest IS NULL THEN
            RETURN NULL;
        END IF;
        found := found || nearest;
        is_changed := true;
    END LOOP;
    RETURN CASE WHEN is_changed THEN array_to_string(found, ' ') END;
END $$;
"""
)

ITEMS = r"""
CREATE OR REPLACE FUNCTION orders_search_items(asked text, schedule uuid, most integer)
RETURNS SETOF uuid
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    house uuid := (
        SELECT s.landlord_id FROM orders_priceschedule s WHERE s.id = schedule
        AND (s.landlord_id = nullif(current_setting('nexxio.landlord', true), '')::uuid
            OR s.published_at IS NOT NULL
            AND s.contractor_id = nullif(current_setting('nexxio.contractor', true), '')::uuid));
    query text;
    pattern text;
    word text;
    nearest text;
    is_held boolean;
    words text := asked;
    near text[] := '{}';
BEGIN
    IF house IS NULL OR (nexxio_patterns(asked) IS NULL AND trim(asked) <> '') THEN
        RETURN;
    END IF;
    FOR turn IN 1..2 LOOP
        query := 'SELECT id FROM orders_priceitem WHERE landlord_id = $1 AND schedule_id = $2';
        FOREACH pattern IN ARRAY coalesce(nexxio_patterns(words), '{}') LOOP
            query := query || format(' AND search LIKE %L', pattern);
        END LOOP;
        RETURN QUERY EXECUTE query || ' ORDER BY code, id LIMIT $3' USING house, schedule, most;
        IF FOUND OR turn = 2 THEN
            RETURN;
        END IF;
        PERFORM set_config('pg_trgm.word_similarity_threshold', '0.4', true);
        FOR word IN SELECT w FROM regexp_split_to_table(nexxio_fold(asked), '\s+') AS w
                    WHERE w ~ '[[:alnum:]]' LIMIT 8 LOOP
            nearest := word;
            SELECT EXISTS (SELECT FROM orders_priceitem i WHERE i.landlord_id = house
                AND i.schedule_id = schedule AND i.search LIKE ALL (nexxio_patterns(word)))
                INTO is_held;
            IF NOT is_held AND length(word) > 3 AND word !~ '[0-9]' THEN
                SELECT w INTO nearest FROM (SELECT i.search FROM orders_priceitem i
                    WHERE i.landlord_id = house AND i.schedule_id = schedule AND word <% i.search
                    LIMIT 200) items, regexp_split_to_table(search, '[^[:alnum:]]+') AS w
                WHERE length(w) > 2 AND similarity(word, w) >= 0.3
                GROUP BY w ORDER BY max(similarity(word, w)) DESC, count(*) DESC, w LIMIT 1;
            END IF;
            IF nearest IS NULL THEN
                RETURN;
            END IF;
            near := near || nearest;
        END LOOP;
        words := array_to_string(near, ' ');
    END LOOP;
END $$;
"""

former = import_module("orders.migrations.0160_functions")


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0205_draws_counted"), ("core", "0200_plural_words")]

    operations = [
        migrations.RunSQL(
            NEAR_WORDS, "DROP FUNCTION orders_near_words(text); " + former.NEAR_WORDS
        ),
        migrations.RunSQL(
            ITEMS,
            former.ITEMS[former.ITEMS.index("CREATE FUNCTION") :].replace(
                "CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"
            ),
        ),
    ]

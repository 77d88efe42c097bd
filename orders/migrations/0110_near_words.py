"""Near words for a search that found nothing: `orders_near_words` (see 0005_search).

Each word that no order of the scope holds is replaced by the nearest word of these orders, by
trigrams: their index of words finds the few that may hold it. Whose orders is in the connection's
settings, in no argument, so a near word is one that the reader may read. Null when a word has no
near one, and when nothing had to be replaced. Words with digits are references: nothing is near
to them.
"""

from django.db import migrations

SEARCH = r"""
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


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("orders", "0109_urgency")]

    operations = [migrations.RunSQL(SEARCH, "DROP FUNCTION orders_near_words(text)")]

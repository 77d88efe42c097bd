"""What people type in the plural is found in the singular: « fuites », « robinets », « tuyaux ».

A word of four letters or more without its last s or x is part of the word with it, so that nothing
is lost; one of three letters is then searched at the beginning of words only, or it would be found
in the middle of many.
"""

from django.db import migrations

PATTERNS = r"""
CREATE OR REPLACE FUNCTION nexxio_patterns(asked text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(
        CASE WHEN length(word) < 3 OR length(word) = 3 AND word <> typed THEN '% ' ELSE '%' END
        || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%')
    FROM (SELECT typed, regexp_replace(typed, '^([[:alpha:]]{3,})[sx]$', '\1') AS word
          FROM regexp_split_to_table(public.nexxio_fold(asked), '\s+') AS typed
          WHERE typed ~ '[[:alnum:]]' LIMIT 8) words
$$;
"""
BEFORE = r"""
CREATE OR REPLACE FUNCTION nexxio_patterns(asked text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT array_agg(
        CASE WHEN length(word) < 3 THEN '% ' ELSE '%' END
        || replace(replace(replace(word, '\', '\\'), '%', '\%'), '_', '\_') || '%')
    FROM (SELECT word FROM regexp_split_to_table(public.nexxio_fold(asked), '\s+') AS word
          WHERE word ~ '[[:alnum:]]' LIMIT 8) words
$$;
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    dependencies = [("core", "0057_walls")]

    operations = [migrations.RunSQL(PATTERNS, BEFORE)]

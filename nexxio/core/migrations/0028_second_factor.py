"""An organisation may ask a second factor of its members."""

from django.db import migrations, models

# Policies let an organisation be read only. Its own manager may switch this one column, through a
# function that runs with its owner's rights and takes the organisation from the scope.
REQUIRE = """
CREATE FUNCTION nexxio_require_second_factor(required boolean) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE core_organisation SET requires_second_factor = required
    WHERE requires_second_factor IS DISTINCT FROM required
      AND ((kind = 'landlord' AND id = nullif(current_setting('nexxio.landlord', true), '')::uuid)
        OR (kind = 'contractor'
            AND id = nullif(current_setting('nexxio.contractor', true), '')::uuid));
    RETURN FOUND;
END $$;
REVOKE ALL ON FUNCTION nexxio_require_second_factor(boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_require_second_factor(boolean) TO nexxio_site;
"""
REQUIRE_UNDO = "DROP FUNCTION nexxio_require_second_factor(boolean)"


class Migration(migrations.Migration):
    """Adds a column with a default of the database: no rewrite, safe while the site serves."""

    dependencies = [("core", "0027_walls")]

    operations = [
        migrations.AddField(
            "organisation",
            "requires_second_factor",
            models.BooleanField(
                "double authentification exigée", default=False, db_default=False
            ),
        ),
        migrations.RunSQL(REQUIRE, REQUIRE_UNDO),
    ]

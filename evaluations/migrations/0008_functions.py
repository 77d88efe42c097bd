"""A statement of bonus and malus that is closed, and what was answered on it, never changes."""

from django.db import migrations

CLOSED = """
CREATE FUNCTION nexxio_bonus_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'this statement is closed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER evaluations_bonusstatement_closed
    BEFORE UPDATE OR DELETE ON evaluations_bonusstatement
    FOR EACH ROW WHEN (OLD.closed_at IS NOT NULL) EXECUTE FUNCTION nexxio_bonus_is_closed();
CREATE TRIGGER evaluations_bonuscontest_answered
    BEFORE UPDATE OR DELETE ON evaluations_bonuscontest
    FOR EACH ROW WHEN (OLD.outcome <> '') EXECUTE FUNCTION nexxio_bonus_is_closed();
"""


class Migration(migrations.Migration):
    """Runs as the owner of the schema."""

    replaces = [
        ("evaluations", "0004_bonus"),
    ]

    dependencies = [("evaluations", "0007_tables")]

    operations = [
        migrations.RunSQL(CLOSED, "DROP FUNCTION nexxio_bonus_is_closed() CASCADE"),
    ]

"""Limits by role: the database keeps each member's beside his own, whoever writes him."""

import django.db.models.deletion
import nexxio.core.clock
import nexxio.core.ids
from django.db import migrations, models

# The highest limit of the roles that commit; none where one of these has none, or where none is
# held. Runs with its owner's rights: whoever joins a house reads nothing of it yet.
KEEP = """
CREATE FUNCTION nexxio_role_limit(house uuid, held varchar[]) RETURNS numeric
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN bool_and(l.spend_limit IS NOT NULL) THEN max(l.spend_limit) END
    FROM unnest(held) AS one(role)
    LEFT JOIN core_rolelimit l ON l.organisation_id = house AND l.role = one.role
    WHERE one.role IN ('manager', 'clerk')
$$;
REVOKE ALL ON FUNCTION nexxio_role_limit(uuid, varchar[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION nexxio_role_limit(uuid, varchar[]) TO nexxio_site, nexxio_system;
CREATE FUNCTION nexxio_keep_role_limit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- A limit that is set meanwhile spreads to the members that it sees: they wait for each other.
    IF TG_OP = 'INSERT' THEN
        PERFORM pg_advisory_xact_lock(hashtextextended('role limits ' || NEW.organisation_id::text, 0));
    END IF;
    NEW.role_limit := nexxio_role_limit(NEW.organisation_id, NEW.roles);
    RETURN NEW;
END $$;
CREATE TRIGGER core_membership_role_limit BEFORE INSERT OR UPDATE OF roles, organisation_id
    ON core_membership FOR EACH ROW EXECUTE FUNCTION nexxio_keep_role_limit();
CREATE FUNCTION nexxio_spread_role_limit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE house uuid := CASE TG_OP WHEN 'DELETE' THEN OLD.organisation_id ELSE NEW.organisation_id END;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('role limits ' || house::text, 0));
    UPDATE core_membership SET role_limit = nexxio_role_limit(organisation_id, roles)
    WHERE organisation_id = house;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION nexxio_spread_role_limit() FROM PUBLIC;
CREATE TRIGGER core_rolelimit_spread AFTER INSERT OR UPDATE OR DELETE ON core_rolelimit
    FOR EACH ROW EXECUTE FUNCTION nexxio_spread_role_limit();
"""
FORGET = """
DROP TRIGGER core_rolelimit_spread ON core_rolelimit;
DROP FUNCTION nexxio_spread_role_limit();
DROP TRIGGER core_membership_role_limit ON core_membership;
DROP FUNCTION nexxio_keep_role_limit();
DROP FUNCTION nexxio_role_limit(uuid, varchar[]);
"""


class Migration(migrations.Migration):
    """The table, the column, and what keeps it."""

    dependencies = [
        ('core', '0047_first_rows'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='role_limit',
            field=models.DecimalField(blank=True, decimal_places=2, editable=False, max_digits=12, null=True, verbose_name='plafond du rôle'),
        ),
        migrations.CreateModel(
            name='RoleLimit',
            fields=[
                ('id', models.UUIDField(default=nexxio.core.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('created_at', models.DateTimeField(default=nexxio.core.clock.now, editable=False)),
                ('role', models.CharField(choices=[('manager', 'manager'), ('clerk', 'clerk'), ('technician', 'technician'), ('reader', 'reader')], max_length=20, verbose_name='rôle')),
                ('spend_limit', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='plafond par commande HT')),
                ('organisation', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='core.organisation')),
            ],
            options={
                'verbose_name': 'plafond d’un rôle',
                'verbose_name_plural': 'plafonds des rôles',
                'constraints': [models.UniqueConstraint(fields=('organisation', 'role'), name='one_limit_of_a_role'), models.CheckConstraint(condition=models.Q(('spend_limit__gte', 0)), name='role_limit_is_not_below_zero')],
            },
        ),
        migrations.RunSQL(KEEP, FORGET),
    ]

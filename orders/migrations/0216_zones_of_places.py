from django.db import migrations

ZONES = """
CASE substring(o.place_city from '^\\s*(97[1-8]|98[678])')
    WHEN '971' THEN 'America/Guadeloupe'
    WHEN '972' THEN 'America/Martinique'
    WHEN '973' THEN 'America/Cayenne'
    WHEN '974' THEN 'Indian/Reunion'
    WHEN '975' THEN 'America/Miquelon'
    WHEN '976' THEN 'Indian/Mayotte'
    WHEN '977' THEN 'America/St_Barthelemy'
    WHEN '978' THEN 'America/Marigot'
    WHEN '986' THEN 'Pacific/Wallis'
    WHEN '987' THEN 'Pacific/Tahiti'
    ELSE 'Pacific/Noumea'
END
"""
SET_ZONES = [
    f"UPDATE {table} v SET zone = {ZONES} FROM orders_order o"
    " WHERE o.id = v.order_id AND o.landlord_id = v.landlord_id"
    " AND o.place_city ~ '^\\s*(97[1-8]|98[678])\\d{2}'"
    for table in ("orders_visit", "orders_visitslot")
]


class Migration(migrations.Migration):
    """Visits overseas that are there already get their place's zone: their instants stay."""

    dependencies = [("orders", "0215_zones_of_visits")]

    operations = [migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in SET_ZONES]

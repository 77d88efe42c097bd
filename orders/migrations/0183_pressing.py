from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

PRESSING = models.Q(("priority", "urgent"), ("hazard__in", ["gas", "lift"]), _connector="OR")

# The search narrows as the lists do: a danger that doesn't wait is among what is urgent.
WAS = "o.priority = $4"
IS = "(o.priority = $4 OR ($4 = ''urgent'' AND o.hazard IN (''gas'', ''lift'')))"
REPLACE = """
DO $do$
DECLARE body text;
BEGIN
    body := pg_get_functiondef('orders_find(text, text[], text, text, date, timestamptz, uuid,'
        ' boolean, integer, uuid, uuid, jsonb)'::regprocedure);
    IF position($was${was}$was$ IN body) = 0 THEN
        RAISE EXCEPTION 'orders_find narrows by priority in another way';
    END IF;
    EXECUTE replace(body, $was${was}$was$, $is${is_}$is$);
END $do$
"""


def _replace(was: str, is_: str) -> str:
    return REPLACE.replace("{was}", was).replace("{is_}", is_)


class Migration(migrations.Migration):
    """Pressing orders are found by an index of their own, by lists and by the search alike."""

    atomic = False
    dependencies = [("orders", "0182_unanswered_index")]

    operations = [
        AddIndexConcurrently(
            model_name="order",
            index=models.Index(
                fields=[house, "-created_at", "-id"],
                include=[other, "tenant", "reader_case"],
                condition=PRESSING,
                name=f"order_{house}_pressing",
            ),
        )
        for house, other in (("landlord", "contractor"), ("contractor", "landlord"))
    ] + [
        RemoveIndexConcurrently(model_name="order", name=f"order_{house}_urgent")
        for house in ("landlord", "contractor")
    ] + [migrations.RunSQL(_replace(WAS, IS), _replace(IS, WAS))]

"""The interface's own tags: icons, French dates and money, and components that hold other markup.

Components without inner markup are plain includes of templates/components/; each file lists its
variables on top. The tags here exist where an include can't do it: a block of markup inside, or
a value that needs reading (a bound field, a date, a sum).
"""

from __future__ import annotations

import re
import zlib
from datetime import date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

import phonenumbers
from django import template
from django.conf import settings
from django.forms import BoundField, CheckboxInput, FileInput, Select, Textarea
from django.forms.widgets import CheckboxSelectMultiple, ChoiceWidget, RadioSelect
from django.template import Context
from django.templatetags.static import static
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from nexxio.core import clock, slots

register = template.Library()

NBSP = "\N{NO-BREAK SPACE}"
NOTHING = "\N{EN DASH}"
TONES = ("neutral", "info", "active", "waiting", "success", "warning", "danger")
TONE_ICONS = {
    "neutral": "circle",
    "info": "info-circle",
    "active": "progress",
    "waiting": "hourglass",
    "success": "circle-check",
    "warning": "alert-triangle",
    "danger": "alert-circle",
}
MESSAGE_TONES = {"debug": "neutral", "error": "danger"}
_CURRENCIES = {"EUR": "€"}


# --- Numbers ------------------------------------------------------------------------------------


def _grouped(value: Decimal, places: int) -> str:
    rounded = value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    whole, _, cents = f"{abs(rounded):.{places}f}".partition(".")
    # The font's narrow space is too thin to be seen between digits.
    grouped = f"{int(whole):,}".replace(",", NBSP)
    sign = "\N{MINUS SIGN}" if rounded < 0 else ""
    return f"{sign}{grouped},{cents}" if cents else f"{sign}{grouped}"


def _decimal(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


@register.filter(name="money")
def money_text(value: Any, currency: str = "EUR") -> str:
    """Return "1 234,50 €" with no-break spaces; a dash when there is no sum."""
    amount = _decimal(value)
    if amount is None:
        return NOTHING
    return f"{_grouped(amount, 2)}{NBSP}{_CURRENCIES.get(currency, currency)}"


@register.simple_tag
def money(value: Any, currency: str = "EUR") -> SafeString:
    """Render a sum that never breaks over two lines."""
    return format_html('<span class="money">{}</span>', money_text(value, currency))


@register.filter
def number(value: Any, places: int | None = None) -> str:
    """Return a number the French way: "12 500", "2,5". Without places, as many as it has."""
    amount = _decimal(value)
    if amount is None:
        return NOTHING
    if places is None:
        exponent = amount.normalize().as_tuple().exponent
        places = max(0, -exponent) if isinstance(exponent, int) else 0
    return _grouped(amount, places)


@register.filter
def percent(value: Any, places: int = 0) -> str:
    """Return "72 %"; the value is already in hundredths."""
    amount = _decimal(value)
    return NOTHING if amount is None else f"{_grouped(amount, places)}{NBSP}%"


# --- Dates --------------------------------------------------------------------------------------


def _local(value: date | datetime) -> date | datetime:
    return clock.local(value) if isinstance(value, datetime) else value


def _as_date(value: date | datetime) -> date:
    local = _local(value)
    return local.date() if isinstance(local, datetime) else local


def _near(value: date, zone: tzinfo) -> str:
    words = {-1: gettext("hier"), 0: gettext("aujourd’hui"), 1: gettext("demain")}
    return words.get((value - clock.today(zone)).days, "")


@register.filter
def day(value: date | datetime | None, style: str = "long") -> str:
    """Return "mardi 24 novembre"; the year follows when it isn't this one.

    style: long, short ("24 nov."), near ("aujourd’hui", "demain", else long), numeric
    ("24/11/2026"), full (long, always with its year: for what is printed and kept),
    letter ("24 novembre 2026").
    """
    if value is None:
        return NOTHING
    local = _as_date(value)
    if style == "numeric":
        return f"{local:%d/%m/%Y}"
    zone = clock.zone_at(value) if isinstance(value, datetime) else clock.PARIS
    if style == "near" and (word := _near(local, zone)):
        return word
    weekday = "" if style in ("short", "letter") else "l "
    month = "N" if style == "short" else "F"
    first = local.day == 1 and (get_language() or "fr").startswith("fr")
    number_format = r"\1\e\r" if first else "j"
    year = " Y" if style in ("full", "letter") or local.year != clock.today().year else ""
    text = date_format(local, f"{weekday}{number_format} {month}{year}")
    return text.replace(" ", NBSP) if style == "short" else text


@register.filter
def hour(value: datetime | None) -> str:
    """Return "14 h" or "14 h 10", where the instant is of (`clock.local`)."""
    if value is None:
        return NOTHING
    local = clock.local(value)
    minutes = f"{NBSP}{local.minute:02d}" if local.minute else ""
    return f"{local.hour}{NBSP}h{minutes}"


@register.filter
def moment(value: datetime | None, style: str = "long") -> str:
    """Return "mardi 24 novembre à 14 h 10"; styles are those of `day`."""
    if value is None:
        return NOTHING
    parts = {"day": day(value, style), "hour": hour(value)}
    if style in ("short", "numeric"):
        return "{day}, {hour}".format(**parts)
    return gettext("%(day)s à %(hour)s") % parts


_STEPS = (
    (timedelta(days=365), 365),
    (timedelta(days=60), 30),
    (timedelta(days=1), 1),
)


def _span(length: timedelta) -> str:
    """Return a length in its largest unit: "5 min", "2 h", "3 jours"."""
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{max(minutes, 1)}{NBSP}min"
    if minutes < 24 * 60:
        return f"{minutes // 60}{NBSP}h"
    if length >= _STEPS[0][0]:
        count = length.days // _STEPS[0][1]
        text = ngettext("%(count)s an", "%(count)s ans", count)
    elif length >= _STEPS[1][0]:
        count = length.days // _STEPS[1][1]
        text = ngettext("%(count)s mois", "%(count)s mois", count)
    else:
        count = length.days
        text = ngettext("%(count)s jour", "%(count)s jours", count)
    return (text % {"count": count}).replace(" ", NBSP)


def _elapsed(value: datetime | timedelta) -> timedelta:
    return value if isinstance(value, timedelta) else clock.now() - value


@register.filter
def age(value: datetime | timedelta | None) -> str:
    """Return how old an instant is, or how long a duration: "2 h"."""
    return NOTHING if value is None else _span(abs(_elapsed(value)))


@register.filter
def ago(value: datetime | None) -> str:
    """Return "il y a 2 h", "à l’instant", or "dans 3 jours"."""
    if value is None:
        return NOTHING
    elapsed = _elapsed(value)
    if abs(elapsed) < timedelta(minutes=1):
        return gettext("à l’instant")
    if elapsed < timedelta(0):
        return gettext("dans %(span)s") % {"span": _span(-elapsed)}
    return gettext("il y a %(span)s") % {"span": _span(elapsed)}


@register.simple_tag
def when(value: date | datetime | None, style: str = "long") -> SafeString:
    """Render an instant or a date as <time>; style also takes "ago" (refreshed in the page)."""
    if value is None:
        return format_html('<span class="faint">{}</span>', NOTHING)
    is_instant = isinstance(value, datetime)
    full = moment(value) if isinstance(value, datetime) else day(value)
    if style == "ago" and isinstance(value, datetime):
        return format_html(
            '<time datetime="{}" title="{}" data-ago>{}</time>', value.isoformat(), full, ago(value)
        )
    text = moment(value, style) if is_instant else day(value, style)  # type: ignore[arg-type]
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), full, text)


# --- People -------------------------------------------------------------------------------------


@register.filter
def phone(value: str | None) -> str:
    """Return a number as it is read aloud, "06 12 34 56 78"; what isn't a number stays as it is."""
    if not value:
        return NOTHING
    try:
        parsed = phonenumbers.parse(str(value), "FR")
    except phonenumbers.NumberParseException:
        return str(value)
    kind = (
        phonenumbers.PhoneNumberFormat.NATIONAL
        if parsed.country_code == 33
        else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    )
    return phonenumbers.format_number(parsed, kind).replace(" ", NBSP)


@register.simple_tag
def phone_link(value: str | None) -> SafeString:
    """Render a number as a link that dials it."""
    if not value:
        return format_html('<span class="faint">{}</span>', NOTHING)
    dialled = re.sub(r"[^\d+]", "", str(value))
    return format_html('<a class="nowrap" href="tel:{}">{}</a>', dialled, phone(value))


_SMALL_WORDS = {"de", "du", "des", "la", "le", "les", "et", "d", "l", "sa", "sas", "sarl"}


@register.filter
def initials(name: Any) -> str:
    """Return at most two letters for a person or an organisation."""
    words = [word for word in re.split(r"[\s\-'’.]+", str(name or "")) if word]
    telling = [word for word in words if word.lower() not in _SMALL_WORDS] or words
    if not telling:
        return "?"
    if len(telling) == 1:
        return telling[0][:2].upper()
    return (telling[0][0] + telling[1][0]).upper()


@register.filter
def tone_of(name: Any) -> str:
    """Return a tone that is always the same for a name; it says nothing of the thing."""
    calm = ("info", "active", "waiting", "success", "warning", "neutral")
    return calm[zlib.crc32(str(name or "").encode()) % len(calm)]


# --- Components ---------------------------------------------------------------------------------


def render_component(context: Context, name: str, values: dict[str, Any]) -> SafeString:
    """Render templates/components/<name>.html with these values only (and the form token)."""
    inner = context.new(values)
    if (token := context.get("csrf_token")) is not None:
        inner["csrf_token"] = token
    assert context.template is not None
    return context.template.engine.get_template(f"components/{name}.html").render(inner)


@register.simple_tag
def icon(name: str, label: str = "", size: str = "") -> SafeString:
    """Render an icon of the sprite. Without a label it is decoration; size: "", lg, xl, spin."""
    css = f"icon icon--{size}" if size else "icon"
    target = f"{static('dist/icons.svg')}#{name}"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="{}"></use></svg>',
            css,
            label,
            target,
        )
    return format_html(
        '<svg class="{}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>',
        css,
        target,
    )


@register.filter
def tone_icon(tone: str) -> str:
    """Return the icon that stands for a tone where no better one is given."""
    return TONE_ICONS.get(tone, "circle")


@register.filter
def message_tone(level_tag: str) -> str:
    """Return the tone of a message of Django's messages framework."""
    tone = MESSAGE_TONES.get(level_tag, level_tag)
    return tone if tone in TONES else "info"


@register.simple_tag(takes_context=True)
def status(
    context: Context, label: Any, tone: str = "", icon: str = "", size: str = ""
) -> SafeString:
    """Render a status badge from words, or from a thing with label, tone and icon."""
    if isinstance(label, dict):
        tone, icon = tone or label.get("tone", ""), icon or label.get("icon", "")
        label = label["label"]
    elif not isinstance(label, str) and hasattr(label, "label"):
        tone = tone or getattr(label, "tone", "")
        icon = icon or getattr(label, "icon", "")
        label = label.label
    tone = tone if tone in TONES else "neutral"
    values = {"label": label, "tone": tone, "icon": icon or TONE_ICONS[tone], "size": size}
    return render_component(context, "status", values)


def _block(name: str) -> None:
    """Make {% name … %}markup{% endname %} render components/<name>.html with the markup."""

    def render(context: Context, content: SafeString, **values: Any) -> SafeString:
        return render_component(context, name, {**values, "content": content})

    register.simple_block_tag(takes_context=True, name=name)(render)


for _name in ("page_header", "card", "table", "filters", "alert", "empty", "definition"):
    _block(_name)


@register.simple_tag(takes_context=True)
def slot(context: Context, name: str, subject: Any) -> SafeString:
    """Render what upper apps put into a place of this page; nothing where nobody does."""
    request = context["request"]
    parts = slots.parts_of(name, request.actor, subject)
    assert context.template is not None
    engine = context.template.engine
    shown = []
    for part in parts:
        inner = context.new({**part.context, "request": request})
        inner["csrf_token"] = context.get("csrf_token")
        shown.append(engine.get_template(part.template).render(inner))
    return format_html_join("", "{}", ((part,) for part in shown))


# --- Form fields --------------------------------------------------------------------------------


def _kind(widget: Any) -> str:
    if isinstance(widget, CheckboxSelectMultiple | RadioSelect):
        return "choices"
    if isinstance(widget, CheckboxInput):
        return "checkbox"
    if isinstance(widget, FileInput):
        return "file"
    if isinstance(widget, Select | ChoiceWidget):
        return "select"
    return "textarea" if isinstance(widget, Textarea) else "input"


@register.simple_tag(takes_context=True)
def field(context: Context, bound: BoundField, **options: Any) -> SafeString:
    """Render a form field: label, help, control, errors, the required mark.

    Options: label, help, layout ("tiles" or "row", for choices), prefix, suffix, hide_label,
    photos (file input with preview); any other option becomes an attribute of the control
    (underscores read as dashes: hx_get="…").
    """
    if bound.is_hidden:
        return bound.as_widget()
    own = {name: options.pop(name, "") for name in _FIELD_OPTIONS}
    kind = _kind(bound.field.widget)
    attrs = {name.replace("_", "-"): value for name, value in options.items()}
    css = {"checkbox": "check", "choices": "check"}.get(kind, "control")
    extra = bound.field.widget.attrs.get("class", "")
    attrs["class"] = " ".join(part for part in (css, extra, attrs.get("class", "")) if part)
    if kind == "file" and "data-max-bytes" not in bound.field.widget.attrs:
        attrs["data-max-bytes"] = settings.MAX_REQUEST_BYTES
    values = {**own, "field": bound, "kind": kind, "attrs": attrs}
    values["label"] = own["label"] or bound.label
    values["help"] = own["help"] or bound.help_text
    if kind == "choices":
        values["choices"] = list(bound.subwidgets)
    else:
        if own["help"] and not bound.help_text:
            attrs["aria-describedby"] = f"{bound.auto_id}_helptext"
        values["control"] = bound.as_widget(attrs=attrs)
    return render_component(context, "field", values)


_FIELD_OPTIONS = ("label", "help", "layout", "prefix", "suffix", "hide_label", "photos")

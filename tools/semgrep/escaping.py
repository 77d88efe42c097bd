import urllib.request

import httpx
import requests
from django.utils import safestring
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe


def show(name: str) -> SafeString:
    # ruleid: nothing-is-marked-safe
    mark_safe(f"<b>{name}</b>")
    # ruleid: nothing-is-marked-safe
    safestring.mark_safe(name)
    # ruleid: nothing-is-marked-safe
    SafeString(name)
    # ruleid: format-html-takes-values-apart
    format_html(f"<b>{name}</b>")
    # ruleid: format-html-takes-values-apart
    format_html("<b>" + name + "</b>")
    # ruleid: format-html-takes-values-apart
    format_html("<b>%s</b>" % name)
    # ok: format-html-takes-values-apart, nothing-is-marked-safe
    return format_html("<b>{}</b>", name)


def ask(url):
    # ruleid: outgoing-requests-have-a-timeout
    requests.get(url)
    # ruleid: outgoing-requests-have-a-timeout
    httpx.post(url, json={})
    # ruleid: outgoing-requests-have-a-timeout
    urllib.request.urlopen(url)
    # ruleid: outgoing-requests-have-a-timeout
    httpx.Client()
    # ok: outgoing-requests-have-a-timeout
    httpx.Client(timeout=3)
    # ok: outgoing-requests-have-a-timeout
    return requests.get(url, timeout=3)

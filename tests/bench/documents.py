"""Printing an order beside bare WeasyPrint of the same HTML.

Ours is the whole job: claim's row, queries, code, template, typography, tags, the file and its
events. The bare one gets the finished HTML, and makes a plain PDF without tags, and one with them.
"""

from __future__ import annotations

import json
from typing import Any

from tests.product import Site

_PRINT = """
import json, statistics, time
from django.db import transaction
from weasyprint import HTML
from nexxio.core import documents as pdf, jobs
from nexxio.core.models import Event, Job
from nexxio.core.scoping import Scope, ScopeKind, open_scope, system_scope
from orders.models import Order
from orders.selectors.sheet import sheet
from orders.services import documents
from orders.subscribers import TEMPLATE
made = {{"whole": [], "bare": [], "bare_tagged": []}}
def timed(name, work):
    began = time.process_time(); work(); made[name].append(time.process_time() - began)
with system_scope("bench"):
    event = Event.objects.filter(kind="order.issued", order_id__in=Order.objects.filter(contractor__isnull=False).values("id")).first()
scope = Scope(kind=ScopeKind.LANDLORD, landlord_id=event.landlord_id)
for n in range({rounds} + 1):
    with system_scope("bench"), transaction.atomic():
        document = documents.open_document(event=event)
    with system_scope("bench"):
        job = Job.objects.filter(kind=documents.PRINT, payload__document=str(document.pk)).get()
        job.state, job.attempts = "running", 1
        job.save()
    timed("whole", lambda: jobs.run(job))
    with open_scope(scope):
        url = documents.open_code(order_id=event.order_id)
        html = pdf.render_html(TEMPLATE, {{"sheet": sheet(document, url), "qr": pdf.qr_svg(url)}})
    base = pdf.BUNDLE.as_uri() + "/"
    timed("bare", lambda: HTML(string=html, base_url=base).write_pdf())
    timed("bare_tagged", lambda: HTML(string=html, base_url=base).write_pdf(pdf_variant="pdf/ua-1"))
print(json.dumps({{name: round(1000 * statistics.median(times[1:]), 1) for name, times in made.items()}}))
"""


def measure(site: Site, rounds: int = 15) -> dict[str, Any]:
    """Return medians in ms of one process's own time, and the ratios."""
    found: dict[str, Any] = json.loads(site.python(_PRINT.format(rounds=rounds)).split("\n")[-1])
    found["ratio"] = round(found["whole"] / found["bare_tagged"], 2)
    found["ratio_untagged"] = round(found["whole"] / found["bare"], 2)
    return found


def section(found: dict[str, Any]) -> list[str]:
    """Return the section of docs/benchmarks.md."""
    return [
        "## Printed orders",
        "",
        "The worker's whole job for a PDF of one page beside bare WeasyPrint of the same HTML: the process's own time,",
        "median in ms. Goal: ratio ≤ 1.1.",
        "",
        "| whole job | bare, tagged | ratio | bare, without tags | ratio |",
        "|---|---|---|---|---|",
        f"| {found['whole']} | {found['bare_tagged']} | {found['ratio']} | {found['bare']} |"
        f" {found['ratio_untagged']} |",
        "",
    ]

"""The import's pages: the three steps in a browser without script, and who may not."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from nexxio.core.models import Job
from nexxio.core.scoping import system_scope
from tests.estate.files import content, row, rows
from tests.estate.steps import apply, done, groups_of, rehearse


@pytest.fixture
def visit(client, rivp):
    """Log the manager in; return how she asks for a page of her landlord."""
    client.force_login(rivp.manager.user)

    def ask(name, *args, data=None, post=False, **query):
        url = reverse(f"estate:{name}", args=[rivp.landlord.slug, *args])
        return client.post(url, data or {}) if post else client.get(url, query)

    return ask


def upload(data, name="patrimoine.csv"):
    return {"file": SimpleUploadedFile(name, data, content_type="text/csv")}


def last_job():
    with system_scope("tests"):
        return Job.objects.order_by("-created_at").first()


def test_the_three_steps(visit, rivp):
    answer = visit("imports", post=True, data=upload(content(*rows(2), row(annee="x"))))
    rehearsal = last_job()
    assert answer["Location"].endswith(f"/import/{rehearsal.pk}/")
    waiting = visit("job", rehearsal.pk)
    assert "En attente" in waiting.text
    assert "every 3s" in waiting.text
    assert f'data-live="job.{rehearsal.pk}"' in waiting.text

    rehearsal = done(rehearsal)
    page = visit("job", rehearsal.pk)
    assert "every 3s" not in page.text
    assert "Appliquer l’import" in page.content.decode().replace("&#x27;", "'")
    assert page.text.count("12 rue des Lilas Blancs") == 2
    refused = visit("job", rehearsal.pk, voir="refused")
    assert "nombre entier positif" in refused.text

    visit("act", rehearsal.pk, "appliquer", post=True)
    applied = done(last_job())
    assert len(groups_of(rivp)) == 2
    assert "Import terminé" in visit("job", applied.pk).text
    assert "Appliquer" not in visit("job", rehearsal.pk).text
    assert "12 rue des Lilas Blancs" in visit("groups", q="lilas 750").text

    visit("act", applied.pk, "annuler", post=True)
    undone = done(last_job())
    assert "2 résidences retirées" in visit("job", undone.pk).text
    assert groups_of(rivp) == []
    listing = visit("imports").text
    assert listing.count("patrimoine.csv") == 3


def test_a_broken_file_shows_line_and_column(visit, rivp):
    job = rehearse(rivp, content(row()) + b"\xff\n")
    page = visit("job", job.pk)
    assert "Ligne 3, colonne 1" in page.text
    assert "Appliquer" not in page.text


@pytest.mark.parametrize(
    ("data", "message"),
    [({}, "Choisissez un fichier."), (upload(b""), "Le fichier est vide.")],
)
def test_a_missing_or_empty_file_answers_422(visit, data, message):
    answer = visit("imports", post=True, data=data)
    assert answer.status_code == 422
    assert message in answer.text


def test_a_huge_file_answers_422(visit, monkeypatch):
    monkeypatch.setattr("nexxio.core.imports.forms.MAX_UPLOAD_BYTES", 10)
    answer = visit("imports", post=True, data=upload(content(row())))
    assert answer.status_code == 422
    assert "la limite est de" in answer.text


def test_a_file_without_own_rows_says_so(visit, rivp):
    page = visit("job", rehearse(rivp, content(row(bs="AXIMO"))).pk)
    assert "Aucune ligne à votre nom" in page.text
    assert "AXIMO" in page.text


def test_lines_come_a_hundred_to_the_page(visit, rivp):
    job = rehearse(rivp, content(*rows(150)))
    assert "1 à 100 sur 150" in visit("job", job.pk).text
    last = visit("job", job.pk, page="2")
    assert "101 à 150 sur 150" in last.text
    assert last.text.count("12 rue des Lilas Blancs") == 50
    assert visit("job", job.pk, page="x", voir="nothing").status_code == 200


def test_a_hostile_file_name_and_cells_are_only_shown(visit, rivp):
    job = rehearse(
        rivp,
        content(row(adresse_programme='<img src=x onerror="a">'), row(annee="<b>")),
        name="<script>.csv",
    )
    for tab in ("created", "refused"):
        text = visit("job", job.pk, voir=tab).text
        assert "<script>.csv" not in text
        assert "<img src=x" not in text
        assert "<b>" not in text


def test_applying_twice_tells_that_it_is_done(visit, rivp):
    rehearsal = rehearse(rivp, content(row()))
    visit("act", rehearsal.pk, "appliquer", post=True)
    again = visit("act", rehearsal.pk, "appliquer", post=True)
    assert again.status_code == 409
    assert "déjà demandé" in again.text
    with system_scope("tests"):
        assert Job.objects.filter(kind="estate.apply").count() == 1


def test_a_get_never_acts(visit, rivp):
    rehearsal = rehearse(rivp, content(row()))
    assert visit("act", rehearsal.pk, "appliquer").status_code == 405
    assert visit("act", rehearsal.pk, "autre", post=True).status_code == 404


@pytest.mark.parametrize(("who", "status"), [("clerk", 403), ("reader", 403), ("desk", 404)])
def test_others_do_not_import(client, rivp, who, status):
    job = apply(rivp, content(row()))
    client.force_login(getattr(rivp, who).user)
    slug = rivp.landlord.slug
    for url in (
        reverse("estate:imports", args=[slug]),
        reverse("estate:job", args=[slug, job.pk]),
    ):
        assert client.get(url).status_code == status
    act = reverse("estate:act", args=[slug, job.pk, "annuler"])
    assert client.post(act).status_code == status
    assert len(groups_of(rivp)) == 1


def test_the_other_landlord_sees_none_of_it(client, rivp, world):
    job = apply(rivp, content(row()))
    client.force_login(world.second.manager.user)
    slug = world.second.landlord.slug
    assert client.get(reverse("estate:job", args=[slug, job.pk])).status_code == 404
    assert "Lilas Blancs" not in client.get(reverse("estate:groups", args=[slug])).text
    assert "patrimoine.csv" not in client.get(reverse("estate:imports", args=[slug])).text


def test_a_reader_sees_the_residences_but_no_import_button(client, rivp):
    apply(rivp, content(row()))
    client.force_login(rivp.reader.user)
    page = client.get(reverse("estate:groups", args=[rivp.landlord.slug]))
    assert "12 rue des Lilas Blancs" in page.text
    assert reverse("estate:imports", args=[rivp.landlord.slug]) not in page.text

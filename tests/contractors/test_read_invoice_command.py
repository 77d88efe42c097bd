"""read_invoice from a terminal."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.contractors.einvoice_files import cii

pytestmark = pytest.mark.xdist_group("einvoices")

KEYS = [
    *("verdict", "profile", "number", "issue_date", "currency", "total_with_vat", "lines"),
    *("errors", "warnings"),
]


def run(path, *arguments: str) -> str:
    out = StringIO()
    call_command("read_invoice", str(path), *arguments, stdout=out)
    return out.getvalue()


def test_an_invoice_is_answered_as_one_json_object(tmp_path):
    path = tmp_path / "facture.xml"
    path.write_text(cii(), encoding="utf-8")
    answer = json.loads(run(path, "--json"))
    assert list(answer) == KEYS
    assert answer["verdict"] == "valid"
    assert (answer["profile"], answer["number"]) == ("EN 16931", "F-2026-017")
    assert (answer["issue_date"], answer["currency"]) == ("2026-06-12", "EUR")
    assert (answer["total_with_vat"], len(answer["lines"])) == ("220.00", 2)
    assert answer["errors"] == []
    assert all(set(warning) == {"rule", "message"} for warning in answer["warnings"])


@pytest.mark.parametrize("content", [b"", b"\x00\x01 nonsense", b"<!DOCTYPE a []><a/>"])
def test_a_refusal_has_all_keys_and_is_no_failure(tmp_path, content):
    path = tmp_path / "facture.pdf"
    path.write_bytes(content)
    answer = json.loads(run(path, "--json"))
    assert list(answer) == KEYS
    (error,) = answer.pop("errors")
    assert error["rule"].startswith("NX-")
    assert answer == {
        "verdict": "refused",
        **dict.fromkeys(("profile", "number", "issue_date", "currency", "total_with_vat")),
        "lines": [],
        "warnings": [],
    }


def test_without_json_a_person_reads_it(tmp_path):
    path = tmp_path / "facture.txt"
    path.write_text("bonjour", encoding="utf-8")
    assert run(path).startswith("Verdict : Refusé\nLe fichier n’est ni un PDF ni un XML")


def test_a_path_without_a_file_is_a_mistake_of_the_caller(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        run(tmp_path / "rien.xml", "--json")
    with pytest.raises(CommandError, match="not a file"):
        run(tmp_path, "--json")

"""Estate files made by the tests, good and hostile."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

HEADING = [
    "id_livraison",
    "adresse_programme",
    "code_postal",
    "ville",
    "annee",
    "bs",
    "nb_logmt_total",
    "nb_plai",
    "nb_plus",
    "nb_pluscd",
    "nb_pls",
    "mode_real",
    "commentaires",
    "arrdt",
    "nature_programme",
    "coord_x_l93",
    "coord_y_l93",
    "geo_shape",
    "geo_point_2d",
]

GOOD = {
    "id_livraison": "9000001",
    "adresse_programme": "12 RUE DES LILAS BLANCS",
    "code_postal": "75012",
    "ville": "Paris",
    "annee": "2014",
    "bs": "RIVP",
    "nb_logmt_total": "24",
    "nb_plai": "4",
    "nb_plus": "20",
    "nb_pluscd": "0",
    "nb_pls": "0",
    "mode_real": "construction neuve",
    "commentaires": "",
    "arrdt": "12",
    "nature_programme": "logement familial",
    "coord_x_l93": "655000.1",
    "coord_y_l93": "6859000.2",
    "geo_shape": '{"coordinates": [2.39, 48.84], "type": "Point"}',
    "geo_point_2d": "48.8412345678, 2.3912345678",
}

SHARED = Path(os.environ.get("NEXXIO_SHARED", Path(__file__).parents[3] / "shared"))
REAL_FILE = SHARED / "data" / "estate" / "logements-sociaux-paris.csv"


def row(**cells: object) -> dict[str, str]:
    """A good row, with some cells replaced."""
    return GOOD | {name: str(value) for name, value in cells.items()}


def rows(count: int, **cells: object) -> list[dict[str, str]]:
    """Good rows with identifiers of their own."""
    return [row(id_livraison=9_000_001 + index, **cells) for index in range(count)]


def content(*found: dict[str, str], heading: list[str] | None = None, newline: str = "\n") -> bytes:
    """The bytes of an estate file, as the open-data portal writes it but without its mark."""
    target = io.StringIO()
    writer = csv.writer(target, delimiter=";", lineterminator=newline)
    names = heading or HEADING
    writer.writerow(names)
    writer.writerows([cells.get(name, "") for name in names] for cells in found)
    return target.getvalue().encode()


def stream(data: bytes) -> io.BytesIO:
    """A file to read from."""
    return io.BytesIO(data)

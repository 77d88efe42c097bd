"""The bounded CSV reader: what it takes, and where it says that a fault is."""

from __future__ import annotations

import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nexxio.core.imports.csvfile import BrokenFile, Limits, RecordReader


def read(data: bytes, **limits: int) -> list[list[str]]:
    return [record.cells for record in RecordReader(io.BytesIO(data), limits=Limits(**limits))]


def fault(data: bytes, **limits: int) -> BrokenFile:
    with pytest.raises(BrokenFile) as caught:
        read(data, **limits)
    return caught.value


def fault_or_none(data: bytes) -> BrokenFile | None:
    try:
        read(data)
    except BrokenFile as error:
        return error
    return None


def place(error: BrokenFile) -> tuple[int, int | None, str]:
    return error.line, error.column, error.cell


def test_a_byte_order_mark_is_no_part_of_the_first_heading():
    assert read(b"\xef\xbb\xbfa;b\n1;2\n") == [["a", "b"], ["1", "2"]]


def test_lines_may_end_with_crlf_and_the_last_one_with_nothing():
    assert read(b"a;b\r\n1;2") == [["a", "b"], ["1", "2"]]


def test_blank_lines_are_left_out_but_counted_as_lines():
    records = list(RecordReader(io.BytesIO(b"a\n\n\nb\n")))
    assert [(found.line, found.cells) for found in records] == [(1, ["a"]), (4, ["b"])]


def test_a_cell_may_hold_a_line_break_and_the_record_begins_where_it_begins():
    records = list(RecordReader(io.BytesIO(b'a;b\n"x\ny";2\nc;d\n')))
    assert [(found.line, found.number) for found in records] == [(1, 1), (2, 2), (4, 3)]
    assert records[1].cells == ["x\ny", "2"]


def test_a_quote_inside_an_unquoted_cell_is_text():
    assert read(b'a;12 "bis" rue;c\n') == [["a", '12 "bis" rue', "c"]]


def test_windows_encoding_is_refused_with_line_column_and_heading():
    error = fault("id;nature\n1;rue de la Paix\n2;résidence\n".encode("cp1252"))
    assert place(error) == (3, 4, "nature")
    assert error.message == (
        "Ligne 3, colonne 4 (« nature ») : le fichier n’est pas en UTF-8 : octet 0xE9"
        " (« é » en Windows-1252 ?). Enregistrez-le en « CSV UTF-8 »."
    )


def test_the_column_counts_characters_not_bytes():
    assert place(fault("id;nature\n1;éééé".encode() + b"\xe9\n")) == (2, 7, "nature")


def test_the_column_of_a_bad_byte_is_that_of_its_own_line_inside_a_quoted_cell():
    assert place(fault(b'id;nature\n1;"x\nab\xe9"\n')) == (3, 3, "nature")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ("a;b\n1;2\n".encode("utf-16"), "UTF-16"),
        ("\ufeffa;b\n".encode("utf-16-be"), "UTF-16"),
        (b"PK\x03\x04 a workbook", "classeur"),
        (b"%PDF-1.7\n", "classeur"),
        (b"\x1f\x8b\x08 gzip", "classeur"),
    ],
)
def test_what_is_no_csv_is_named(data: bytes, word: str):
    error = fault(data)
    assert word in error.reason
    assert place(error)[:2] == (1, 1)


def test_a_nul_byte_is_refused_where_it_stands():
    error = fault(b"id;bs\n1;RI\0VP\n")
    assert place(error) == (2, 5, "bs")
    assert "octet nul" in error.reason


def test_a_quote_that_never_closes_is_named_where_it_opens():
    error = fault(b'id;bs;x\n1;"RIVP;x\n' + b"2;RIVP;x\n" * 5)
    assert place(error) == (2, 3, "bs")
    assert "jamais refermé" in error.reason


def test_a_quote_that_never_closes_does_not_swallow_a_million_lines():
    data = io.BytesIO(b'id;bs\n1;"RIVP\n' + b"2;RIVP\n" * 1_000_000)
    with pytest.raises(BrokenFile) as caught:
        list(RecordReader(data))
    assert place(caught.value) == (2, 3, "bs")
    assert data.tell() < 1_000


def test_a_quote_that_closes_in_the_middle_of_a_text_is_named_where_it_opens():
    error = fault(b'id;bs;x\n1;ok;x\n2;"RIVP\n3;b" c;x\n')
    assert place(error) == (3, 3, "bs")
    assert "mal fermé" in error.reason


def test_an_old_mac_file_is_refused():
    error = fault(b"id;bs\r1;RIVP\r")
    assert place(error)[:2] == (1, 6)
    assert "retour chariot isolé" in error.reason


def test_limits_are_refused_with_their_figure():
    assert "8 octets" in fault(b"a;b\n0123456789\n", line_bytes=8).reason
    assert place(fault(b"a\nb\nc\nd\n", lines=3)) == (4, 1, "")
    assert "0 Mo" in fault(b"a\nb\nc\n", bytes=4).reason


def test_one_endless_line_is_read_no_further_than_the_limit():
    data = io.BytesIO(b"x" * 5_000_000)
    with pytest.raises(BrokenFile):
        list(RecordReader(data))
    assert data.tell() <= Limits().line_bytes + 1


def test_a_cell_over_many_lines_within_the_limit_is_read():
    cell = "\n".join("x" * 10 for _ in range(15))
    assert read(f'a;"{cell}"\n'.encode()) == [["a", cell]]


class Endless(io.RawIOBase):
    """A file of any length that exists nowhere."""

    def __init__(self, line: bytes, count: int) -> None:
        self._line, self._left = line, count

    def readable(self) -> bool:
        return True

    def readline(self, size: int | None = -1) -> bytes:
        self._left -= 1
        return self._line if self._left >= 0 else b""


def peak_of_reading(count: int) -> int:
    line = b";".join([b"12 RUE DES LILAS BLANCS"] * 19) + b"\n"
    tracemalloc.start()
    try:
        assert sum(1 for _ in RecordReader(Endless(line, count))) == count  # type: ignore[arg-type]
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_lines():
    peak_of_reading(100)  # what is made once
    assert peak_of_reading(20_000) < peak_of_reading(1_000) * 1.2


@pytest.mark.slow
def test_a_million_lines_are_read():
    line = b";".join([b"RIVP"] * 19) + b"\n"
    assert sum(1 for _ in RecordReader(Endless(line, 1_000_000))) == 1_000_000  # type: ignore[arg-type]


TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\0", exclude_categories=["Cs"]), max_size=12
)


@given(st.lists(st.lists(TEXT, min_size=1, max_size=5), max_size=6))
def test_whatever_is_written_as_csv_is_read_back(table: list[list[str]]):
    table = [[cell.replace("\r", "") for cell in cells] for cells in table]
    target = io.StringIO()
    csv.writer(target, delimiter=";", lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(table)
    assert read(b"\xef\xbb\xbf" + target.getvalue().encode()) == table


@given(st.binary(max_size=200))
def test_any_bytes_give_records_or_a_fault_with_its_line(data: bytes):
    error = fault_or_none(data)
    if error is not None:
        assert 1 <= error.line <= data.count(b"\n") + 1
        assert error.column is not None
        assert error.column >= 1


@given(st.text(alphabet='a;"\n\r', max_size=40))
def test_any_quoting_gives_records_or_a_fault_inside_the_file(text: str):
    error = fault_or_none(text.encode())
    if error is not None:
        lines = text.split("\n")
        assert 1 <= error.line <= len(lines)
        assert error.column is not None
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1

"""CSV in all its ways, and files that cannot be read; what is wrong with a row never stops the others."""

import csv
import gzip
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mqldsl.data.faults import Fault, Faults
from mqldsl.data.sources import Tally, columns_of, rows_of
from mqldsl.data.text_file import File, SourceError


def source(folder: Path, content: str | bytes, name: str = "t.csv", delimiter: str | None = None) -> File:
    raw = content.encode() if isinstance(content, str) else content
    path = folder / name
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return File(path, name, delimiter)


def rows(file: File, *columns: str, faults: Faults | None = None) -> list[list[object]]:
    found = rows_of(file, columns or columns_of(file), faults, Tally())
    return [list(cells) for _, cells in found]


def broken(file: File) -> tuple[list[list[object]], list[tuple[int, str, str]]]:
    faults = Faults()
    kept = rows(file, faults=faults)
    return kept, [(fault.row, fault.value, fault.problem) for fault in faults.kept]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends_are_found(tmp_path: Path, delimiter: str, newline: str) -> None:
    lines = [["id", "na me"], ["1", 'a "quoted" text'], ["2", "1,5;x"], ["3", "two\nlines"]]
    text = "".join(
        delimiter.join('"' + cell.replace('"', '""') + '"' for cell in line) + newline for line in lines
    )
    file = source(tmp_path, text)
    assert columns_of(file) == ("id", "na me")
    assert rows(file) == lines[1:]


@pytest.mark.parametrize("first", ["sep=;\n", '"SEP=;"\r\n', "\ufeffsep=;\r\n", "sep=;\r"])
def test_the_line_that_tells_excel_the_delimiter(tmp_path: Path, first: str) -> None:
    newline = first.partition(";")[2].strip('"')
    file = source(tmp_path, first + newline.join(["a;b", "1,2;3,4", "5;6;7", "8;9", ""]))
    assert columns_of(file) == ("a", "b")
    kept, faults = broken(file)
    assert kept == [["1,2", "3,4"], ["8", "9"]]
    assert faults == [(2, "line 4: 5;6;7", "the line has too many cells")]


def test_a_delimiter_that_is_told(tmp_path: Path) -> None:
    assert rows(source(tmp_path, "a^b,c\n1^2,3\n", delimiter="^")) == [["1", "2,3"]]


def test_a_decimal_comma_is_no_delimiter(tmp_path: Path) -> None:
    assert rows(source(tmp_path, "a;b\n1,5;2,5\n3,5;4,5\n")) == [["1,5", "2,5"], ["3,5", "4,5"]]


def test_single_quotes_around_every_name_are_the_quotes(tmp_path: Path) -> None:
    assert rows(source(tmp_path, "'a','b'\n'1,5','it''s'\n")) == [["1,5", "it's"]]
    assert rows(source(tmp_path, "a,b\n'1,'2'\n")) == [["'1", "'2'"]]


@pytest.mark.parametrize("name", ["t.csv", "t.CSV", "t.txt", "t.tsv", "t.csv.gz"])
def test_names_and_a_byte_order_mark(tmp_path: Path, name: str) -> None:
    text = "\ufeff a \tb\n1\té\n"
    file = source(tmp_path, text, name)
    assert columns_of(file) == ("a", "b")
    assert rows(file, "b", "a", "b") == [["é", "1", "é"]]


def test_every_cell_is_text_and_blanks_are_kept(tmp_path: Path) -> None:
    assert rows(source(tmp_path, 'a,b,c\n007, x ,""\n,,\n')) == [["007", " x ", ""], ["", "", ""]]


def test_one_column(tmp_path: Path) -> None:
    assert rows(source(tmp_path, "a\n1\n\n2\n")) == [["1"], ["2"]]


def test_a_file_with_names_only_has_no_rows(tmp_path: Path) -> None:
    file = source(tmp_path, "a,b")
    assert columns_of(file) == ("a", "b")
    assert rows(file) == []


@pytest.mark.parametrize("content", ["", "\n\n", "\ufeff"])
def test_an_empty_file_has_no_names(tmp_path: Path, content: str) -> None:
    with pytest.raises(SourceError, match=r"`t\.csv` is empty: the first line names the columns"):
        columns_of(source(tmp_path, content))


def test_names_may_be_there_twice(tmp_path: Path) -> None:
    assert columns_of(source(tmp_path, "a,b,a\n")) == ("a", "b", "a")


def test_broken_lines_are_set_aside_with_their_numbers(tmp_path: Path) -> None:
    text = 'a,b,c\n1,2,3\n4,5\n\n6,7,8,9\n10,"x\ny",12\n13,"bad"q,14\n15,16,17,,\n18,"never,19\n20,21,22\n'
    kept, faults = broken(source(tmp_path, text))
    assert kept == [["1", "2", "3"], ["10", "x\ny", "12"], ["15", "16", "17"], ["20", "21", "22"]]
    assert faults == [
        (2, "line 3: 4,5", "the line has too few cells"),
        (3, "line 5: 6,7,8,9", "the line has too many cells"),
        (5, 'line 8: 13,"bad"q,14', "the line has a quote in the wrong place"),
        (7, 'line 10: 18,"never,19', "a quote of the line is never closed"),
    ]


def test_a_quote_too_many_costs_its_own_line_only(tmp_path: Path) -> None:
    lines = [f'{number},"text {number}"' for number in range(5_000)]
    lines[7] = '7,"text'
    lines[4_000] = '4000,"text'
    kept, faults = broken(source(tmp_path, "\n".join(["a,b", *lines])))
    assert len(kept) == 4_998
    assert [(row, value) for row, value, _ in faults] == [
        (8, 'line 9: 7,"text'),
        (4_001, 'line 4002: 4000,"text'),
    ]
    # Far from any other quote.
    lines = [f"{number},text" for number in range(5_000)]
    lines[7] = '7,"text'
    kept, faults = broken(source(tmp_path, "\n".join(["a,b", *lines])))
    assert len(kept) == 4_999
    assert [problem for _, _, problem in faults] == ["a quote of the line is never closed"]


def test_text_in_a_cell_never_becomes_a_row(tmp_path: Path) -> None:
    # The quotes are sound and the cells too many: the lines inside them belong to this row.
    kept, faults = broken(source(tmp_path, 'a,b\n1,"x\n2,y\n",z\n3,w\n'))
    assert kept == [["3", "w"]]
    assert len(faults) == 1


def test_a_cell_that_is_too_long_is_a_fault(tmp_path: Path) -> None:
    kept, faults = broken(source(tmp_path, "a,b\n1," + "x" * 200_000 + "\n2,y\n"))
    assert kept == [["2", "y"]]
    assert faults[0][2] == "a cell of the line has more than 131,072 characters"
    assert len(faults[0][1]) == 200


def test_a_cell_may_have_many_lines_but_not_the_whole_file(tmp_path: Path) -> None:
    kept, faults = broken(source(tmp_path, 'a,b\n1,"' + "x\n" * 900 + '"\n2,y\n'))
    assert (len(kept), faults) == (2, [])
    kept, faults = broken(source(tmp_path, 'a,b\n1,"' + "x\n" * 1_100 + '"\n2,y\n'))
    assert kept == [["2", "y"]]
    assert faults[0][2] == "a quote of the line is never closed"


def test_a_file_that_is_read_twice_reports_broken_lines_once(tmp_path: Path) -> None:
    file, faults = source(tmp_path, "a,b\n1\n"), Faults()
    rows(file, faults=faults)
    rows(file, faults=faults)
    assert faults.kept == [Fault("t.csv", 1, "", "line 2: 1", "the line has too few cells")]


def test_what_is_not_utf8_is_told_by_file_and_byte(tmp_path: Path) -> None:
    good = "a,b\n" + "1,é\n" * 50_000
    for name in ("t.csv", "t.csv.gz"):
        file = source(tmp_path, good.encode() + b"x,caf\xe9\n", name)
        with pytest.raises(SourceError) as caught:
            rows(file)
        assert str(caught.value) == (
            f"`{name}` is not UTF-8: byte {len(good.encode()) + 6:,} (0xE9, on line 50,002) is no part of it; "
            "save it as UTF-8, or name its `encoding`"
        )


def test_a_character_cut_in_two_at_the_end(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"byte 7 \(0xC3, on line 2\)"):
        rows(source(tmp_path, b"a,b\n1,\xc3"))


def test_utf_16_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="it looks like UTF-16; save it as UTF-8"):
        columns_of(source(tmp_path, "a,b\n".encode("utf-16")))


@pytest.mark.parametrize("content", [b"plain", b"\x1f\x8b\x08\x00cut"])
def test_what_is_no_gzip_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(content)
    with pytest.raises(SourceError, match="is not a whole gzip file"):
        columns_of(File(path, "t.csv.gz"))


def test_a_gzip_that_is_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"".join(b"%d,x\n" % n for n in range(99_999)))[:-2_000])
    with pytest.raises(SourceError, match="is not a whole gzip file"):
        rows(File(path, "t.csv.gz"))


def test_files_that_are_not_there_or_not_read(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"^there is no file `none\.csv`$"):
        columns_of(File(tmp_path / "none.csv", "none.csv"))
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(SourceError, match=r"folder\.csv` is a folder: `paths = "):
        columns_of(File(tmp_path / "folder.csv", "folder.csv"))
    with pytest.raises(SourceError, match="save the sheet as CSV"):
        columns_of(File(tmp_path / "x.xlsx", "x.xlsx"))
    with pytest.raises(SourceError, match="one object a line"):
        columns_of(File(tmp_path / "x.json", "x.json"))
    with pytest.raises(
        SourceError,
        match=r"there are \.csv, \.tsv, \.txt, \.jsonl, \.ndjson \(each also \.gz\) and \.parquet",
    ):
        columns_of(File(tmp_path / "x.dat", "x.dat"))


def test_a_name_is_a_name_and_no_pattern(tmp_path: Path) -> None:
    source(tmp_path, "a,b\nwrong,file\n", "x1.csv")
    source(tmp_path, '{"a": "wrong"}\n', "y1.jsonl")
    for name, content in (("x[1].csv", "a\n1\n"), ("x*.csv", "a\n1\n"), ("y[1].jsonl", '{"a": "1"}\n')):
        assert rows(source(tmp_path, content, name)) == [["1"]]
    for name in ("x'; drop table leads; --.csv", "https:x.csv", "a b\u00e9.csv"):
        assert rows(source(tmp_path, "a'; --,b\n1,2\n", name)) == [["1", "2"]]


def test_progress_counts_rows_over_all_files(tmp_path: Path) -> None:
    heard: list[int] = []
    tally = Tally(heard.append)
    file = source(tmp_path, "a\n" + "1\n" * 10_000)
    assert sum(1 for _ in rows_of(file, ["a"], None, tally)) == 10_000
    assert sum(1 for _ in rows_of(file, ["a"], None, tally)) == 10_000
    assert heard == [8_192, 10_000, 18_192, 20_000]


@given(
    st.binary(max_size=200) | st.text(alphabet="a1,;\"'\n\r\t é\x00", max_size=200).map(str.encode),
    st.booleans(),
)
def test_whatever_a_file_holds_it_gives_rows_or_a_word(content: bytes, is_json: bool) -> None:
    with TemporaryDirectory() as folder:
        file, faults = source(Path(folder), content, "t.jsonl" if is_json else "t.csv"), Faults()
        with suppress(SourceError):
            names = columns_of(file)
            assert all(len(cells) == len(names) for cells in rows(file, faults=faults))


@given(
    st.lists(st.lists(st.text(alphabet="a,;\"\n\r' é|\t", max_size=6), min_size=3, max_size=3), max_size=9)
)
def test_what_is_written_as_csv_is_read_as_it_was(table: list[list[str]]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, quoting=csv.QUOTE_ALL).writerows([["x", "y", "z"], *table])
        assert rows(File(path, "t.csv")) == table

"""The benchmarks decide as the definitions do, and their command runs; nobody looks at the times here."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import mqldsl
from benchmarks import command, sections
from benchmarks.batch import variants
from benchmarks.embed import chart, contenders, page
from benchmarks.embed.agreement import Disagreement, check
from benchmarks.embed.conditions import AtLeast, Between, Compare, Is, OneOf, opposite
from benchmarks.embed.contenders import Contender
from benchmarks.embed.results import measure
from benchmarks.embed.timing import Plan
from benchmarks.embed.workload import AS_OF, Told
from benchmarks.embed.workloads import WORKLOADS

ROOT = Path(__file__).resolve().parents[2]

BRIEF = Plan(rounds=1, leads=3, turn=0.0, checking=60)


@pytest.mark.parametrize("code", WORKLOADS)
def test_python_by_hand_decides_as_mqldsl_does(code: str) -> None:
    workload = WORKLOADS[code]()
    running = [*contenders.by_hand(workload), *contenders.ours(workload)]
    checked = check(workload, running, lambda _: None, BRIEF.checking)
    assert set(checked.values()) == {200}


def test_a_wrong_answer_stops_the_run() -> None:
    workload = WORKLOADS["W1"]()
    running = contenders.by_hand(workload)
    wrong = Contender("wrong", "peer", lambda _: None, lambda _: Told("nurture", []))
    with pytest.raises(Disagreement, match="W1: wrong disagrees with hand-written, full trace about lead"):
        check(workload, [*running, wrong], lambda _: None, BRIEF.checking)


@pytest.mark.parametrize("code", WORKLOADS)
def test_the_leads_of_a_workload_are_told_apart(code: str) -> None:
    truth = next(each for each in contenders.by_hand(WORKLOADS[code]()) if each.name.endswith("full trace"))
    told = [truth.tell(number) for number in range(200)]
    assert len({each.verdict for each in told}) >= 3
    assert {answer for each in told for answer in (each.clauses or {}).values()} == {True, False, None}


def test_the_command_measures_one_workload(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["embed", "--quick", "--only", "W1", "--no-peers", "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [row["name"] for row in told["workloads"][0]["rows"]] == [
        "hand-written, early exit",
        "hand-written, full trace",
        "mqldsl",
    ]


def test_the_page_and_the_chart_name_everybody() -> None:
    found = measure(WORKLOADS["W2"](), BRIEF, lambda _: None, with_peers=False)
    for text in (page.page([found], [], None, BRIEF), chart.chart([found])):
        assert "mqldsl, History prepared" in text
        assert "hand-written, early exit" in text


def test_unknown_workloads_are_named() -> None:
    with pytest.raises(SystemExit, match="no workload W9: there are W1, W2"):
        command.main(["embed", "--only", "W9"])


def test_the_opposite_of_a_condition_is_yes_where_it_is_no() -> None:
    assert opposite(Is("flag")) == Is("flag", wanted=False)
    assert opposite(OneOf("title", ("a",))) == OneOf("title", ("a",), is_in=False)
    two = AtLeast(2, (Is("a"), Is("b"), Is("c")))
    assert opposite(two) == AtLeast(2, (Is("a", False), Is("b", False), Is("c", False)))
    assert opposite(Between("size", 1, 9)) == AtLeast(1, (Compare("size", "<", 1), Compare("size", ">", 9)))


def test_mqldsl_is_what_is_measured() -> None:
    assert isinstance(contenders.load(WORKLOADS["W1"]()), mqldsl.Definition)


# ------------------------------------------------------------------ all leads


def test_the_commands_write_parts_of_one_page(tmp_path: Path) -> None:
    path = tmp_path / "performance.md"
    sections.write(path, "embed", "one")
    sections.write(path, "batch", "two")
    sections.write(path, "embed", "three\n")
    assert path.read_text() == (
        "# Performance\n\n<!-- embed -->\n\nthree\n\n<!-- end of embed -->\n"
        "\n<!-- batch -->\n\ntwo\n\n<!-- end of batch -->\n"
    )


def test_the_page_has_a_part_of_each_command() -> None:
    text = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    assert text.count("<!-- embed -->") == text.count("<!-- end of embed -->") == 1


@pytest.mark.parametrize("make", [variants.same_selections, variants.other_selections])
def test_the_large_definitions_are_valid_and_as_large_as_said(make: Callable[[], str]) -> None:
    assert len(mqldsl.loads(make()).decide({}, as_of=AS_OF).clauses) == 240


@pytest.fixture
def made(tmp_path: Path) -> Any:
    """Leads and events of the benchmark, few of them."""
    for library in ("duckdb", "pandas", "pyarrow"):
        pytest.importorskip(library)
    from benchmarks.batch import data

    return data.files(data.Size(200, 6_000), tmp_path)


def test_sql_and_pandas_answer_for_all_leads_as_decide_does(
    made: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pyarrow import parquet

    from benchmarks.batch import agreement, contenders

    def in_this_process(name: str, files: Any, keep: Path) -> dict[str, str]:
        parquet.write_table(contenders.CONTENDERS[name].ready(files)(), keep)
        return {}

    monkeypatch.setattr(agreement, "alone", in_this_process)
    names = [name for name, each in contenders.CONTENDERS.items() if each.side != "ours"]
    agreement.check(made, names, lambda _: None, leads=200)


def test_a_lead_answered_otherwise_stops_the_run(made: Any, tmp_path: Path) -> None:
    import pyarrow as pa
    from pyarrow import parquet

    from benchmarks.batch import agreement, contenders

    table = contenders.CONTENDERS[contenders.HAND].ready(made)()
    parquet.write_table(table, tmp_path / "truth.parquet")
    asked = table["asked"].to_pylist()
    asked[7] = not asked[7]
    other = table.set_column(table.column_names.index("asked"), "asked", pa.array(asked))
    parquet.write_table(other, tmp_path / "kept.parquet")
    with pytest.raises(agreement.Disagreement, match=r"pandas disagrees .*: asked: 1$"):
        agreement.compare("pandas", tmp_path / "kept.parquet", tmp_path / "truth.parquet")


def test_what_is_not_there_is_said_in_place_of_its_figures(made: Any) -> None:
    pytest.importorskip("duckdb")
    from benchmarks.batch import page as batch_page
    from benchmarks.batch import screen
    from benchmarks.batch.data import Size
    from benchmarks.batch.results import Measured, Row, Turn
    from benchmarks.batch.targets import targets

    assert made.leads.exists()
    main = Measured(
        Size(400, 12_000),
        (
            Row("mqldsl", "ours", (), why_not="not yet"),
            Row("hand-written SQL", "hand", (Turn(2.0, 3.0, 300.0), Turn(1.0, 2.0, 400.0))),
            Row("floor", "hand", (Turn(1.0, 1.0, 200.0), Turn(0.5, 0.5, 200.0))),
        ),
    )
    reached = targets(main, None, [])
    assert {each.measured for each in reached} == {"not measured"}
    told = screen.whole([main], [], reached)
    assert "not run: not yet" in told
    assert "2.00" in told  # beside the floor
    part = batch_page.part(batch_page.Run([main], [], reached, 300))
    assert part.startswith("## All leads")
    assert "hand-written SQL" in batch_page.chart([main])

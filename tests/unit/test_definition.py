"""A definition in an application: loading, asking, pickling, threads, and what `import mqldsl` costs."""

import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

import mqldsl
from mqldsl import Definition, DefinitionError, Event, History, load, loads

ROOT = Path(__file__).parents[2]
QUICK_START = ROOT / "rules" / "quick-start" / "mql.mql"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TEXT = """
definition "Small" version 2

lead:
  title: text
  budget: money

event visit

clause decides: title in ("VP *", "Head of *")
clause can_pay: budget >= 50k
clause keen: visits >= 2 within 30d

decide handling:
  sales when decides and can_pay
  nurture when keen
  otherwise remove
"""


def visits(*days: int) -> list[Event]:
    return [Event("visit", datetime(2026, 3, day, tzinfo=UTC)) for day in days]


# ------------------------------------------------------------------ loading


def test_a_definition_from_a_text() -> None:
    definition = loads(TEXT)
    assert (definition.title, definition.version) == ("Small", "2")
    assert repr(definition) == "<Definition 'Small' version 2>"
    assert definition.fingerprint.startswith("mql1:")
    assert definition.decide({"title": "VP Sales", "budget": 80_000}, as_of=NOON).verdict == "sales"


def test_a_definition_without_a_head_has_no_title() -> None:
    definition = loads("lead:\n  a: number\nclause x: a > 3\n")
    assert (definition.title, definition.version) == ("", "")
    assert repr(definition) == "<Definition ''>"


def test_a_text_may_name_further_files() -> None:
    definition = loads(
        'use "fields.mql"\nlist names from "lists/names.csv"\nclause known: title in names\n',
        files={"fields.mql": "lead:\n  title: text\n", "lists/names.csv": "VP *\n"},
    )
    assert definition.decide({"title": "vp sales"}).fired == ("known",)
    with pytest.raises(DefinitionError, match=r"fields\.mql"):
        loads('use "fields.mql"\n')


def test_errors_are_told_all_at_once() -> None:
    with pytest.raises(DefinitionError, match=r"mine\.mql:3:11: .*\[MQL\d{3}\], and 1 more") as raised:
        loads("lead:\n  a: number\nclause x: b > 3\nclause y: c > 3\n", "mine.mql")
    assert len(raised.value.findings) == 2
    copy = pickle.loads(pickle.dumps(raised.value))  # as it comes from another process
    assert (str(copy), copy.findings) == (str(raised.value), raised.value.findings)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="cannot be read"):
        load(tmp_path / "no.mql")


def test_the_pack_to_start_with_loads_by_path_or_text() -> None:
    assert load(QUICK_START) == load(str(QUICK_START))
    assert load(QUICK_START).decide({"opted_out": "yes"}).verdict == "remove"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "main.mql").write_text(
        'use "more.mql"\nlead:\n  title: text\nlist names from "names.csv"\nclause x: title in names\n',
        "utf-8",
    )
    (tmp_path / "more.mql").write_text("clause y: title is known\n", "utf-8")
    (tmp_path / "names.csv").write_text("VP *\n", "utf-8")
    return tmp_path


def test_what_has_not_changed_is_not_read_anew(files: Path) -> None:
    first = load(files / "main.mql")
    assert load(files / "main.mql") is first
    (files / "names.csv").write_text("VP *\n", "utf-8")
    assert load(files / "main.mql") is first


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("main.mql", "lead:\n  title: text\nclause x: title is missing\n"),
        ("more.mql", "clause y: title is missing\n"),
        ("names.csv", "CEO\n"),
    ],
)
def test_a_change_in_any_file_is_seen(files: Path, file: str, text: str) -> None:
    first = load(files / "main.mql")
    (files / file).write_text(text, "utf-8")
    assert load(files / "main.mql") != first


def test_a_file_that_went_away_is_missed(files: Path) -> None:
    load(files / "main.mql")
    (files / "names.csv").unlink()
    with pytest.raises(DefinitionError, match=r"names\.csv"):
        load(files / "main.mql")


# ------------------------------------------------------------------ as a value


def test_definitions_are_equal_where_they_mean_the_same() -> None:
    one, two, three = loads(TEXT), loads(f"# mine\n{TEXT}"), loads(TEXT.replace("50k", "60k"))
    assert one == two != three
    assert len({one, two, three}) == 2
    assert one != "Small"


def test_a_definition_never_changes() -> None:
    definition = loads(TEXT)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        definition.model = definition.model  # type: ignore[misc] # on purpose


@pytest.mark.parametrize("is_used", [False, True])
def test_a_definition_may_be_pickled_before_and_after_its_first_use(is_used: bool) -> None:
    definition = loads(TEXT)
    if is_used:
        definition.decide({})
    again = pickle.loads(pickle.dumps(definition))
    assert again == definition
    assert "decide" not in vars(again)
    lead = {"title": "VP Sales", "budget": 80_000}
    assert again.decide(lead, visits(1), as_of=NOON) == definition.decide(lead, visits(1), as_of=NOON)


def test_a_deeply_nested_definition_works_where_it_is_unpickled(tmp_path: Path) -> None:
    condition = "a > 3"
    for _ in range(66):
        condition = f"not (b or ({condition}))"
    definition = loads(f"lead:\n  a: number\n  b: yes/no\nclause x: {condition}\n")
    (tmp_path / "it").write_bytes(pickle.dumps(definition))
    code = (
        "import pickle, pathlib, sys; it = pickle.loads(pathlib.Path(sys.argv[1]).read_bytes()); "
        "print(it.decide({'a': 4, 'b': 'no'}).clauses, it.decide({'a': 4, 'b': 'no'}).missing)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "it"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    said = definition.decide({"a": 4, "b": "no"})
    assert done.stdout == f"{said.clauses} {said.missing}\n", done.stderr[-500:]


# ------------------------------------------------------------------ asking


def test_after_the_first_call_nothing_stands_before_the_program() -> None:
    definition = loads(TEXT)
    first = definition.decide({})
    assert "decide" in vars(definition)
    assert definition.decide({}).verdict == first.verdict


@pytest.mark.parametrize(
    ("lead", "answer"),
    [({"title": "VP"}, True), ({"title": "Buyer"}, False), ({"title": None}, None), ({}, None)],
)
def test_one_clause_alone(lead: dict[str, object], answer: bool | None) -> None:
    assert loads(TEXT).clause("decides")(lead) is answer


def test_a_clause_takes_what_a_decision_takes() -> None:
    keen = loads(TEXT).clause("keen")
    assert keen({}) is None
    assert keen({}, []) is False
    assert keen({}, visits(1, 2), as_of=NOON) is True
    assert keen({}, visits(1, 2), None, "2026-09-01") is False
    assert keen({}, visits(1), None, NOON, feeds=[]) is None
    with pytest.raises(mqldsl.LeadError):
        keen({}, [{"kind": "vist"}])
    assert keen({}, [{"kind": "vist"}], strict=False) is False


def test_a_clause_that_is_not_there() -> None:
    with pytest.raises(LookupError, match="no clause `decide`: did you mean `decides`"):
        loads(TEXT).clause("decide")
    with pytest.raises(LookupError, match="no clause `xyz`"):
        loads(TEXT).clause("xyz")


def test_a_history_is_prepared_once_for_many_decisions() -> None:
    definition = loads(TEXT)
    history = definition.history(iter(visits(1, 2)))
    assert isinstance(history, History)
    asked = ["2026-03-01", "2026-03-10", "2026-06-01"]
    answers = [definition.decide({}, history, as_of=each).clauses["keen"] for each in asked]
    assert answers == [False, True, False]
    assert definition.decide({}, history, as_of=NOON) == definition.decide({}, visits(1, 2), as_of=NOON)


def test_without_an_instant_it_is_now() -> None:
    before = datetime.now(UTC)
    decision = loads(TEXT).decide({}, [Event("visit", before)])
    assert decision.as_of is None or before <= decision.as_of <= datetime.now(UTC)


def test_without_an_instant_events_of_all_times_are_seen_up_to_now() -> None:
    definition = loads("event visit\nclause came: visits >= 2\n")
    assert definition.decide({}, visits(1, 2)).fired == ("came",)
    assert definition.decide({}, [Event("visit", "2999-01-01")] * 2).not_fired == ("came",)


@pytest.mark.parametrize(
    "events", [5, {"kind": "visit", "at": NOON}, Event("visit", NOON), "visit"], ids=repr
)
def test_events_that_are_no_list_of_events(events: Any) -> None:
    with pytest.raises(mqldsl.LeadError, match="another iterable, of events"):
        loads(TEXT).decide({}, events, as_of=NOON)


def test_feeds_that_come_once_can_be_looked_at_again() -> None:
    decision = loads(TEXT).decide({}, visits(1), as_of=NOON, feeds=iter(["visit"]))
    assert decision.missing == ("title", "budget")


def test_eight_threads_agree_with_one() -> None:
    text = QUICK_START.read_text("utf-8")
    files = {"lists/free_mail.csv": "domain\nmail.example\n"}
    leads: list[tuple[Any, ...]] = [
        (
            {"title": title, "budget": budget, "email": f"a@{'mail' if number % 3 else 'acme'}.example"},
            visits(*range(1, number % 9 + 1)),
            {"employees": number * 20} if number % 2 else None,
            f"2026-03-{number % 28 + 1:02}",
        )
        for number in range(20)
        for title, budget in (("VP Sales", None), ("Buyer", 30_000), ("", 10_000))
    ]
    alone = [loads(text, files=files).decide(*lead).to_dict() for lead in leads]
    shared = loads(text, files=files)
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda lead: shared.decide(*lead).to_dict(), leads * 2))
    assert together == alone * 2


# ------------------------------------------------------------------ public names


def test_every_public_name_is_there() -> None:
    assert mqldsl.__all__ == sorted(mqldsl.__all__)
    assert set(mqldsl.__all__) <= set(dir(mqldsl))
    assert all(getattr(mqldsl, name) is not None for name in mqldsl.__all__)
    assert mqldsl.Definition is Definition
    with pytest.raises(AttributeError, match="no attribute `load_s`"):
        _ = mqldsl.load_s  # type: ignore[attr-defined] # on purpose


def test_every_public_name_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "python-api.md").read_text("utf-8")
    assert [name for name in mqldsl.__all__ if f"`{name}" not in page] == []
    for kind in (Definition, mqldsl.Decision, mqldsl.Reasons):
        public = [name for name in vars(kind) if not name.startswith("_")]
        section = page.partition(f"\n## {kind.__name__}\n")[2].partition("\n## ")[0]
        assert [name for name in public if f"`{name}" not in section] == []


def test_the_package_itself_loads_next_to_nothing() -> None:
    code = "import sys, mqldsl; print([name for name in sys.modules if name.startswith(('mqldsl.', 'lark', 'attr'))])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"

"""Text of users never becomes code: names, labels, literals, list entries and data that look like Python."""

import ast
import re
from typing import Any

import pytest

import mqldsl
from mqldsl.embed.decision import Decision
from mqldsl.evaluate.generated.names import NAMES
from mqldsl.evaluate.python import program

HOSTILE = [
    '"); import os; os.system("touch /tmp/owned")  #',
    "__import__('os').system('exit 7')",
    "K0",
    "{0.__class__}",
    "%s%n",
    "\\x22\\n\\",
    "'''",
    "\u2028raise SystemExit",
    "{}",
    "lambda: 0",
]


def text_for(hostile: str) -> str:
    quoted = '"' + hostile.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
    return f"""\
definition {quoted} version 1
  owners {quoted}
lead:
  title {quoted}: text, missing when {quoted}
  __import__: text
  exec: number, from {quoted}
  stage: one of ({quoted}, plain)
event eval: lambda_ text
list import_: {quoted}, "x"
clause d {quoted}: title in import_ or title contains {quoted}
clause Decision: stage = {quoted}
clause program: evals(lambda_ = {quoted}) >= 1 within 30d
clause reads: __import__ starts with {quoted}
score now {quoted}:
  +10 when d, because {quoted}
grade ref of now: {quoted} from 5, otherwise plain
value told:
  {quoted} when program
  otherwise title
decide lead_:
  {quoted} when Decision or reads, to {quoted}, because {quoted}
  otherwise {quoted}
"""


@pytest.mark.parametrize("hostile", HOSTILE)
def test_a_hostile_text_is_only_a_text(hostile: str) -> None:
    definition = mqldsl.loads(text_for(hostile))
    lead: dict[str, Any] = {"title": "x", "__import__": hostile + "!", "stage": hostile, hostile: 3}
    at = mqldsl.Event("eval", "2026-01-01", {"lambda_": hostile})
    decision = definition.decide(lead, [at], as_of="2026-01-02")
    assert decision.verdict == hostile
    assert decision.fired == ("d", "Decision", "program", "reads")
    assert decision.grades == {"ref": hostile}
    assert decision.values == {"told": hostile}
    assert decision.team == hostile
    assert str(decision.explain())


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_of_it_stands_in_the_generated_text(hostile: str) -> None:
    text = program(mqldsl.loads(text_for(hostile)).model, Decision).text
    constants = {node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)}
    texts = {value for value in constants if isinstance(value, str)}
    assert texts <= {"kind", "at", "id"}
    names = {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}
    slots = re.compile(r"[A-Za-z]{1,2}_?\d+|belongs_\d+")
    unknown = {name for name in names if not slots.fullmatch(name)} - KNOWN
    assert not unknown


# What the templates say: what every function may call, its arguments, and the variables that have no number.
KNOWN = {
    *NAMES,
    *NAMES["__builtins__"],
    *("Decision", "program", "reads", "all_kinds", "referee"),
    *("lead", "events", "account", "as_of", "feeds", "strict"),
    *("notes", "ref", "now", "row", "acc", "known", "g", "d"),
    *("rows", "is_careful", "ready", "tick", "of", "ts", "times", "e", "k", "at", "i", "j", "ids"),
}


def test_hostile_values_are_only_values() -> None:
    definition = mqldsl.loads('lead:\n  title: text\nclause ok: title = "x"\n')

    class Loud:
        def __getattr__(self, name: str) -> object:
            raise RuntimeError(name)

        def __bool__(self) -> bool:
            raise RuntimeError

        def __hash__(self) -> int:
            raise RuntimeError

        def __eq__(self, other: object) -> bool:
            raise RuntimeError

    for value in (Loud(), object(), {"a": 1}, [[]], b"\xff", float("nan"), 10**400, "\ud800", type, ...):
        assert definition.decide({"title": value}, strict=False).clauses["ok"] in (None, False)

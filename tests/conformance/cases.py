"""Reads the conformance cases: which there are, and what each gives and expects."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

HERE = Path(__file__).parent
KEYS = frozenset(
    [
        "name",
        "clause",
        "mql",
        "header",
        "lead",
        "account",
        "people",
        "events",
        "account_events",
        "feeds",
        "as_of",
        "id",
        "answer",
        "can_be",
        "expect",
        "bounds",
        "certain",
        "could_be",
        "missing",
        "missing_in_order",
        "due_at",
        "team",
        "until",
        "faults",
        "findings",
        "files",
    ]
)
_TABLE_KEYS = frozenset(["name", "clause", "fields", "types", "rows"])


@attrs.frozen(eq=False)
class Case:
    """One case: the text of its definition, and its other keys as written."""

    file: str
    name: str
    text: str
    keys: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The case's name in test reports."""
        return f"{self.file}: {self.name}"


def all_cases() -> Iterator[Case]:
    """Yield every case of every file, tables row by row."""
    for path in sorted(HERE.glob("**/*.toml")):
        yield from cases_of(path)


def cases_of(path: Path) -> Iterator[Case]:
    """Yield the cases of one file; an unknown key is an error, so that no expectation is passed over."""
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    file = path.relative_to(HERE).with_suffix("").as_posix()
    header, schema = read.get("header", ""), read.get("schema", "")
    for keys in read.get("case", []):
        assert keys.keys() <= KEYS, f"{file}: {keys['name']}: unknown keys {keys.keys() - KEYS}"
        text = _headed(keys.get("header", header)) + schema + "\n" + _body(keys)
        yield Case(file, keys["name"], text, keys)
    for table in read.get("table", []):
        assert table.keys() <= _TABLE_KEYS | KEYS, f"{file}: {table['name']}: unknown keys"
        yield from _rows(file, _headed(table.get("header", header)) + schema + "\n", table)


def _headed(lines: str) -> str:
    if not lines.strip():
        return ""
    return (
        'definition "case" version 1\n'
        + "".join(f"  {line.strip()}\n" for line in lines.strip().splitlines())
        + "\n"
    )


def _body(keys: Mapping[str, Any]) -> str:
    clause = f"clause it: {keys['clause'].strip()}\n" if "clause" in keys else ""
    return f"{keys.get('mql', '')}\n{clause}"


def _rows(file: str, start: str, table: Mapping[str, Any]) -> Iterator[Case]:
    fields, types = table["fields"], table.get("types", {})
    declared = "lead:\n" + "".join(f"  {name}: {types.get(name, 'yes/no')}\n" for name in fields)
    for number, (*cells, answer) in enumerate(table["rows"], 1):
        lead = {}
        for name, cell in zip(fields, cells, strict=True):
            if cell != "not supplied":
                lead[name] = "" if cell == "blank" else cell
        said = ", ".join(map(str, cells))
        keys = {**table, "lead": lead, "answer": answer}
        yield Case(file, f"{table['name']} {number}: {said}", start + declared + _body(table), keys)

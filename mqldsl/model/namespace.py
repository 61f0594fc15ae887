"""The one name space of a definition: what each name stands for, and names that clash."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

import attrs

from mqldsl.source.diagnostics import Diagnostic, Label
from mqldsl.source.text import Place, Source
from mqldsl.syntax import declarations as decl
from mqldsl.syntax import tree

Word: TypeAlias = Literal[
    "field", "event", "record", "list", "clause", "value", "score", "grade", "matrix", "table", "decide"
]
Declared: TypeAlias = (
    decl.Field
    | decl.Event
    | decl.NamedSelection
    | decl.ListOf
    | decl.ListFile
    | decl.Clause
    | decl.Value
    | decl.Score
    | decl.Grade
    | decl.Matrix
    | decl.Table
    | decl.Decide
)
_WORDS: dict[type, Word] = {
    decl.Field: "field",
    decl.ListOf: "list",
    decl.ListFile: "list",
    decl.Clause: "clause",
    decl.Value: "value",
    decl.Score: "score",
    decl.Grade: "grade",
    decl.Matrix: "matrix",
    decl.Table: "table",
    decl.Decide: "decide",
}


@attrs.frozen
class Entry:
    """What a name stands for, and the text that declares it."""

    word: Word
    declared: Declared
    source: Source

    @property
    def place(self) -> Place:
        """Where the name is declared."""
        return Place(self.source, self.declared.name.span)


@attrs.frozen
class Namespace:
    """Names of lead fields, events (singular and plural), lists and parts; account fields are apart."""

    names: Mapping[str, Entry]
    account_fields: Mapping[str, Entry]

    def get(self, name: str) -> Entry | None:
        """Return what `name` stands for, if anything."""
        return self.names.get(name)


def collect(files: Iterable[tuple[Source, decl.File]]) -> tuple[Namespace, list[Diagnostic]]:
    """Return the name space of all files together, and a finding for each name declared twice."""
    names: dict[str, Entry] = {}
    account: dict[str, Entry] = {}
    findings: list[Diagnostic] = []
    for source, declaration in ((source, each) for source, file in files for each in file.declarations):
        for name, entry, space in _declared(source, declaration, names, account):
            if name.text not in space:
                space[name.text] = entry
            elif entry.declared is not space[name.text].declared:
                findings.append(_twice(name, entry, space[name.text]))
    return Namespace(names, account), findings


def _declared(
    source: Source, declaration: decl.Declaration, names: dict[str, Entry], account: dict[str, Entry]
) -> Iterator[tuple[tree.Name, Entry, dict[str, Entry]]]:
    match declaration:
        case decl.Fields(owner, fields):
            for field in fields:
                yield field.name, Entry("field", field, source), names if owner == "lead" else account
        case decl.Event() | decl.NamedSelection():
            entry = Entry("event" if declaration.timed else "record", declaration, source)
            yield declaration.name, entry, names
            yield plural_of(declaration), entry, names
        case decl.Header() | decl.Use() | decl.Example() | decl.Promise():
            return
        case _:
            yield declaration.name, Entry(_WORDS[type(declaration)], declaration, source), names


def plural_of(event: decl.Event | decl.NamedSelection) -> tree.Name:
    """Return the plural: as given, else NAME + `s`, and `ies` for a `y` after a consonant."""
    if event.plural is not None:
        return event.plural
    name = event.name.text
    if name.endswith("y") and name[-2:-1] not in ("a", "e", "i", "o", "u", ""):
        return attrs.evolve(event.name, text=name[:-1] + "ies")
    return attrs.evolve(event.name, text=name + "s")


def _twice(name: tree.Name, entry: Entry, first: Entry) -> Diagnostic:
    is_plural = entry.declared.name.text != name.text or first.declared.name.text != name.text
    code = "MQL104" if is_plural else "MQL101"
    if is_plural:
        words = f"`{name.text}` is the plural of an event and the name of something else"
        remedy = "give the event another plural in brackets: event NAME (PLURAL)"
    else:
        words = f"`{name.text}` is declared twice"
        remedy = "rename one of the two, or remove it"
    return Diagnostic(
        code,
        words,
        Label(Place(entry.source, name.span)),
        (Label(first.place, f"a {first.word} here"),),
        remedy,
    )

"""Files that use each other, in a circle."""

from collections.abc import Iterator, Mapping, Sequence
from posixpath import basename, normpath

from mqldsl.model import ir
from mqldsl.model.checks.counted import Files
from mqldsl.source.diagnostics import Diagnostic, Label
from mqldsl.source.text import Place, Source
from mqldsl.syntax import declarations as decl

CODE = "MQL107"


def find(model: ir.Model, files: Files) -> Iterator[Diagnostic]:
    """Yield a finding for each `use` that closes a circle.

    The definition itself is known by what it says, not by its name: how it was opened does not tell the
    path from its folder.
    """
    del model
    main = files[0][0]
    uses = {_key(source, main): _uses(source, file) for source, file in files}
    sources = {_key(source, main): source for source, _ in reversed(files)}
    by_path = {normpath(source.name): _key(source, main) for source, _ in files[1:]}
    yield from _circles(uses, by_path, sources)


def _key(source: Source, main: Source) -> str:
    return "" if source.text == main.text else normpath(source.name)


def _uses(source: Source, file: decl.File) -> Sequence[tuple[str, Place]]:
    return [
        (normpath(each.path.value), Place(source, each.path.span))
        for each in file.declarations
        if isinstance(each, decl.Use)
    ]


def _circles(
    uses: Mapping[str, Sequence[tuple[str, Place]]],
    by_path: Mapping[str, str],
    sources: Mapping[str, Source],
) -> Iterator[Diagnostic]:
    """Yield the findings, depth first from the definition; a file is left behind once all below it was seen."""
    done: set[str] = set()
    path = [""]
    waiting = [iter(uses.get("", ()))]
    while waiting:
        step = next(waiting[-1], None)
        if step is None:
            done.add(path.pop())
            waiting.pop()
            continue
        used, place = step
        key = by_path.get(used, used)
        if key in path:
            names = [each or basename(sources[each].name) for each in (*path[path.index(key) :], key)]
            yield Diagnostic(
                CODE,
                "files that use each other: " + " → ".join(names),
                Label(place),
                help="put what both need into a third file, and let both use that one",
            )
        elif key not in done and key in uses:
            path.append(key)
            waiting.append(iter(uses[key]))

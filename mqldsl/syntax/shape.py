"""Faults that the grammar lets through, because they are easier to explain once they are read."""

from collections.abc import Iterator

import attrs

from mqldsl.source.diagnostics import Diagnostic, Label
from mqldsl.source.text import Place, Source
from mqldsl.syntax import tree

MOST_LIST_ENTRIES = 100_000
_LONGEST_READING = 160


def find(source: Source, node: tree.Node) -> Iterator[Diagnostic]:
    """Yield a finding for each mix of `and` and `or` and each chain of comparisons inside `node`."""
    for part in nodes(node):
        if isinstance(part, tree.Junction) and len(set(part.words)) > 1:
            yield _mixed(source, part)
        if isinstance(part, tree.Compare) and len(part.rest) > 1:
            yield _chained(source, part)
        if isinstance(part, tree.Items) and len(part.items) > MOST_LIST_ENTRIES:
            yield Diagnostic(
                "MQL005",
                f"more than {MOST_LIST_ENTRIES:,} values in brackets",
                Label(Place(source, part.span)),
                help='put them into a file: list NAME from "PATH.csv"',
            )


def nodes(node: tree.Node) -> Iterator[tree.Node]:
    """Yield `node` and every node inside it, in order of place."""
    stack: list[object] = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, tuple):
            stack.extend(reversed(top))
        elif isinstance(top, tree.Node):
            yield top
            values = [getattr(top, field.name) for field in attrs.fields(type(top)) if field.name != "span"]
            stack.extend(reversed(values))


def _words(source: Source, node: tree.Node) -> str:
    return " ".join(source.slice(node.span).split())


def _mixed(source: Source, junction: tree.Junction) -> Diagnostic:
    parts = [_words(source, part) for part in junction.parts]
    and_first = _grouped(parts, junction.words, "and")
    or_first = _grouped(parts, junction.words, "or")
    if len(and_first) > _LONGEST_READING:  # then only how the first parts hang together
        size = min(
            next(n for n in range(1, len(parts)) if len(set(junction.words[: n + 1])) > 1) + 2, len(parts)
        )
        brief = [part if len(part) <= 30 else f"{part[:28]} …" for part in parts[:size]]
        and_first, or_first = (_grouped(brief, junction.words[: size - 1], word) for word in ("and", "or"))
    return Diagnostic(
        "MQL015",
        "`and` and `or` side by side can be read in two ways",
        Label(Place(source, junction.span)),
        help=f"put brackets: `{and_first}` or `{or_first}`",
    )


def _grouped(parts: list[str], words: tuple[str, ...], tight: str) -> str:
    """Write the chain with brackets around every run that `tight` joins."""
    runs = [[parts[0]]]
    for word, part in zip(words, parts[1:], strict=True):
        if word == tight:
            runs[-1].append(part)
        else:
            runs.append([part])
    loose = "or" if tight == "and" else "and"
    return f" {loose} ".join(f"({f' {tight} '.join(run)})" if len(run) > 1 else run[0] for run in runs)


def _chained(source: Source, compare: tree.Compare) -> Diagnostic:
    operands = [_words(source, part) for part in (compare.first, *(part for _, part in compare.rest[:3]))]
    signs = [sign for sign, _ in compare.rest[:3]]
    pairs = [
        f"{left} {sign} {right}" for left, sign, right in zip(operands, signs, operands[1:], strict=False)
    ]
    return Diagnostic(
        "MQL016",
        "a comparison has two sides",
        Label(Place(source, compare.span)),
        help=f"write `{operands[1]} between {operands[0]} and {operands[2]}`"
        if signs == ["<=", "<="]
        else f"write `{' and '.join(pairs)}`",
    )

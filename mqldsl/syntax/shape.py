"""Faults that the grammar lets through, because they are easier to explain once they are read."""

from collections.abc import Iterator

import attrs

from mqldsl.source.diagnostics import Diagnostic, Label
from mqldsl.source.text import Place, Source
from mqldsl.syntax import tree


def find(source: Source, node: tree.Node) -> Iterator[Diagnostic]:
    """Yield a finding for each mix of `and` and `or` and each chain of comparisons inside `node`."""
    for part in nodes(node):
        if isinstance(part, tree.Junction) and len(set(part.words)) > 1:
            yield _mixed(source, part)
        if isinstance(part, tree.Compare) and len(part.rest) > 1:
            yield _chained(source, part)


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


def _mixed(source: Source, junction: tree.Junction) -> Diagnostic:
    parts = [source.slice(part.span) for part in junction.parts]
    and_first = _grouped(parts, junction.words, "and")
    or_first = _grouped(parts, junction.words, "or")
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
    operands = [source.slice(part.span) for part in (compare.first, *(part for _, part in compare.rest))]
    signs = [sign for sign, _ in compare.rest]
    pairs = [
        f"{left} {sign} {right}" for left, sign, right in zip(operands, signs, operands[1:], strict=False)
    ]
    return Diagnostic(
        "MQL016",
        "a comparison has two sides",
        Label(Place(source, compare.span)),
        help=f"write `{' and '.join(pairs)}`, or `x between a and b`",
    )

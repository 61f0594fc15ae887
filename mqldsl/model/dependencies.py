"""What each named part is made of: circles, and an order in which nothing comes before its parts."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, get_origin

import attrs

from mqldsl.model import ir


def names_in(node: object) -> Iterator[str]:
    """Yield the names of other parts that a piece of meaning refers to."""
    for part in pieces(node):
        if isinstance(part, ir.ClauseRef | ir.NamedValue):
            yield part.name


def pieces(node: object) -> Iterator[ir.Node]:
    """Yield a node and every node inside it, in order of the file; a shared one once for each mention."""
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, tuple):
            if not (top and isinstance(top[0], str)):  # of names, and there may be thousands
                stack.extend(reversed(top))
        elif isinstance(top, ir.Node):
            yield top
            values = [getattr(top, name) for name in fields_of(type(top))]
            stack.extend(reversed(values))


def weight(node: object, known: Mapping[int, tuple[int, int]]) -> tuple[int, int]:
    """Return how many pieces a node has, and the greatest depth of those that are in `known`, by their id."""
    size, depth = 0, 0
    stack = [node]
    while stack:
        top = stack.pop()
        if isinstance(top, tuple):
            stack.extend(top)
        elif id(top) in known and top is not node:
            inner, levels = known[id(top)]
            size, depth = size + inner, max(depth, levels)
        elif isinstance(top, ir.Node):
            size += 1
            stack.extend(getattr(top, name) for name in fields_of(type(top)))
    return size, depth


_FIELDS: dict[type, tuple[str, ...]] = {}


def fields_of(kind: type) -> tuple[str, ...]:
    """Return the names of what a node is made of: not its place and type, nor plain words and numbers."""
    if kind not in _FIELDS:
        _FIELDS[kind] = tuple(
            field.name
            for field in attrs.fields(kind)
            if field.name not in ("place", "type")
            and field.type not in (str, float, int, bool)
            and get_origin(field.type) is not Literal
        )
    return _FIELDS[kind]


def ordered(graph: Mapping[str, Sequence[str]]) -> tuple[list[str], list[list[str]]]:
    """Return the names so that each comes after those it is made of, and the circles found on the way.

    A circle is a list of names that ends where it began. Without recursion: a chain of thousands is fine.
    """
    done: dict[str, None] = {}
    circles: list[list[str]] = []
    for start in graph:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            name, leaving = stack.pop()
            if leaving:
                path.pop()
                on_path.discard(name)
                done[name] = None
            elif name in on_path:
                circles.append([*path[path.index(name) :], name])
            elif name not in done:
                path.append(name)
                on_path.add(name)
                stack.append((name, True))
                stack.extend((part, False) for part in reversed(graph[name]) if part in graph)
    return list(done), circles

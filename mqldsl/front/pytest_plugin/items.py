"""The tests of one definition: an example or a promise each, and what one that fails shows."""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import pytest
from _pytest._code.code import ReprFileLocation, TerminalRepr
from _pytest._io import TerminalWriter
from rich.text import Text

from mqldsl.analyse.examples import run_example
from mqldsl.analyse.promises import check_promise
from mqldsl.front.draw import all_drawn, file_of
from mqldsl.front.failures import broken_shown, failure_said, failure_shown
from mqldsl.front.screen import Hanging, as_text
from mqldsl.model import ir
from mqldsl.pipeline import Checked, check_file
from mqldsl.source.extras import MissingExtra
from mqldsl.source.harmless import on_one_line
from mqldsl.source.text import Place, Source


class Shown(TerminalRepr):
    """Lines for the reader: in colour where pytest's terminal is, plain in a report and from xdist's workers."""

    def __init__(self, lines: Callable[[int], Iterable[Hanging | Text | str]], crash: ReprFileLocation):
        """Take the lines for a width, and what is said where there is room for one only."""
        self._lines = lines
        self.reprcrash = crash  # pytest looks for this name

    def toterminal(self, tw: TerminalWriter) -> None:
        """Print the lines."""
        tw.write(as_text(self._lines(tw.fullwidth), tw.fullwidth, colours=tw.hasmarkup))


class NotMet(Exception):
    """An example fails or a promise is broken; the argument is what to show."""


class DefinitionTest(pytest.Item):
    """An example or a promise, as a test."""

    def __init__(self, name: str, parent: pytest.Collector, line: int, run: Callable[[], Shown | None]):
        """Take the line where it stands, and what returns what to show where it does not hold."""
        super().__init__(name, parent)
        self._line = line
        self._run = run

    def runtest(self) -> None:
        """Run the example, or search for a lead that breaks the promise."""
        shown = self._run()
        if shown is not None:
            raise NotMet(shown)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> str | TerminalRepr:  # type: ignore[override] # pytest's own narrows its base
        """Return what there is to read; a traceback only for mistakes of ours."""
        match excinfo.value:
            case NotMet(args=(Shown() as shown,)):
                return shown
            case MissingExtra() as missing:
                return str(missing)
            case _:
                return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return the place, and the words that stand above a failure."""
        # Not the name alone: pytest would take the dots in it for those of a Python class.
        return self.path, self._line - 1, f"{self.path.name}: {self.name}"


def tests_of(file: pytest.File, searched: int) -> Iterator[DefinitionTest]:
    """Yield the tests of a definition in the order of `mql test`; raise its findings where it cannot be run."""
    checked = check_file(_as_written(file.path))
    model = checked.model
    if model is None:
        raise file.CollectError(_findings_shown(checked))
    names = {"", "promise:"}  # no title: the line tells such tests apart

    def test(title: str, place: Place | None, run: Callable[[], Shown | None]) -> DefinitionTest:
        line = 1 if place is None else _line_of(place)
        name = _name(title, line, names)
        names.add(name)
        made: DefinitionTest = DefinitionTest.from_parent(file, name=name, line=line, run=run)
        return made

    for example in model.examples:
        yield test(example.title, example.place, partial(_failed, model, example))
    for promise in model.promises:
        # Those of a file that is used are tests of that file, as its examples are.
        if promise.place is None or promise.place.source is checked.source:
            item = test(
                f"promise: {promise.title}", promise.place, partial(_broken, model, promise, searched)
            )
            if not searched:
                item.add_marker(pytest.mark.skip(reason="promises are not searched: mql_search is 0"))
            yield item


def _failed(model: ir.Model, example: ir.Example) -> Shown | None:
    failures = run_example(model, example).failures
    if not failures:
        return None
    first, more = failures[0], len(failures) - 1
    said = failure_said(first) + (f", and {more} more" if more else "")
    lines = [line for failure in failures for line in failure_shown(failure, 0)]
    return Shown(lambda _: lines, _crash(first.place, said))


def _broken(model: ir.Model, promise: ir.Promise, searched: int) -> Shown | None:
    kept = check_promise(model, promise, searched)
    if kept.passed:
        return None
    lines = list(broken_shown(kept, 0))
    return Shown(lambda _: lines, _crash(promise.place, on_one_line(kept.why)))


def _findings_shown(checked: Checked) -> Shown:
    errors = [finding for finding in checked.findings if finding.is_error]
    main, first = checked.source, errors[0]
    crash = _crash(first.at.place, f"{on_one_line(first.message)} [{first.code}]", main)
    return Shown(lambda width: all_drawn(errors, main, width), crash)


def _crash(place: Place | None, said: str, main: Source | None = None) -> ReprFileLocation:
    if place is None:
        return ReprFileLocation("", 0, said)
    source = place.source
    return ReprFileLocation(source.name if main is None else file_of(source, main), _line_of(place), said)


def _line_of(place: Place) -> int:
    return place.source.position(place.span.start).line


def _name(title: str, line: int, taken: set[str]) -> str:
    """Return a title as the name of a test: on one line, told apart from the same title before it.

    `::` stands between the names of files and tests, so two colons become one.

    >>> _name("Is it a::b?", 3, set()), _name("again", 7, {"again"}), _name("", 9, {""})
    ('Is it a:b?', 'again (line 7)', '(line 9)')
    """
    name = re.sub("::+", ":", on_one_line(title)).strip()
    return f"{name} (line {line})".strip() if name in taken else name


def _as_written(path: Path) -> Path:
    """Return a path as a user would write it: from here."""
    try:
        return Path(os.path.relpath(path))
    except ValueError:  # Windows: on another drive
        return path

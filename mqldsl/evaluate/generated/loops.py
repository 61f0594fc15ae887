"""The pass over the events: one loop, a branch for each kind, windows from the widest to the narrowest."""

from collections.abc import Sequence
from itertools import groupby

from mqldsl.evaluate.generated.frame import Frame
from mqldsl.evaluate.generated.gathering import Gathered
from mqldsl.evaluate.generated.writer import Writer
from mqldsl.evaluate.history import Together

# What holds nothing yet, by the letter of its variable: a count, whether more may belong, the last and the
# first instant, the instants, the events.
_START = {"n": "0", "m": "False", "l": "None", "f": "None", "t": "[]", "r": "[]"}

# So many windows lie inside each other before the next one starts anew: Python allows 100 levels in all.
_DEEPEST = 20

# So many counts are looked up together: few enough that histories come to the same ones, and can share them.
_TOGETHER = 4


def pass_over(frame: Frame, found: Sequence[Gathered], out: Writer) -> None:
    """Write the pass: sorted times where they are prepared, else a loop.

    The quick loop takes events of the usual classes without an id. The careful one follows it where an event has
    one, or where the events had to be read first.
    """
    if not found:
        return
    out.line("rows, is_careful = events, False")
    with out.block("if type(events) is History:"):
        wanted = frame.slot(frame.wanted, "wanted")
        out.line("ready = events.ready")
        out.line(f"if ready is None or ready.reads is not reads: ready = events.ready_for(reads, {wanted})")
        out.line("rows, is_careful = ready.rows, True")
        _by_sorted_times(frame, found, out)
    out.line("elif events is None: rows = ()")
    with out.block("while rows is not None:"):
        with out.block("try:"):
            _start(found, out)
            with out.block("if rows and not is_careful:"):
                out.line("if type(rows[0]) is not dict: raise Odd")
                out.line('is_careful = "id" in rows[0]')
            with out.block("if is_careful:"):
                out.line("ids = set()")
                with out.block("for e in rows:"):
                    _branches(frame, found, out, is_careful=True)
            with out.block("else:"), out.block("for e in rows:"):
                if _all_have_edges(frame, found):
                    _by_time(frame, found, out)
                else:
                    _branches(frame, found, out, is_careful=False)
            out.line("break")
        out.line("except WithId: is_careful = True")
        with out.block("except ODD:"):
            out.line("if type(rows) is Rows: raise")
            out.line("rows, is_careful = reads.rows(rows), True")


def _start(found: Sequence[Gathered], out: Writer) -> None:
    for letter in "nmlf":
        names = [f"{letter}_{each.number}" for each in found if letter in each.wants]
        if names:
            out.line(f"{' = '.join(names)} = {_START[letter]}")
    for each in found:
        for letter in "tr":
            if letter in each.wants:
                out.line(f"{letter}_{each.number} = []")


# ------------------------------------------------------------------ in a history


def _by_sorted_times(frame: Frame, found: Sequence[Gathered], out: Writer) -> None:
    """Write what sorted times say; where an id is repeated, or what belongs is not sure, the loop follows."""
    if any(each.hangs_on_more or each.window.lacking for each in found):
        return
    with out.block("if ready.stretches is not None:"):
        out.line("rows = None")
        counted = [each for each in found if each.wants <= {"n", "m"} and not each.window.tests]
        _by_steps(frame, [each for each in counted if "n" in each.wants], out)
        _start([each for each in found if each not in counted], out)
        for each in found:
            if each not in counted:
                for kind in each.kinds:
                    out.line(f"of = ready.stretches[{_picked(frame, kind, each)}]")
                    _stretch(frame, kind, each, out)
            elif "m" in each.wants:
                out.line(f"m_{each.number} = False")


def _by_steps(frame: Frame, counted: Sequence[Gathered], out: Writer) -> None:
    """Write what is only counted: one search for several counts, among all instants at which one of them changes."""
    groups = [counted[first : first + _TOGETHER] for first in range(0, len(counted), _TOGETHER)]
    if not groups:
        return
    last, now = frame.slot([(None, 0.0)], "tick"), frame.now()
    out.line(f"at, tick = {last}[0]")
    out.line(f"if at is not {now}: tick = ({now} - EPOCH) / MICROSECOND; {last}[0] = {now}, tick")
    out.line(f"{', '.join(f's{place}, t{place}' for place in range(len(groups)))} = ready.steps")
    for place, group in enumerate(groups):
        together = [
            ([_picked(frame, kind, each) for kind in each.kinds], each.window.length) for each in group
        ]
        frame.wanted.counts.append(Together(together))
        names = ", ".join(f"n_{each.number}" for each in group)
        out.line(f"{names}, = t{place}[bisect_right(s{place}, tick)]")


def _picked(frame: Frame, kind: str, each: Gathered) -> int:
    return frame.pick(kind, test_of(each, kind) if each.filters[kind].answers else None)


def test_of(each: Gathered, kind: str) -> Sequence[str]:
    """Return the lines of the function that says whether an event belongs: None where that is not sure."""
    out = Writer(depth=1)
    inside = each.filters[kind]
    for line in inside.lines:
        out.line(line)
    held = " and ".join(answer.code for answer in inside.answers)
    out.line(f"if {held}: return True")
    if any(answer.may_lack for answer in inside.answers):
        possible = " and ".join(f"{answer.code} is not False" for answer in inside.answers)
        out.line(f"if {possible} and ({inside.may_be_open}): return None")
    out.line("return False")
    return [line for line in out.lines if isinstance(line, str)]


_BISECT = {">": "bisect_right", ">=": "bisect_left", "<=": "bisect_right", "<": "bisect_left"}


def _stretch(frame: Frame, kind: str, each: Gathered, out: Writer) -> None:
    """Write what a stretch of events says of a selection: those from `i` to before `j` lie in its window."""
    number = each.number
    if not frame.model.kinds[kind].timed:
        if "n" in each.wants:
            out.line(f"n_{number} += of.size")
        if "r" in each.wants:
            out.line(f"r_{number} += of.rows")
        return
    lows: list[str] = []
    highs: list[str] = []
    tests = [*([f"at > {each.window.edge}"] if each.window.edge else []), *each.window.tests]
    for test in tests:
        _, sign, edge = test.split(" ")
        code = f"{_BISECT[sign]}(times, {edge})"
        (lows if sign in (">", ">=") else highs).append(code)
    # Most leads are quiet: nothing lies behind the edge.
    with out.block(f"if of.last > {each.window.edge}:" if each.window.edge else "if of.times:"):
        out.line("times = of.times")
        out.line("j = of.size if of.last <= now else bisect_right(times, now)")
        if highs:
            out.line(f"j = {_one_of('min', ['j', *highs])}")
        out.line(f"i = {_one_of('max', lows or ['0'])}")
        with out.block("if i < j:"):
            if "n" in each.wants:
                out.line(f"n_{number} += j - i")
            if "l" in each.wants:
                out.line(f"if l_{number} is None or times[j - 1] > l_{number}: l_{number} = times[j - 1]")
            if "f" in each.wants:
                out.line(f"if f_{number} is None or times[i] < f_{number}: f_{number} = times[i]")
            if "t" in each.wants:
                out.line(f"t_{number} += times[i:j]")
            if "r" in each.wants:
                out.line(f"r_{number} += of.rows[i:j]")


def _one_of(pick: str, codes: list[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{pick}({', '.join(codes)})"


# ------------------------------------------------------------------ one event after the other


def _all_have_edges(frame: Frame, found: Sequence[Gathered]) -> bool:
    """Say whether an old event can be passed over before anybody looks at its kind."""
    own = (kind for kind in frame.model.kinds.values() if not kind.of_account)
    return all(kind.timed for kind in own) and all(each.window.edge is not None for each in found)


def _by_time(frame: Frame, found: Sequence[Gathered], out: Writer) -> None:
    frame.now()
    widest = max(found, key=lambda each: each.window.length)  # type: ignore[arg-type,return-value] # a length
    # Most events are older than that, and of those nothing else is looked at.
    with out.block(f'if e["at"] > {widest.window.edge}:'):
        out.line('k = e["kind"]; at = e["at"]')
        _kinds(frame, found, out, is_careful=False, passed=widest.window.edge)


def _branches(frame: Frame, found: Sequence[Gathered], out: Writer, *, is_careful: bool) -> None:
    out.line('k = e["kind"]')
    _kinds(frame, found, out, is_careful=is_careful, passed=None)


def _kinds(
    frame: Frame, found: Sequence[Gathered], out: Writer, *, is_careful: bool, passed: str | None
) -> None:
    word = "if"
    for kind in dict.fromkeys(kind for each in found for kind in each.kinds):
        mine = [each for each in found if kind in each.kinds]
        with out.block(f"{word} k == {frame.text(kind)}:"):
            is_timed = frame.model.kinds[kind].timed
            if is_timed and passed is None:
                out.line('at = e["at"]')
            if is_careful:
                _repeats(frame, kind, out)
            if is_timed:
                _timed(frame, kind, mine, out, is_careful=is_careful, passed=passed)
            else:
                if not is_careful:
                    out.line('if "id" in e: raise WithId')
                for each in mine:
                    _member(kind, each, out, is_timed=False)
        word = "elif"
    out.line(f"{word} k not in all_kinds: raise Odd")


def _repeats(frame: Frame, kind: str, out: Writer) -> None:
    """Write what passes over an event whose id was there before."""
    with out.block('if "id" in e:'):
        if frame.model.kinds[kind].timed:
            out.line("if type(at) is not datetime: raise Odd")
            out.line("if at > now: continue")
        out.line('i = e["id"]')
        out.line("if type(i) is not str or not i.isascii() or not i.strip(): i = id_of(i)")
        with out.block("if i is not None:"):
            out.line(f"i = {frame.kind_number(kind)}, i")
            out.line("if i in ids: continue")
            out.line("ids.add(i)")


def _timed(  # noqa: PLR0913 # what is gathered, and how
    frame: Frame,
    kind: str,
    found: Sequence[Gathered],
    out: Writer,
    *,
    is_careful: bool,
    passed: str | None,
) -> None:
    frame.now()
    exact = sorted(
        (each for each in found if each.window.edge is not None),
        key=lambda each: each.window.length,  # type: ignore[arg-type,return-value] # a length of time
        reverse=True,
    )
    others = [each for each in found if each.window.edge is None]
    nested = [(edge, list(some)) for edge, some in groupby(exact, key=lambda each: each.window.edge)]
    depth = out.depth
    if not others and nested[0][0] != passed:
        out.line(f"if at > {nested[0][0]}:")
        out.depth += 1
    out.line("if type(at) is not datetime: raise Odd")
    out.line("if at <= now:")
    out.depth += 1
    if not is_careful:
        out.line('if "id" in e: raise WithId')
    if any(each.wants - {"n", "m"} for each in found):
        out.line("if at.tzinfo is not UTC: at = in_utc(at)")
    for each in others:
        _member(kind, each, out, is_timed=True)
    base = out.depth
    for number, (edge, some) in enumerate(nested):
        if number % _DEEPEST == _DEEPEST - 1:
            out.depth = base
        if number or others:
            out.line(f"if at > {edge}:")
            out.depth += 1
        for each in some:
            _member(kind, each, out, is_timed=True)
    out.depth = depth


def _member(kind: str, each: Gathered, out: Writer, *, is_timed: bool) -> None:
    """Write what is done with an event of the right kind and age, if the rest of the selection takes it, too."""
    depth = out.depth
    if each.window.tests:
        out.line(f"if {' and '.join(each.window.tests)}:")
        out.depth += 1
    inside = each.filters[kind]
    for line in inside.lines:
        out.line(line)
    if inside.answers:
        with out.block(f"if {' and '.join(answer.code for answer in inside.answers)}:"):
            _add(each, out, is_timed=is_timed)
        if any(answer.may_lack for answer in inside.answers):
            possible = " and ".join(f"{answer.code} is not False" for answer in inside.answers)
            with out.block(f"elif {possible} and not m_{each.number} and ({inside.may_be_open}):"):
                if inside.belongs:
                    out.line("if ref is None: ref = referee(lead, events, account, now, g)")
                out.line(f"m_{each.number} = {inside.belongs or 'True'}")
    else:
        _add(each, out, is_timed=is_timed)
    out.depth = depth


def _add(each: Gathered, out: Writer, *, is_timed: bool) -> None:
    number = each.number
    if each.window.lacking:
        with out.block(f"if {' or '.join(f'{code} is None' for code in each.window.lacking)}:"):
            out.line(f"m_{number} = True")
        out.line("else:")
        out.depth += 1
    steps = {
        "n": f"n_{number} += 1",
        "l": f"if l_{number} is None or at > l_{number}: l_{number} = at",
        "f": f"if f_{number} is None or at < f_{number}: f_{number} = at",
        "t": f"t_{number}.append(at)",
        "r": f"r_{number}.append(({'at' if is_timed else None}, e))",
    }
    lines = [line for letter, line in steps.items() if letter in each.wants]
    for line in lines or ["pass"]:
        out.line(line)
    if each.window.lacking:
        out.depth -= 1

"""The pass over the events: one loop, a branch for each kind, windows from the widest to the narrowest."""

from collections.abc import Sequence
from itertools import groupby

from mqldsl.evaluate.generated.frame import Frame
from mqldsl.evaluate.generated.gathering import Gathered
from mqldsl.evaluate.generated.writer import Writer

# What holds nothing yet, by the letter of its variable: a count, whether more may belong, the last and the
# first instant, the instants, the events.
_START = {"n": "0", "m": "False", "l": "None", "f": "None", "t": "[]", "r": "[]"}


# So many windows lie inside each other before the next one starts anew: Python allows 100 levels in all.
_DEEPEST = 20


def pass_over(frame: Frame, found: Sequence[Gathered], out: Writer) -> None:
    """Write the loop; what the usual classes of Python do not fit is read first, and the loop begins again."""
    if not found:
        return
    sorted_times = [each for each in found if each.is_plain and each.wants <= {"n", "l", "f"}]
    rest = [each for each in found if each not in sorted_times]
    with out.block("if type(events) is History:"):
        out.line("ready = events.ready_for(reads)")
        with out.block("if ready.has_repeats:"):
            out.line("rows, ready = ready.rows, None")
        with out.block("else:"):
            out.line("rows = ready.rows" if rest else "rows = ()")
            _by_sorted_times(frame, sorted_times, out)
    with out.block("else:"):
        out.line("rows, ready = (() if events is None else events), None")
    with out.block("if ready is None:"):
        _loop(frame, found, out)
    if rest:
        with out.block("else:"):
            _loop(frame, rest, out)


# ------------------------------------------------------------------ in a history


def _by_sorted_times(frame: Frame, found: Sequence[Gathered], out: Writer) -> None:
    """Write the count, the first and the last of selections, found in sorted times."""
    for each in found:
        for letter in sorted(each.wants):
            out.line(f"{letter}_{each.number} = {_START[letter]}")
    for kind in dict.fromkeys(kind for each in found for kind in each.kinds):
        mine = [each for each in found if kind in each.kinds]
        out.line(f"ts = ready.times[{frame.text(kind)}]")
        with out.block("if ts:"):
            if frame.model.kinds[kind].timed:
                frame.now()
                out.line("j = len(ts) if ts[-1] <= now else bisect_right(ts, now)")
                for each in mine:
                    _stretch(each, out)
            else:
                for each in mine:
                    out.line(f"n_{each.number} += len(ts)")


_BISECT = {">": "bisect_right", ">=": "bisect_left", "<=": "bisect_right", "<": "bisect_left"}


def _stretch(each: Gathered, out: Writer) -> None:
    """Write what the times inside a window say, those from `i` to before `end`."""
    lows = [f"bisect_right(ts, {each.window.edge})"] if each.window.edge else []
    highs = ["j"]
    for test in each.window.tests:
        _, sign, edge = test.split(" ")
        (lows if sign in (">", ">=") else highs).append(f"{_BISECT[sign]}(ts, {edge})")
    out.line(f"i = {_one_of('max', lows or ['0'])}")
    end = "j"
    if len(highs) > 1:
        end = "end"
        out.line(f"end = {_one_of('min', highs)}")
    with out.block(f"if i < {end}:"):
        number = each.number
        if "n" in each.wants:
            out.line(f"n_{number} += {end} - i")
        if "l" in each.wants:
            out.line(f"if l_{number} is None or ts[{end} - 1] > l_{number}: l_{number} = ts[{end} - 1]")
        if "f" in each.wants:
            out.line(f"if f_{number} is None or ts[i] < f_{number}: f_{number} = ts[i]")


def _one_of(pick: str, codes: list[str]) -> str:
    return codes[0] if len(codes) == 1 else f"{pick}({', '.join(codes)})"


# ------------------------------------------------------------------ one event after the other


def _loop(frame: Frame, found: Sequence[Gathered], out: Writer) -> None:
    with out.block("while True:"):
        with out.block("try:"):
            for letter in "nmlf":
                names = [f"{letter}_{each.number}" for each in found if letter in each.wants]
                if names:
                    out.line(f"{' = '.join(names)} = {_START[letter]}")
            for each in found:
                for letter in "tr":
                    if letter in each.wants:
                        out.line(f"{letter}_{each.number} = []")
            out.line("ids = None")
            with out.block("for e in rows:"):
                _branches(frame, found, out)
            out.line("break")
        with out.block("except ODD:"):
            out.line("if type(rows) is Rows: raise")
            out.line("rows = reads.rows(rows)")


def _branches(frame: Frame, found: Sequence[Gathered], out: Writer) -> None:
    out.line('k = e["kind"]')
    kinds = dict.fromkeys(kind for each in found for kind in each.kinds)
    word = "if"
    for kind in kinds:
        with out.block(f"{word} k == {frame.text(kind)}:"):
            mine = [each for each in found if kind in each.kinds]
            if frame.model.kinds[kind].timed:
                _timed(frame, kind, mine, out)
            else:
                _repeats(frame, kind, out)
                for each in mine:
                    _member(kind, each, out)
        word = "elif"
    out.line("elif k not in all_kinds: raise Odd")


def _repeats(frame: Frame, kind: str, out: Writer) -> None:
    """Write what passes over an event whose id was there before."""
    with out.block('if "id" in e:'):
        if frame.model.kinds[kind].timed:
            out.line("if type(at) is not datetime: raise Odd")
            out.line("if at > now: continue")
        out.line('i = e["id"]')
        out.line("if type(i) is not str or not i.isascii() or not i.strip(): i = id_of(i)")
        with out.block("if i is not None:"):
            number = frame.kind_number(kind)
            out.line(f"if ids is None: ids = {{({number}, i)}}")
            out.line(f"elif ({number}, i) in ids: continue")
            out.line(f"else: ids.add(({number}, i))")


def _timed(frame: Frame, kind: str, found: Sequence[Gathered], out: Writer) -> None:
    out.line('at = e["at"]')
    _repeats(frame, kind, out)
    frame.now()
    exact = sorted(
        (each for each in found if each.window.edge is not None),
        key=lambda each: each.window.length,  # type: ignore[arg-type,return-value] # a length of time
        reverse=True,
    )
    others = [each for each in found if each.window.edge is None]
    nested = [(edge, list(some)) for edge, some in groupby(exact, key=lambda each: each.window.edge)]
    depth = out.depth
    if not others:
        out.line(f"if at > {nested[0][0]}:")
        out.depth += 1
    out.line("if type(at) is not datetime: raise Odd")
    out.line("if at <= now:")
    out.depth += 1
    if any(each.wants - {"n", "m"} for each in found):
        out.line("if at.tzinfo is not UTC: at = in_utc(at)")
    for each in others:
        _member(kind, each, out)
    base = out.depth
    for number, (edge, some) in enumerate(nested):
        if number % _DEEPEST == _DEEPEST - 1:
            out.depth = base
        if number or others:
            out.line(f"if at > {edge}:")
            out.depth += 1
        for each in some:
            _member(kind, each, out)
    out.depth = depth


def _member(kind: str, each: Gathered, out: Writer) -> None:
    """Write what is done with an event of the right kind and age, if the rest of the selection takes it, too."""
    depth = out.depth
    if each.window.tests:
        out.line(f"if {' and '.join(each.window.tests)}:")
        out.depth += 1
    inside = each.filters[kind]
    for line in inside.lines:
        out.line(line)
    held = [answer.code for answer in inside.answers]
    if held:
        with out.block(f"if {' and '.join(held)}:"):
            _add(each, out)
        if any(answer.may_lack for answer in inside.answers):
            possible = " and ".join(f"{answer.code} is not False" for answer in inside.answers)
            with out.block(f"elif not m_{each.number} and {possible} and ({inside.may_be_open}):"):
                if inside.belongs:
                    out.line("if ref is None: ref = referee(lead, events, account, now, g)")
                out.line(f"m_{each.number} = {inside.belongs or 'True'}")
    else:
        _add(each, out)
    out.depth = depth


def _add(each: Gathered, out: Writer) -> None:
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
        "r": f"r_{number}.append((e.get('at'), e))",
    }
    lines = [line for letter, line in steps.items() if letter in each.wants]
    for line in lines or ["pass"]:
        out.line(line)
    if each.window.lacking:
        out.depth -= 1

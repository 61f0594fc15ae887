"""What a decision says, for comparing two of them: one name at a time, and all that must not flip."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TypeAlias

from mqldsl.embed.decision import Decision
from mqldsl.embed.definition import Definition
from mqldsl.model import ir
from mqldsl.model.dependencies import names_in
from mqldsl.model.types import Date, Labels, Number, Time, Type, Value, YesNo
from mqldsl.source.nearest import nearest

# A clause's answer, a value, an outcome; None is unknown or missing.
Told: TypeAlias = Value | None
_RANKS = {False: 0, None: 1, True: 2}


def told(decision: Decision, name: str) -> Told:
    """Return what a decision says of a clause, a score, a grade, a value, a column of a table or a decide."""
    for found in (decision.clauses, decision.scores, decision.grades, decision.values):
        if name in found:
            return found[name]
    return decision.outcomes[name].outcome


def names(definition: Definition) -> tuple[str, ...]:
    """Return what can be asked of a decision: each named part, of a table with several outputs each column."""
    found: list[str] = []
    for name, part in definition.model.named.items():
        if isinstance(part, ir.Table) and len(part.outputs) > 1:
            found += [f"{name}.{column}" for column, _ in part.outputs]
        else:
            found.append(name)
    return tuple(found)


def need_name(definition: Definition, name: str) -> None:
    """Raise a `LookupError` where a definition has no part of that name."""
    known = names(definition)
    if name not in known:
        raise LookupError(_unknown(name, "clause, score or other named part", known))


def _unknown(name: str, word: str, known: tuple[str, ...]) -> str:
    near = nearest(name, known)
    hint = f"did you mean `{near}`?" if near else "there are " + ", ".join(known)
    return f"the definition has no {word} `{name}`: {hint}"


def is_lower(definition: Definition, name: str, after: Told, before: Told) -> bool:
    """Say whether what is told of a name fell: no is below unknown, unknown below yes.

    A value that is missing before or after did not fall.
    """
    part = definition.model.named[name.partition(".")[0]]
    if isinstance(part, ir.Clause):
        return _RANKS[after] < _RANKS[before]  # type: ignore[index] # the answer of a clause
    if before is None or after is None:
        return False
    return _order(part, name, after) < _order(part, name, before)


def can_fall(definition: Definition, name: str) -> bool:
    """Say whether what is told of a name can rise and fall: not outcomes, texts, and labels without an order."""
    part = definition.model.named[name.partition(".")[0]]
    match part:
        case ir.Clause() | ir.Score() | ir.Grade():
            return True
        case ir.NamedExpression():
            return has_order(part.type)
        case ir.Table(outputs=outputs):
            kinds = dict(outputs)
            return has_order(kinds.get(name.partition(".")[2]) or next(iter(kinds.values())))
        case _:
            return False


def has_order(kind: Type) -> bool:
    """Say whether values of a type are higher and lower; no is below yes."""
    return isinstance(kind, Number | Date | Time | YesNo) or (isinstance(kind, Labels) and kind.ordered)


def _order(part: ir.Named, name: str, value: Value) -> float:
    if isinstance(value, str):
        kind = dict(part.outputs)[name.partition(".")[2]] if isinstance(part, ir.Table) else part.type  # type: ignore[union-attr] # a clause has no text
        assert isinstance(kind, Labels)
        return kind.names.index(value)
    if isinstance(value, datetime):
        return value.timestamp()
    return float(value.toordinal()) if isinstance(value, date) else float(value)  # type: ignore[arg-type] # a number


def fail_where(found: object, message: str) -> None:
    """Raise an `AssertionError` where something was found.

    Not by an `assert`: pytest would add what it sees in it, and the message says it all.
    """
    if found:
        raise AssertionError(message)


# ------------------------------------------------------------------ what must not flip


def flips(definition: Definition, before: Decision, after: Decision) -> Iterator[str]:
    """Yield what was certain before and is otherwise after more was supplied; nothing may be.

    But for what a clause with `if unknown` has a part in: there the author has settled it, until more is known.
    """
    settled = _settled_by_author(definition.model)
    could, can = before.possible, after.possible
    for name, possible in could.items():
        if name not in settled and not can[name] <= possible:
            yield f"the clause {name} could be {_answers(possible)}, and now can be {_answers(can[name])}"
    for name, outcome in before.outcomes.items():
        now = after.outcomes[name]
        if name not in settled and not set(now.could_be) <= set(outcome.could_be):
            was = " or ".join(outcome.could_be)
            yield f"{name} could be {was}, and now could be {' or '.join(now.could_be)}"
    bounds = after.bounds
    for name, (low, high) in before.bounds.items():
        if (
            name in bounds
            and name.partition(".")[0] not in settled
            and not (low <= bounds[name][0] and bounds[name][1] <= high)
        ):
            least, most = bounds[name]
            yield f"{name} was from {low:g} to {high:g}, and now is from {least:g} to {most:g}"


def _settled_by_author(model: ir.Model) -> set[str]:
    """Return the clauses with `if unknown`, and all that is made of them."""
    settled: set[str] = set()
    for name, part in model.named.items():  # nothing comes before what it is made of
        forced = isinstance(part, ir.Clause) and part.if_unknown is not None
        if forced or not settled.isdisjoint(names_in(part)):
            settled.add(name)
    return settled


def _answers(possible: frozenset[bool]) -> str:
    return " or ".join("yes" if each else "no" for each in sorted(possible, reverse=True))


def disagreements(first: Decision, second: Decision) -> Iterator[str]:
    """Yield what two decisions say differently, but for their reasons."""
    one, other = first.to_dict(), second.to_dict()
    for key, value in one.items():
        if value == other[key]:
            continue
        if not isinstance(value, dict):
            yield f"{key} is {value} and {other[key]}"
            continue
        for name, each in value.items():
            if each != other[key].get(name):
                yield f"{key}, {name}: {each} and {other[key].get(name)}"

"""Checks promises by search: leads aimed at the boundaries of the definition's own conditions.

A promise that no searched lead breaks is kept as far as was looked; that is no proof. A proof, where
there can be one, would be another function with the same result.
"""

import random
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, TypeAlias

import attrs

from mqldsl.analyse.example_text import example_text, happened_text, value_text
from mqldsl.analyse.examples import situation_of
from mqldsl.evaluate.outcome import Absent, AtLeast, Found, Known
from mqldsl.evaluate.reference import Evaluation
from mqldsl.explain.turns import Turns
from mqldsl.explain.words import ANSWERS, found_said
from mqldsl.model import ir
from mqldsl.model.dependencies import names_in, pieces
from mqldsl.model.types import Labels, Number, Value
from mqldsl.source.extras import needed
from mqldsl.testing.as_examples import as_of_for, examples, happened

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

# A clause's answer, or what was found for anything else.
Result: TypeAlias = bool | Found | None

SEARCHED = 3_000
_SEED = 20_260_301


@attrs.frozen
class Kept:
    """What the search for a broken promise found: nothing, or the smallest lead that breaks it."""

    promise: ir.Promise
    searched: int
    broken_by: str | None = None
    why: str = ""

    @property
    def passed(self) -> bool:
        """Whether no lead was found that breaks the promise."""
        return self.broken_by is None


@attrs.frozen
class _Try:
    """A lead, and the same lead with one thing changed."""

    before: ir.Example
    after: ir.Example
    change: str


def check_promises(model: ir.Model, searched: int = SEARCHED) -> Iterator[Kept]:
    """Yield for each promise of a definition whether a lead breaks it, in the order of the file."""
    for promise in model.promises:
        yield check_promise(model, promise, searched)


def check_promise(model: ir.Model, promise: ir.Promise, searched: int = SEARCHED) -> Kept:
    """Return the smallest lead found that breaks a promise, if any; the same one in every run."""
    with needed("testing"):
        from hypothesis import HealthCheck, Phase, find, settings
        from hypothesis.errors import NoSuchExample

    tries = _tries(_only_what_counts(model, promise), promise)
    limits = settings(
        max_examples=searched,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    try:
        found = find(
            tries,
            lambda each: _broken(model, promise, each) is not None,
            settings=limits,
            random=random.Random(_SEED),  # noqa: S311 # the same leads in every run,
        )
    except NoSuchExample:
        return Kept(promise, searched)
    why, expected = _broken(model, promise, found) or ("", "")
    example = attrs.evolve(found.before, title=f"breaks: {promise.title}")
    return Kept(promise, searched, example_text(model, example, [expected] if expected else []), why)


def _tries(model: ir.Model, promise: ir.Promise) -> "SearchStrategy[_Try]":
    with needed("testing"):
        from hypothesis import strategies as st

    leads = examples(model)
    turns = Turns(model, as_of_for(model))
    match promise.subject:
        case ir.FieldValue() as field:
            changed = (
                st.sampled_from(turns.values(field.name, field.type))
                if promise.kind == "higher"
                else st.none() | st.sampled_from(turns.values(field.name, field.type))
            )
            return st.builds(lambda lead, value: _with_value(model, lead, field, value), leads, changed)
        case subject if promise.kind == "more":
            names = {kind for part in pieces(subject) if isinstance(part, ir.Events) for kind in part.kinds}
            kinds = [model.kinds[name] for name in sorted(names)]
            return st.builds(
                lambda lead, event: _with_event(model, lead, event), leads, happened(turns, kinds)
            )
        case _:
            return st.builds(lambda lead: _Try(lead, lead, ""), leads)


def _with_event(model: ir.Model, lead: ir.Example, event: ir.Happened) -> _Try:
    after = attrs.evolve(lead, lead=attrs.evolve(lead.lead, happened=(*lead.lead.happened, event)))
    return _Try(lead, after, f"with one more: {happened_text(model, event)}")


def _with_value(model: ir.Model, lead: ir.Example, field: ir.FieldValue, value: Value | None) -> _Try:
    facts = lead.lead if field.owner == "lead" else lead.account or ir.Facts({})
    changed = attrs.evolve(
        facts,
        fields={**facts.fields, field.name: value},
        not_supplied=tuple(name for name in facts.not_supplied if name != field.name),
    )
    after = attrs.evolve(lead, lead=changed) if field.owner == "lead" else attrs.evolve(lead, account=changed)
    said = "missing" if value is None else value_text(value, field.type, Evaluation.zone_of(model))
    return _Try(lead, after, f"with {field.name} {said}")


def _only_what_counts(model: ir.Model, promise: ir.Promise) -> ir.Model:
    """Return the model with only those fields and events that the promise can hang on: the search is narrower."""
    parts: list[ir.Node] = list(pieces(promise))
    wanted = [promise.target] if promise.target is not None else []
    wanted += names_in(promise)
    seen: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in seen:
            seen.add(name)
            parts += pieces(model.named[name])
            wanted += names_in(model.named[name])
    fields = {(part.owner, part.name) for part in parts if isinstance(part, ir.FieldValue)}
    kinds = {kind for part in parts if isinstance(part, ir.Events) for kind in part.kinds}
    return attrs.evolve(
        model,
        fields={name: field for name, field in model.fields.items() if ("lead", name) in fields},
        account_fields={
            name: field for name, field in model.account_fields.items() if ("account", name) in fields
        },
        kinds={name: kind for name, kind in model.kinds.items() if name in kinds},
    )


# ------------------------------------------------------------------ broken or not


def _broken(model: ir.Model, promise: ir.Promise, each: _Try) -> tuple[str, str] | None:
    """Return why a promise does not hold for a lead, and what to expect of it; None where it holds."""
    before = Evaluation(model, situation_of(model, each.before))
    if promise.kind in ("always", "never"):
        return _broken_at_once(promise, before)
    if not _is_fair(model, promise, each, before):
        return None
    assert promise.target is not None
    after = Evaluation(model, situation_of(model, each.after))
    old, new = _result(before, promise.target), _result(after, promise.target)
    if not _worse(model, promise, old, new):
        return None
    said_old, said_new = _said(before, old), _said(after, new)
    word = "falls" if promise.effect == "lowers" else "changes"
    return f"{each.change}, {promise.target} {word} from {said_old} to {said_new}", _expectation(
        promise.target, old, before
    )


def _broken_at_once(promise: ir.Promise, evaluation: Evaluation) -> tuple[str, str] | None:
    assert isinstance(promise.subject, ir.Condition)
    if promise.when is not None and evaluation.condition(promise.when).answer.value is not True:
        return None
    holds = evaluation.condition(promise.subject).answer.value
    if holds is (promise.kind == "never"):
        verdict = evaluation.model.verdict
        expected = "" if verdict is None else _expectation(verdict, _result(evaluation, verdict), evaluation)
        return f"the condition is {ANSWERS[holds]} for this lead", expected
    return None


def _is_fair(model: ir.Model, promise: ir.Promise, each: _Try, before: Evaluation) -> bool:
    """Say whether the change is the one that is promised about: more of the events, a higher value."""
    after = Evaluation(model, situation_of(model, each.after))
    if promise.kind == "more":
        assert isinstance(promise.subject, ir.Selection)
        return len(after.selection(promise.subject).members) > len(before.selection(promise.subject).members)
    assert isinstance(promise.subject, ir.FieldValue)
    old, new = before.operand(promise.subject), after.operand(promise.subject)
    if promise.kind == "same":
        return True
    return (
        isinstance(old, Known)
        and isinstance(new, Known)
        and _order(new.value, promise.subject.type) > _order(old.value, promise.subject.type)
    )


def _result(evaluation: Evaluation, name: str) -> Result:
    part = evaluation.model.named[name]
    if isinstance(part, ir.Clause):
        return evaluation.condition(ir.ClauseRef(name)).answer.value
    column = part.outputs[0][0] if isinstance(part, ir.Table) else None
    return evaluation.operand(ir.NamedValue(name, Number(), column))


def _worse(model: ir.Model, promise: ir.Promise, old: Result, new: Result) -> bool:
    if promise.effect == "changes":
        return _plain(old) != _plain(new)
    if isinstance(old, Known) and isinstance(new, Known):
        part = model.named[promise.target or ""]
        kind = part.type if not isinstance(part, ir.Clause | ir.Table) else None
        return _order(new.value, kind) < _order(old.value, kind)
    if isinstance(old, Known | AtLeast | Absent) or isinstance(new, Known | AtLeast | Absent):
        return False
    ranks = {False: 0, None: 1, True: 2}
    return ranks[new] < ranks[old]


def _plain(result: Result) -> object:
    return (
        result.value
        if isinstance(result, Known)
        else result
        if not isinstance(result, AtLeast | Absent)
        else "missing"
    )


def _order(value: Value, kind: object) -> float:
    if isinstance(kind, Labels):
        return kind.names.index(str(value))
    if isinstance(value, datetime):
        return value.timestamp()
    return float(value.toordinal()) if isinstance(value, date) else float(value)  # type: ignore[arg-type] # a number


def _said(evaluation: Evaluation, result: Result) -> str:
    if isinstance(result, Known | AtLeast | Absent):
        return found_said(result, evaluation.zone)
    return ANSWERS[result]


def _expectation(name: str, result: Result, evaluation: Evaluation) -> str:
    match result:
        case True:
            return name
        case False:
            return f"not {name}"
        case None:
            return f"unknown {name}"
        case Known(value):
            part = evaluation.model.named[name]
            kind = (
                part.outputs[0][1]
                if isinstance(part, ir.Table)
                else part.type
                if not isinstance(part, ir.Clause)
                else None
            )
            return f"{name} {value_text(value, kind, evaluation.zone)}"  # type: ignore[arg-type] # no clause has a value
        case _:
            return f"{name} missing"

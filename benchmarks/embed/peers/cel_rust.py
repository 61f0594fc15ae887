"""common-expression-language: CEL in Rust."""

from collections.abc import Sequence
from itertools import chain

from benchmarks.embed.conditions import Condition
from benchmarks.embed.peers.cel_text import cel_list
from benchmarks.embed.peers.peer import Peer, Ready, in_chunks, kinds
from benchmarks.embed.workload import Facts

CHUNK = 100


def _ready(conditions: Sequence[Condition]) -> Ready:
    import cel

    programs = [cel.compile(cel_list(some, nulls=True)) for some in in_chunks(conditions, CHUNK)]
    if len(programs) == 1:
        answers = programs[0].execute
    else:

        def answers(facts: Facts) -> Sequence[object]:
            context = cel.Context(facts)
            return list(chain.from_iterable(program.execute(context) for program in programs))

    numbers = {fact for fact, kind in kinds(conditions).items() if kind == "number"}

    def given(facts: Facts) -> Facts:
        # It compares no whole number with a fraction.
        return {
            fact: float(value) if fact in numbers and value is not None else value
            for fact, value in facts.items()
        }

    return Ready(answers, given)


PEER = Peer(
    "common-expression-language",
    f"one expression that gives a list of answers, {CHUNK} clauses each",
    "numbers as floats",
    _ready,
)

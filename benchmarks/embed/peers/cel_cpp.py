"""cel-expr-python: the CEL runtime in C++."""

from collections.abc import Sequence
from itertools import chain

from benchmarks.embed.conditions import Condition
from benchmarks.embed.peers.cel_text import cel_list
from benchmarks.embed.peers.peer import Peer, Ready, in_chunks, kinds, with_sentinels
from benchmarks.embed.workload import Facts

# So many clauses in one expression: a longer one is refused.
CHUNK = 100


def _ready(conditions: Sequence[Condition]) -> Ready:
    from cel_expr_python import cel

    # Variables of any type: with their own types declared it is slower.
    environment = cel.NewEnv(variables=dict.fromkeys(kinds(conditions), cel.Type.DYN))
    programs = [environment.compile(cel_list(some, nulls=False)) for some in in_chunks(conditions, CHUNK)]
    if len(programs) == 1:
        evaluate = programs[0].eval

        def answers(facts: Facts) -> Sequence[object]:
            found: list[object] = evaluate(data=facts).plain_value()
            return found

    else:

        def answers(facts: Facts) -> Sequence[object]:
            activation = environment.Activation(facts)
            return list(chain.from_iterable(each.eval(activation).plain_value() for each in programs))

    return Ready(answers, lambda facts: with_sentinels(facts, conditions))


PEER = Peer(
    "cel-expr-python",
    f"one expression that gives a list of answers, {CHUNK} clauses each",
    "missing values as NaN, empty text, -1",
    _ready,
)

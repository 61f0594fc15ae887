"""cel-python: CEL in Python."""

from collections.abc import Sequence

from benchmarks.embed.conditions import Condition
from benchmarks.embed.peers.cel_text import cel
from benchmarks.embed.peers.peer import Peer, Ready, with_sentinels
from benchmarks.embed.workload import Facts


def _ready(conditions: Sequence[Condition]) -> Ready:
    import celpy

    environment = celpy.Environment()
    programs = [environment.program(environment.compile(cel(each, nulls=False))) for each in conditions]

    def answers(activation: object) -> Sequence[object]:
        return [program.evaluate(activation) for program in programs]

    def given(facts: Facts) -> object:
        return celpy.json_to_cel(with_sentinels(facts, conditions))

    return Ready(answers, given)


PEER = Peer(
    "cel-python",
    "one program a clause, the interpreting runner (the compiling one failed on every rule that was tried)",
    "missing values as NaN, empty text, -1; all values as CEL types",
    _ready,
)

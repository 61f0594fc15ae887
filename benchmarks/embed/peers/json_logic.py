"""panzi-json-logic: JSONLogic in Python."""

from collections.abc import Sequence

from benchmarks.embed.conditions import Condition
from benchmarks.embed.peers.json_logic_rules import rule
from benchmarks.embed.peers.peer import Peer, Ready
from benchmarks.embed.workload import Facts


def _ready(conditions: Sequence[Condition]) -> Ready:
    from json_logic import jsonLogic

    rules = [rule(condition) for condition in conditions]

    def answers(facts: Facts) -> Sequence[object]:
        return [jsonLogic(each, facts) for each in rules]

    return Ready(answers)


PEER = Peer("panzi-json-logic", "one rule a clause; it has no step of compiling", "", _ready)

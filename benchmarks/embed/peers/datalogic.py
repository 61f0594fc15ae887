"""datalogic-py: JSONLogic in Rust."""

from collections.abc import Sequence

from benchmarks.embed.conditions import Condition
from benchmarks.embed.peers.json_logic_rules import rule
from benchmarks.embed.peers.peer import Peer, Ready


def _ready(conditions: Sequence[Condition]) -> Ready:
    import datalogic_py

    compiled = datalogic_py.Engine().compile([rule(condition) for condition in conditions])
    return Ready(compiled.evaluate)


PEER = Peer("datalogic-py", "one rule that gives a list of answers", "", _ready)

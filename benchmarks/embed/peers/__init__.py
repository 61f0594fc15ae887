"""Other engines, each at its best: compiled once, asked every clause, given what it cannot do itself."""

from benchmarks.embed.peers import (
    cel_cpp,
    cel_python,
    cel_rust,
    datalogic,
    durable,
    json_logic,
    rules_of_python,
    simple,
    zen,
)
from benchmarks.embed.peers.peer import Peer

PEERS: tuple[Peer, ...] = (
    datalogic.PEER,
    zen.PEER,
    cel_rust.PEER,
    cel_cpp.PEER,
    simple.PEER,
    json_logic.PEER,
    rules_of_python.PEER,
    durable.PEER,
    cel_python.PEER,
)

# Peers that were asked for and do not run at all, and why.
UNUSABLE = {
    "json-logic": "0.6.3 is written for Python 2 and fails on the first rule (`'dict_keys' object is not "
    "subscriptable`); `panzi-json-logic` runs the same rules and is measured. `json-logic-qubit` 0.9.1 runs, "
    "but slower, and has the same module name",
}

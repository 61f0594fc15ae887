"""What was written, as values: all declarations, and a file of them.

The nodes themselves are in `schema`, `scoring` and `trials`.
"""

from typing import TypeAlias

import attrs

from mqldsl.syntax.schema import *  # noqa: F403 # one name for all nodes, `decl.Clause`
from mqldsl.syntax.schema import Clause, Event, Fields, Header, ListFile, ListOf, NamedSelection, Use, Value
from mqldsl.syntax.scoring import *  # noqa: F403 # as above
from mqldsl.syntax.scoring import Decide, Grade, Matrix, Score, Table
from mqldsl.syntax.tree import Node
from mqldsl.syntax.trials import *  # noqa: F403 # as above
from mqldsl.syntax.trials import Example, Promise

Declaration: TypeAlias = (
    Header
    | Use
    | Fields
    | Event
    | NamedSelection
    | ListOf
    | ListFile
    | Clause
    | Value
    | Score
    | Grade
    | Matrix
    | Table
    | Decide
    | Example
    | Promise
)


@attrs.frozen
class File(Node):
    """The declarations of one text that could be read, in its order.

    `spoiled` are the names that the others would declare: using one is no second fault.
    """

    declarations: tuple[Declaration, ...]
    spoiled: frozenset[str] = frozenset()

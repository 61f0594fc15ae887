"""The core model: what a definition means. Evaluators see nothing else.

The nodes are in `meaning` (conditions, operands, selections, spans) and `parts` (what is declared).
"""

from mqldsl.model.meaning import *  # noqa: F403 # one name for all nodes, `ir.Compare`
from mqldsl.model.parts import *  # noqa: F403 # as above

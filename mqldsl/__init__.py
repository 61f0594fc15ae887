"""A language for saying what a marketing-qualified lead is; the public names are listed here.

They are loaded when they are first used, so that `import mqldsl` costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mqldsl.data.handed_tables import TablesError
    from mqldsl.embed.decision import Decision, Outcome
    from mqldsl.embed.decisions import Decisions
    from mqldsl.embed.definition import Definition, load, loads
    from mqldsl.embed.reasons import Reasons
    from mqldsl.evaluate.handed_in import Account, Event, LeadError, Note
    from mqldsl.evaluate.history import History
    from mqldsl.pipeline import DefinitionError

__all__ = [
    "Account",
    "Decision",
    "Decisions",
    "Definition",
    "DefinitionError",
    "Event",
    "History",
    "LeadError",
    "Note",
    "Outcome",
    "Reasons",
    "TablesError",
    "load",
    "loads",
]

_HOMES = {
    "mqldsl.data.handed_tables": ("TablesError",),
    "mqldsl.embed.decision": ("Decision", "Outcome"),
    "mqldsl.embed.decisions": ("Decisions",),
    "mqldsl.embed.definition": ("Definition", "load", "loads"),
    "mqldsl.embed.reasons": ("Reasons",),
    "mqldsl.evaluate.handed_in": ("Account", "Event", "LeadError", "Note"),
    "mqldsl.evaluate.history": ("History",),
    "mqldsl.pipeline": ("DefinitionError",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # a type checker would believe that every name is there

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module `mqldsl` has no attribute `{name}`")
        globals()[name] = found = getattr(import_module(_HOME[name]), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""What one tests a definition with: Hypothesis strategies, properties, a state machine; the public names are listed here.

They need the extra `testing`, and are loaded when they are first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from mqldsl.source.extras import needed

if TYPE_CHECKING:
    from mqldsl.testing.made import Situation
    from mqldsl.testing.properties import (
        assert_independent,
        assert_monotone,
        assert_never_flips,
        assert_order_does_not_matter,
        assert_repeats_do_not_count,
    )
    from mqldsl.testing.stateful import machine
    from mqldsl.testing.strategies import definition_texts, definitions, histories, leads, situations

__all__ = [
    "Situation",
    "assert_independent",
    "assert_monotone",
    "assert_never_flips",
    "assert_order_does_not_matter",
    "assert_repeats_do_not_count",
    "definition_texts",
    "definitions",
    "histories",
    "leads",
    "machine",
    "situations",
]

_HOMES = {
    "mqldsl.testing.stateful": ("machine",),
    "mqldsl.testing.made": ("Situation",),
    "mqldsl.testing.properties": tuple(name for name in __all__ if name.startswith("assert_")),
    "mqldsl.testing.strategies": ("definition_texts", "definitions", "histories", "leads", "situations"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


if not TYPE_CHECKING:  # a type checker would believe that every name is there

    def __getattr__(name: str) -> object:
        if name not in _HOME:
            raise AttributeError(f"module `mqldsl.testing` has no attribute `{name}`")
        with needed("testing"):
            import hypothesis  # noqa: F401 # so that its lack is told here, and not in the middle of a test
        globals()[name] = found = getattr(import_module(_HOME[name]), name)
        return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

"""The libraries that only whole tables need, loaded when something of them is first used.

So `import mqldsl` does not load them, and whoever lacks them hears which extra to install.
"""

from importlib import import_module
from typing import Any, Final

from mqldsl.source.extras import needed


class _Late:
    """A module by its name."""

    def __init__(self, name: str) -> None:
        self.__name = name

    def __getattr__(self, attribute: str) -> Any:  # noqa: ANN401 - any attribute of any module
        with needed("data"):
            found = getattr(import_module(self.__name), attribute)
        setattr(self, attribute, found)  # looked up once
        return found


# pyarrow ships no types, and those of the others would have to be loaded.
pa: Final[Any] = _Late("pyarrow")
pc: Final[Any] = _Late("pyarrow.compute")
pa_csv: Final[Any] = _Late("pyarrow.csv")
pq: Final[Any] = _Late("pyarrow.parquet")
duckdb: Final[Any] = _Late("duckdb")
sqlglot: Final[Any] = _Late("sqlglot")
exp: Final[Any] = _Late("sqlglot.expressions")

"""What a definition says of many leads: a table, as whatever library an analyst works with."""

from typing import Any, Final

from mqldsl.data.faults import Faults
from mqldsl.source.extras import Late, needed

_pa: Final[Any] = Late("pyarrow")


class Decisions:
    """The decisions about all leads, a row each, in the order in which the leads came."""

    __slots__ = ("_faults", "_table")

    def __init__(self, table: Any, faults: Faults) -> None:  # noqa: ANN401 - pyarrow ships no types
        self._table, self._faults = table, faults

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self._table.column_names)

    @property
    def faults(self) -> Faults:
        """What was wrong with the data: `total`, `counts` by table, column and problem, and those `kept`."""
        return self._faults

    @property
    def notes(self) -> tuple[str, ...]:
        """What is odd, but no fault of a row: what is not supplied, events of nobody, how it was decided."""
        return tuple(self._faults.notes)

    def to_arrow(self) -> Any:  # noqa: ANN401 - as above
        """Return them as a table of pyarrow."""
        return self._table

    def to_pandas(self) -> Any:  # noqa: ANN401 - it may not be installed
        """Return them as a DataFrame of pandas; its types are those of Arrow, so that unknown stays apart from no."""
        with needed("data"):
            import pandas as pd
        return self._table.to_pandas(types_mapper=pd.ArrowDtype)

    def to_polars(self) -> Any:  # noqa: ANN401 - it may not be installed
        """Return them as a DataFrame of Polars."""
        with needed("data"):
            import polars as pl
        return pl.DataFrame(self)

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self._table.__arrow_c_stream__(requested_schema)

    def __len__(self) -> int:
        return int(self._table.num_rows)

    def __repr__(self) -> str:
        return f"<Decisions about {len(self):,} leads: {', '.join(self.columns[:8])}{', …' if len(self.columns) > 8 else ''}>"

"""The databases of `tests/engines`, for what is read from them and written to them."""

from tests.engines.conftest import postgres, spark

__all__ = ["postgres", "spark"]

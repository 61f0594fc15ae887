"""What an evaluation found, for the commands; it is gathered in `explain`."""

from mqldsl.explain.explanation import explanation_of, value_of

__all__ = ["explanation_of", "value_of"]

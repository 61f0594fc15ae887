"""What a generated function remembers between calls: the answer for a raw value, the edges for an instant."""

from collections.abc import Callable
from datetime import date

from mqldsl.model.types import BLANK

_MOST = 16_384
_LONGEST = 256


class Memory(dict[object, object]):
    """Answers by raw value. Only texts are kept: they are what is slow to read, and `1` is not `True`."""

    __slots__ = ("_compute", "_kept")

    def __init__(self, compute: Callable[[object], object], kept: dict[object, object] | None = None) -> None:
        """Take what computes the answer for a value that says something, and answers that are there from the start."""
        self._kept = {None: None, BLANK: None} | (kept or {})
        super().__init__(self._kept)
        self._compute = compute

    def __missing__(self, raw: object) -> object:
        """Return the answer for a value that was not met before."""
        answer = self._compute(raw)
        if type(raw) is str and len(raw) <= _LONGEST:
            if len(self) >= _MOST:
                # One by one, because what stands there from the start must never be missing to another thread.
                for old in [each for each in list(self) if each not in self._kept]:
                    self.pop(old, None)
            self[raw] = answer
        return answer


class OfTime(dict[date, object]):
    """What follows from an instant or a day: an edge, a span, another day."""

    __slots__ = ("_compute",)

    def __init__(self, compute: Callable[..., object]) -> None:
        """Take what computes it."""
        super().__init__()
        self._compute = compute

    def __missing__(self, moment: date) -> object:
        """Return what follows from a moment that was not met before."""
        found = self._compute(moment)
        if len(self) >= _MOST:
            self.clear()
        self[moment] = found
        return found

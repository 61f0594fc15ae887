"""A line that says how far a long command is, on a terminal only."""

from contextlib import AbstractContextManager
from time import monotonic
from types import TracebackType

from rich.console import Console
from rich.status import Status

_EVERY_SECONDS = 0.2
# Of less, nobody can tell how long the rest takes.
_TOLD_FROM = 0.02
# Looking at the clock takes longer than counting.
_EVERY_LEADS = 32


class Progress(AbstractContextManager["Progress"]):
    """Shows how many rows are read and leads decided, how fast, and how long it will take; in a pipe it is silent."""

    def __init__(self, console: Console, *, is_shown: bool) -> None:
        self._status = Status("reading", console=console) if is_shown and console.is_terminal else None
        self._rows = self._leads = 0
        self._read_since = monotonic()
        self._deciding_since: float | None = None
        self._done: float | None = None
        self._shown_at = self._first_lead_at = monotonic()

    def __enter__(self) -> "Progress":
        """Start to show."""
        if self._status is not None:
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take the line away."""
        if self._status is not None:
            self._status.stop()

    def read(self, rows: int) -> None:
        """Hear how many rows were read so far."""
        self._rows = rows
        self._update()

    def share(self, done: float | None) -> None:
        """Hear which share of all leads is decided, where they are decided at once."""
        now = monotonic()
        if self._deciding_since is None:
            self._deciding_since = now
        self._done = done
        self._update()

    def decided(self) -> None:
        """Count a lead."""
        if not self._leads:
            self._first_lead_at = monotonic()
        self._leads += 1
        if not self._leads % _EVERY_LEADS:
            self._update()

    def _update(self) -> None:
        now = monotonic()
        if self._status is None or now - self._shown_at < _EVERY_SECONDS:
            return
        self._shown_at = now
        said = f"{self._rows:,} rows read"
        if self._deciding_since is not None:
            said = (
                f"{said}, {self._deciding_said(now - self._deciding_since)}"
                if self._rows
                else self._deciding_said(now - self._deciding_since)
            )
        elif not self._leads and self._rows:
            said += f", {self._rows / max(now - self._read_since, _EVERY_SECONDS):,.0f} a second"
        if self._leads:
            seconds = max(now - self._first_lead_at, _EVERY_SECONDS)
            said += f", {self._leads:,} leads decided, {self._leads / seconds:,.0f} a second"
        self._status.update(said)

    def _deciding_said(self, seconds: float) -> str:
        if self._done is None or self._done < _TOLD_FROM:
            return f"deciding all leads, {seconds:.0f} s"
        left = seconds * (1 - self._done) / self._done
        return f"deciding all leads, {self._done:.0%}, about {left:.0f} s left"

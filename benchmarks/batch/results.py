"""Contenders measured, each turn in a process of its own, one after the other, in rounds."""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

import attrs

from benchmarks.batch.contenders import CONTENDERS, Side
from benchmarks.batch.data import Files, Size, files

ROOT = Path(__file__).resolve().parents[2]

# Hears what is being done.
Tell = Callable[[str], None]


@attrs.frozen
class Turn:
    """One run: seconds on the clock and of the processors, and the most memory in MiB."""

    seconds: float
    processor: float
    peak: float


@attrs.frozen
class Row:
    """The turns of one contender, one for each round; or why there are none."""

    name: str
    side: Side
    turns: tuple[Turn, ...]
    rows: int = 0
    columns: int = 0
    why_not: str = ""

    @property
    def best(self) -> float:
        """Seconds of the turn that was disturbed least."""
        return min(turn.seconds for turn in self.turns)

    @property
    def median(self) -> float:
        """The median of the seconds."""
        return median(turn.seconds for turn in self.turns)

    @property
    def processor(self) -> float:
        """Seconds of the processors, in the turn that was disturbed least."""
        return min(turn.processor for turn in self.turns)

    @property
    def peak(self) -> float:
        """The most memory of all turns, in MiB."""
        return max(turn.peak for turn in self.turns)

    def ratio_to(self, other: "Row") -> float:
        """How many times as long as the other, as the median of the ratios of each round."""
        return median(mine.seconds / theirs.seconds for mine, theirs in zip(self.turns, other.turns))


@attrs.frozen
class Measured:
    """All that ran on data of one size."""

    size: Size
    rows: tuple[Row, ...]

    def row(self, name: str) -> Row | None:
        """Return the row of one contender; None where it did not run."""
        return next((row for row in self.rows if row.name == name and row.turns), None)


def measure(size: Size, names: Sequence[str], rounds: int, tell: Tell) -> Measured:
    """Return contenders measured on data of one size, all of them within the same rounds."""
    tell(f"{size.name}: making the data")
    made = files(size)
    turns: dict[str, list[Turn]] = {name: [] for name in names}
    last: dict[str, dict[str, Any]] = {}
    for number in range(rounds):
        for place in range(len(names)):
            name = names[(place + number) % len(names)]
            if "not there" in last.get(name, {}):
                continue
            tell(f"{size.name}: {name}, round {number + 1} of {rounds}")
            last[name] = alone(name, made)
            if "not there" not in last[name]:
                turns[name].append(_turn(last[name]))
    return Measured(size, tuple(_row(name, CONTENDERS[name].side, turns[name], last[name]) for name in names))


def measure_alone(names: Sequence[str], tell: Tell) -> list[Row]:
    """Return data sets measured, one turn each."""
    rows = []
    for name in names:
        tell(name)
        found = alone(name)
        rows.append(_row(name, "ours", [] if "not there" in found else [_turn(found)], found))
    return rows


def alone(name: str, made: Files | None = None, keep: Path | None = None) -> dict[str, Any]:
    """Return what `benchmarks.batch.alone` found in a new process."""
    asked = [] if made is None else [str(made.leads), str(made.events)]
    asked += [] if keep is None else ["--keep", str(keep)]
    command = [sys.executable, "-m", "benchmarks.batch.alone", name, *asked]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise RuntimeError(f"{' '.join(command[1:])} failed:\n{done.stderr}")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _turn(found: dict[str, Any]) -> Turn:
    return Turn(found["seconds"], found["processor"], found["peak"])


def _row(name: str, side: Side, turns: Sequence[Turn], found: dict[str, Any]) -> Row:
    return Row(
        name,
        side,
        tuple(turns),
        found.get("rows", 0),
        found.get("columns", 0),
        found.get("not there", ""),
    )

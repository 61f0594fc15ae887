"""Counts over all leads, gathered while they are decided, and the summary that is shown in the end."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from mqldsl.data.batch.arrays import Array, Table
from mqldsl.data.batch.late import pc
from mqldsl.data.decided.columns import Column
from mqldsl.front.screen import bar, padded, show
from mqldsl.model import ir
from mqldsl.source.harmless import on_one_line

_WIDEST_BAR = 30
_NARROWEST_BAR = 8
_WIDEST_NAME = 40
_MOST_LACKS = 5


class Tally:
    """Counts outcomes, answers and what is lacking."""

    def __init__(self, model: ir.Model, columns: Sequence[Column]) -> None:
        self._model = model
        self._clauses = {column.part: column.name for column in columns if column.role == "clause"}
        self._of_verdict = {
            column.role: column.name for column in columns if column.part == model.verdict is not None
        }
        self._outcomes: Counter[str] = Counter()
        self._lacks: Counter[str] = Counter()
        self._answers: Counter[tuple[str, bool | None]] = Counter()
        self._uncertain = 0
        self.leads = 0

    def add(self, table: Table) -> None:
        """Count the leads of a table."""
        self.leads += table.num_rows
        for clause, name in self._clauses.items():
            answers = table.column(name)
            known = table.num_rows - answers.null_count
            yes = pc.sum(answers).as_py() or 0
            self._answers += Counter(
                {(clause, True): yes, (clause, False): known - yes, (clause, None): answers.null_count}
            )
        if self._of_verdict:
            self._outcomes += _counts(table.column(self._of_verdict["outcome"]))
            self._uncertain += table.num_rows - (
                pc.sum(table.column(self._of_verdict["certain"])).as_py() or 0
            )
            self._lacks += _counts(pc.list_flatten(table.column(self._of_verdict["missing"])))

    def show(self, console: Console) -> None:
        """Print the summary."""
        if not self.leads:
            return
        if self._model.verdict is not None:
            self._show_outcomes(console, self._model.verdict)
        if self._clauses:
            show(console, "", *self._clauses_shown(console))

    def _show_outcomes(self, console: Console, verdict: str) -> None:
        decide = self._model.named[verdict]
        assert isinstance(decide, ir.Decide)
        outcomes = list(dict.fromkeys(row.outcome for row in decide.rows))
        width = _widest(outcomes)
        show(console, "", Text(decide.label or verdict, "bold"))
        for outcome in outcomes:
            count = self._outcomes[outcome]
            share = count / self.leads
            shown = Text(f"  {padded(outcome, width)}  {count:>9,}  {_percent(share)}  ")
            show(console, _with_bar(console, shown, [(share, "full", "cyan")]))
        certain = self.leads - self._uncertain
        show(
            console,
            Text(f"  {certain:,} certain, {self._uncertain:,} uncertain{self._what_is_missing()}"),
            hang=2,
        )

    def _what_is_missing(self) -> str:
        if not self._lacks:
            return ""
        ordered = sorted(self._lacks.items(), key=lambda pair: (-pair[1], pair[0]))
        named = ", ".join(f"{name} ({count:,})" for name, count in ordered[:_MOST_LACKS])
        more = f" and {len(ordered) - _MOST_LACKS:,} more" if len(ordered) > _MOST_LACKS else ""
        return f"; what would settle them: {named}{more}"

    def _clauses_shown(self, console: Console) -> Iterator[Text]:
        width = max(_widest(self._clauses), len("Clauses") - 2)
        yield Text(f"{padded('Clauses', width + 2)}  {'yes':>9}  {'no':>9}  {'unknown':>9}", "bold")
        for name in self._clauses:
            yes, no, unknown = (self._answers[name, answer] for answer in (True, False, None))
            line = Text(f"  {padded(name, width)}  {yes:>9,}  {no:>9,}  {unknown:>9,}  ")
            shares = [
                (yes / self.leads, "full", "green"),
                (no / self.leads, "light", "dim"),
                (unknown / self.leads, "half", "yellow"),
            ]
            yield _with_bar(console, line, shares)


def _counts(values: Array) -> Counter[str]:
    return Counter({each["values"]: each["counts"] for each in pc.value_counts(values).to_pylist()})


def _with_bar(console: Console, line: Text, shares: list[tuple[float, str, str]]) -> Text:
    """Return a line with a bar behind it, where there is room for one."""
    room = min(console.width - cell_len(line.plain), _WIDEST_BAR)
    return line if room < _NARROWEST_BAR else line.append_text(bar(console, shares, room))


def _widest(names: Iterable[str]) -> int:
    return min(max(len(on_one_line(name)) for name in names), _WIDEST_NAME)


def _percent(share: float) -> str:
    return f"{share:>6.1%}"

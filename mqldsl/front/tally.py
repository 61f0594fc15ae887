"""Counts over all leads, gathered while they are decided, and the summary that is shown in the end."""

from collections import Counter
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from mqldsl.evaluate.reference import Judged
from mqldsl.front.screen import bar, on_one_line, padded, show
from mqldsl.model import ir

_WIDEST_BAR = 30
_NARROWEST_BAR = 8
_WIDEST_NAME = 40
_MOST_LACKS = 5


class Tally:
    """Counts outcomes, answers and what is lacking."""

    def __init__(self, model: ir.Model) -> None:
        self._model = model
        self._clauses = [name for name, part in model.named.items() if isinstance(part, ir.Clause)]
        self._outcomes: Counter[str] = Counter()
        self._lacks: Counter[str] = Counter()
        self._answers: Counter[tuple[str, bool | None]] = Counter()
        self._uncertain = 0
        self.leads = 0

    def add(self, judged: Judged) -> None:
        """Count one lead."""
        self.leads += 1
        for name in self._clauses:
            self._answers[name, judged.clauses[name].answer.value] += 1
        if self._model.verdict is not None:
            decided = judged.decided[self._model.verdict]
            self._outcomes[decided.outcome] += 1
            if not decided.is_certain:
                self._uncertain += 1
                self._lacks.update({lack.name for lack in decided.lacks})

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


def _with_bar(console: Console, line: Text, shares: list[tuple[float, str, str]]) -> Text:
    """Return a line with a bar behind it, where there is room for one."""
    room = min(console.width - cell_len(line.plain), _WIDEST_BAR)
    return line if room < _NARROWEST_BAR else line.append_text(bar(console, shares, room))


def _widest(names: list[str]) -> int:
    return min(max(len(on_one_line(name)) for name in names), _WIDEST_NAME)


def _percent(share: float) -> str:
    return f"{share:>6.1%}"

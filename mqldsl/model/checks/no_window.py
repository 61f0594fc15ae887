"""Events that are counted without a window: that means ever, and is easily forgotten."""

from collections.abc import Iterator

from mqldsl.model import ir
from mqldsl.model.checks.counted import Files, windowless
from mqldsl.model.checks.window_of_the_last import bare_beside_a_window
from mqldsl.model.dependencies import pieces
from mqldsl.source.diagnostics import Diagnostic, Label, Severity

CODE = "MQL501"


def find(model: ir.Model, files: Files) -> Iterator[Diagnostic]:
    """Yield a finding for each selection that reaches back to the beginning without saying `ever`.

    Not where no window is natural: the latest or earliest of something, records, people, points that
    shrink with age, `A then no B` that looks at today; and not where another check says more.
    """
    found = list(windowless(model, files))
    said_otherwise = {each.place for _, _, bare in bare_beside_a_window(found, files) for each in bare}
    for each in found:
        if each.place not in said_otherwise and not _is_kept_for_a_time(model, each.of):
            yield Diagnostic(
                CODE,
                f"`{each.words}` has no window, so it means ever",
                Label(each.place),
                help=f"say how far back, `{each.words} within 30d` for example, or `{each.words} ever`",
                severity=Severity.WARNING,
            )


def _is_kept_for_a_time(model: ir.Model, of: ir.Selection) -> bool:
    kinds = (kind for part in pieces(of) if isinstance(part, ir.Events) for kind in part.kinds)
    return any(model.kinds[kind].kept is not None for kind in kinds)

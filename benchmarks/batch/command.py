"""The command `python -m benchmarks batch`: what is measured, and in which form it is told."""

import argparse
import json
import sys
from pathlib import Path

import attrs

from benchmarks import progress

DOCS = Path(__file__).resolve().parents[2] / "docs"

# Leads, events, rounds, and leads that `decide` is asked about.
FULL = (1_000_000, 20_000_000, 5, 300)
QUICK = (50_000, 1_000_000, 2, 50)
# How many times as large the large one is, and its rounds.
LARGE = (5, 3)


def add_to(parsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = parsers.add_parser("batch", help="all leads at once, beside SQL by hand and pandas")
    parser.add_argument("--quick", action="store_true", help="50,000 leads, two rounds, nothing larger")
    parser.add_argument(
        "--leads", type=int, metavar="N", help=f"how many leads ({FULL[0]:,}), nothing larger"
    )
    parser.add_argument(
        "--events", type=int, metavar="N", help=f"how many events ({FULL[1]:,}), nothing larger"
    )
    parser.add_argument("--rounds", type=int, metavar="N", help=f"how many rounds ({FULL[2]})")
    parser.add_argument("--no-pandas", action="store_true", help="leave pandas out")
    parser.add_argument("--no-real", action="store_true", help="leave the real data sets out")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--write", action="store_true", help="write into docs/performance.md, and its chart")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure what was asked for, and print it."""
    try:
        # The extra `bench`: the other command does without.
        from benchmarks.batch import agreement, contenders, page, real, results, screen
        from benchmarks.batch.data import Size, files
        from benchmarks.batch.targets import targets
    except ModuleNotFoundError as missing:
        sys.exit(f"{missing.name} is not installed: pip install -e '.[bench]'")
    leads, events, rounds, checked = QUICK if asked.quick else FULL
    size = Size(asked.leads or leads, asked.events or events)
    names = [
        name for name, each in contenders.CONTENDERS.items() if not (asked.no_pandas and each.side == "peer")
    ]
    progress.show(f"{size.name}: making the data")
    try:
        agreement.check(files(size), names, progress.show, checked)
    except agreement.Disagreement as disagreement:
        progress.show("")
        sys.exit(str(disagreement))
    main = results.measure(size, names, asked.rounds or rounds, progress.show)
    large = None
    if not (asked.quick or asked.leads or asked.events):
        factor, rounds = LARGE
        larger = [contenders.OURS, contenders.HAND, contenders.FLOOR]
        large = results.measure(Size(leads * factor, events * factor), larger, rounds, progress.show)
    sets = list(real.DATA_SETS) if real.is_there() and not asked.no_real else []
    found = page.Run(
        [each for each in (main, large) if each is not None],
        of_real := results.measure_alone(sets, progress.show),
        targets(main, large, of_real),
        checked,
    )
    progress.show("")
    if asked.format == "json":
        print(json.dumps(attrs.asdict(found), indent=2, ensure_ascii=False))
    else:
        print(screen.whole(found.sizes, found.real, found.targets))
    if asked.write:
        page.write(DOCS, found)
    return 0

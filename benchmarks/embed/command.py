"""The command `python -m benchmarks embed`: what is measured, and in which form it is told."""

import argparse
import json
import sys
from pathlib import Path

import attrs

from benchmarks import progress
from benchmarks.embed import page, screen
from benchmarks.embed.agreement import LEADS, Disagreement
from benchmarks.embed.costs import costs, threads_agree
from benchmarks.embed.results import measure
from benchmarks.embed.targets import targets
from benchmarks.embed.timing import Plan
from benchmarks.embed.workloads import WORKLOADS

DOCS = Path(__file__).resolve().parents[2] / "docs"

FULL = Plan(rounds=15, leads=LEADS, turn=0.02, checking=60)
QUICK = Plan(rounds=5, leads=50, turn=0.004, checking=3)


def add_to(parsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the command."""
    parser = parsers.add_parser("embed", help="decisions in memory, beside Python by hand and other engines")
    parser.add_argument(
        "--rounds", type=int, help=f"how many rounds ({FULL.rounds}; with --quick {QUICK.rounds})"
    )
    parser.add_argument("--quick", action="store_true", help="fewer leads and rounds, shorter turns")
    parser.add_argument("--only", default="", metavar="W1,W2", help="only these workloads, and nothing else")
    parser.add_argument("--no-peers", action="store_true", help="leave the other engines out")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--write", action="store_true", help="write into docs/performance.md, and its chart")
    parser.set_defaults(run=run)


def run(asked: argparse.Namespace) -> int:
    """Measure what was asked for, and print it."""
    codes = [code.strip().upper() for code in asked.only.split(",") if code.strip()] or list(WORKLOADS)
    if unknown := [code for code in codes if code not in WORKLOADS]:
        sys.exit(f"no workload {', '.join(unknown)}: there are {', '.join(WORKLOADS)}")
    plan = QUICK if asked.quick else FULL
    if asked.rounds:
        plan = attrs.evolve(plan, rounds=asked.rounds)
    workloads = [WORKLOADS[code]() for code in codes]
    try:
        found = [measure(each, plan, progress.show, with_peers=not asked.no_peers) for each in workloads]
    except Disagreement as disagreement:
        progress.show("")
        sys.exit(str(disagreement))
    whole, agree = None, None
    if not asked.only:
        progress.show("loading, memory and imports")
        whole = costs(200 if asked.quick else 10_000, 3 if asked.quick else 10)
        progress.show("threads")
        agree = threads_agree(workloads)
    progress.show("")
    reached = targets(found, whole, agree)
    if asked.format == "json":
        told = {
            "workloads": [attrs.asdict(each) for each in found],
            "costs": None if whole is None else attrs.asdict(whole),
            "targets": [attrs.asdict(each) for each in reached],
        }
        print(json.dumps(told, indent=2, ensure_ascii=False))
    else:
        print("\n\n".join([*(screen.table(each) for each in found), screen.target_table(reached)]))
    if asked.write:
        page.write(DOCS, found, reached, whole, plan)
    return 0

"""The command `python -m benchmarks`."""

import argparse
from collections.abc import Sequence

from benchmarks.batch import command as batch
from benchmarks.embed import command as embed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `python -m benchmarks`."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What mqldsl costs.")
    parsers = parser.add_subparsers(required=True, metavar="COMMAND")
    embed.add_to(parsers)
    batch.add_to(parsers)
    asked = parser.parse_args(arguments)
    status: int = asked.run(asked)
    return status

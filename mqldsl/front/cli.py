"""The command `mql`: its commands, its exit codes, and what happens when something stops it."""

import os
import signal
import sys
import traceback
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NoReturn

from mqldsl.source.extras import MissingExtra, needed
from mqldsl.source.harmless import visible

try:
    with needed("cli"):
        import click
        import rich  # noqa: F401 # so that all that is missing is said here
    from mqldsl.front.commands import COMMANDS
    from mqldsl.front.inputs import UNUSABLE, InputError, examples
except MissingExtra as missing:
    sys.stderr.write(f"error: {missing}\n")
    raise SystemExit(2) from None
except KeyboardInterrupt:  # it takes half a second to get here
    raise SystemExit(130) from None

_STOPPED = 130
_TERMINATED = 143
_NOBODY_READS_ON = 141
_MISTAKE_OF_OURS = 3


class _NobodyReadsOn(Exception):
    """The other end of the pipe is closed; no OSError, for those click takes for a failure."""


class Program(click.Group):
    """The group of all commands. Exit codes: 0 fine, 1 the answer is no, 2 what was given cannot be used."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            raise _NobodyReadsOn from None
        return result

    def main(self, *args: Any, **extra: Any) -> NoReturn:  # noqa: ANN401 # as click declares it
        """Run the command that the arguments name, and exit."""
        for stream in (sys.stdout, sys.stderr):
            # A character that the stream cannot take is shown as an escape: better than no answer at all.
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr] # text streams have it
        sys.exit(self._exit_code(*args, **extra))

    def _exit_code(self, *args: Any, **extra: Any) -> int:  # noqa: ANN401 # as `main`
        try:
            result = super().main(*args, **extra | {"standalone_mode": False})
        except click.Abort:
            return _STOPPED
        except click.ClickException as error:
            message = error.format_message()
            is_harmless = isinstance(error, InputError) or visible(message) == message
            (error if is_harmless else click.UsageError(visible(message))).show()
            return error.exit_code
        except MissingExtra as error:
            InputError(str(error)).show()
            return UNUSABLE
        except _NobodyReadsOn:
            # Python flushes once more when it ends, and would complain.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return _NOBODY_READS_ON
        except Exception:  # noqa: BLE001 # the last place where anything can be said about it
            traceback.print_exc()
            click.echo("error: this is a mistake in mql itself, not in your files", err=True)
            return _MISTAKE_OF_OURS
        return result if isinstance(result, int) else 0


def _version() -> str:
    try:
        return version("mqldsl")
    except PackageNotFoundError:  # run from a checkout
        return "from a checkout"


@click.command(
    cls=Program,
    commands=COMMANDS,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog=examples(
        "mql init quick-start",
        "mql test quick-start/mql.mql",
        "mql decide quick-start/mql.mql --data quick-start/data.toml --as-of 2026-03-10T09:00",
    ),
)
@click.version_option(_version(), prog_name="mql", message="%(prog)s %(version)s")
def program() -> None:
    """Say what a marketing-qualified lead is, and decide what happens with leads.

    A definition is a file that sales and marketing can read aloud, such as mql.mql; a binding is a TOML file
    that says where the data is. Each command explains itself: mql decide --help.
    """


def _terminated(_: int, __: object) -> NoReturn:
    """Leave as an interruption does, so that what is half done is taken back."""
    raise SystemExit(_TERMINATED)


def main() -> NoReturn:
    """Run `mql` with the arguments of the process."""
    signal.signal(signal.SIGTERM, _terminated)
    program.main(prog_name="mql")

"""The database inside the process that decides all leads: what it may take, and a query that can be stopped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any, TypeAlias

import attrs

from mqldsl.data.batch.arrays import Table
from mqldsl.data.batch.store import Connection
from mqldsl.source.extras import needed

_EVERY_SECONDS = 0.1

# Hears how much of a query is done, as a share of 1, or None where nobody can tell.
Share: TypeAlias = Callable[[float | None], None]


class MachineError(Exception):
    """The machine is not up to it, or cannot be had as asked; the message is for the user."""


@attrs.frozen
class Limits:
    """What deciding may take; None leaves it to the database: all processors, and four fifths of the memory.

    `memory` is such as `1GB`. What does not fit there goes to files in `spill`, or in a temporary folder.
    """

    threads: int | None = None
    memory: str | None = None
    spill: Path | None = None


@contextmanager
def machine(limits: Limits) -> Iterator[Connection]:
    """Give a connection to an empty database inside the process; with the block it is gone, and all its files."""
    with needed("data"):
        import duckdb
    with _folder(limits) as folder:
        settings: dict[str, Any] = {"temp_directory": folder}
        if limits.threads is not None:
            settings["threads"] = limits.threads
        if limits.memory is not None:
            settings["memory_limit"] = limits.memory
        try:
            connection = duckdb.connect(config=settings)
        except duckdb.Error as error:
            raise MachineError(_refused(limits, error)) from None
        with connection:
            connection.execute("SET enable_progress_bar_print = false; SET enable_progress_bar = true")
            try:
                yield connection
            except duckdb.OutOfMemoryException:
                raise MachineError(_TOO_LITTLE) from None
            except RuntimeError as error:
                # What the database makes of an interruption, when it runs in the main thread.
                if "interrupted" in str(error).lower():
                    raise KeyboardInterrupt from None
                raise


def _folder(limits: Limits) -> "TemporaryDirectory[str]":
    try:
        return TemporaryDirectory(prefix="mqldsl-", dir=limits.spill, ignore_cleanup_errors=True)
    except OSError as error:
        raise MachineError(f"nothing can be written to `{limits.spill}`: {error.strerror}") from None


def _refused(limits: Limits, error: Exception) -> str:
    if limits.memory is not None and "emory" in str(error):
        return f"`{limits.memory}` is no size of memory: write it as 512MB or 2GB"
    return str(error).partition("\n")[0]


def answers(connection: Connection, query: str, share: Share | None) -> Table:
    """Return what a query answers, as a table of pyarrow. An interruption stops the query first."""
    task = _Task(lambda: connection.sql(query).to_arrow_table())
    task.start()
    try:
        while not task.done.wait(_EVERY_SECONDS):
            if share is not None:
                done = connection.query_progress()
                share(done / 100 if done > 0 else None)
    except BaseException:
        _stop(task, connection)
        raise
    if task.error is not None:
        raise task.error
    return task.answer


def _stop(task: "_Task", connection: Connection) -> None:
    """Wait until a query has stopped, however often that is interrupted: until then the connection cannot be closed."""
    is_done = False
    while not is_done:
        try:
            connection.interrupt()
            is_done = task.done.wait(_EVERY_SECONDS)
        except KeyboardInterrupt:
            continue


class _Task(Thread):
    """Works beside the main thread, which alone hears an interruption."""

    def __init__(self, work: Callable[[], Table]) -> None:
        super().__init__(daemon=True)
        self._work = work
        # Not `is_alive`: a `join` that is interrupted takes a running thread for a stopped one.
        self.done = Event()
        self.answer: Table = None
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.answer = self._work()
        except BaseException as error:  # noqa: BLE001 - the main thread raises it
            self.error = error
        finally:
            self.done.set()


_TOO_LITTLE = (
    "the memory that is allowed does not suffice: allow more, or fewer threads, each of which takes some"
)

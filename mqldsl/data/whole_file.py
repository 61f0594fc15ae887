"""A file that is written whole or not at all."""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


def is_same_file(one: Path, other: Path) -> bool:
    """Say whether two paths lead to one file, be it there or not; what is no ordinary file (a pipe) never is."""
    if one.exists() and other.exists():
        return one.is_file() and one.samefile(other)
    return one.resolve() == other.resolve()


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give a stream to write to; `path` has the new bytes once the block ends well, and the old ones until then.

    The bytes gather in the folder of `path`, so the disk must hold both. What is no ordinary file (a pipe, a
    terminal) is written to directly.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as stream:
            yield stream
        return
    path = path.resolve()  # a link stays a link
    unfinished = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.unfinished")
    try:
        with unfinished.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        if path.exists():
            shutil.copymode(path, unfinished)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)

"""Files of text, perhaps packed with gzip: opened as UTF-8, and a plain word where that cannot be."""

import codecs
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO, cast

import attrs

UTF_8 = "utf-8"

_CHUNK = 1 << 16
_GZIP = b"\x1f\x8b"
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@attrs.frozen
class File:
    """A file of rows; `shown` is its path as the user wrote it.

    `delimiter` is what parts its cells, where that is told, and `encoding` how its text is written.
    """

    path: Path
    shown: str
    delimiter: str | None = None
    encoding: str = UTF_8


class SourceError(Exception):
    """A file cannot be read at all; the message is for the user."""


@contextmanager
def opened_text(file: File, newline: str) -> Iterator[TextIO]:
    """Open a file as its text is written; a byte order mark is dropped. `newline` is that of `open`.

    What goes wrong while the file is being read comes out of the block as a `SourceError`.
    """
    # `utf-8-sig` drops the mark, and reads the rest as strictly as `utf-8`.
    with (
        told_plainly(file),
        opened_bytes(file.path) as raw,
        io.TextIOWrapper(
            raw, "utf-8-sig" if file.encoding == UTF_8 else file.encoding, newline=newline
        ) as text,
    ):
        yield text


@contextmanager
def told_plainly(file: File) -> Iterator[None]:
    """Turn what goes wrong while a file of text is read into a `SourceError`."""
    try:
        yield
    except UnicodeDecodeError:
        raise SourceError(_not_as_told(file)) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise SourceError(f"`{file.shown}` is not a whole gzip file: {error}") from None
    except OSError as error:
        raise SourceError(cannot_open(file, error)) from None


def opened_bytes(path: Path) -> BinaryIO:
    """Open a file, unpacked if its name says that it is packed."""
    if path.suffix.lower() == ".gz":
        return cast(BinaryIO, gzip.open(path, "rb"))
    return path.open("rb")


def suffix_of(path: Path) -> str:
    """Return the ending that says what is in a file, in lower case, past a `.gz`.

    >>> suffix_of(Path("Leads.CSV.gz"))
    '.csv'
    """
    return Path(path.name.lower().removesuffix(".gz")).suffix


def cannot_open(file: File, error: OSError) -> str:
    """Say why a file could not be opened or read."""
    if isinstance(error, FileNotFoundError):
        return f"there is no file `{file.shown}`"
    return f"`{file.shown}` cannot be read: {(error.strerror or str(error)).lower()}"


def _not_as_told(file: File) -> str:
    offset, line, byte = _first_bad_byte(file)
    where = f"byte {offset:,} (0x{byte:02X}, on line {line:,}) is no part of it"
    if file.encoding != UTF_8:
        return f"`{file.shown}` is not {file.encoding}: {where}"
    with opened_bytes(file.path) as raw:
        start = raw.read(2)
    if start == _GZIP:
        return f"`{file.shown}` is packed with gzip: end its name in `.gz`"
    is_utf_16 = start in _UTF_16
    way_out = "it looks like UTF-16; save it as UTF-8" if is_utf_16 else "save it as UTF-8"
    return f"`{file.shown}` is not UTF-8: {where}; {way_out}, or name its `encoding`"


def _first_bad_byte(file: File) -> tuple[int, int, int]:
    """Return where, counted from 1, the first byte stands that does not fit, its line, and the byte."""
    decoder = codecs.getincrementaldecoder(file.encoding)()
    before, lines = 0, 1
    with opened_bytes(file.path) as raw:
        while True:
            chunk = raw.read(_CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                # The decoder puts what it held back, the start of a character, before the chunk.
                held_back = len(error.object) - len(chunk)
                lines += error.object.count(b"\n", held_back, max(error.start, held_back))
                return before - held_back + error.start + 1, lines, error.object[error.start]
            if not chunk:
                return before, lines, 0  # it is only cut off
            before += len(chunk)
            lines += chunk.count(b"\n")

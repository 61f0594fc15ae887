"""The steps in order, on one screen: text in, a definition or findings out.

This is the only place of the language itself that opens files.
"""

import gzip
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import attrs

from mqldsl.model import ir
from mqldsl.model.checks import check_model
from mqldsl.model.companions import Companions
from mqldsl.model.from_tree import model_of
from mqldsl.source.diagnostics import Diagnostic, Label
from mqldsl.source.text import Place, Source, Span
from mqldsl.syntax import declarations as decl
from mqldsl.syntax.from_text import MOST_CHARACTERS, parse

# Two hundred levels of nesting need more frames than Python's default of 1,000; docs/decisions/nesting.md.
_FRAMES = 20_000

# How a further file of a definition is read: its path, told from the definition's folder, to its bytes.
Reader = Callable[[str], bytes]


@attrs.frozen
class Checked:
    """What came of a text: the model, if nothing in the way is an error, and all findings.

    `files` are those it was read from, where it stands in one.
    """

    source: Source
    model: ir.Model | None
    findings: tuple[Diagnostic, ...]
    files: tuple[Path, ...] = ()


class DefinitionError(Exception):
    """A definition cannot be run; `findings` say why."""

    def __init__(self, checked: Checked) -> None:
        """Take what came of the text."""
        self._checked = checked
        self.findings = tuple(finding for finding in checked.findings if finding.is_error)
        first = self.findings[0]
        where = first.at.place.source.position(first.at.place.span.start)
        super().__init__(
            f"{first.at.place.source.name}:{where.line}:{where.column}: {first.message} [{first.code}]"
            + (f", and {len(self.findings) - 1} more" if len(self.findings) > 1 else "")
        )

    def __reduce__(self) -> tuple[type["DefinitionError"], tuple[Checked]]:
        # Pickled from what it was made of: an exception is otherwise made again from its message.
        return type(self), (self._checked,)


def check_file(path: Path, tables: Mapping[str, Path] | None = None) -> Checked:
    """Check the definition in a file; `tables` give the files of tables and lists in place of its own."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        return _unreadable(str(path), f"cannot be read: {error.strerror or error}")
    files = [path, *(tables or {}).values()]
    return attrs.evolve(
        check_bytes(raw, str(path), _reader_in(path.parent, files), tables or {}), files=tuple(files)
    )


def check_text(text: str, name: str = "<text>", read: Reader | None = None) -> Checked:
    """Check the definition in a text; `read` gives the further files that it names."""
    return check_bytes(text.encode("utf-8", "surrogatepass"), name, read or _no_files, {})


def load_definition(path: Path, tables: Mapping[str, Path] | None = None) -> ir.Model:
    """Return the model of the definition in a file; raise `DefinitionError` where it has errors."""
    checked = check_file(path, tables)
    if checked.model is None:
        raise DefinitionError(checked)
    return checked.model


def check_bytes(raw: bytes, name: str, read: Reader, tables: Mapping[str, Path]) -> Checked:
    """Take a definition through all steps: text, trees, model, checks."""
    if sys.getrecursionlimit() < _FRAMES:
        sys.setrecursionlimit(_FRAMES)
    text = _decoded(raw, name)
    if isinstance(text, Checked):
        return text
    source = Source(name, text)
    tree, findings = parse(source)
    files = [(source, tree)]
    findings += _used(files, read)
    model, more = model_of(files, _companions(files, read, tables))
    findings += more
    findings += check_model(model, files)
    findings = _in_order(findings, source)
    usable = not any(finding.is_error for finding in findings)
    return Checked(source, model if usable else None, tuple(findings))


def _decoded(raw: bytes, name: str) -> "str | Checked":
    if len(raw) > MOST_CHARACTERS:
        return _unreadable(name, f"is larger than {MOST_CHARACTERS:,} bytes", "MQL005")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        return _unreadable(name, f"is not UTF-8: byte {error.start} is 0x{raw[error.start]:02x}")
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _unreadable(name: str, why: str, code: str = "MQL001") -> Checked:
    source = Source(name, "")
    finding = Diagnostic(
        code, f"`{name}` {why}", Label(Place(source, Span(0, 0))), help="save it as plain text, UTF-8"
    )
    return Checked(source, None, (finding,))


def _used(files: list[tuple[Source, decl.File]], read: Reader) -> Iterator[Diagnostic]:
    """Add the files that are used, each once, and yield what is wrong with them."""
    known = {"": 0}
    for source, file in files:  # grows while it is walked
        for use in (each for each in file.declarations if isinstance(each, decl.Use)):
            path = use.path.value
            label = Label(Place(source, use.path.span))
            fault = _path_fault(path)
            if fault:
                yield Diagnostic(
                    "MQL105", fault, label, help="name a file beside the definition, or in a folder below it"
                )
                continue
            if path in known:
                continue
            known[path] = len(files)
            try:
                text = _decoded(read(path), path)
            except OSError as error:
                why = (
                    "is not there"
                    if isinstance(error, FileNotFoundError)
                    else f"cannot be read: {error.strerror or error}"
                )
                yield Diagnostic(
                    "MQL105",
                    f"the file `{path}` {why}",
                    label,
                    help="its path is told from the folder of the definition",
                )
                continue
            if isinstance(text, Checked):
                yield from text.findings
                continue
            used = Source(path, text)
            tree, findings = parse(used)
            yield from findings
            files.append((used, tree))


def _path_fault(path: str) -> str | None:
    parts = path.replace("\\", "/").split("/")
    if path.startswith(("/", "\\", "~")) or ":" in parts[0] or ".." in parts:
        return f"`{path}` lies outside the definition's folder"
    return None if path.strip() else "this path is empty"


def _companions(
    files: list[tuple[Source, decl.File]], read: Reader, tables: Mapping[str, Path]
) -> Companions:
    """Read the lists and tables that stand in files of their own."""
    texts: dict[tuple[str, str], str | OSError] = {}
    for _, file in files:
        for each in file.declarations:
            if isinstance(each, decl.ListFile | decl.Table) and each.path is not None:
                name, path = each.name.text, each.path.value
                texts[name, path] = _companion(path, tables.get(name), read)
    return texts


def _companion(path: str, instead: Path | None, read: Reader) -> str | OSError:
    try:
        if instead is not None:
            raw = _bytes_of(instead)
        elif fault := _path_fault(path):
            return OSError(fault)
        else:
            raw = read(path)
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except OSError as error:
        return error
    except UnicodeDecodeError as error:
        return OSError(f"it is not UTF-8, byte {error.start}")


def _bytes_of(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    return path.read_bytes()


def _reader_in(folder: Path, files: list[Path]) -> Reader:
    """Return what reads the files of a folder, and adds each to `files`."""

    def read(path: str) -> bytes:
        files.append(folder / path)
        return _bytes_of(folder / path)

    return read


def _no_files(path: str) -> bytes:
    raise FileNotFoundError(path)


def _in_order(findings: list[Diagnostic], main: Source) -> list[Diagnostic]:
    """Put findings in order of place, those of the definition itself first, doubles left out."""
    unique = dict.fromkeys(findings)
    return sorted(
        unique,
        key=lambda finding: (
            finding.at.place.source is not main,
            finding.at.place.source.name,
            finding.at.place.span.start,
        ),
    )

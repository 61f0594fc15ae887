"""A definition that an application has loaded, and asks about its leads."""

import gzip
import os
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import attrs

from mqldsl.embed.decision import Decision
from mqldsl.embed.decisions import Decisions
from mqldsl.embed.fingerprint import fingerprint
from mqldsl.evaluate import python
from mqldsl.evaluate.history import History
from mqldsl.model import ir
from mqldsl.pipeline import Checked, DefinitionError, check_bytes, check_file, check_text
from mqldsl.source.extras import Late
from mqldsl.source.nearest import nearest

# All that whole tables need, loaded when somebody decides one.
_all_leads: Any = Late("mqldsl.embed.all_leads")
_machine: Any = Late("mqldsl.data.decided.machine")
_handed_tables: Any = Late("mqldsl.data.handed_tables")


class Question(Protocol):
    """One clause of a definition, as a function: True for yes, False for no, None for unknown."""

    def __call__(  # noqa: PLR0913 # as `Definition.decide`
        self,
        lead: object,
        events: Iterable[Any] | None = None,
        account: object = None,
        as_of: object = None,
        *,
        feeds: Iterable[str] | None = None,
        strict: bool = True,
    ) -> bool | None:
        """Answer the clause for one lead."""


@attrs.frozen(slots=False, eq=False, repr=False)
class Definition:
    """A definition without errors. It never changes, may be pickled, and any number of threads may ask it.

    Two definitions are equal where they mean the same: where `fingerprint` is equal.
    """

    model: ir.Model

    @property
    def title(self) -> str:
        """The title in its head; empty where there is none."""
        return self.model.header.title

    @property
    def version(self) -> str:
        """The version in its head, as it is written; empty where there is none."""
        return self.model.header.version

    @cached_property
    def fingerprint(self) -> str:
        """What tells it from definitions that mean something else; remarks, layout and labels do not count."""
        return fingerprint(self.model)

    def decide(  # noqa: PLR0913 # what an application may know
        self,
        lead: object,
        events: Iterable[Any] | None = None,
        account: object = None,
        as_of: object = None,
        *,
        feeds: Iterable[str] | None = None,
        strict: bool = True,
    ) -> Decision:
        """Return what the definition says about one lead.

        Args:
            lead: What is known of the lead: a mapping, an attrs, dataclass or pydantic object, a database row. A
                key that is not there was not supplied; None and empty text are blank.
            events: What the lead did and the records that belong to it, in any order: mappings with `kind`, `at`,
                `id` and the properties, or `Event`s; or a `History`. None means that events are not supplied at
                all, an empty list that there were none.
            account: What is known of the lead's company, or an `Account`, which has events and people, too.
            as_of: The instant to decide for; a time without a zone is one in the definition's. None means now.
            feeds: The kinds of events and records that are supplied, where it is not all of them.
            strict: Whether a value that cannot be read is an error; otherwise it is blank, and noted.

        Raises:
            LeadError: Something that was handed in cannot be used.
        """
        decide: Callable[..., Decision] = python.program(self.model, made=Decision).decide
        # From now on the instance has the program's own function, so that a call costs no look-up.
        self.__dict__["decide"] = decide
        return decide(lead, events, account, as_of, feeds=feeds, strict=strict)

    def decide_all(  # noqa: PLR0913 # what an analyst may know
        self,
        leads: object = None,
        events: object = None,
        accounts: object = None,
        *,
        as_of: object = None,
        feeds: Iterable[str] | None = None,
        binding: str | os.PathLike[str] | None = None,
        columns: Iterable[str] | None = None,
        lists: bool = False,
        thorough: bool = False,
        threads: int | None = None,
        memory_limit: str | None = None,
        spill: str | os.PathLike[str] | None = None,
    ) -> Decisions:
        """Return what the definition says about all leads of a table.

        A table is one of Arrow, pandas, Polars or DuckDB, anything else with `__arrow_c_stream__`, or the path of a
        file, several paths, a folder or a pattern such as `events/*.parquet`. Its columns are called like the fields
        and properties, or as the definition says with `from`.

        Args:
            leads: A row a lead, with its `id`, and `account`, the key of its company, if it has one.
            events: What leads did, and their records: one table with the columns `kind`, `lead`, `at` and maybe
                `id`, or a table for each kind, by its name. Those of companies have `account`. None means that
                events are not supplied at all.
            accounts: A row a company, with its key in `id`.
            as_of: The instant to decide for. Without it, the column `as_of` of the leads tells each its own, or, if
                there is none, it is now.
            feeds: The kinds of events and records that are supplied, where it is not all of them.
            binding: A binding file, instead of tables.
            columns: The columns that are wanted, by name and in that order, behind `id`; without it all but the lists.
                What is not wanted is not worked out.
            lists: Whether there are also columns with the names of the clauses that are yes, and that are unknown.
            thorough: Whether to look through all events for those of nobody and those that came twice, which may
                take as long as deciding.
            threads: How many processors may be used; all without it.
            memory_limit: How much memory may be used, such as `1GB`; four fifths of it without it.
            spill: The folder for what does not fit into memory; a temporary one without it.

        Raises:
            TablesError: The tables do not fit the definition.
            BindingError: The binding does not.
            LookupError: There is no column of a name that is wanted.
        """
        limits = _machine.Limits(threads, memory_limit, None if spill is None else Path(spill))
        wanted = _all_leads.Wanted(lists, thorough, None if columns is None else tuple(columns))
        decisions: Decisions
        if binding is not None:
            if leads is not None or events is not None or accounts is not None or feeds is not None:
                raise TypeError("there are tables and a binding: one of the two says where the leads are")
            decisions = _all_leads.decide_binding(self.model, binding, as_of, limits, wanted)
        else:
            if leads is None:
                raise TypeError("there are no leads: hand in a table, or a binding")
            tables = _handed_tables.Tables(leads, events, accounts, None if feeds is None else tuple(feeds))
            decisions = _all_leads.decide_tables(self.model, tables, as_of, limits, wanted)
        return decisions

    def clause(self, name: str) -> Question:
        """Return the function that answers one clause alone; it takes what `decide` takes.

        Raises:
            LookupError: There is no such clause.
        """
        program = python.program(self.model, made=Decision)
        if name not in program.clause_names:
            raise LookupError(_unknown(name, program.clause_names))
        answer: Question = program.clause(name)
        return answer

    def history(self, events: Iterable[Any]) -> History:
        """Return the events of one lead, prepared once for many decisions."""
        return History(events)

    def __eq__(self, other: object) -> bool:
        return self.fingerprint == other.fingerprint if isinstance(other, Definition) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.fingerprint)

    def __repr__(self) -> str:
        version = f" version {self.version}" if self.version else ""
        return f"<Definition {self.title!r}{version}>"

    def __getstate__(self) -> dict[str, object]:
        return {"model": self.model, "fingerprint": self.fingerprint}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__dict__.update(state)


def _unknown(name: str, names: Iterable[str]) -> str:
    left, near = set(names), list[str]()
    while len(near) < 3 and (found := nearest(name, left)) is not None:
        near.append(f"`{found}`")
        left.discard(found)
    hint = f"did you mean {' or '.join(near)}?" if near else "`Definition.decide` names them all in `clauses`"
    return f"the definition has no clause `{name}`: {hint}"


# ------------------------------------------------------------------ loading


def loads(text: str, name: str = "<text>", files: Mapping[str, str] | None = None) -> Definition:
    """Return the definition in a text.

    Args:
        text: The definition.
        name: What it is called in messages.
        files: The texts of further files that it names, by the paths that it gives them.

    Raises:
        DefinitionError: It has errors; `findings` tells them all.
    """

    def read(path: str) -> bytes:
        if files is None or path not in files:
            raise FileNotFoundError(path)
        return files[path].encode("utf-8", "surrogatepass")

    return _made(check_text(text, name, read))


def load(path: str | os.PathLike[str]) -> Definition:
    """Return the definition in a file.

    A definition whose files have not changed since it was last loaded is returned again, without reading it anew.

    Args:
        path: The file; the further files that it names are looked for in its folder.

    Raises:
        DefinitionError: It has errors, or cannot be read; `findings` tells them all.
    """
    return _CACHE.load(Path(path))


def _made(checked: Checked) -> Definition:
    if checked.model is None:
        raise DefinitionError(checked)
    return Definition(checked.model)


class _Reader:
    """Reads the further files of a definition, and remembers what they held."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.digests: dict[str, bytes] = {}

    def __call__(self, path: str) -> bytes:
        raw = (self._folder / path).read_bytes()
        self.digests[path] = sha256(raw).digest()
        return gzip.decompress(raw) if path.endswith(".gz") else raw

    def are_unchanged(self) -> bool:
        """Say whether the files hold what they held."""
        try:
            return all(
                sha256((self._folder / path).read_bytes()).digest() == digest
                for path, digest in self.digests.items()
            )
        except OSError:
            return False


class _Cache:
    """The definitions that were loaded last."""

    def __init__(self, most: int) -> None:
        self._most, self._lock = most, Lock()
        self._loaded: OrderedDict[Path, tuple[bytes, _Reader, Definition]] = OrderedDict()

    def load(self, path: Path) -> Definition:
        try:
            raw = path.read_bytes()
        except OSError:
            return _made(check_file(path))  # it says why
        place, digest = path.absolute(), sha256(raw).digest()
        with self._lock:
            known = self._loaded.get(place)
        if known is not None and known[0] == digest and known[1].are_unchanged():
            return known[2]
        reader = _Reader(place.parent)
        definition = _made(check_bytes(raw, str(path), reader, {}))
        with self._lock:
            self._loaded[place] = digest, reader, definition
            self._loaded.move_to_end(place)
            while len(self._loaded) > self._most:
                self._loaded.popitem(last=False)
        return definition


_CACHE = _Cache(most=64)

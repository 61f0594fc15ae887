"""One table of a TOML file, taken apart key by key: every mistake is noted, and the next key is looked at."""

from collections.abc import Iterator, Mapping

from mqldsl.data.keys import Key, KeyColumn
from mqldsl.source.nearest import nearest

_NO_KEY = 'a list names the columns that make the key together, each once, such as ["region", "number"]'


class Section:
    """A table by its key path. `finish` notes the keys that nobody asked for."""

    def __init__(self, key: str, table: Mapping[str, object], mistakes: list[str]) -> None:
        self.key = key
        self._table = table
        self.mistakes = mistakes
        self._asked: list[str] = []

    def path_of(self, name: str) -> str:
        """Return the key path of `name` in this table."""
        return f"{self.key}.{name}" if self.key else name

    def raw(self, name: str) -> object | None:
        """Return what stands under `name`, whatever it is; None where nothing does."""
        self._asked.append(name)
        return self._table.get(name)

    def text(self, name: str) -> str | None:
        """Return a text that says something, or None."""
        found = self.raw(name)
        if isinstance(found, str) and found.strip():
            return found
        if found is not None:
            self.mistake(name, "this must be a text between quotes, and not an empty one")
        return None

    def needed(self, name: str, what: str) -> str:
        """Return a text that must be there; an empty one stands in for it where it is not."""
        found = self.text(name)
        if found is None and name not in self._table:
            self._lacks(name, what)
        return found or ""

    def key_column(self, name: str) -> KeyColumn | None:
        """Return the column of a key, or those that make it together, or None."""
        found = self.raw(name)
        if not isinstance(found, list):
            return self.text(name)
        names = [it for it in found if isinstance(it, str) and it.strip()]
        if not names or len(names) < len(found) or len(set(names)) < len(names):
            self.mistake(name, _NO_KEY)
            return None
        return names[0] if len(names) == 1 else Key(tuple(names))

    def needed_key(self, name: str, what: str) -> KeyColumn:
        """Return the column or columns of a key that must be there; an empty text stands in where they are not."""
        found = self.key_column(name)
        if found is None and name not in self._table:
            self._lacks(name, what)
        return found or ""

    def flag(self, name: str) -> bool:
        """Return true or false, and false where nothing is said."""
        found = self.raw(name)
        if found is not None and not isinstance(found, bool):
            self.mistake(name, "this must be true or false")
        return found is True

    def _lacks(self, name: str, what: str) -> None:
        self.mistake(name, f"this is not there: it names {what}")

    def section(self, name: str) -> "Section | None":
        """Return the table under `name`, or None."""
        found = self.raw(name)
        if found is None:
            return None
        if not isinstance(found, dict):
            self.mistake(name, "this must be a table, `{ … }` or under a heading of its own")
            return None
        return Section(self.path_of(name), found, self.mistakes)

    def sections(self) -> Iterator[tuple[str, "Section"]]:
        """Yield every key of this table with the table under it."""
        for name in self._table:
            part = self.section(name)
            if part is not None:
                yield name, part

    def __iter__(self) -> Iterator[tuple[str, object]]:
        for name in self._table:
            yield name, self.raw(name)

    def __contains__(self, name: str) -> bool:
        return name in self._table

    @property
    def has_mistake(self) -> bool:
        """Whether something is wrong with this table already."""
        return any(words.startswith(f"`{self.key}") for words in self.mistakes)

    def mistake(self, name: str, words: str) -> None:
        """Note what is wrong with a key; without a name, with this table as a whole."""
        self.mistakes.append(f"`{self.path_of(name) if name else self.key}`: {words}")

    def finish(self) -> None:
        """Note every key that has no meaning here."""
        for name in self._table:
            if name not in self._asked:
                meant = nearest(name, set(self._asked) - set(self._table))
                known = ", ".join(f"`{key}`" for key in dict.fromkeys(self._asked))
                hint = f"did you mean `{meant}`?" if meant else f"there are {known}"
                self.mistake(name, f"there is no such key here; {hint}")

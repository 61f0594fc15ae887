"""A binding for a definition that is there: columns by their exact names; a name that is only near is left to confirm."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import attrs

from mqldsl.data.guess.draft import fits
from mqldsl.data.guess.naming import usual_plural
from mqldsl.data.guess.roles import Owned
from mqldsl.data.guess.seen import Seen, Sheet
from mqldsl.data.guess.tables import Found, found_in
from mqldsl.data.guess.to_binding import column_line, feed_lines_of, keyed_lines, stand_ins, toml_text
from mqldsl.data.guess.types import Guess, guess
from mqldsl.data.guess.words import said, snake_case
from mqldsl.data.names import ACCOUNT, properties_of
from mqldsl.model import ir
from mqldsl.model.types import Date, Number, SetOf, Time, Type, YesNo
from mqldsl.source.nearest import nearest


def binding_for(model: ir.Model, sheets: Sequence[Sheet], path: Path) -> tuple[str, list[str]]:
    """Return a binding for a definition, to stand at `path`, and a sentence for each thing to confirm or to add."""
    found = found_in(sheets[0], sheets[1:])
    made = _Made(model, found, path.parent)
    text = "\n".join(made.lines()) + "\n"
    fits(text, path, model)
    return text, made.notes


@attrs.define
class _Made:
    model: ir.Model
    found: Found
    folder: Path
    notes: list[str] = attrs.field(factory=list)

    def lines(self) -> list[str]:
        found, model = self.found, self.model
        lines = [
            "# Where the facts stand, as a first look has it. Paths start at the folder of this file.",
            "",
        ]
        lines += keyed_lines("leads", found.leads, self.folder)
        told = self.columns("lead", model.fields.values(), found.leads.sheet)
        if found.account is not None and _lacks_account(model, found.leads.sheet):
            told.insert(0, f"{ACCOUNT} = {toml_text(found.account)}  # by its values: confirm")
            self.notes.append(
                f"the company of a lead: column `{found.account}` has the values of its key; confirm"
            )
        lines += _under("leads.columns", told)
        if found.companies is not None:
            lines += ["", *keyed_lines("accounts", found.companies, self.folder)]
            told = self.columns("account", model.account_fields.values(), found.companies.sheet)
            lines += _under("accounts.columns", told)
        for kind in model.kinds.values():
            lines += self.feed(kind)
        self.notes += found.left_out
        return lines

    def feed(self, kind: ir.Kind) -> list[str]:
        owned, is_sure = _match(kind, self.found.owned)
        word = "event" if kind.timed else "record"
        if owned is None:
            self.notes.append(f"{word} `{kind.name}`: no rows of that name were found; it is not supplied")
            return ["", f"# {word} {kind.name}: not found, so it is not supplied"]
        section = f"{'events' if kind.timed else 'records'}.{kind.name}"
        lines = [f"[{section}]", *feed_lines_of(owned, self.folder)]
        told = self.columns(kind.name, properties_of(kind), owned.sheet, of_event=True)
        lines += _under(f"{section}.columns", told)
        if is_sure:
            return ["", *lines]
        what = _told_by(owned)
        self.notes.append(f"{word} `{kind.name}`: is it {what}? It is written as a comment, to confirm")
        return [
            "",
            f"# Is {kind.name} {said(what, 120)}? Then take the `# ` away.",
            *(f"# {it}" for it in lines),
        ]

    def columns(
        self, owner: str, fields: Iterable[ir.Field], sheet: Sheet, *, of_event: bool = False
    ) -> list[str]:
        """Return the lines of fields: of an exact column, or a comment where one has a name that is near."""
        lines: list[str] = []
        fields = list(fields)
        taken = {it.column or it.name for it in fields}
        for field in fields:
            if (
                field.name == ACCOUNT
                and owner == "lead"
                and self.found.account
                and _lacks_account(self.model, sheet)
            ):
                continue
            exact = next((it for it in (field.column, field.name) if it in sheet.columns), None)
            if exact is not None:
                lines += self.exact(owner, field, sheet.columns[exact], of_event=of_event)
                continue
            near = _near(field, [name for name in sheet.columns if name not in taken])
            if near is None:
                lines.append(f"# {field.name}: no column, so it is not supplied")
                self.notes.append(f"`{owner}.{field.name}`: `{sheet.file.shown}` has no such column")
            else:
                fitted, words = _fitted(field.type, sheet.columns[near])
                line = column_line(field.name, near, fitted, {})
                lines.append(f"# {line}  # the nearest name: confirm" + (f"; {words}" if words else ""))
                self.notes.append(
                    f"`{owner}.{field.name}`: is it the column `{near}` of `{sheet.file.shown}`? Written as a comment"
                )
        return lines

    def exact(self, owner: str, field: ir.Field, seen: Seen, *, of_event: bool) -> Iterator[str]:
        fitted, words = _fitted(field.type, seen)
        if words:
            yield f"# {field.name}: {words}"
            self.notes.append(f"`{owner}.{field.name}`: {words}")
        yield column_line(field.name, seen.name, fitted, stand_ins(seen, fitted) if of_event else {})


def _lacks_account(model: ir.Model, sheet: Sheet) -> bool:
    """Say whether no column has the name of the lead's field for its company's key."""
    field = model.fields.get(ACCOUNT)
    return field is None or not {field.column or field.name, field.name} & sheet.columns.keys()


def _under(section: str, lines: list[str]) -> list[str]:
    return ["", f"[{section}]", *lines] if lines else []


def _fitted(kind: Type, seen: Seen) -> tuple[Guess, str]:
    """Return how a column is written, as far as the definition's type has a use for it; and what is doubtful."""
    from_look = guess(seen)
    plain = Guess(kind, from_look.missing_when)
    if seen.unreadable:
        return plain, f"it holds {seen.unreadable}"
    match kind:
        case Date() | Time() if from_look.either is not None:
            one, other = from_look.either
            return plain, f'day first or month first? Add formats = ["{one}"] or ["{other}"]'
        case Date() | Time():
            return attrs.evolve(plain, formats=from_look.formats), ""
        case Number():
            return attrs.evolve(plain, decimal=from_look.decimal), ""
        case YesNo():
            return attrs.evolve(plain, yes=from_look.yes, no=from_look.no), ""
        case SetOf():
            return attrs.evolve(plain, split=from_look.split), ""
        case _:
            return plain, ""


def _near(field: ir.Field, columns: Sequence[str]) -> str | None:
    """Return the column whose name is most like a field's: the same words first."""
    by_words = {snake_case(name): name for name in columns}
    if field.name.lower() in by_words:
        return by_words[field.name.lower()]
    found = nearest(field.column or field.name, columns) or nearest(field.name, by_words)
    return by_words.get(found, found) if found is not None else None


def _match(kind: ir.Kind, all_owned: Sequence[Owned]) -> tuple[Owned | None, bool]:
    """Return the rows that are of a kind, and whether their name is exactly that."""
    owner: Literal["account", "lead"] = "account" if kind.of_account else "lead"
    fitting = [it for it in all_owned if (it.at is not None) == kind.timed and it.owner == owner]
    for owned in fitting:
        if _exact_names(owned) & {kind.name, kind.plural}:
            return owned, True
    by_name = {it.name: it for it in fitting} | {usual_plural(it.name): it for it in fitting}
    found = nearest(kind.name, by_name)
    return (None, False) if found is None else (by_name[found], False)


def _exact_names(owned: Owned) -> set[str]:
    """Return what rows are called where they stand: by the column that tells kinds, or by their file."""
    if owned.where is not None:
        return set(owned.where[1])
    return {owned.name, owned.sheet.file.path.name.split(".", 1)[0]}


def _told_by(owned: Owned) -> str:
    if owned.where is None:
        return f"what `{owned.sheet.file.shown}` holds"
    column, texts = owned.where
    return f"the rows of `{owned.sheet.file.shown}` with {column} `{texts[0]}`"

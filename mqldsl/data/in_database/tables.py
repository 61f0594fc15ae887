"""Tables of a database as a definition sees them: which relation holds what, and which column is which field."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal, TypeAlias

import attrs
from sqlglot import exp

from mqldsl.model import ir
from mqldsl.model.dependencies import pieces

# How a column is stored. `local` is a time without a zone, by the clocks of the definition's zone, and `zoned` one
# with it; `instant` has no zone and is in UTC.
Stored: TypeAlias = Literal[
    "text", "whole", "number", "truth", "day", "instant", "local", "zoned", "set", "other"
]


@attrs.frozen
class Cell:
    """A column; `stored` is None where it is taken on trust that it is what it should be.

    `parts` are the columns that make a key together, where it is one of several.
    """

    column: str
    stored: Stored | None = None
    parts: tuple["Cell", ...] = ()


@attrs.frozen
class Held:
    """A relation and its columns, by the names that the definition has for them.

    Beside fields and properties these are `id`, `lead`, `account`, `at` and `as_of`, under `keys`. `where` are the
    rows that count: those in which each column has one of some texts.
    """

    relation: exp.Expr = attrs.field(eq=False)
    keys: Mapping[str, Cell]
    fields: Mapping[str, Cell]
    where: Mapping[str, frozenset[str]] = attrs.field(factory=dict)


@attrs.frozen
class Tables:
    """All that a definition may look at."""

    leads: Held
    events: Mapping[str, Held] = attrs.field(factory=dict)
    accounts: Held | None = None


def by_convention(
    model: ir.Model, relation: Callable[[str], exp.Expr] | None = None, as_of: str | None = None
) -> Tables:
    """Return tables called as the definition calls things: `leads`, `accounts`, and one a kind.

    `relation` says what stands for a table; `as_of` is the column of the leads with an instant for each.
    """
    there = relation if relation is not None else _named
    keys = _same(["id", *(["account"] if has_companies(model) else [])])
    if as_of is not None:
        keys["as_of"] = Cell(as_of)
    leads = Held(there("leads"), keys, _same(model.fields))
    events = {}
    for name, kind in model.kinds.items():
        owner = "account" if kind.of_account else "lead"
        columns = [owner, "at"] if kind.timed else [owner]
        events[name] = Held(there(name), _same(columns), _same(kind.properties))
    accounts = None
    if model.account_fields:
        accounts = Held(there("accounts"), _same(["id"]), _same(model.account_fields))
    return Tables(leads, events, accounts)


def looked_at(model: ir.Model, tables: Tables) -> Tables:
    """Return the same tables with the columns and kinds alone that conditions, scores and decisions look at."""
    fields: set[tuple[str, str]] = set()
    properties: set[str] = set()
    kinds: set[str] = set()
    for named in model.named.values():
        for part in pieces(named):
            match part:
                case ir.FieldValue(owner, name):
                    fields.add((owner, name))
                case ir.PropertyValue(name):
                    properties.add(name)
                case ir.Events(some):
                    kinds.update(some)
                case ir.Then(same=same) | ir.ThenNo(same=same):
                    properties.update(same)

    def only(held: Held, names: set[str]) -> Held:
        return attrs.evolve(held, fields={name: cell for name, cell in held.fields.items() if name in names})

    of_lead, of_account = ({name for owner, name in fields if owner == each} for each in ("lead", "account"))
    events = {kind: only(held, properties) for kind, held in tables.events.items() if kind in kinds}
    accounts = only(tables.accounts, of_account) if tables.accounts is not None and of_account else None
    return Tables(only(tables.leads, of_lead), events, accounts)


def has_companies(model: ir.Model) -> bool:
    """Say whether a definition looks at the companies of leads in any way."""
    if model.account_fields or any(kind.of_account for kind in model.kinds.values()):
        return True
    parts = (part for named in model.named.values() for part in pieces(named))
    return any(
        isinstance(part, ir.People) or (isinstance(part, ir.Events) and part.scope != "lead")
        for part in parts
    )


def _named(name: str) -> exp.Expr:
    return exp.to_table(name, quoted=True)


def _same(names: Iterable[str]) -> dict[str, Cell]:
    return {name: Cell(name) for name in names}

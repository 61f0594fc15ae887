"""What is supplied to a query: which relations hold the leads, their companies and what they did, all typed.

The terms here look at the columns of their own relation, without an alias. Values are read already: a number is a
finite double, a label is written as the definition writes it, an instant is in UTC, blank is missing (NULL). A
field, property or kind that is not named here is not supplied.
"""

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Literal

import attrs

from mqldsl.evaluate.sql.relations import Table
from mqldsl.evaluate.sql.terms import YES, Term


@attrs.frozen
class Given:
    """A field or property: its value, and whether it is supplied in a row (a key may be there in some rows only)."""

    value: Term
    supplied: Term = YES
    # Between which numbers all values lie, where that is known beforehand.
    low: float = -math.inf
    high: float = math.inf


@attrs.frozen
class Leads:
    """The leads, one row a question: each id once, or each id and as-of once."""

    relation: Table
    id: Term
    # Keys of events are of the same type as the lead's id.
    id_type: Literal["whole", "text"]
    # One instant for all, or a column.
    as_of: datetime | Term
    fields: Mapping[str, Given] = attrs.field(hash=False)
    # The key of the company as folded text, missing where there is none; None where no lead has a company.
    account: Term | None = None
    # Whether that key is supplied in a row, or it is told that there is none.
    account_told: Term = YES
    # The number of the row in its source, where that is known.
    place: Term | None = None


@attrs.frozen
class Accounts:
    """The companies' own fields, one row a company. A company without a row has blanks."""

    relation: Table
    key: Term
    fields: Mapping[str, Given] = attrs.field(hash=False)


@attrs.frozen
class Feed:
    """The events or records of one kind. Rows without an owner or, for events, a time are none."""

    relation: Table
    # Which rows are of this kind; kinds of one relation are looked at together.
    where: Term
    # The lead's id, or the company's key as folded text.
    owner: Term
    at: Term | None
    properties: Mapping[str, Given] = attrs.field(hash=False)
    # With `id`, repeats are left out: of the same owner and id the one that was received first, by `received`.
    id: Term | None = None
    received: Term | None = None
    # The source's own column behind `at`, told where a filter on `at` does not reach the file and one on this does:
    # at most a day (86,400 s) before or after `at`, and comparable with a constant instant.
    scanned: Term | None = None
    # Whether that column is the very instant of `at`, with a zone.
    is_scanned_exact: bool = False


@attrs.frozen
class Supply:
    """All that a definition may look at. `feeds` are by the names of their kinds."""

    leads: Leads
    feeds: Mapping[str, Feed] = attrs.field(hash=False)
    accounts: Accounts | None = None

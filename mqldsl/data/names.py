"""What the names of a binding mean in a definition: kinds by either name, fields by their columns."""

from collections.abc import Mapping

import attrs

from mqldsl.data.bound_rows import Column, Rows
from mqldsl.evaluate.situation import COMPANY_KEY
from mqldsl.model import ir
from mqldsl.model.types import Text

# The lead's field, or the name in the binding, that holds the key of its company.
ACCOUNT = COMPANY_KEY


def kind_named(name: str, model: ir.Model) -> ir.Kind | None:
    """Return the kind of events or records with this name or plural."""
    return next((kind for kind in model.kinds.values() if name in (kind.name, kind.plural)), None)


def properties_of(kind: ir.Kind) -> tuple[ir.Field, ...]:
    """Return the properties of a kind as fields without options."""
    return tuple(ir.Field(name, type_) for name, type_ in kind.properties.items())


def column_of(field: ir.Field, rows: Rows) -> Column:
    """Return the column of a field, with its name: the one bound, or the definition's, or one of its own name."""
    bound = rows.columns.get(field.name, Column())
    return attrs.evolve(bound, name=bound.name or field.column or field.name)


def account_key(fields: Mapping[str, ir.Field], rows: Rows) -> Column | None:
    """Return the column of the company's key: of the field `account`, declared or only bound; None without one."""
    if ACCOUNT not in fields and ACCOUNT not in rows.columns:
        return None
    return column_of(fields.get(ACCOUNT, ir.Field(ACCOUNT, Text())), rows)

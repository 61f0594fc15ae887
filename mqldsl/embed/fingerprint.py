"""What tells two definitions apart that mean something different: a digest of the meaning alone.

The names of the model's nodes and of what they are made of are part of it. A change there that changes no
meaning needs a new `FORM`, because people keep fingerprints: beside decisions, and in `agreed by` lines.
"""

import weakref
from collections.abc import Mapping
from datetime import date, time
from enum import Enum
from hashlib import sha256

import attrs

from mqldsl.model import ir
from mqldsl.model.folding import Entry

FORM = "mql1"
"""How a fingerprint is made; it stands before every one."""

# Said of the text, or worked out from the rest.
_NOT_MEANT = frozenset({"place", "label", "type"})
# Of these the order does not count, nor that something is said twice.
_ANY_ORDER: dict[type, frozenset[str]] = {
    ir.Member: frozenset({"values", "entries"}),
    ir.Has: frozenset({"wanted"}),
    ir.TextTest: frozenset({"needles"}),
    ir.Field: frozenset({"missing_when"}),
}
_HEADER = ("zone", "currency", "hours")

_known: dict[int, tuple["weakref.ref[ir.Model]", str]] = {}


def fingerprint(model: ir.Model) -> str:
    """Return the fingerprint of a definition's meaning, such as `mql1:9f86d0…`.

    What changes no decision does not count: remarks, layout, the order of declarations, the order of entries in
    a list, labels, and who owns, reviewed or agreed to the definition, its title, version and dates, its examples
    and promises. A list counts by its entries, wherever they stand. The order of rows counts, and so do names.
    """
    known = _known.get(id(model))
    if known is not None and known[0]() is model:
        return known[1]
    made = f"{FORM}:{_Digests().of_model(model).hex()}"
    place = id(model)
    _known[place] = weakref.ref(model, lambda _: _known.pop(place, None)), made
    return made


class _Digests:
    """The digests of one model; what several parts share is looked at once."""

    def __init__(self) -> None:
        self._shared: dict[int, bytes] = {}

    def of_model(self, model: ir.Model) -> bytes:
        """Return the digest of all that decides."""
        header = [self.of(getattr(model.header, name)) for name in _HEADER]
        parts = [
            self.of(each)
            for each in (model.fields, model.account_fields, model.kinds, model.named, model.verdict)
        ]
        return _joined("Model", [*header, *parts])

    def of(self, value: object) -> bytes:
        """Return the digest of a node or of what nodes are made of."""
        match value:
            case None | bool() | int() | float() | str():
                return _plain(value)
            case tuple():
                return self._once(value)
            case Mapping():
                pairs = sorted((self.of(key), self.of(each)) for key, each in value.items())
                return _joined("Mapping", [each for pair in pairs for each in pair])
            case frozenset():
                return _joined("Set", sorted(self.of(each) for each in value))
            case Enum():
                return _joined(type(value).__name__, [_plain(value.name)])
            case date() | time():
                return _joined(type(value).__name__, [_plain(value.isoformat())])
            case _:
                return self._once(value)

    def _once(self, value: object, *, any_order: bool = False) -> bytes:
        found = self._shared.get(id(value))
        if found is None:
            if not isinstance(value, tuple):
                found = self._node(value)
            elif any_order:
                found = self._set(value)
            else:
                found = _joined("Tuple", [self.of(each) for each in value])
            self._shared[id(value)] = found
        return found

    def _set(self, several: tuple[object, ...]) -> bytes:
        # Entries in one piece, as there may be thousands, for each clause anew; folded, none holds a line end.
        entries = {
            f"{'*' if each.has_wildcard else '='}{each.folded}" for each in several if isinstance(each, Entry)
        }
        others = sorted({self.of(each) for each in several if not isinstance(each, Entry)})
        return _joined("Set", ["\n".join(sorted(entries)).encode("utf-8", "surrogatepass"), *others])

    def _node(self, node: object) -> bytes:
        if isinstance(node, ir.During) and isinstance(node.span, ir.Always):
            return self.of(node.of)  # `ever` says what goes without saying
        kind = type(node)
        parts = [
            self._once(getattr(node, name), any_order=True)
            if name in _ANY_ORDER.get(kind, ())
            else self.of(getattr(node, name))
            for name in _names_of(kind)
        ]
        return _joined(kind.__name__, parts)


_names: dict[type, tuple[str, ...]] = {}


def _names_of(kind: type) -> tuple[str, ...]:
    if kind not in _names:
        left_out = _NOT_MEANT - {"type"} if kind is ir.Field else _NOT_MEANT
        meant = (field for field in attrs.fields(kind) if field.init)  # the others follow from these
        _names[kind] = tuple(field.name for field in meant if field.name not in left_out)
    return _names[kind]


def _plain(value: object) -> bytes:
    return _joined(type(value).__name__, [repr(value).encode("utf-8", "surrogatepass")])


def _joined(kind: str, parts: list[bytes]) -> bytes:
    digest = sha256(kind.encode())
    for part in parts:
        digest.update(b"%d:" % len(part))
        digest.update(part)
    return digest.digest()

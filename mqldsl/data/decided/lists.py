"""Lists of names out of columns of answers: each combination that occurs is put together once."""

from collections.abc import Sequence

from mqldsl.data.batch.arrays import Array
from mqldsl.data.batch.late import pa, pc

# As many truths go into one whole number.
_BITS = 60


def names_where(names: Sequence[str], masks: Sequence[Array], size: int) -> Array:
    """Return for each of `size` rows the names whose mask holds, in their order; no mask has a null."""
    combinations: list[tuple[str, ...]] = [()]
    codes = pa.repeat(pa.scalar(0, pa.int64()), size)
    for start in range(0, len(names), _BITS):
        some = names[start : start + _BITS]
        keys = _packed(masks[start : start + _BITS]).dictionary_encode()
        parts = [_unpacked(key, some) for key in keys.dictionary.to_pylist()]
        both = pc.add(pc.multiply(codes, len(parts)), pc.cast(keys.indices, pa.int64())).dictionary_encode()
        combinations = [
            combinations[pair // len(parts)] + parts[pair % len(parts)]
            for pair in both.dictionary.to_pylist()
        ]
        codes = pc.cast(both.indices, pa.int64())
    return pa.array(combinations, pa.list_(pa.string())).take(codes)


def names_of(keys: Array, names: Sequence[str]) -> Array:
    """Return for each whole number the names whose bit is set in it."""
    found = keys.combine_chunks().dictionary_encode()
    combinations = [_unpacked(key, names) for key in found.dictionary.to_pylist()]
    return pa.array(combinations, pa.list_(pa.string())).take(found.indices)


def _packed(masks: Sequence[Array]) -> Array:
    first, *others = (pc.multiply(pc.cast(mask, pa.int64()), 1 << place) for place, mask in enumerate(masks))
    for other in others:
        first = pc.bit_wise_or(first, other)
    return first


def _unpacked(key: int, names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for place, name in enumerate(names) if key >> place & 1))

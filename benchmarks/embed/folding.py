"""Text as a developer would compare it by hand: caseless, with single spaces, remembered for the next lead."""

from functools import lru_cache


@lru_cache(16_384)
def folded(text: str | None) -> str | None:
    """Return a text as comparisons see it; None where it is blank.

    >>> folded("  VP   of SALES "), folded("  "), folded(None)
    ('vp of sales', None, None)
    """
    return None if text is None else " ".join(text.lower().split()) or None


@lru_cache(16_384)
def domain(address: str | None) -> str | None:
    """Return what follows the last `@` of an address, folded; None where there is none.

    >>> domain("Jo@Acme.Example"), domain("jo"), domain(None)
    ('acme.example', None, None)
    """
    return None if address is None or "@" not in address else folded(address.rpartition("@")[2])

"""docs/performance.md in parts: each command writes its own, between two marks, and leaves the others alone."""

from pathlib import Path

TITLE = "# Performance\n"


def write(path: Path, name: str, part: str) -> None:
    """Put a part into a page, in place of the one of this name or at the end."""
    text = path.read_text(encoding="utf-8") if path.exists() else TITLE
    path.write_text(replaced(text, name, part), encoding="utf-8")


def replaced(text: str, name: str, part: str) -> str:
    r"""Return a page with another part of this name; a new one comes last.

    >>> page = replaced("# T\n", "a", "one")
    >>> print(replaced(replaced(page, "b", "two"), "a", "three"))
    # T
    <BLANKLINE>
    <!-- a -->
    <BLANKLINE>
    three
    <BLANKLINE>
    <!-- end of a -->
    <BLANKLINE>
    <!-- b -->
    <BLANKLINE>
    two
    <BLANKLINE>
    <!-- end of b -->
    <BLANKLINE>
    """
    start, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    marked = f"{start}\n{part.strip()}\n\n{end}"
    before, found, rest = text.partition(start)
    if not found:
        return f"{text.rstrip()}\n\n{marked}"
    return before + marked + rest.partition(end)[2]

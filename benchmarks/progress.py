"""What is being done, for whoever watches."""

import sys


def show(text: str) -> None:
    """Show what is being done, on a terminal only, always on the same line."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\033[K{text[:100]}")
        sys.stderr.flush()

"""Libraries that only a part of the product needs: what to install where one is not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


class MissingExtra(ImportError):
    """A library of an extra is not installed; the message is for the user and says what to do."""


@contextmanager
def needed(extra: str) -> Iterator[None]:
    """Turn a failed import in the block into a `MissingExtra` that names the extra to install.

    >>> with needed("data"):
    ...     import a_library_that_is_not_there
    Traceback (most recent call last):
    mqldsl.source.extras.MissingExtra: `a_library_that_is_not_there` is not installed; ...
    """
    try:
        yield
    except ModuleNotFoundError as error:
        way_out = f"install it with: pip install 'mqldsl[{extra}]'"
        raise MissingExtra(f"`{error.name}` is not installed; {way_out}", name=error.name) from error


class Late:
    """A module that is loaded when something of it is first used, so that naming it costs nothing.

    For the libraries of an extra, and for modules of ours that load them.
    """

    def __init__(self, name: str, extra: str = "data") -> None:
        self.__name, self.__extra = name, extra

    def __getattr__(self, attribute: str) -> Any:  # noqa: ANN401 - any attribute of any module
        with needed(self.__extra):
            found = getattr(import_module(self.__name), attribute)
        setattr(self, attribute, found)  # looked up once
        return found

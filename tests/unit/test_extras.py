"""`needed`: an optional library that is not installed."""

import pytest

from mqldsl.source.extras import MissingExtra, needed


def test_the_message_names_the_library_and_the_extra() -> None:
    with (
        pytest.raises(MissingExtra, match=r"`no_such_library` is not .*pip install 'mqldsl\[data\]'"),
        needed("data"),
    ):
        raise ModuleNotFoundError("No module named 'no_such_library'", name="no_such_library")


def test_other_errors_pass_through() -> None:
    with pytest.raises(ZeroDivisionError), needed("data"):
        _ = 1 / 0

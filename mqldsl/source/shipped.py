"""Where the files lie that come with the product: the grammar, the pages on findings, the starter rules.

It only says where; reading them belongs to whoever needs them.
"""

from pathlib import Path, PurePosixPath

# What `pyproject.toml` puts beside the modules of a wheel, and where it stands in a checkout.
_IN_CHECKOUT = {
    "grammar": "grammar",
    "findings": "docs/findings",
    "starter": "rules/quick-start",
}


def shipped(relative: str) -> Path:
    """Return where `relative` lies, for example `grammar/mql.lark`, `findings/MQL102.md` or `starter`.

    Works from a checkout, an editable install and a wheel. A file that does not exist gets a path all the
    same, so that a caller can ask `is_file()`; a path to anywhere else is a `ValueError`.

    >>> shipped("grammar/mql.lark").name
    'mql.lark'
    """
    folder, *rest = PurePosixPath(relative).parts or ("",)
    if folder not in _IN_CHECKOUT or ".." in rest or "\\" in relative:
        raise ValueError(f"`{relative}` is not one of the files that ship: {', '.join(_IN_CHECKOUT)}")
    package = Path(__file__).resolve().parent.parent
    in_wheel = package / folder
    home = in_wheel if in_wheel.is_dir() else package.parent / _IN_CHECKOUT[folder]
    return home.joinpath(*rest)

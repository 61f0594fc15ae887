"""The real data sets beside the repository, with the definitions and bindings of tests/real."""

from pathlib import Path

import attrs
import pyarrow as pa

from benchmarks.batch.ours import NotThere, ours_of_binding

ROOT = Path(__file__).resolve().parents[2]
BINDINGS, DATA = ROOT / "tests" / "real", ROOT.parent / "shared" / "data"

# Folder, letter of the definition, binding, as-of: as tests/real/test_real.py runs them.
_SETS = (
    ("bank_marketing", "a", "data", "2010-12-01"),
    ("bank_marketing", "b", "data", "2010-12-01"),
    ("bpi2012_loans", "a", "a", "2012-04-01"),
    ("bpi2012_loans", "b", "b", "2012-04-01"),
    ("maven_crm", "a", "a", "2017-09-30"),
    ("maven_crm", "b", "b", "2017-09-30"),
    ("olist_funnel", "a", "data", "2018-06-01"),
    ("olist_funnel", "b", "data", "2018-06-01"),
    ("olist_funnel", "c", "c", "2018-12-01"),
    ("online_retail_ii", "a", "data", "2011-06-01"),
    ("online_retail_ii", "b", "data", "2011-06-01"),
    ("x_education", "a", "data", "2020-01-01"),
    ("x_education", "b", "data", "2020-01-01"),
    ("x_education", "s", "data", "2020-01-01"),
)


@attrs.frozen
class DataSet:
    """A definition with its binding; `name` is how a command calls it."""

    folder: str
    letter: str
    binding: str
    as_of: str

    @property
    def name(self) -> str:
        """`maven_crm-a`."""
        return f"{self.folder}-{self.letter}"


DATA_SETS = {each.name: each for each in (DataSet(*cells) for cells in _SETS)}


def is_there() -> bool:
    """Say whether the data lies beside the repository."""
    return DATA.is_dir()


def decided(name: str) -> pa.Table:
    """Return the answers for all leads of a data set as an Arrow table."""
    each = DATA_SETS[name]
    if not is_there():
        raise NotThere("the real data is not here")
    folder = BINDINGS / each.folder
    return ours_of_binding(folder / f"{each.letter}.mql", folder / f"{each.binding}.toml", each.as_of)

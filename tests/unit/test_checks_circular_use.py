from collections.abc import Mapping

import pytest

from mqldsl.pipeline import check_text
from mqldsl.source.diagnostics import Diagnostic


def findings(files: Mapping[str, str]) -> list[Diagnostic]:
    """Return the findings of `main.mql`."""

    def read(path: str) -> bytes:
        path = path.removeprefix("./")
        if path not in files:
            raise FileNotFoundError(path)
        return files[path].encode()

    return list(check_text(files["main.mql"], "somewhere/main.mql", read).findings)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"main.mql": 'use "main.mql"\nlist a: "x"\n'}, "main.mql → main.mql"),
        (
            {"main.mql": 'use "b.mql"\nlist a: "x"\n', "b.mql": 'use "main.mql"\nlist b: "x"\n'},
            "main.mql → b.mql → main.mql",
        ),
        ({"main.mql": 'use "b.mql"\n', "b.mql": 'use "b.mql"\nlist b: "x"\n'}, "b.mql → b.mql"),
        (
            {"main.mql": 'use "b.mql"\n', "b.mql": 'use "c.mql"\n', "c.mql": 'use "./b.mql"\nlist c: "x"\n'},
            "b.mql → c.mql → b.mql",
        ),
    ],
)
def test_a_circle(files: Mapping[str, str], said: str) -> None:
    (finding,) = findings(files)
    assert (finding.code, finding.message) == ("MQL107", f"files that use each other: {said}")


def test_one_file_used_by_two_is_no_circle() -> None:
    files = {
        "main.mql": 'use "b.mql"\nuse "c.mql"\nuse "b.mql"\n',
        "b.mql": 'use "d.mql"\n',
        "c.mql": 'use "d.mql"\n',
        "d.mql": 'list d: "x"\n',
    }
    assert findings(files) == []


def test_one_file_by_two_paths_is_declared_once() -> None:
    files = {"main.mql": 'use "b.mql"\nuse "./b.mql"\n', "b.mql": 'list b: "x"\n'}
    assert findings(files) == []

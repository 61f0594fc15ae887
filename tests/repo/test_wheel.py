"""What reaches a user: the wheel from the repository, and the one from the source archive."""

import os
import subprocess
import sys
import tarfile
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = {"grammar": "grammar", "docs/findings": "findings", "rules/quick-start": "starter"}

SAYS_WHERE = """if True:
    import mqldsl
    from mqldsl.source.shipped import shipped
    print(mqldsl.__file__, shipped("grammar/mql.lark"), shipped("findings"), shipped("starter"), sep="\\n")
    assert shipped("grammar/mql.lark").read_text(encoding="utf-8")
"""


def build(target: str, source: Path, into: Path) -> Path:
    """Build a `wheel` or an `sdist` of `source`; no network, so with the hatchling that is installed."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(into)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (built,) = into.iterdir()
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", ROOT, tmp_path_factory.mktemp("wheel"))


def test_what_ships_is_all_there(wheel: Path) -> None:
    names = set(ZipFile(wheel).namelist())
    assert "mqldsl/py.typed" in names
    for folder, place in SHIPPED.items():
        files = [path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file()]
        files = [file for file in files if file.name != "make_sample.py"]  # made the sample, and stays here
        assert files, f"{folder} is empty"
        assert {f"mqldsl/{place}/{path.as_posix()}" for path in files} <= names


def test_nothing_else_ships(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in ZipFile(wheel).namelist()}
    assert {top.partition("-")[0] for top in tops} == {"mqldsl"}


def test_the_source_archive_gives_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    archive = build("sdist", ROOT, tmp_path / "sdist")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    again = build("wheel", source, tmp_path / "again")
    assert sorted(ZipFile(again).namelist()) == sorted(ZipFile(wheel).namelist())
    assert (source / "tests" / "run.py").is_file()


def test_a_wheel_finds_its_files(wheel: Path, tmp_path: Path) -> None:
    ZipFile(wheel).extractall(tmp_path)
    # `-P` and the path: the unpacked wheel comes before the repository, wherever that is installed.
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, "-P", "-c", SAYS_WHERE]
    done = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True)
    places = [Path(line) for line in done.stdout.splitlines()]
    assert len(places) == 4
    assert all(place.is_relative_to(tmp_path.resolve()) for place in places), done.stdout

"""`mql init`: a definition, a binding and data to start from."""

import shutil
from pathlib import Path

import click

from mqldsl.front import screen
from mqldsl.front.inputs import InputError, examples
from mqldsl.front.screen import show
from mqldsl.source.shipped import shipped

# What makes the sample, and the page about it, stay at home.
_GIVEN = {".mql", ".toml", ".csv"}


@click.command(
    short_help="Write a definition, a binding and data to start from.",
    epilog=examples("mql init", "mql init our-rules"),
)
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=Path("quick-start"))
def init(folder: Path) -> None:
    """Write a commented definition, a binding and sample data to start from.

    They go into a new folder, quick-start where no other is named. A folder that holds anything stays as it is.
    """
    if folder.exists() and any(folder.iterdir()):
        raise InputError(f"`{folder}` is not empty; name a folder that is not there yet")
    starter = shipped("starter")
    given = sorted(path.relative_to(starter) for path in starter.rglob("*") if path.suffix in _GIVEN)
    _copy(starter, folder, given)
    definition, binding = (
        folder / next(path for path in given if path.suffix == suffix) for suffix in (".mql", ".toml")
    )
    show(screen.out(), f"wrote to {folder}:", *(f"  {path.as_posix()}" for path in given))
    show(
        screen.out(),
        "",
        "read the definition, change a line, and see what it does:",
        f"  mql test {definition}",
        f"  mql decide {definition} --data {binding} --as-of 2026-03-10T09:00",
    )


def _copy(starter: Path, folder: Path, given: list[Path]) -> None:
    """Copy all files, or none where something stops it."""
    is_new, done = not folder.exists(), list[Path]()
    try:
        for path in given:
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            done.append(target)
            shutil.copyfile(starter / path, target)
    except BaseException as error:
        for target in done:
            target.unlink(missing_ok=True)
        if is_new:
            shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError):
            raise InputError(f"`{folder}` cannot be written: {error.strerror}") from None
        raise

"""`mql explain-code`: the page about a code of a finding."""

import re
from pathlib import Path

import click
from rich.console import Console

from mqldsl.front import screen
from mqldsl.front.inputs import InputError, examples
from mqldsl.front.screen import show
from mqldsl.source.shipped import shipped

_CODE = re.compile(r"(?:MQL)?(\d{1,3})", re.IGNORECASE)
_WIDEST = 100


@click.command(
    "explain-code",
    short_help="Print the page about a code of a finding.",
    epilog=examples("mql explain-code MQL102", "mql explain-code --list"),
)
@click.argument("code", required=False)
@click.option("--list", "every", is_flag=True, help="List all codes with what they are about.")
def explain_code(code: str | None, *, every: bool) -> None:
    """Print the page about a code, such as MQL102: what it means, an example, and the way out."""
    console = screen.out()
    pages = {path.stem: path for path in sorted(shipped("findings").glob("MQL*.md"))}
    if every:
        show(console, *(f"{name}  {_title(path)}" for name, path in pages.items()), hang=8)
        return
    if code is None:
        raise click.UsageError("name a code, such as MQL102, or ask for all of them with --list")
    found = _CODE.fullmatch(code.strip())
    wanted = f"MQL{found[1]:0>3}" if found else code.strip()
    if wanted not in pages:
        near = ", ".join(_near(wanted, list(pages)))
        hint = f"near it are {near}" if near else "a code is MQL and three digits"
        raise InputError(f"there is no finding `{wanted}`; {hint}; `mql explain-code --list` lists all")
    _show_page(console, pages[wanted].read_text(encoding="utf-8"))


def _show_page(console: Console, text: str) -> None:
    if console.is_terminal:
        from rich.markdown import Markdown  # a tenth of a second that no other command needs

        console.print(Markdown(text, hyperlinks=False), width=min(console.width, _WIDEST))
    else:
        show(console, text.rstrip("\n"))


def _title(page: Path) -> str:
    """Return the title of a page without its code."""
    first = page.read_text(encoding="utf-8").partition("\n")[0]
    return re.sub(rf"^#*\s*(?:`?{page.stem}`?[^\w`]*)?", "", first).strip()


def _near(wanted: str, known: list[str]) -> list[str]:
    digits = wanted.removeprefix("MQL")
    if not digits.isdecimal():
        return []
    nearest = sorted(known, key=lambda name: abs(int(name.removeprefix("MQL")) - int(digits)))
    return sorted(nearest[:3])

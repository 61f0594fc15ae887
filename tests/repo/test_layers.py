"""The order of the rooms: who may import whom, what `import mqldsl` loads, and how long a file may be."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "source",
    "syntax",
    "model",
    "evaluate",
    "explain",
    "pipeline",
    "data",
    "embed",
    "testing",
    "analyse",
    "report",
    "front",
)
FRONTS = {"cli", "pytest_plugin", "server", "web"}
ALWAYS_THERE = {"lark", "attrs", "re2"}
NAMES_THAT_SAY_NOTHING = {"utils", "helpers", "common", "core", "base", "misc"}
LONGEST = 500


@attrs.frozen
class Import:
    """One imported module, as a full name: where, and whether inside a function."""

    name: str
    line: int
    in_function: bool

    @property
    def is_optional(self) -> bool:
        """Whether it loads a library of others that may not be installed."""
        top = self.name.partition(".")[0]
        return top not in {"mqldsl", *ALWAYS_THERE, *sys.stdlib_module_names}


def dotted(path: Path) -> tuple[str, ...]:
    """Return the parts of the module name of `path`: mqldsl/data/__init__.py is ("mqldsl", "data")."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" else parts


MODULES = {dotted(path): path for path in sorted((ROOT / "mqldsl").rglob("*.py"))}


def imports_of(tree: ast.AST, package: tuple[str, ...], *, in_function: bool = False) -> Iterator[Import]:
    """Yield every import below `tree`, those for types only included."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, node.lineno, in_function)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) + 1 - node.level] if node.level else ()
            name = ".".join((*above, *filter(None, [node.module])))
            for alias in node.names:
                whole = f"{name}.{alias.name}"
                yield Import(whole if tuple(whole.split(".")) in MODULES else name, node.lineno, in_function)
        else:
            inside = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            yield from imports_of(node, package, in_function=in_function or inside)


def faults_of(module: tuple[str, ...], text: str) -> Iterator[tuple[int, str]]:
    """Yield line and wording of every import in the `text` of `module` that goes against the order."""
    path = MODULES.get(module)
    is_package = path is not None and path.name == "__init__.py"
    for found in imports_of(ast.parse(text), module if is_package else module[:-1]):
        target = tuple(found.name.split("."))
        if found.in_function and not found.is_optional:
            yield found.line, f"`{found.name}` is imported in a function: import it at the top of the file"
        if target[0] != "mqldsl" or len(module) == 1 or module[1] == "__main__":
            continue
        if len(target) == 1:
            yield found.line, "`mqldsl` itself is for users: import the name from the module that makes it"
        elif place(target) > place(module):
            yield found.line, f"`{module[1]}` comes before `{target[1]}`, so it cannot import from it"
        elif front_of(module) and front_of(target) and front_of(module) != front_of(target):
            yield found.line, f"`{front_of(module)}` and `{front_of(target)}` do not know each other"


def place(module: tuple[str, ...]) -> int:
    """Return where the room of `module` stands in the order; what is in no room comes last."""
    return ROOMS.index(module[1]) if module[1] in ROOMS else len(ROOMS)


def front_of(module: tuple[str, ...]) -> str | None:
    """Return which of the fronts `module` belongs to, if to one."""
    return module[2] if module[1] == "front" and len(module) > 2 and module[2] in FRONTS else None


@pytest.mark.parametrize("module", MODULES, ids=".".join)
def test_imports_only_from_rooms_before_it(module: tuple[str, ...]) -> None:
    path = MODULES[module]
    found = [
        f"{path.relative_to(ROOT)}:{line}: {words}"
        for line, words in faults_of(module, path.read_text(encoding="utf-8"))
    ]
    assert not found, "\n" + "\n".join(found) + f"\nthe order is {', '.join(ROOMS)}"


@pytest.mark.parametrize(
    ("module", "text", "words"),
    [
        ("mqldsl.model.x", "from mqldsl.evaluate import reference", "`model` comes before `evaluate`"),
        ("mqldsl.model.x", "import mqldsl.front.cli", "`model` comes before `front`"),
        ("mqldsl.model.x", "from ..pipeline import check_text", "`model` comes before `pipeline`"),
        ("mqldsl.model.x", "if TYPE_CHECKING:\n    import mqldsl.data", "`model` comes before `data`"),
        ("mqldsl.model.x", "from mqldsl.helpers import x", "`model` comes before `helpers`"),
        ("mqldsl.model.x", "from mqldsl import __all__", "`mqldsl` itself is for users"),
        ("mqldsl.data.x", "def f():\n    import json", "import it at the top"),
        ("mqldsl.data.x", "def f():\n    from mqldsl.model import types", "import it at the top"),
        ("mqldsl.front.cli", "import mqldsl.front.web.pages", "`cli` and `web` do not know each other"),
        ("mqldsl.front.cli", "def f():\n    import rich", None),
        ("mqldsl.front.cli.show", "from mqldsl.front.cli import main", None),
        ("mqldsl.data.x", "import duckdb\nfrom mqldsl.source.text import Span", None),
    ],
)
def test_this_test_sees(module: str, text: str, words: str | None) -> None:
    found = [fault for _, fault in faults_of(tuple(module.split(".")), text)]
    assert (words is None and not found) or (words is not None and len(found) == 1 and words in found[0]), (
        found
    )


@pytest.mark.parametrize("module", MODULES, ids=".".join)
def test_stands_in_a_room_and_has_a_name(module: tuple[str, ...]) -> None:
    assert len(module) == 1 or module[1] in {*ROOMS, "__main__"}, f"no room; there are {', '.join(ROOMS)}"
    empty = NAMES_THAT_SAY_NOTHING.intersection(module)
    assert not empty, f"{empty} says nothing: name the thing, or put it where it is used"


def test_import_loads_the_language_only() -> None:
    # What the three libraries load for themselves, where it is installed, is not ours to forbid.
    code = """if True:
        import sys, lark, attrs, re2
        before = set(sys.modules)
        import mqldsl
        [getattr(mqldsl, name) for name in mqldsl.__all__]
        print(*{name.partition(".")[0] for name in set(sys.modules) - before})
        """
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    extra = set(done.stdout.split()) - set(sys.stdlib_module_names) - {"mqldsl", *ALWAYS_THERE}
    extra -= {
        name for name in extra if name.startswith("_sysconfigdata_")
    }  # Python's own, called after the machine
    assert not extra, (
        f"`mqldsl` and its public names also load {sorted(extra)}: import them where they are used"
    )


def test_no_file_is_too_long() -> None:
    files = [path for folder in ("mqldsl", "tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")]
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files
    }
    too_long = {name: length for name, length in lengths.items() if length > LONGEST}
    assert not too_long, f"over {LONGEST} lines, split by subject: {too_long}"

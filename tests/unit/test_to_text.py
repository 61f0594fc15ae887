"""The formatter: golden pairs, what it refuses, and that it changes nothing but the form."""

import os
import re
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mqldsl.source.text import Source
from mqldsl.syntax import characters
from mqldsl.syntax.declarations import File
from mqldsl.syntax.from_text import PARSING, chunks, parse, parser
from mqldsl.syntax.to_text import LONGEST, to_text

ROOT = Path(__file__).resolve().parents[2]
GOLDEN = ROOT / "tests" / "golden" / "format"
MESSY = sorted(GOLDEN.glob("*.in.mql"))
GOOD = sorted(
    [*GOLDEN.glob("*.mql"), *(ROOT / "rules").rglob("*.mql"), *(ROOT / "tests" / "real").rglob("*.mql")]
)


def formatted(text: str) -> str:
    return to_text(Source("<text>", text))


def read(text: str) -> File:
    file, findings = parse(Source("<text>", text))
    assert not [finding for finding in findings if finding.is_error], text
    return file


def comments(text: str) -> list[str]:
    return [piece[0].rstrip() for piece in characters.PIECE.finditer(text) if piece.lastgroup == "comment"]


def keeps(text: str, shown: str) -> None:
    """Say that `shown` is `text` set anew: the same tree, the same comments, and the form it stays in."""
    assert read(shown) == read(text)
    assert comments(shown) == comments(text)
    assert formatted(shown) == shown
    assert shown.endswith("\n")
    assert not shown.endswith("\n\n")
    assert not shown.startswith("\n")
    assert "\n\n\n" not in shown
    assert not re.search(r"[ \t]$", shown, re.MULTILINE)


# ------------------------------------------------------------------ golden pairs


@pytest.mark.parametrize("path", MESSY, ids=lambda path: path.name.partition(".")[0])
def test_golden(path: Path) -> None:
    target = path.with_name(path.name.replace(".in.", ".out."))
    text = path.read_text(encoding="utf-8")
    shown = formatted(text)
    keeps(text, shown)
    if os.environ.get("ACCEPT") == "1":
        target.write_text(shown, encoding="utf-8", newline="\n")
    assert shown == target.read_text(encoding="utf-8")


def test_every_golden_file_is_asked_for() -> None:
    asked = {path.name.replace(".in.", end) for path in MESSY for end in (".in.", ".out.")}
    assert {path.name for path in GOLDEN.iterdir()} == asked


def test_every_rule_of_the_grammar_is_formatted_somewhere() -> None:
    wanted = {rule.alias or rule.origin.name for rule in parser().rules}
    # What begins with `_` never shows in the tree, and of `?` rules only the others do.
    shown = {"start"}
    for path in MESSY:
        for chunk in chunks(path.read_text(encoding="utf-8")):
            with PARSING:
                raw = parser().parse(chunk.text if chunk.text.endswith("\n") else chunk.text + "\n")
            shown |= {str(node.data) for node in raw.iter_subtrees()}
    vanishing = {rule.origin.name for rule in parser().rules if rule.options.expand1}
    assert {name for name in wanted if not name.startswith("_")} - vanishing - shown == set()


# ------------------------------------------------------------------ one thing at a time


@pytest.mark.parametrize("text", ["", "\n", " \n\n  \n"])
def test_nothing_stays_nothing(text: str) -> None:
    assert formatted(text) == ""


def test_a_file_of_comments() -> None:
    assert formatted("\n\n  # a  \n\n\n#b") == "# a\n\n#b\n"


@pytest.mark.parametrize(
    "text", ["clause a: x >", "clause a: 50K > 3\n", "clause a:\tx\n", "clause a: x and y or z\n", " x\n"]
)
def test_what_has_faults_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="<text> has faults"):
        formatted(text)


def test_a_warning_is_no_fault() -> None:
    text = 'clause a: x = "p\N{CYRILLIC SMALL LETTER A}ge"\n'
    assert parse(Source("<text>", text))[1]
    assert formatted(text) == text


@pytest.mark.parametrize(
    "kept",
    [
        "50k > 50_000 and 5M > 1B and 10% > 2.50",
        "x within 30d and x within 30 days and x within 2min",
        "(((x))) and (y)",
        'x = "two  spaces, #1 \\" and ( "',
        "visit and visits",
        "`any` and `visits`(`page` = 1)",
    ],
)
def test_spelling_is_the_authors(kept: str) -> None:
    assert formatted(f"clause a :  {kept} #  c\n") == f"clause a: {kept}  #  c\n"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a-1 > -b", "a - 1 > -b"),
        ("a - - 1 > -(b)", "a - -1 > -(b)"),
        ("visits ( x ) within 7d-visits today>0", "visits(x) within 7d - visits today > 0"),
        ("account . revenue>=5", "account.revenue >= 5"),
        ("x in(a)", "x in (a)"),
        ("not(x)and any   of(x ,y)", "not (x) and any of (x, y)"),
        ("x in (a,b,)", "x in (a, b)"),
        ("x in()", "x in ()"),
        ("days\u0020since   last(visit)>3", "days since last (visit) > 3"),
    ],
)
def test_spaces(written: str, shown: str) -> None:
    assert formatted(f"clause a: {written}\n") == f"clause a: {shown}\n"


def test_the_last_comma_goes_and_its_comment_stays() -> None:
    assert formatted("clause a: x in (a, # one\n  b # two\n , # three\n )\n") == (
        "clause a: x in (\n  a,  # one\n  b  # two\n  # three\n)\n"
    )


def test_only_conditions_are_divided_at_and() -> None:
    name = "a_rather_long_name_of_a_field"
    text = f"clause a: {name}_1 between {name}_2 and {name}_3 and x\n"
    assert formatted(text) == f"clause a:\n  {name}_1 between {name}_2 and {name}_3\n      and x\n"


def test_a_line_of_exactly_the_longest_width_is_not_divided() -> None:
    text = f'clause a: x in (b, "{"c" * (LONGEST - 22)}")\n'
    assert len(text) == LONGEST + 1
    assert formatted(text) == text
    longer = text.replace("cc", "ccc", 1)
    assert formatted(longer) == longer.replace("clause a: ", "clause a:\n  ")


def test_plain_values_stand_side_by_side_and_conditions_one_a_line() -> None:
    plain = ", ".join(f'"value {number}"' for number in range(20))
    assert [len(row) <= LONGEST for row in formatted(f"clause a: x in ({plain})\n").splitlines()] == [
        True
    ] * 6
    asked = ", ".join(f"field_{number} >= {number}" for number in range(20))
    assert formatted(f"clause a: any of ({asked})\n").count("\n") == 23


def test_a_closing_bracket_in_the_first_column_does_not_cut_the_declaration() -> None:
    text = "clause a: x in (a,\n  # c\n  b\n)\nclause b: y\n"
    assert [type(one).__name__ for one in read(formatted(text)).declarations] == ["Clause", "Clause"]


def test_a_long_label_does_not_push_the_types_of_the_others_away() -> None:
    label = "x" * 70
    assert formatted(f'lead:\n  a "{label}": text\n  b: text\n  long: text\n') == (
        f'lead:\n  a "{label}": text\n  b:    text\n  long: text\n'
    )


def test_a_huge_cell_does_not_blow_up_its_table() -> None:
    rows = "".join(f"  | {number} | x |\n" for number in range(1_000))
    text = f'table t by a gives b:\n  | a | b |\n{rows}  | "{"x" * 50_000}" | y |\n'
    assert len(formatted(text)) < 2 * len(text)


def test_much_nesting_and_many_parts_do_not_exhaust_the_stack() -> None:
    nested = "(" * 190 + "x and y" + ")" * 190
    chain = " and ".join(["(x or y)"] * 1_000)
    sums = " + ".join(["lowest of (x, y)"] * 1_000)
    items = ", ".join(f'"{number}"' for number in range(5_000))
    text = f"clause a: {nested}\nclause b: {chain}\nclause c: {sums} > 5\nclause d: x in ({items})\n"
    keeps(text, formatted(text))


# ------------------------------------------------------------------ any form of the same words


def cut(line: str) -> list[tuple[str, bool]]:
    """Cut a line into pieces, with whether a piece is code and not a text or a comment."""
    return [(piece[0], piece.lastgroup == "code") for piece in characters.PIECE.finditer(line)]


def respaced(code: str, random: Random) -> str:
    """Change the spaces of code where the words stay the same."""
    code = re.sub(r" +(?!\d\d:)", lambda _: " " * random.randint(1, 4), code)
    return re.sub(r" *([(),|]|(?<!\d):(?!\d)) *", lambda sign: around(sign, random), code)


def around(sign: re.Match[str], random: Random) -> str:
    # A comma needs its space: `1,000` is a fault. So does what stands before a bracket: `of (`.
    before = " " if sign[0].startswith(" ") and sign[1] == "(" else ""
    after = " " if sign[0].endswith(" ") or sign[1] == "," else ""
    return before + " " * random.randint(0, 2) + sign[1] + after + " " * random.randint(0, 2)


def rebroken(line: str, random: Random, opened: int) -> tuple[str, int]:
    """Break a line in brackets and before `and` and `or`; `opened` brackets are open already."""
    broken = ""
    for piece, is_code in cut(line):
        if not is_code:
            broken += piece
            continue
        for word in re.findall(r"[(),]|[^(),\s]+|\s+", piece):
            opened -= word == ")"
            may_break = word == ")" or (opened and broken.rstrip().endswith(("(", ",")))
            may_break = may_break or (word in ("and", "or") and broken.strip())
            if may_break and not word.isspace() and random.random() < 0.2:
                broken = broken.rstrip(" ") + "\n" + " " * random.randint(1, 9)
            opened += word == "("
            broken += word
    return broken, opened


def mangled(text: str, random: Random) -> str:
    """Return a formatted text in another form that says the same, comments and blank lines included."""
    lines: list[str] = []
    step, opened = 2, 0
    for line in text.split("\n")[:-1]:
        indent = len(line) - len(line.lstrip(" "))
        if line.startswith(tuple("abcdefghijklmnopqrstuvwxyz")):
            step = random.randint(1, 5)
        if not line:
            lines += [" " * random.randint(0, 4) for _ in range(random.randint(1, 3))]
            continue
        pieces = [respaced(piece, random) if is_code else piece for piece, is_code in cut(line.strip())]
        if len(pieces) > 1 and pieces[-1].startswith("#"):
            pieces[-2] = pieces[-2].rstrip() + " " * random.randint(0, 3)
        code, opened = rebroken("".join(pieces).strip(), random, opened)
        lines.append(" " * (indent // 2 * step) + code + " " * random.choice([0, 0, 1]))
    return "\n".join(lines) + "\n" * random.randint(0, 3)


def with_more(text: str, random: Random) -> str:
    """Return a text with more comments, behind lines and between them, and with blank lines anywhere."""
    lines: list[str] = []
    for line in text.split("\n"):
        chance = random.random()
        if chance < 0.1:
            lines.append(" " * random.randint(0, 9) + random.choice(["# why", "## what", '#"', "#", "# a #"]))
        elif chance < 0.15:
            lines.append("")
        is_bare = line.strip() and "#" not in line
        lines.append(line + "  # behind" if is_bare and random.random() < 0.1 else line)
    return "\n".join(lines)


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(GOOD), st.integers(0, 2**32))
def test_another_form_of_the_same_words_is_set_the_same(path: Path, seed: int) -> None:
    shown = formatted(path.read_text(encoding="utf-8"))
    assert formatted(mangled(shown, Random(seed))) == shown


@settings(deadline=None, max_examples=50)
@given(st.sampled_from(GOOD), st.integers(0, 2**32))
def test_wherever_comments_and_blank_lines_stand(path: Path, seed: int) -> None:
    random = Random(seed)
    text = with_more(mangled(formatted(path.read_text(encoding="utf-8")), random), random)
    keeps(text, formatted(text))


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_good_files_keep_what_they_say(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    keeps(text, formatted(text))


def test_a_long_event_with_what_is_kept_stays_a_definition() -> None:
    head = 'event very_long_event_name "A label that is rather long, too":'
    first = "first_property text, second_property number, third_property one of (aa, bb, cc)"
    once = formatted(f"{head} {first}, kept for 90d\n")
    assert once == f"{head}\n  {first}\n  kept for 90d\n"
    assert formatted(once) == once

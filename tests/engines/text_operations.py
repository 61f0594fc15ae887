"""Operations on texts and sets."""

from hashlib import md5

from mqldsl.evaluate.sql import terms as t
from mqldsl.model.folding import compile_regex, fold, list_entry, matches_entry, mentions, squeeze
from tests.engines.cases import ENTRIES, FOLDED, NEEDLES, PATTERNS, TEXTS, WHOLES, A, B, Case, op

SETS_IN_ORDER = sorted(
    [
        *(
            (),
            ("A",),
            ("a", "\x01"),
            ("a", "\x02"),
            ("a", "ab"),
            ("a", "b"),
            ("a\x01",),
            ("a\x02",),
            ("a\x03",),
        ),
        *(("ab",), ("b",), ("é",), ("😀",), ("\uffff",), ("é", "a"), ("a a",)),
    ],
    key=lambda each: tuple(sorted(map(fold, each))),
)


def text_cases() -> list[Case]:
    texts = [(each,) for each in TEXTS]
    folded = [(each,) for each in FOLDED]
    pairs = [(text, needle) for text in FOLDED for needle in NEEDLES]
    two = ("text", "text")
    squeezed = sorted({squeeze(text) for text in TEXTS})
    domains = [
        "a@b.c",
        "@",
        "x",
        "a@@b",
        "a@ ",
        "a@\x1c",
        "a@\u3000\u2003",
        "ä@ö .de",
        "a@b@ c ",
        "a@\nb",
        "@x@",
    ]
    return [
        Case("fold", op("fold", A), ("text",), texts, fold),
        Case("squeeze", op("squeeze", A), ("text",), texts, squeeze),
        Case("contains", op("contains", A, B), two, pairs, lambda a, b: b in a),
        Case("starts with", op("starts with", A, B), two, pairs, lambda a, b: a.startswith(b)),
        Case("ends with", op("ends with", A, B), two, pairs, lambda a, b: a.endswith(b)),
        Case("contains %", op("contains", A, t.text("0%")), ("text",), folded, lambda a: "0%" in a),
        *(
            Case(
                f"mentions {each}",
                op("mentions", A, t.text(fold(each))),
                ("text",),
                folded,
                lambda a, each=each: mentions(a, fold(each)),
            )
            for each in [*NEEDLES, ""]
        ),
        Case("mentions a column", op("mentions", A, B), two, [*pairs, ("a", "")], mentions),
        *(
            Case(
                f"fits {each}",
                op("fits", A, list_entry(each)),
                ("text",),
                folded,
                lambda a, each=each: matches_entry(list_entry(each), a),
            )
            for each in ENTRIES
        ),
        *(
            Case(
                f"matches {each}",
                op("matches", A, each),
                ("text",),
                [(one,) for one in squeezed],
                lambda a, each=each: compile_regex(each).search(a.encode()) is not None,
            )
            for each in PATTERNS
        ),
        Case("domain", op("domain", A), ("text",), [(each,) for each in [*domains, *TEXTS]], _domain),
        Case(
            "split hash",
            op("split hash", A, 7),
            ("text",),
            texts,
            lambda a: int(md5(a.encode()).hexdigest()[:8], 16) % 7,
        ),
        Case("joined", op("joined", A, t.text("|"), B), two, pairs[:9], lambda a, b: f"{a}|{b}"),
        Case("to text", op("to text", A), ("whole",), [(each,) for each in WHOLES], str),
    ]


def _domain(text: str) -> str | None:
    _, at, domain = text.rpartition("@")
    return domain if at and domain.strip() else None


def set_cases() -> list[Case]:
    sets = [
        (),
        ("B",),
        ("b", "A\u00c9"),
        ("a", "ab"),
        ("ab", "a", "b"),
        ("x\x01", "x"),
        ("\x02", "x y", "Y  X"),
        ("b", "c"),
    ]
    rows = [(each,) for each in sets]
    members = op("folded members", A)

    def folded(each: tuple[str, ...]) -> list[str]:
        return [fold(one) for one in each]

    return [
        Case("folded members", members, ("set",), rows, folded),
        Case("has", op("has", members, t.text("b")), ("set",), rows, lambda a: "b" in folded(a)),
        Case(
            "has a column",
            op("has", members, B),
            ("set", "text"),
            [(each, "ab") for each in sets],
            lambda a, b: b in folded(a),
        ),
        Case(
            "some fits",
            op("some fits", members, list_entry("a*")),
            ("set",),
            rows,
            lambda a: any(each.startswith("a") for each in folded(a)),
        ),
        Case(
            "some fits words",
            op("some fits", members, list_entry("x *")),
            ("set",),
            rows,
            lambda a: any(matches_entry(list_entry("x *"), each) for each in folded(a)),
        ),
        Case(
            "list",
            op("list", A, t.text("k"), t.text(None), B),
            ("text", "text"),
            [("a", "b")],
            lambda a, b: [each for each in (a, "k", b) if each is not None],
            True,
        ),
    ]

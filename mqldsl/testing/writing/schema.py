"""Random heads, fields, events and lists: what the rest of a definition can name."""

from collections.abc import Sequence

from mqldsl.model.types import Labels, SetOf, Text, Type, YesNo
from mqldsl.testing.writing import words
from mqldsl.testing.writing.outcomes import Outcomes
from mqldsl.testing.writing.scope import LEAD, At, Kind, Ref
from mqldsl.testing.writing.selections import ACTIVITY, PEOPLE


class Schema(Outcomes):
    """Writes what is known and what happens."""

    # -------------------------------------------------------------- head

    def head(self) -> list[str]:
        """Return the head; without hours there is no business time."""
        self.lengths = tuple(self.pick(words.DAY_LENGTHS) for _ in range(3))
        if self.chance(15):
            return []
        lines = ['definition "Generated" version 1']
        if self.chance(30):
            lines.append('  owners sales, "Mary Jones"')
        if self.chance(50):
            end = self.pick(("", " to 2030-12-31"))
            lines.append(
                f"  effective {self.pick(('2026-03-01', '2026-03-31', '2025-10-26', '2028-02-29'))}{end}"
            )
        if self.chance(75):
            lines.append(f'  time zone "{self.pick(words.ZONES)}"')
        if self.chance(50):
            lines.append("  currency GBP")
        if self.chance(50):
            self.has_hours = True
            lines.append(f"  business hours {self.pick(words.HOURS)}")
        if self.chance(10):
            lines += ["  review every 90 days", '  agreed by "Mary Jones" on 2026-03-01 as "5f3a"']
        return lines

    # -------------------------------------------------------------- fields

    def lead(self, size: int) -> list[str]:
        """Return the lead's fields: at least a number, and enough others to be compared."""
        wanted = self._some(words.LEAD_FIELDS, 1, size)
        lines = [f"  {self._field(name, kinds, 'field')}" for name, kinds in wanted]
        if self.chance(20):
            lines.append('  account: text, from "Company"')
            self.refs.append(Ref("account", words.TEXT, "field"))
        return ["lead:", *lines]

    def account(self, size: int) -> list[str]:
        """Return the company's fields, if it has any."""
        if not self.chance(45):
            return []
        wanted = self._some(words.ACCOUNT_FIELDS, 0, size // 2)
        return ["account:", *(f"  {self._field(name, kinds, 'field', 'account.')}" for name, kinds in wanted)]

    def _some(
        self, of: Sequence[tuple[str, Sequence[Type]]], first: int, most: int
    ) -> list[tuple[str, Sequence[Type]]]:
        chosen = dict(of[:first])
        for _ in range(self.count(1, most)):
            name, kinds = self.pick(of)
            chosen[name] = kinds
        return list(chosen.items())

    def _field(self, name: str, kinds: Sequence[Type], word: str, owner: str = "") -> str:
        kind = self.pick(kinds)
        said = f"{name}{self.label()}: {words.type_text(kind)}"
        match self.pick((0, 0, 0, 0, 1, 1, 2, 3, 4)):
            case 1:
                said += f", missing means {self._given_text(kind)}"
            case 2:
                said += ', missing when "Select", "N/A", -1'
            case 3:
                said += ", required"
            case 4:
                said += f', from "{self.pick(("Source Column", "Other"))}"'
            case _:
                pass
        self.refs.append(Ref(owner + name, kind, word, never_missing="missing means" in said))
        return said

    def _given_text(self, kind: Type) -> str:
        match kind:
            case SetOf(Labels(names)):
                return f"({words.label_text(names[0])})"
            case SetOf():
                return self.pick(("()", '("CEO", "other")'))
            case YesNo():
                return self.pick(("no", "yes"))
            case Text():
                return self.pick(('"CEO"', '"none"'))
            case _:
                return self.literal(kind)

    # -------------------------------------------------------------- events

    def events(self, size: int) -> list[str]:
        """Return declared kinds of events and records; now and then there are none."""
        if self.chance(4):
            return []
        names = dict.fromkeys(self.pick(words.LEAD_KINDS) for _ in range(self.count(1, size)))
        lines = [self._kind("event", name) for name in names]
        if self.chance(30):
            lines.append(self._kind("account event", self.pick(words.ACCOUNT_KINDS)))
        if self.chance(30):
            lines.append(self._kind("record", self.pick(words.RECORDS)))
        if self.chance(10):
            lines.append(self._kind("account record", self.pick(words.ACCOUNT_RECORDS)))
        return lines

    def _kind(self, word: str, written: str) -> str:
        name, _, plural = written.partition(" ")
        timed = word.endswith("event")
        properties: dict[str, Type] = {}
        for _ in range(self.count(0, 3)):
            prop, kinds = self.pick(words.PROPERTIES)
            properties[prop] = kinds[0] if self.chance(80) else self.pick(kinds)
        said = ", ".join(f"{prop} {words.type_text(kind)}" for prop, kind in properties.items())
        kept = f", kept for {self.pick(('90d', '30d', '1y', '6mo'))}" if timed and self.chance(25) else ""
        self._add_kind(name, plural.strip("()"), properties, timed=timed, of_account="account" in word)
        label = "" if plural else self.label()
        return f"{word} {written}{label}{': ' if said else ''}{said}{kept}"

    def _add_kind(
        self, name: str, plural: str, properties: dict[str, Type], *, timed: bool, of_account: bool
    ) -> None:
        default = name[:-1] + "ies" if name.endswith("y") else name + "s"
        self.kinds.append(Kind(name, plural or default, properties, timed, of_account))

    def whole(self) -> None:
        """Add people and all activity to what can be named, once all kinds are declared."""
        own = [kind.properties for kind in self.kinds if kind.timed and not kind.of_account]
        self.kinds.append(Kind(ACTIVITY.name, ACTIVITY.plural, joined(own), plain=False))
        self.kinds.append(PEOPLE)

    # -------------------------------------------------------------- named selections

    def selection_named(self, name: str, depth: int) -> str:
        """Return an event that is made of others."""
        self.asks_people = False
        if self.chance(10):
            self.kinds.append(
                Kind(name, f"{name}s", {}, timed=False, plain=False, asks_people=True, are_people=True)
            )
            return f"record {name}: people({self.condition(At(in_people=True), depth - 1)})"
        of_account = [kind for kind in self.kinds if kind.of_account and kind.timed]
        records = [kind for kind in self.kinds if not kind.timed and not kind.are_people]
        timed = [kind for kind in self.kinds if kind.timed]
        word, pool = "event", timed
        if records and self.chance(15):
            word, pool = "record", records
            word = "account record" if all(kind.of_account for kind in pool) else word
        elif of_account and self.chance(15):
            word, pool = "account event", of_account
        members = [self.pick(pool)]
        if self.chance(40):
            members += [self.pick(pool) for _ in range(self.count(1, 2))]
        plain = True
        written = []
        for member in members:
            text, is_plain = self._member(member, depth)
            written.append(text)
            plain = plain and is_plain
        properties = joined([member.properties for member in members])
        body = f"any of ({', '.join(written)})" if len(members) > 1 else written[0]
        if (len(members) == 1 and body == members[0].name) or self.chance(40):
            body += f" where {self.condition(At(properties, in_brackets=True), depth - 1)}"
        asks = self.asks_people
        mixed = any(kind.of_account for kind in members)
        self.kinds.append(
            Kind(name, f"{name}s", properties, word.endswith("event"), mixed, plain and not mixed, asks)
        )
        return f"{word} {name}: {body}"

    def _member(self, kind: Kind, depth: int) -> tuple[str, bool]:
        """Return a member of a named selection, and whether `account.` may stand before its name."""
        if kind.timed and self.chance(25):
            return self.sequence(LEAD, depth - 1, kind), False
        name = kind.name
        plain = kind.plain
        self.asks_people |= kind.asks_people
        if self.chance(25):
            name = f"{name}({self.condition(At(kind.properties, in_brackets=True), depth - 1)})"
        if kind.timed and self.chance(20):
            name = f"{name} {self.window(LEAD, depth - 1)}"
        return name, plain

    # -------------------------------------------------------------- lists

    def lists(self) -> list[str]:
        """Return named lists."""
        lines = []
        if self.chance(50):
            entries = [
                self.pick(('"CEO"', *words.ENTRIES, '"/pricing"', '"gmail.com"'))
                for _ in range(self.count(1, 3))
            ]
            lines.append(f"list titles: {', '.join(entries)}")
            self.text_lists.append("titles")
        if self.chance(30):
            entries = [f'"{self.pick(words.NEEDLES)}"' for _ in range(self.count(1, 3))]
            lines.append("list needles:\n" + "\n".join(f"  - {entry}" for entry in entries))
            self.needle_lists.append("needles")
            self.text_lists.append("needles")
        if self.chance(25):
            entries = [self.pick(("5", "10", "-5", "50k", "2.5")) for _ in range(self.count(1, 3))]
            lines.append(f"list sizes: {', '.join(entries)}")
            self.number_lists.append("sizes")
        if self.chance(25):
            lines.append('list stages: "now", "s*"')
            self.label_lists[words.LABELS[0]] = "stages"
        return lines


def joined(all_properties: Sequence[dict[str, Type]] | Sequence[object]) -> dict[str, Type]:
    """Return the properties that events of several kinds have: not those of different types."""
    found: dict[str, Type] = {}
    mixed: set[str] = set()
    for properties in all_properties:
        assert isinstance(properties, dict)
        for name, kind in properties.items():
            first = found.setdefault(name, kind)
            if isinstance(first, Labels) and isinstance(kind, Labels) and not (first.ordered or kind.ordered):
                found[name] = Labels(tuple(dict.fromkeys(first.names + kind.names)))
            elif first != kind:
                mixed.add(name)
    return {name: kind for name, kind in found.items() if name not in mixed}

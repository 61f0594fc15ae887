"""Events and records whose columns fit as they are: one view for all kinds in a file."""

from collections import Counter
from collections.abc import Mapping, Sequence

import attrs

from mqldsl.data.batch.direct import DirectColumns, DirectField
from mqldsl.data.batch.feeds import REPEATS
from mqldsl.data.batch.fitting import Fitted, IdType
from mqldsl.data.batch.late import exp
from mqldsl.data.batch.problems import Problems
from mqldsl.data.batch.questions import READ
from mqldsl.data.batch.scan import scan_of
from mqldsl.data.batch.store import Expression, Store, column, shaped
from mqldsl.data.binding import EventRows
from mqldsl.data.keys import KeyColumn
from mqldsl.data.layout import Run
from mqldsl.data.moments import HAS_NO_TIME
from mqldsl.data.names import properties_of
from mqldsl.evaluate.sql import supply
from mqldsl.evaluate.sql import terms as t
from mqldsl.model import ir

# Room for the columns of a kind, in the order of what is wrong with a row.
_PLACES = 10_000


@attrs.frozen(eq=False)
class _Kind:
    """One kind in one file."""

    kind: ir.Kind
    source: EventRows
    where: Expression
    at: tuple[str, Fitted] | None
    id: str | None
    properties: Sequence[DirectField]

    @property
    def mark(self) -> str:
        """The column that says which rows are of this kind."""
        return f"#is {self.kind.name}"


class DirectFeeds:
    """The kinds that stand in one file, all of whose columns fit."""

    def __init__(
        self, run: Run, store: Store, columns: DirectColumns, kinds: Sequence[_Kind], name: str
    ) -> None:
        self._run, self._store, self._columns, self._kinds, self._name = run, store, columns, kinds, name
        self.strangers: Counter[str] = Counter()
        self.repeats: Counter[str] = Counter()
        self._ever_missing: dict[str, bool] = {}
        self._rows: str | None = None

    @property
    def has_whole_owners(self) -> bool:
        """Whether the ids of leads are whole numbers, in all kinds."""
        return all(self._columns.fitting.is_whole(kind.source.owner_column) for kind in self._kinds)

    def read(self, id_type: IdType, rows: str | None, *, thorough: bool) -> dict[str, supply.Feed]:
        """Return the feed of each kind; `thorough` also counts the events of nobody known.

        `rows` is as in `Owners`.
        """
        self._rows = rows
        columns, owners = self._columns, {}
        for kind in self._kinds:
            owner = columns.fitting.owner(kind.source.owner_column, id_type)
            assert owner is not None
            owners[kind.mark] = columns.add(str(kind.source.owner_column), owner.expression)
            columns.columns[kind.mark] = self._holds(kind, owner.expression)
        raws: set[KeyColumn] = {it.column for kind in self._kinds for it in kind.properties}
        raws |= {kind.source.owner_column for kind in self._kinds}
        raws |= {name for kind in self._kinds for name in kind.source.rows.where}
        raws |= {kind.source.at.column for kind in self._kinds if kind.source.at is not None}
        self._store.view(self._name, columns.with_raw(raws), columns.scan.source, None)
        problems = Problems()
        for number, kind in enumerate(self._kinds):
            self._tell(kind, owners[kind.mark], problems, number * _PLACES)
        if thorough:
            self._count_strangers(owners)
            self._count_repeats(owners)
        problems.tell(columns.scan.file, self._run.faults)
        return {kind.kind.name: self._feed(kind, owners[kind.mark]) for kind in self._kinds}

    def _tell(self, kind: _Kind, owner: str, problems: Problems, place: int) -> None:
        """Put aside what is wrong with the rows of a kind."""
        columns, of = self._columns, kind.source.owner_column
        mark = column(kind.mark)
        nobodys = exp.and_(mark, _is_null(owner))
        words = f"the {kind.kind.name} names no lead"
        if self._is_ever_missing(owner):
            problems.of_rows(columns.rows_of(self._name, of, nobodys), place, str(of), lambda _: words)
        holds = exp.and_(mark, self._is_known(owner))
        if kind.at is not None and kind.source.at is not None:
            at, _ = kind.at
            timeless = exp.and_(mark, _is_null(at))
            if self._is_ever_missing(at) and columns.rows_of(self._name, kind.source.at.column, timeless):
                known = columns.rows_of(self._name, kind.source.at.column, exp.and_(holds, _is_null(at)))
                words = f"the {kind.kind.name}{HAS_NO_TIME}"
                problems.of_rows(known, place + 1, kind.source.at.column, lambda _: words)
                holds = exp.and_(holds, exp.not_(_is_null(at)))
        columns.tell_fields(kind.properties, self._name, holds, problems, place + 2)

    def _is_thinned(self, kind: _Kind) -> bool:
        """Say whether only some rows of the leads tell events of a kind."""
        return self._rows is not None and kind.source.of_lead_rows

    def _holds(self, kind: _Kind, owner: Expression) -> Expression:
        """Return which rows are events of a kind, or would be if somebody were known."""
        if not self._is_thinned(kind):
            return kind.where
        names = {"questions": self._store.named(str(self._rows)), "leads": self._store.named(READ)}
        counts = 'owner is null or number in (select "#row" from questions) or owner not in (select "#id" from leads)'
        thin = shaped(counts, owner=owner, number=self._columns.scan.row, **names)
        return exp.and_(kind.where, thin)

    def _is_ever_missing(self, name: str) -> bool:
        """Say whether a column of the view has a gap, in rows of whatever kind."""
        if name not in self._ever_missing:
            names = {"feed": self._store.named(self._name), "gap": _is_null(name)}
            self._ever_missing[name] = bool(self._store.run("select 1 from feed where gap limit 1", **names))
        return self._ever_missing[name]

    def _is_known(self, owner: str) -> Expression:
        return shaped(
            'owner in (select "#id" from leads)', owner=column(owner), leads=self._store.named(READ)
        )

    def _count_strangers(self, owners: Mapping[str, str]) -> None:
        """Count the events of nobody known: in one pass for all kinds that name their owner in the same column."""
        names = {"feed": self._store.named(self._name), "leads": self._store.named(READ)}
        for owner in dict.fromkeys(owners.values()):
            kinds = [kind for kind in self._kinds if owners[kind.mark] == owner]
            counts = ", ".join(f"count(case when k{place} then 1 end)" for place in range(len(kinds)))
            marks = {f"k{place}": kind.mark for place, kind in enumerate(kinds)}
            template = f'select {counts} from feed as f anti join leads as l on f.owner = l."#id" where f.owner is not null'  # noqa: S608 # made of numbers
            (found,) = self._store.run(template, owner=owner, **names, **marks)
            self.strangers += Counter({kind.kind.name: it for kind, it in zip(kinds, found)})

    def _count_repeats(self, owners: Mapping[str, str]) -> None:
        """Count the events whose id their owner has had."""
        for kind in self._kinds:
            if kind.id is None:
                continue
            owner = owners[kind.mark]
            holds = exp.and_(column(kind.mark), self._is_known(owner))
            if kind.at is not None:
                holds = exp.and_(holds, exp.not_(_is_null(kind.at[0])))
            feed = self._store.named(self._name)
            ((count,),) = self._store.run(REPEATS, feed=feed, holds=holds, owner=owner, id=kind.id)
            self.repeats += Counter({kind.kind.name: count})

    def _where(self, kind: _Kind) -> t.Term:
        """Return which rows are of a kind: by the texts of one column, where the binding says so, as others can compare."""
        told = kind.source.rows.where
        if len(told) == 1 and not self._is_thinned(kind):
            ((name, texts),) = told.items()
            raw = self._columns.raw(name)
            # An empty text also means that there is none, which a comparison of texts cannot say.
            if self._columns.fitting.is_text(name) and texts and "" not in texts:
                wanted = [t.text(each) for each in sorted(texts)]
                return (
                    t.Term("=", (t.column(raw), wanted[0]))
                    if len(wanted) == 1
                    else t.Term("in", (t.column(raw), *wanted))
                )
        return t.column(kind.mark)

    def _feed(self, kind: _Kind, owner: str) -> supply.Feed:
        zone = self._run.context.zone
        at = scanned = None
        if kind.at is not None:
            name, fitted = kind.at
            at = fitted.term(name, zone)
            if fitted.scanned is not None:
                scanned = t.column(self._columns.raw(fitted.scanned.name))
        return supply.Feed(
            self._store.relation(self._name),
            self._where(kind),
            t.column(owner),
            at,
            self._columns.given(kind.properties),
            None if kind.id is None else t.column(kind.id),
            None if kind.id is None else t.column("#row"),
            scanned,
            kind.at is not None and kind.at[1].is_scanned_exact,
        )


def direct_feeds(
    run: Run, store: Store, sources: Sequence[tuple[EventRows, ir.Kind]], name: str
) -> DirectFeeds | None:
    """Return the kinds of one file, or None where a column does not fit."""
    scan = scan_of(sources[0][0].rows.file, store)
    if scan is None:
        return None
    columns = DirectColumns(run, store, scan)
    kinds = [_kind(columns, source, kind) for source, kind in sources]
    found = [kind for kind in kinds if kind is not None]
    return DirectFeeds(run, store, columns, found, name) if len(found) == len(kinds) else None


def _kind(columns: DirectColumns, source: EventRows, kind: ir.Kind) -> _Kind | None:
    fitting = columns.fitting
    where = fitting.where(source.rows.where.items())
    if where is None or fitting.owner(source.owner_column, "text") is None or source.once_a_time:
        return None
    at = None
    if source.at is not None:
        fitted = fitting.moment(source.at)
        if fitted is None:
            return None
        at = columns.add(source.at.column, fitted.expression), fitted
        if source.is_wide:
            where = exp.and_(where, exp.not_(exp.Is(this=column(source.at.column), expression=exp.null())))
    identity = None
    if source.id is not None:
        own = fitting.identity(source.id)
        if own is None:
            return None
        identity = columns.add(str(source.id), own.expression)
    properties = columns.fields(properties_of(kind), source.rows)
    return None if properties is None else _Kind(kind, source, where, at, identity, properties)


def _is_null(name: str) -> Expression:
    return exp.Is(this=column(name), expression=exp.null())

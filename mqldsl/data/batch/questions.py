"""Which rows of the leads are the questions: each id once, or each id and instant once."""

from typing import Final

from mqldsl.data.batch.arrays import ascend
from mqldsl.data.batch.problems import Problems
from mqldsl.data.batch.store import Store
from mqldsl.data.binding import LeadRows
from mqldsl.data.companies import COMES_AGAIN

READ: Final = "leads read"
"""The table of all rows with an id, whoever stands here is known: `#row`, `#id` and, where rows tell it, `#as of`."""

IDS: Final = "leads ids"
"""The same rows with nothing but `#id`, where that is quicker to read."""

_LEADS: Final = "leads"


class Questions:
    """Settles it, and keeps of the faults those of rows that count."""

    def __init__(  # noqa: PLR0913, PLR0917 # what is known of the rows
        self,
        store: Store,
        leads: LeadRows,
        always: Problems,
        of_time: Problems,
        of_fields: Problems,
        ids: str = READ,
    ) -> None:
        self._store, self._leads = store, leads
        self._always, self._of_time, self._of_fields = always, of_time, of_fields
        self._ids = ids

    def settle(self) -> str:
        """Keep of the rows that ask the same question the one that counts; return the table of those."""
        store, leads = self._store, self._leads
        names = {"read": store.named(READ), "leads": store.named(_LEADS)}
        if leads.id is not None and leads.distinct:
            if self._is_without_repeats("id"):
                return self._without_timeless()
            store.run(_FIRST_ROWS, **names)
            self._of_time.only(store.column(_LEADS, "#row"))
            if leads.as_of is not None:
                store.run('delete from leads where "#as of" is null', leads=names["leads"])
        elif leads.id is not None and not self._is_without_repeats("id", "as of"):
            store.run(self._question(), **names)
            if leads.keep is None:
                self._tell_repeats()
            store.run('delete from leads where "#row" <> "#last"', leads=names["leads"])
        else:
            return self._without_timeless()
        self._of_fields.only(store.column(_LEADS, "#row"))
        return _LEADS

    def _question(self) -> str:
        """Return the statement that finds of each row the one that counts in its place."""
        keep, has_as_of = self._leads.keep, self._leads.as_of is not None
        question = '"#id", "#as of"' if has_as_of else '"#id"'
        counts = (
            f'{"min" if keep is not None and keep.first else "max"}("#row") over (partition by {question})'
        )
        if keep is not None and keep.by is not None:
            order = '"#rank" desc nulls last, "#row" desc'
            counts = f'first_value("#row") over (partition by {question} order by {order})'
        timed = 'where "#as of" is not null' if has_as_of else ""
        return f'create temp table leads as select *, {counts} as "#last" from read {timed}'  # noqa: S608 # fixed words

    def _tell_repeats(self) -> None:
        template = 'select "#row", "#row", "#id" from leads where "#row" <> "#last" order by 1'
        again = self._store.run(template, leads=self._store.named(_LEADS))
        self._always.again(
            [(row, at, str(lead)) for row, at, lead in again], str(self._leads.id or ""), COMES_AGAIN
        )

    def _is_without_repeats(self, *columns: str) -> bool:
        is_by_time = "as of" in columns and self._leads.as_of is not None
        read = self._store.named(READ)
        # Ids that ascend are all different; that is quickly seen.
        if not is_by_time and ascend(self._store.column(self._ids, "#id")):
            return True
        ((rows, different),) = self._store.run(_COUNT_AT if is_by_time else _COUNT, read=read)
        return bool(rows == different)

    def _without_timeless(self) -> str:
        """Leave out rows without an instant; their ids stay known."""
        if self._leads.as_of is None:
            return READ
        store = self._store
        ((timeless,),) = store.run('select count(*) from read where "#as of" is null', read=store.named(READ))
        if timeless:
            store.run(
                'create temp table leads as select * from read where "#as of" is not null',
                read=store.named(READ),
                leads=store.named(_LEADS),
            )
            return _LEADS
        return READ


_COUNT = 'select count(*), count(distinct "#id") from read'
_COUNT_AT = 'select count(*), count(distinct ("#id", "#as of")) from read where "#as of" is not null'
_FIRST_ROWS = """
    create temp table leads as select * from read
    where "#row" in (select min("#row") from read group by "#id")
"""

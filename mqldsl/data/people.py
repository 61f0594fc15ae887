"""Who else works at a lead's company, for definitions that look at `people`."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime

import attrs

from mqldsl.evaluate.situation import Lead


@attrs.frozen
class Asked:
    """A question from a row of the leads: this lead, at this instant; `company` is empty where it has none."""

    lead: Lead
    as_of: datetime
    company: str


class People:
    """All leads by company."""

    def __init__(self, everybody: Sequence[Asked]) -> None:
        self._rows: dict[str, list[Asked]] = {}
        for row in everybody:
            self._rows.setdefault(row.lead.id, []).append(row)
        self._ids: dict[str, dict[str, None]] = {}
        for row in everybody:
            if row.company:
                self._ids.setdefault(row.company, {})[row.lead.id] = None
        for rows in self._rows.values():
            rows.sort(key=lambda row: row.as_of)

    def beside(self, asked: Asked) -> tuple[Lead, ...]:
        """Return the other leads of the company, in the order of the file.

        Of a lead with several rows, it is the newest that the asking lead's as-of can know, or else the oldest.
        """
        others = (self._row(lead, asked.as_of) for lead in self._ids[asked.company] if lead != asked.lead.id)
        return tuple(row.lead for row in others if row.company == asked.company)

    def _row(self, lead: str, as_of: datetime) -> Asked:
        rows = self._rows[lead]
        if len(rows) == 1:
            return rows[0]
        return rows[max(bisect_right(rows, as_of, key=lambda row: row.as_of) - 1, 0)]

"""The names that every generated function knows: the steps that it calls, and what it compares classes with."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import compress
from typing import Any

from mqldsl.evaluate.generated import asked, orders, steps
from mqldsl.evaluate.generated.reads import ODD, ODD_LEAD, Odd, Row, Rows, WithId, id_of
from mqldsl.evaluate.handed_in import Account
from mqldsl.evaluate.history import EPOCH, MICROSECOND, History
from mqldsl.evaluate.numbers import clamped, millionths, rounded
from mqldsl.evaluate.outcome import Anything
from mqldsl.model.calendar import in_utc
from mqldsl.model.folding import fold

_STEPS = (
    steps.state_of,
    steps.counted,
    steps.compared_ranges,
    steps.compared_counts,
    steps.calculated_range,
    steps.in_units,
    steps.end_in_units,
    steps.in_millionths,
    steps.distinct,
    steps.most,
    steps.distinct_days,
    steps.of_values,
    steps.at_the_end,
    steps.worth,
    steps.shrunk_points,
    steps.limited,
    steps.units,
    steps.idle,
    steps.bands_between,
    steps.cells_of,
    steps.choice_in,
    steps.first_number,
    steps.first_loose,
    steps.first_choice,
    steps.could_be_first,
    steps.outcomes_of,
    steps.evenly,
    steps.deadline,
    asked.may_belong,
    asked.points_of,
    asked.range_of,
    asked.choice_of,
    asked.columns_of,
    asked.anchor_of,
    asked.last_of,
    asked.text_of,
    steps.remembered,
    asked.count_of,
    asked.value_of,
    orders.united,
    orders.then,
    orders.then_no,
    orders.idle_time,
    orders.after,
    orders.days_since,
    bisect_left,
    bisect_right,
    clamped,
    compress,
    fold,
    id_of,
    in_utc,
    millionths,
    rounded,
)

_BUILTINS: tuple[type | Callable[..., object], ...] = (
    *(abs, bool, dict, float, int, isinstance, len, list, max, min, set, sorted, str, sum, tuple, type),
    *(AttributeError, KeyError, OverflowError, TypeError),
)

# What every generated function may call and look at; all else is in numbered slots.
NAMES: dict[str, Any] = {step.__name__: step for step in _STEPS} | {
    "Account": Account,
    "DAY": timedelta(days=1),
    "EPOCH": EPOCH,
    "History": History,
    "MICROSECOND": MICROSECOND,
    "ODD": ODD,
    "ODD_LEAD": ODD_LEAD,
    "OR_NONE": Anything.OR_NONE,
    "OPEN": steps.OPEN,
    "Odd": Odd,
    "Row": Row,
    "Rows": Rows,
    "UNSURE": steps.UNSURE,
    "UTC": UTC,
    "WithId": WithId,
    "VALUES": steps.VALUES,
    "date": date,
    "datetime": datetime,
    "inf": math.inf,
    "negated": steps.NEGATED,
    "__builtins__": {each.__name__: each for each in _BUILTINS},
}

"""Leads and events drawn by chance, the same in every run, written as Parquet a row group at a time.

Most leads do little and a few do much, kinds are unevenly frequent, one value in twenty or so is blank, texts are
now and then typed in capitals or with spaces too many. Events stand in one long table, sorted by time.
"""

import math
import shutil
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import attrs
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

AS_OF = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
DAYS = 365
SEED = 5

# The last event lies a day behind the as-of: what is later than it must not count.
_FIRST = AS_OF - timedelta(days=DAYS - 1)
_MICROSECONDS = DAYS * 86_400_000_000

# So many rows are drawn, sorted and written at once.
_ROWS = 250_000

# (share of the leads, share of the events): most do little, a hundredth does a fifth of all, some do nothing.
_ACTIVITY = ((0.10, 0.0), (0.55, 0.10), (0.26, 0.30), (0.08, 0.40), (0.01, 0.20))

KINDS = (
    ("visit", 0.60),
    ("email_sent", 0.18),
    ("email_open", 0.10),
    ("click", 0.05),
    ("webinar", 0.03),
    ("whitepaper", 0.02),
    ("call", 0.015),
    ("demo_request", 0.005),
)
_PAGES = (
    *("/", "/pricing", "/pricing/teams", "/Pricing/enterprise", "/contact", "/case/acme", "/case/globex"),
    *(f"/blog/{number}" for number in range(120)),
    *(f"/features/{number}" for number in range(40)),
    *(f"/docs/{number}" for number in range(200)),
)
_PAGE_SHARES = (0.20, 0.08, 0.05, 0.02, 0.05, 0.03, 0.02)
_TOPICS = ("security", "pricing", "Migration", "reporting", "automation", "Getting  started", "roadmap")

_TITLES = (
    *("Head of Marketing", "Head of Facilities Management", "VP Sales", "VP", "Chief Marketing Officer"),
    *("Chief of Staff", "Sales Director", "Director of Studies", "Marketing Manager", "Product Buyer"),
    *("Office Manager", "Projektmanager", "Software Engineer", "Overhead Planner", "Student"),
    *("Procurement Lead", "Vice President", "Data Analyst", "Select", "N/A"),
)
_INDUSTRIES = ("software", "healthcare", "manufacturing", "retail", "Software", "education", "Select")
_COUNTRIES = ("GB", "IE", "FR", "DE", "US", "NL", "ES", "gb")
_SOURCES = ("Web form", "web chat", "Trade fair", "Partner", "List  bought", "Referral")
_DOMAINS = (
    *("gmail.com", "Outlook.com", "gmx.net", "acme.example", "globex.example"),
    *(f"company{number}.example" for number in range(5_000)),
)


@attrs.frozen
class Size:
    """How many leads and events."""

    leads: int
    events: int

    @property
    def name(self) -> str:
        """How a table calls it: `1 M leads, 20 M events`."""
        return f"{_short(self.leads)} leads, {_short(self.events)} events"


@attrs.frozen
class Files:
    """Where the two tables lie."""

    leads: Path
    events: Path


def files(size: Size, folder: Path | None = None) -> Files:
    """Return the files of a size, made if they are not there yet."""
    place = (folder or Path(tempfile.gettempdir()) / "mqldsl-batch") / f"{size.leads}-{size.events}-{SEED}"
    found = Files(place / "leads.parquet", place / "events.parquet")
    if not place.is_dir():
        half = place.with_name(f"{place.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        _write_leads(half / "leads.parquet", size)
        _write_events(half / "events.parquet", size)
        half.rename(place)
    return found


def _short(number: int) -> str:
    return f"{number / 1_000_000:g} M" if number >= 1_000_000 else f"{number:,}"


# ------------------------------------------------------------------ leads


def _write_leads(path: Path, size: Size) -> None:
    random = np.random.default_rng(SEED)
    writer: pq.ParquetWriter | None = None
    for start in range(0, size.leads, _ROWS):
        table = _leads(random, np.arange(start, min(start + _ROWS, size.leads)))
        if writer is None:
            writer = pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _leads(random: np.random.Generator, ids: np.ndarray) -> pa.Table:
    rows = len(ids)
    today = np.datetime64(AS_OF.date(), "D")
    now = np.datetime64(AS_OF.replace(tzinfo=None), "us")
    created = now - (random.random(rows) * 3 * _MICROSECONDS).astype("timedelta64[us]")
    return pa.table(
        {
            "id": ids,
            "title": _texts(random, _as_typed(_TITLES), rows, blank=0.06),
            "email": _emails(random, ids),
            "company": _texts(
                random, tuple(f"Company {number}" for number in range(20_000)), rows, blank=0.1
            ),
            "industry": _texts(random, _INDUSTRIES, rows, blank=0.05),
            "employees": _blanked(random, np.floor(np.exp(random.normal(4.5, 1.6, rows))) + 1, 0.12),
            "budget": _blanked(random, np.round(np.exp(random.normal(10, 1.2, rows)), -2), 0.35),
            "buying_date": _blanked(random, today + random.integers(-200, 500, rows), 0.3),
            "created": pa.array(created, pa.timestamp("us", "UTC")),
            "country": _texts(random, _COUNTRIES, rows, blank=0.04),
            "source": _texts(random, _as_typed(_SOURCES), rows, blank=0.05),
            "opted_out": _blanked(random, random.random(rows) < 0.04, 0.5),
        }
    )


def _as_typed(texts: Sequence[str]) -> tuple[str, ...]:
    """Return texts as people type them: a few in capitals, a few with spaces too many."""
    return (
        *list(texts) * 8,
        *(text.upper() for text in texts),
        *(f" {text.replace(' ', '  ')}" for text in texts),
    )


def _texts(random: np.random.Generator, texts: Sequence[str], rows: int, blank: float) -> pa.Array:
    codes = random.integers(0, len(texts), rows, dtype=np.int32)
    return _of_dictionary(codes, random.random(rows) < blank, texts)


def _of_dictionary(codes: np.ndarray, blank: np.ndarray, texts: Sequence[str]) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(codes, mask=blank), pa.array(texts)).cast(pa.string())


def _emails(random: np.random.Generator, ids: np.ndarray) -> pa.Array:
    rows = len(ids)
    # Four of ten write from one of the first three, which give addresses away.
    company = random.integers(3, len(_DOMAINS), rows, dtype=np.int32)
    codes = np.where(random.random(rows) < 0.4, random.integers(0, 3, rows, dtype=np.int32), company)
    domains = _of_dictionary(codes, np.zeros(rows, bool), _DOMAINS)
    # One in thirty forgot the @, one in fifty gave nothing.
    sign = _of_dictionary((random.random(rows) < 1 / 30).astype(np.int32), np.zeros(rows, bool), ("@", "."))
    names = pa.array(ids).cast(pa.string())

    whole = pc.binary_join_element_wise("u", names, sign, domains, "")
    return pc.if_else(pa.array(random.random(rows) < 0.02), pa.scalar(None, pa.string()), whole)


def _blanked(random: np.random.Generator, values: np.ndarray, share: float) -> pa.Array:
    return pa.array(values, mask=random.random(len(values)) < share)


# ------------------------------------------------------------------ events


def _write_events(path: Path, size: Size) -> None:
    random = np.random.default_rng(SEED + 1)
    first = np.datetime64(_FIRST.replace(tzinfo=None), "us")
    step = _step(size.leads)
    writer: pq.ParquetWriter | None = None
    for start in range(0, size.events, _ROWS):
        end = min(start + _ROWS, size.events)
        # Each part has a stretch of time of its own, so the whole file is sorted.
        share = start / size.events + np.sort(random.random(end - start)) * ((end - start) / size.events)
        at = first + (share * _MICROSECONDS).astype("timedelta64[us]")
        table = _events(random, at, size.leads, step)
        if writer is None:
            writer = pq.ParquetWriter(path, table.schema)
        writer.write_table(table)
    if writer is not None:
        writer.close()


def _events(random: np.random.Generator, at: np.ndarray, leads: int, step: int) -> pa.Table:
    rows = len(at)
    kind = _drawn(random, [share for _, share in KINDS], rows)
    numbers = {name: number for number, (name, _) in enumerate(KINDS)}
    has_page = np.isin(kind, [numbers["visit"], numbers["click"]])
    has_seconds = np.isin(kind, [numbers["visit"], numbers["webinar"], numbers["call"]])
    has_topic = np.isin(kind, [numbers["webinar"], numbers["whitepaper"]])
    seconds = np.floor(random.exponential(60, rows))
    return pa.table(
        {
            "kind": _of_dictionary(kind, np.zeros(rows, bool), [name for name, _ in KINDS]),
            "lead": _who(random, rows, leads, step),
            "at": pa.array(at, pa.timestamp("us", "UTC")),
            "page": _of_dictionary(_pages(random, rows), ~has_page | (random.random(rows) < 0.02), _PAGES),
            "seconds": pa.array(seconds, mask=~has_seconds | (random.random(rows) < 0.05)),
            "topic": _of_dictionary(
                random.integers(0, len(_TOPICS), rows, dtype=np.int32),
                ~has_topic | (random.random(rows) < 0.05),
                _TOPICS,
            ),
        }
    )


def _drawn(random: np.random.Generator, shares: Sequence[float], rows: int) -> np.ndarray:
    return np.searchsorted(np.cumsum(shares)[:-1], random.random(rows), side="right").astype(np.int32)


def _pages(random: np.random.Generator, rows: int) -> np.ndarray:
    rest = len(_PAGES) - len(_PAGE_SHARES)
    return _drawn(random, [*_PAGE_SHARES, *[(1 - sum(_PAGE_SHARES)) / rest] * rest], rows)


def _who(random: np.random.Generator, rows: int, leads: int, step: int) -> np.ndarray:
    """Draw whose events they are; one in a hundred is of a lead that nobody knows."""
    part = _drawn(random, [share for _, share in _ACTIVITY], rows)
    ends = np.cumsum([share for share, _ in _ACTIVITY])
    low, width = (ends - [share for share, _ in _ACTIVITY])[part], np.array([s for s, _ in _ACTIVITY])[part]
    place = np.minimum(((low + random.random(rows) * width) * leads).astype(np.int64), leads - 1)
    # Who does much is not told by the id.
    who: np.ndarray = np.where(random.random(rows) < 0.01, leads + place, place * step % leads)
    return who


def _step(leads: int) -> int:
    """Return a large factor that has no divisor in common with the number of leads."""
    return next(step for step in range(2_654_435, 2_654_435 + leads) if math.gcd(step, leads) == 1)

"""What a profile says about the time of a feed, in sentences."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from mqldsl.data.profile.asked import Asked, duration_said
from mqldsl.data.profile.feeds import FeedProfile
from mqldsl.model.calendar import day_of

_DAY = timedelta(days=1)


def span_said(feed: FeedProfile, zone: ZoneInfo) -> str:
    """Return the days from the first to the last event."""
    if feed.first is None or feed.last is None:
        return "no event"
    return f"{day_of(feed.first, zone)} to {day_of(feed.last, zone)}"


def farthest(feed: FeedProfile) -> Asked | None:
    """Return what asks farthest back within a window; None where nothing has one."""
    return next((it for it in feed.asked if it.since is not None), None)


def days_not_covered(feed: FeedProfile, as_of: datetime) -> int:
    """Return how many days of the farthest window lie before the first event, or before what is kept."""
    asked = farthest(feed)
    if asked is None or asked.since is None:
        return 0
    begins = as_of if feed.first is None else min(feed.first, as_of)
    if feed.kept_since is not None:
        begins = max(begins, feed.kept_since)
    return max(0, (begins - asked.since) // _DAY)


def coverage(feed: FeedProfile, as_of: datetime, zone: ZoneInfo) -> Iterator[str]:
    """Yield what the span of a feed means for what is asked of it."""
    if not feed.is_timed:
        return
    asked, days = farthest(feed), days_not_covered(feed, as_of)
    if asked is not None:
        covered = (
            f"{days:,} {'day is' if days == 1 else 'days are'} not covered"
            if days
            else "all of it is covered"
        )
        looks = (
            "looks back " + asked.words
            if not asked.words.startswith(("since", "this", "today"))
            else f"looks at {asked.words}"
        )
        yield f"{span_said(feed, zone)}; the definition {looks} (`{asked.part}`): {covered}"
    else:
        yield span_said(feed, zone) + ("" if feed.asked else "; the definition does not look at it")
    ever = list(dict.fromkeys(it.part for it in feed.asked if it.since is None))
    if ever:
        parts = ", ".join(f"`{part}`" for part in ever[:3]) + (" and more" if len(ever) > 3 else "")
        yield f"all that ever was is asked by {parts}; nothing before the first event is known"
    if feed.kept is not None:
        yield f"kept for {duration_said(feed.kept)}: what is older counts as unknown"
    if feed.last is not None and (quiet := (as_of - feed.last) // _DAY) > 0:
        days_said = "day" if quiet == 1 else f"{quiet:,} days"
        yield f"nothing in the last {days_said} before the as-of"

"""Promises: kept as far as was searched, or broken by the smallest lead found, ready to paste."""

import pytest

from mqldsl.analyse.examples import run_examples
from mqldsl.analyse.promises import Kept, check_promises
from mqldsl.model import ir
from mqldsl.pipeline import check_text

TEXT = """
lead:
  title: text
  employees: number
  timeframe: one of (now < later < never)
  opted_out: yes/no
  source: text

event visit: page text
event email_sent (emails_sent)

clause big: employees >= 100
clause keen: visits >= 3 within 30d
clause tired: emails_sent >= 2 within 60d

score interest from 0 to 50:
  +10 per visit within 30d
  -15 when tired
  by timeframe: 20 for now, 5 for later

decide handling:
  remove when opted_out
  sales when big and keen
  otherwise wait
"""


def model_with(promise: str) -> ir.Model:
    checked = check_text(f'{TEXT}\npromise "p": {promise}\n')
    assert checked.model is not None, [finding.message for finding in checked.findings]
    return checked.model


def checked(promise: str, searched: int = 2_000) -> Kept:
    return next(check_promises(model_with(promise), searched))


@pytest.mark.parametrize(
    "promise",
    [
        "more visits never lowers interest",
        "higher employees never lowers big",
        "source never changes handling",
        "never handling = sales when opted_out",
        "always handling = remove when opted_out",
        "more visits never lowers keen",
    ],
)
def test_what_holds_is_kept(promise: str) -> None:
    assert checked(promise, 200).passed


@pytest.mark.parametrize(
    ("promise", "why"),
    [
        ("more emails_sent never lowers interest", "interest falls from"),
        ("more visits never changes handling", "handling changes from"),
        ("higher timeframe never lowers interest", "with timeframe"),
        ("employees never changes handling", "handling changes from"),
        ("never handling = sales", "the condition is yes for this lead"),
        ("always handling = wait when not opted_out", "the condition is no for this lead"),
    ],
)
def test_what_does_not_hold_is_broken_by_a_lead_that_can_be_pasted(promise: str, why: str) -> None:
    kept = checked(promise)
    assert kept.broken_by is not None
    assert why in kept.why
    pasted = check_text(f"{TEXT}\n{kept.broken_by}")
    assert pasted.model is not None, [finding.message for finding in pasted.findings]
    assert [result.failures for result in run_examples(pasted.model)] == [()]


def test_the_search_finds_the_same_lead_in_every_run() -> None:
    assert checked("never handling = sales").broken_by == checked("never handling = sales").broken_by


def test_the_lead_that_is_found_is_small() -> None:
    kept = checked("always handling = wait when opted_out")
    assert kept.broken_by == 'example "breaks: p":\n  lead opted_out yes\n  expect handling remove\n'

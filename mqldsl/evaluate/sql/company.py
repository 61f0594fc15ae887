"""Whether the lead that asks has a company, and what follows where it has none, or nobody told."""

from mqldsl.evaluate.situation import COMPANY_KEY
from mqldsl.evaluate.sql import terms as t
from mqldsl.evaluate.sql.shapes import Chosen, Lacking, Lacks, nothing
from mqldsl.evaluate.sql.streams import of_lead
from mqldsl.evaluate.sql.supply import Supply
from mqldsl.evaluate.sql.terms import NO, YES, Term
from mqldsl.evaluate.sql.writing import Writing
from mqldsl.model import ir


def has_none(supply: Supply) -> Term:
    """Return whether a lead has no company, as far as is told."""
    return YES if supply.leads.account is None else t.is_null(of_lead(COMPANY_KEY))


def may_have_one(model: ir.Model, supply: Supply) -> Term:
    """Return whether a lead has none only because its key was not supplied."""
    if COMPANY_KEY not in model.fields:
        return NO
    told = supply.leads.account_told
    if not t.is_constant(told):
        told = of_lead("account told")
    return t.all_of([has_none(supply), t.negation(told)])


def lacks_one(writing: Writing, chosen: Chosen) -> Lacks:
    """Return that a selection lacks the lead's company, where it has none."""
    if chosen.absent == NO:
        return nothing
    untold = may_have_one(writing.model, writing.supply)

    def found() -> tuple[Lacking, ...]:
        blank = t.all_of([chosen.absent, t.negation(untold)])
        return (
            Lacking(COMPANY_KEY, "field", blank=True, when=blank),
            Lacking(COMPANY_KEY, "field", blank=False, when=t.all_of([chosen.absent, untold])),
        )

    return found


def settles(writing: Writing, chosen: Chosen, otherwise: Term) -> Term:
    """Return whether nothing further could bring a value: where there is a company, what settles it `otherwise`."""
    if chosen.absent == NO:
        return otherwise
    untold = may_have_one(writing.model, writing.supply)
    return t.any_of(
        [
            t.all_of([chosen.absent, t.negation(untold)]),
            t.all_of([t.negation(chosen.absent), otherwise]),
        ]
    )

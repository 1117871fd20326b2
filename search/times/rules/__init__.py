"""The grammar: every rule, by theme. Where two match the same words, the earlier one reads them."""

from search.times.notation import Rule
from search.times.rules import (
    beside,
    business,
    clock,
    compound,
    dates,
    lengths,
    numeric,
    relative,
    seasons,
    spans,
    vague,
    within,
    years,
)

RULES: tuple[Rule, ...] = (
    *compound.rules,
    *beside.rules,
    *business.rules,
    *within.rules,
    *relative.rules,
    *numeric.rules,
    *spans.rules,
    *dates.rules,
    *years.rules,
    *seasons.rules,
    *clock.rules,
    *vague.rules,
    *lengths.rules,
)

__all__ = ["RULES", "Rule"]

"""The grammar: every rule, by theme. Where two match the same words, the earlier one reads them."""

from search.times.rules import business, clock, dates, lengths, relative, seasons, vague
from search.times.rules.rule import Rule

RULES: tuple[Rule, ...] = (
    *business.rules,
    *relative.rules,
    *dates.rules,
    *seasons.rules,
    *clock.rules,
    *vague.rules,
    *lengths.rules,
)

__all__ = ["RULES", "Rule"]

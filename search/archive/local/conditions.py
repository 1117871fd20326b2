"""Filters as SQL conditions on `a` (articles) and `p` (passages)."""

from datetime import date

from search.filters import Filter, Period
from search.statements import folded, sought

LONGEST_TELLING_DAYS = 366
"""Longest mention that speaks about a shorter period: "the 1990s" is not about a Tuesday in 1994.

A deadline ("by 2030", from publication on) speaks about its end however far that is.
"""

_SPEAKS_ABOUT = """EXISTS (
    SELECT 1 FROM mentions m
    WHERE m.article = a.key AND m.start >= p.start AND m.stop <= p.stop
    AND m.first_day <= ? AND m.last_day >= ?
    AND (m.last_day - m.first_day < ? OR (m.first_day = a.first_day AND m.last_day BETWEEN ? AND ?)))"""


_SAID_BY = """EXISTS (
    SELECT 1 FROM statements s
    WHERE s.article = a.key AND s.start < p.stop AND s.stop > p.start AND ({}))"""


def where(condition: Filter) -> tuple[str, list[object]]:
    """Turn a filter into an SQL condition and the values bound in it."""
    clauses, values = ["TRUE"], list[object]()
    for clause, bound in (
        _published(condition.published_from, condition.published_to),
        _any_of("source", condition.sources),
        _any_of("section", condition.sections),
        _any_of("language", condition.languages),
        _about(condition.about),
        _from_or_about(condition.from_or_about),
        _said_by(condition.said_by),
    ):
        if clause:
            clauses.append(clause)
            values.extend(bound)
    return " AND ".join(clauses), values


def _published(first: date | None, last: date | None) -> tuple[str, list[object]]:
    clauses = []
    values: list[object] = []
    if first:
        clauses.append("a.first_day >= ?")
        values.append(first.toordinal())
    if last:
        clauses.append("a.last_day <= ?")
        values.append(last.toordinal())
    return " AND ".join(clauses), values


def _any_of(column: str, wanted: tuple[str, ...]) -> tuple[str, list[object]]:
    if not wanted:
        return "", []
    return f"a.{column} IN ({','.join('?' * len(wanted))})", list(wanted)


def _about(period: Period | None) -> tuple[str, list[object]]:
    if period is None:
        return "", []
    first, last = period.ordinals
    return _SPEAKS_ABOUT, [last, first, max(LONGEST_TELLING_DAYS, last - first + 1), first, last]


def _from_or_about(period: Period | None) -> tuple[str, list[object]]:
    if period is None:
        return "", []
    published, published_values = _published(period.first, period.last)
    about, about_values = _about(period)
    return f"(({published}) OR a.first_day IS NULL OR {about})", [*published_values, *about_values]


def _said_by(names: tuple[str, ...]) -> tuple[str, list[object]]:
    if not names:
        return "", []
    # One that has no word in it is nobody's name: it lets nothing through.
    wanted = [one for name in names if folded(name).strip() for one in sought(name)]
    if not wanted:
        return "FALSE", []
    return _SAID_BY.format(" OR ".join(["instr(s.folded, ?) > 0"] * len(wanted))), list(wanted)

"""Finding and reading the time expressions of a text.

The text becomes tokens and their shape; every rule is searched in the shape; of overlapping matches the
leftmost and then the longest is read, in the order of the text, so that each may refer to what was named
before it. Neighbours that belong together are joined, and the preposition before an expression is applied to
its interval.
"""

from collections.abc import Iterator
from datetime import date, datetime

from search.english.datelines import filed_on
from search.times.interval import Interval, interval_of
from search.times.join import Expression, joined, with_or_so, with_phase
from search.times.matching import rules_matching
from search.times.mention import Relation, TimeMention
from search.times.moved import is_moved_to
from search.times.relation import related, relation_before
from search.times.rules.numeric import day_comes_first
from search.times.story import Story, begin
from search.times.tokens import LETTERS, Tokens, tokenise
from search.times.typed import with_capitals
from search.times.value import Modifier


def tag(
    text: str, anchor: date | datetime, *, day_first: bool | None = None, typed: bool = False
) -> list[TimeMention]:
    """Find and resolve the time expressions of an English text.

    Args:
        text: Any text; offsets of the result count its code points.
        anchor: When it was published: a day, or an instant (zone-aware or naive) when the time of day is
            known. A dateline with a day at the head of the text goes before it.
        day_first: Whether dates in figures have the day before the month ("31/12/1999"); None to go by those of
            the text that can be meant only one way, and to leave the others unread if there is none.
        typed: Whether it is typed by hand, as questions are: then months and weekdays are read without their
            capitals, too, and the words of the mentions have them.

    Returns:
        The mentions in the order of the text, never overlapping.

    Raises:
        ValueError: If the anchor lies outside the years 1000 to 8999.
    """
    tokens = tokenise(with_capitals(text) if typed else text)
    story = begin(anchor)
    if (filed := filed_on(text, story.today)) != story.today:
        story = begin(filed)
    story = story._replace(day_first=day_comes_first(tokens, story.today) if day_first is None else day_first)
    expressions = _joined(tokens, _expressions(tokens, story))
    return _mentions(tokens, story, expressions)


def _expressions(tokens: Tokens, story: Story) -> Iterator[Expression]:
    """Every expression that a rule reads, leftmost and longest first, each in the light of those before."""
    free = 0
    shape, comma = tokens.shape, LETTERS["COMMA"]
    for found, rule in rules_matching(tokens):
        if found.first < free:
            continue
        reading = rule.read(found, story)
        if reading is None:
            continue
        first, last = found.first, found.last
        if shape[last] == comma:
            last -= 1
        expression = with_phase(tokens, Expression(first, last, reading, rule.name), free, story.today)
        expression = with_or_so(tokens, expression)
        free = expression.last + 1
        story = story.then(reading, last)
        yield expression


def _joined(tokens: Tokens, expressions: Iterator[Expression]) -> Iterator[Expression]:
    """The expressions, with clocks joined to the dates beside them and what cannot stand alone left out."""
    waiting: Expression | None = None
    for expression in expressions:
        both = joined(tokens, waiting, expression) if waiting else None
        if both is None and waiting and waiting.reading.alone:
            yield waiting
        waiting = both or expression
    if waiting and waiting.reading.alone:
        yield waiting


def _mentions(tokens: Tokens, story: Story, expressions: Iterator[Expression]) -> list[TimeMention]:
    """The expressions as mentions, relations applied; pairs ("from ... to ...") bound each other."""
    mentions: list[TimeMention] = []
    opened: tuple[int, Interval] | None = None
    for expression in expressions:
        reading = expression.reading
        pairs = (
            opened is not None
            and expression.first - opened[0] <= 2  # noqa: PLR2004 - the word between
            and not is_moved_to(tokens, expression.first)
        )
        relation = relation_before(tokens, expression.first, pairs=pairs)
        named = reading.interval or interval_of(reading.value, reading.modifier, reading.zone or story.zone)
        interval = named
        if named and opened and pairs and relation is Relation.UNTIL:
            interval = _from_to(opened[1], named)
        elif named and not reading.interval:
            ends = reading.modifier is Modifier.END
            interval = related(named, relation, story.today, to_the_end=ends)
        opened = (expression.last, named) if named else None
        start, end = tokens.starts[expression.first], tokens.end(expression.last)
        mentions.append(
            TimeMention(
                start,
                end,
                tokens.text[start:end],
                reading.type,
                reading.value,
                reading.modifier,
                relation,
                interval,
                reading.anchor,
                expression.rule,
            )
        )
    return mentions


def _from_to(first: Interval, second: Interval) -> Interval:
    """The stretch of "from April 15 to 20"; the second time alone when it does not come later."""
    first, second = first.in_days(), second.in_days()
    if first.start is None or second.end is None or not first.start < second.end:
        return second
    return Interval(first.start, second.end, second.granularity)

"""Finding and reading the time expressions of a text.

The text becomes tokens and their shape; every rule is searched in the shape; of overlapping matches the leftmost
and then the longest is read, in the order of the text, so that each may refer to what was named before it.
Neighbours that belong together are joined, and the preposition before an expression is applied to its interval.

A shape is mostly the letter of words that have nothing to do with time. No match reaches across two such words,
nor across a letter that no rule knows: the shape falls into islands, and only those with a telling letter are
searched. A few thousand islands make up all news ("on Friday", "the third quarter of last year"), so what
matches in each is remembered.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from search.english.calendar import moves
from search.english.datelines import filed_on
from search.times.interval import Interval, Moment, interval_of
from search.times.join import Expression, joined, with_or_so, with_phase
from search.times.mention import Relation, TimeMention
from search.times.moved import is_moved_to
from search.times.notation import Found, compiled
from search.times.rules import RULES, Rule
from search.times.rules.numeric import day_comes_first
from search.times.story import Story, begin
from search.times.tokens import LETTERS, Tokens, letters_of, tokenise
from search.times.typed import with_capitals
from search.times.value import Modifier

_PREPOSITIONS = {
    LETTERS["BY"]: Relation.BY,
    LETTERS["UNTIL"]: Relation.UNTIL,
    LETTERS["THROUGH"]: Relation.UNTIL,
    LETTERS["TO"]: Relation.UNTIL,
    LETTERS["FROM"]: Relation.FROM,
    LETTERS["STARTING"]: Relation.FROM,
    LETTERS["SINCE"]: Relation.SINCE,
    LETTERS["BEFORE"]: Relation.BEFORE,
    LETTERS["AFTER"]: Relation.AFTER,
    LETTERS["WITHIN"]: Relation.WITHIN,
}

_IN_SEVERAL_WORDS = (
    (compiled("NO LATER THAN$"), Relation.BY),
    (compiled("(?<!HYPHEN)UP TO$"), Relation.UNTIL),
    (compiled("PREVIOUS TO$"), Relation.BEFORE),
)
"""Of the words of `PREVIOUS` only "prior" stands before "to"."""
_ORDINALS = letters_of("ORDINAL NTH LAST")
_LEADING = ("lead", "leads", "leading", "led", "build", "builds", "building")
"""Before "up to" they say what goes before a day, not until when: "the weeks leading up to Monday's vote"; what is
"moved up to Monday" is then."""
_AT_LEAST = LETTERS["AT"] + LETTERS["LEAST"]
_LETTERS_OF_RULES = frozenset("".join(re.sub(r"\?P<\w+>", "", rule.pattern.pattern) for rule in RULES))
_OTHER = LETTERS["OTHER"]
_KNOWN = "".join(sorted(_LETTERS_OF_RULES.intersection(LETTERS.values()) - {_OTHER}))
_AFTER_OTHER = "".join(sorted(letters_of("TIME MOMENT MONTH UNIT UNITS")))
_RULES_BY_LETTER = {
    letter: [index for index, rule in enumerate(RULES) if letter in rule.needs]
    for letter in frozenset().union(*(rule.needs for rule in RULES))
}
_TELLING = "".join(sorted(_RULES_BY_LETTER))
_QUIET = "".join(sorted(set(_KNOWN) - set(_TELLING)))

_BRIDGE = f"{_OTHER}(?=[{_AFTER_OTHER}])"
# No time expression is nearly as long; a table of figures is, and the rules' effort grows with its square.
_MOST_TOKENS = 200
_ISLAND = re.compile(
    f"(?:[{_QUIET}]|{_BRIDGE}){{0,{_MOST_TOKENS}}}+[{_TELLING}](?:[{_KNOWN}]|{_BRIDGE}){{0,{_MOST_TOKENS}}}+"
)

_REMEMBERED = 1 << 14
"""Islands whose matches are remembered."""


def relation_before(tokens: Tokens, first: int, *, pairs: bool) -> Relation:
    """The relation that the word before token `first` tells; `IN` when it tells none.

    "To" is "until" only between a pair ("April 15 to April 20"): what moves "to the middle of 2027" is then.
    """
    if tokens.shape[first] in _ORDINALS and tokens.shape[first - 1 : first] == LETTERS["THE"]:
        first -= 1  # "by the [first weekend of May]"
    letter = tokens.shape[first - 1] if first else ""
    if tokens.shape[max(first - 2, 0) : first] == _AT_LEAST:  # "until at least Monday"
        letter = tokens.shape[first - 3] if first > 2 else ""  # noqa: PLR2004 - the word before these two
    for pattern, relation in _IN_SEVERAL_WORDS:
        several = pattern.search(tokens.shape, max(first - 3, 0), first)
        before = tokens.words[max(several.start() - 1, 0) : several.start()] if several else []
        if several and not (before and (before[0].lower() in _LEADING or before[0].lower() in moves())):
            return relation
    if letter == LETTERS["TO"] and not pairs:
        return Relation.IN
    return _PREPOSITIONS.get(letter, Relation.IN)


def related(named: Interval, relation: Relation, published: date, *, to_the_end: bool) -> Interval:
    """The interval meant, from the interval named.

    "By" and "until" run from publication to the end of what is named, and "before" to its beginning (to its
    end when the words themselves say "the end of"); a deadline that had passed at publication is left as it
    was named. "Since" runs to publication, "after" has no end, and "from" is the time named.
    """
    start, end = named.start, named.end
    if relation is Relation.AFTER and end is not None:
        return Interval(end, None, named.granularity)
    if relation is Relation.SINCE and start is not None:
        today = _like(published + timedelta(days=1), start)
        return Interval(start, today, named.granularity) if start < today else named
    if relation is Relation.BEFORE and not to_the_end:
        end = start
    if relation in (Relation.BY, Relation.UNTIL, Relation.BEFORE) and end is not None:
        today = _like(published, end)
        return Interval(today, end, named.granularity) if today < end else named
    return named


def _like(day: date, bound: Moment) -> Moment:
    """A day as a bound of the same kind as another."""
    return datetime.combine(day, time(), bound.tzinfo) if isinstance(bound, datetime) else day


class _Match(NamedTuple):
    """A rule's match in an island: its first token and the one after its last, and the groups' spans."""

    first: int
    end: int
    rule: Rule
    groups: dict[str, tuple[int, int]]


def rules_matching(tokens: Tokens) -> Iterator[tuple[Found, Rule]]:
    """Every match of every rule, leftmost first, then the longest, then in the order of the rules."""
    for island in _ISLAND.finditer(tokens.shape):
        origin = island.start()
        for first, end, rule, groups in _matches(island.group()):
            yield Found(tokens, origin + first, origin + end - 1, groups, origin), rule


@lru_cache(maxsize=_REMEMBERED)
def _matches(island: str) -> tuple[_Match, ...]:
    """The matches within an island, in the order in which they are tried."""
    possible = {index for letter in set(island) for index in _RULES_BY_LETTER.get(letter, ())}
    found = [
        _Match(match.start(), match.end(), rule, _spans(match))
        for rule in map(RULES.__getitem__, sorted(possible))
        for match in rule.pattern.finditer(island)
        if match.group()
    ]
    return tuple(sorted(found, key=lambda match: (match.first, -match.end)))


def _spans(match: re.Match[str]) -> dict[str, tuple[int, int]]:
    """The spans of the groups that took part."""
    return {name: match.span(name) for name in match.groupdict() if match.start(name) >= 0}


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

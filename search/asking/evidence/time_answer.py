"""The time expression of a sentence that answers "when".

A sentence of news often names two times: that of the event and that of the report ("he would retire next month,
he said on Tuesday"). The one that stands with the question's words and not behind a verb of saying is taken.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date

from search.article import Publication, Span
from search.asking.evidence.plans import still_holding
from search.asking.question_time import Side, TimeAsked
from search.english.datelines import is_place_of_dateline
from search.english.table import any_word_of
from search.english.terms import distance, places_of, terms
from search.times import Direction, Interval, Relation, TimeMention, TimexType, direction_of, hull

_REPORTED = re.compile(
    rf"\b(?:{any_word_of('saying', 'before a report')}|told(?: \w+){{0,3}}|according to(?: \w+){{0,4}})"
    r"(?: (?:here|in [A-Z]\w+))?,?(?: on| late| early| in)?\s*$"
)
_OF_DEADLINES = {Relation.BY, Relation.UNTIL, Relation.BEFORE, Relation.WITHIN, Relation.FROM}
_FITTING_RELATIONS = {
    TimeAsked.SINCE: {Relation.SINCE, Relation.FROM},
    TimeAsked.HOW_LONG: _OF_DEADLINES,
    TimeAsked.UNTIL: _OF_DEADLINES,
}
_PENALTY_REPORTED = 2.0
_PENALTY_SET = 2.0
_PENALTY_DURATION = 0.5
_PENALTY_ASIDE = 1.5
_BONUS_RELATION = 1.5
_WEIGHT_READ = 0.3
"""Of a close reader's log odds. Of several times in a sentence that answers a development question of SQuAD 1.1,
rules alone choose the right one for .64, with the reader for .90; from .1 to 1 it makes little difference."""
_ASIDE = re.compile(r",\s+(?:who|whose|whom|which)\b", re.IGNORECASE)
_FARTHEST = 100
_REPORT_LOOKBACK = 60


@dataclass(frozen=True, slots=True)
class TimeAnswer:
    """The time expression that answers, with the stretch of time it means.

    Attributes:
        words: `body[start:end]`: the expression with a preposition that changes its meaning ("within weeks").
        start: First code point in the body.
        end: One past the last.
        value: TIMEX3 value.
        relation: What the preposition before it says.
        interval: What it means.
        anchor: What it was reckoned from; empty when the words are complete in themselves.
        rule: The rule that read it.
        fitness: How well it stands with what was asked, from 0 to 1.
    """

    words: str
    start: int
    end: int
    value: str
    relation: Relation
    interval: Interval
    anchor: str
    rule: str
    fitness: float


def answering_time(
    body: str,
    sentence: Span,
    mentions: Sequence[TimeMention],
    question_terms: Collection[str],
    asked: TimeAsked,
    read: Callable[[Span], float] | None = None,
) -> TimeAnswer | None:
    """Choose the time expression of a sentence that answers a question; None when it bounds no time.

    Args:
        body: The article's body.
        sentence: Offsets into it.
        mentions: The time mentions of the body, in order.
        question_terms: The question's analysed terms.
        asked: What kind of time is asked for.
        read: Log odds with which a close reader marks a slice of the body as the answer; None where none read it.
    """
    within = [one for one in mentions if sentence.start <= one.start and one.end <= sentence.end]
    inside = [mention for mention in within if mention.interval]
    fitting = _FITTING_RELATIONS.get(asked)
    if fitting and any(one.type is TimexType.DURATION and not one.interval for one in within):
        # "For three months" answers "how long" and bounds no time; the day of the report does not answer.
        how_long = asked is TimeAsked.HOW_LONG
        inside = [
            mention
            for mention in inside
            if mention.relation in fitting or not (how_long or _is_reported(body, sentence, mention))
        ]
    if not inside:
        return None
    anchors = places_of(body, sentence, question_terms)
    told = [_is_told(body, sentence, mention, question_terms) for mention in inside]
    marks = [
        _mark(body, sentence, mention, anchors, asked) + (_PENALTY_REPORTED if is_told else 0.0)
        for mention, is_told in zip(inside, told, strict=True)
    ]
    seen = [_WEIGHT_READ * read(Span(one.start, one.end)) if read else 0.0 for one in inside]
    best = max(range(len(inside)), key=lambda number: (marks[number] + seen[number], -number))
    together = _coordinated(body, sentence, inside, best)
    whole = hull([mention.interval for mention in together if mention.interval])
    if whole is None:
        return None
    first, last = together[0], together[-1]
    start = _with_preposition(body, sentence, first)
    return TimeAnswer(
        words=body[start : last.end],
        start=start,
        end=last.end,
        value=inside[best].value,
        relation=first.relation,
        interval=whole,
        anchor=inside[best].anchor,
        rule=inside[best].rule,
        fitness=min(1.0, max(0.0, 1 + marks[best] / 2)),
    )


def on_the_side(
    body: str,
    sentence: Span,
    mentions: Sequence[TimeMention],
    side: Side | None,
    published: Publication | None,
    verb: Collection[str] = (),
) -> list[TimeMention]:
    """Keep the times that lie on the side of the day of publication on which a question looks.

    "When will" is not answered by a time that was past when the article appeared, nor "when did" by one that was
    still to come, and neither by one at which a thing does not happen. A time that has the day of publication in
    it is held by the tense of what governs it ("made on Tuesday", "later on Tuesday"). Those that bound no time
    are kept.

    Args:
        body: The article's body.
        sentence: Offsets into it.
        mentions: Time mentions of the sentence, in order.
        side: Where to look; None keeps all.
        published: When the article was published; None keeps all.
        verb: Index terms of the forms of the verb asked about.
    """
    if side is None or published is None:
        return list(mentions)
    mentions = still_holding(body, sentence, mentions, side, verb)
    first, last = published.first_day, published.last_day
    lies = _lies_ahead if side is Side.AHEAD else _lies_behind
    return [
        mention
        for mention in mentions
        if mention.interval is None
        or (
            lies(mention, mention.interval, first, last)
            and not _points_elsewhere(body, sentence, mention, mention.interval, side, first)
        )
    ]


def _lies_ahead(mention: TimeMention, interval: Interval, first: date, _last: date) -> bool:
    begins, ends = interval.first_day, interval.last_day
    lasting = mention.relation is Relation.SINCE and begins is not None and begins < first
    return not lasting and (ends is None or ends >= first)


def _lies_behind(_mention: TimeMention, interval: Interval, _first: date, last: date) -> bool:
    begins = interval.first_day
    return begins is None or begins <= last


def _points_elsewhere(
    body: str, sentence: Span, mention: TimeMention, interval: Interval, side: Side, published: date
) -> bool:
    """Whether a time that has the day of publication in it is, by its tense, on the other side of it."""
    begins, ends = interval.first_day or date.min, interval.last_day or date.max
    if not begins <= published <= ends or mention.relation in _OF_DEADLINES:
        return False
    start = sentence.start
    pointing = direction_of(sentence.of(body), mention.start - start, mention.end - start)
    return pointing < 0 if side is Side.AHEAD else pointing is Direction.SURELY_FUTURE


def _is_reported(body: str, sentence: Span, mention: TimeMention) -> bool:
    """Whether it is only the time of the report."""
    before = body[max(sentence.start, mention.start - _REPORT_LOOKBACK) : mention.start]
    return bool(_REPORTED.search(before) or is_place_of_dateline(body[: mention.start]))


def _is_told(body: str, sentence: Span, mention: TimeMention, question_terms: Collection[str]) -> bool:
    """Whether it is the time of a report, and that is what is asked for: "when did he announce"."""
    before = body[max(sentence.start, mention.start - _REPORT_LOOKBACK) : mention.start]
    reported = _REPORTED.search(before)
    return reported is not None and not set(terms(reported.group())).isdisjoint(question_terms)


def _mark(body: str, sentence: Span, mention: TimeMention, anchors: Sequence[Span], asked: TimeAsked) -> float:
    mark = -_PENALTY_REPORTED if _is_reported(body, sentence, mention) else 0.0
    if mention.type is TimexType.DURATION:
        mark -= _PENALTY_DURATION
    if mention.type is TimexType.SET:
        mark -= _PENALTY_SET
    if _is_aside(body, sentence, mention, anchors):
        mark -= _PENALTY_ASIDE
    if mention.relation in _FITTING_RELATIONS.get(asked, ()):
        mark += _BONUS_RELATION
    place = Span(mention.start, mention.end)
    nearest = min((distance(body, place, anchor) for anchor in anchors), default=_FARTHEST)
    return mark - min(nearest, _FARTHEST) / _FARTHEST


def _is_aside(body: str, sentence: Span, mention: TimeMention, anchors: Sequence[Span]) -> bool:
    """Whether it stands in a clause that only tells more of somebody: "Holm, who was elected in May, said"."""
    begun = [found.end() for found in _ASIDE.finditer(body, sentence.start, mention.start)]
    if not begun or "," in body[begun[-1] : mention.start]:
        return False
    ended = body.find(",", mention.end, sentence.end)
    return ended >= 0 and not any(begun[-1] <= anchor.start and anchor.end <= ended for anchor in anchors)


def _with_preposition(body: str, sentence: Span, mention: TimeMention) -> int:
    """Where the words begin when a preposition that changes their meaning is counted in: "within weeks"."""
    if mention.relation is Relation.IN:
        return mention.start
    word = re.search(r"\w+\s+$", body[sentence.start : mention.start])
    return sentence.start + word.start() if word else mention.start


def _coordinated(body: str, sentence: Span, mentions: Sequence[TimeMention], chosen: int) -> list[TimeMention]:
    """The chosen mention with those joined to it: "on Friday and Saturday", "from April 15 to 20".

    Not with the day to which something is moved: "extended on Friday until Sunday".
    """

    def joined(place: int) -> bool:
        one, other = mentions[place], mentions[place + 1]
        if not _joins(body[one.end : other.start]):
            return False
        start = sentence.start
        return direction_of(sentence.of(body), other.start - start, other.end - start) is not Direction.MOVED

    first = last = chosen
    while first > 0 and joined(first - 1):
        first -= 1
    while last + 1 < len(mentions) and joined(last):
        last += 1
    return list(mentions[first : last + 1])


def _joins(between: str) -> bool:
    return between.strip().lower() in {"and", "to", "through", "until", "and on", "-", "–"}

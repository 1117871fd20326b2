"""Features that tell whether a sentence answers: few, each with a name.

Similarity alone prefers the sentence that repeats the question. So the kind of thing that is asked for counts
as well, and where the sentence stands.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

from search.article import Article, Span
from search.asking.evidence.near_misses import NearMisses
from search.asking.evidence.plans import as_planned
from search.asking.evidence.short_names import ShortNames
from search.asking.evidence.time_answer import TimeAnswer, answering_time, on_the_side
from search.asking.evidence.typed_spans import QUOTATION_MARK, typed_spans
from search.asking.question import AnswerType, Question
from search.asking.retrieval import Asked, Candidate
from search.english.datelines import length_of_dateline
from search.english.terms import terms
from search.times import TimeMention, TimexType

_LEAST_FITNESS = 0.3
_UNFIT_TIME = 0.35


@dataclass(frozen=True, slots=True)
class Features:
    """How a sentence looks beside a question. Closeness is in units of its spread over the archive.

    Attributes:
        retrieval: The passage's score, less that of the best candidate; 0 or below.
        passage: Closeness of the passage.
        sentence: Closeness of the sentence under its headline; that of the passage while it is not known.
        coverage: Share of the question's terms that the sentence has, weighted by rarity; 0 to 1.
        context: The same of its passage and headline.
        names: The same of the question's names and figures; 1 when it has none.
        time: 1 when it bounds a time that is not only that of the report, less when it merely has one; 0 unless
            a time is asked for. The next four likewise.
        figure: Whether it has a number, a sum of money or a percentage of the kind asked for.
        name: Whether it has a name the question does not have, where a person, a place or a thing is asked for.
        speech: Half for a word of speech, half for a quotation mark, where a statement is asked for; 1 where it is
            known to be of the one whose words are asked for.
        reason: Whether it has a word of reason, where a reason is asked for.
        length: Natural logarithm of its number of words.
        asks: Whether it is a question itself.
        first: Whether its passage is the best candidate.
        answers: Log odds, by the close reader, that it answers rather than nothing in its passage; 0 where that is
            not asked.
    """

    retrieval: float
    passage: float
    sentence: float
    coverage: float
    context: float
    names: float
    time: float
    figure: float
    name: float
    speech: float
    reason: float
    length: float
    asks: float
    first: float
    answers: float

    @property
    def fits(self) -> float:
        """How well it fits the kind of answer that is asked for, from 0 to 1."""
        return max(self.time, self.figure, self.name, self.speech, self.reason)

    def weighed(self, weights: Mapping[str, float]) -> float:
        """Sum the features, each times its weight."""
        total = 0.0
        for name, value in zip(NAMES, self.values, strict=True):
            total += weights[name] * value
        return total

    @property
    def values(self) -> tuple[float, ...]:
        """The features, in the order of `NAMES`."""
        found: tuple[float, ...] = _values(self)
        return found


SIGNS = dict.fromkeys((field.name for field in fields(Features)), 1) | {"asks": -1, "length": 0}
"""Which way a feature may count: 1 never against a sentence, -1 never for it, 0 either way."""

NOT_BESIDE_A_READING = frozenset({"passage", "context", "length", "first"})
"""Features that count for nothing where passages are read closely: with them no more evidence was found."""

NAMES = tuple(field.name for field in fields(Features))
"""The features' names, in order."""

_values = attrgetter(*NAMES)


class Surroundings:
    """A candidate, read once, in which sentences are looked at."""

    def __init__(
        self,
        asked: Asked,
        candidate: Candidate,
        article: Article,
        mentions: Sequence[TimeMention],
        best: float,
        *,
        is_first: bool,
        names: ShortNames | None = None,
        misses: NearMisses | None = None,
    ) -> None:
        """Read a candidate.

        Args:
            asked: The question.
            candidate: The passage.
            article: Its article.
            mentions: The time mentions of the article's body, in order.
            best: The best candidate's score.
            is_first: Whether this is the best candidate.
            names: Finds the question's names in their short forms; None looks for their words only.
            misses: Knows other words for the steps that the question asks about; None leaves them.
        """
        self._asked = asked
        self._article = article
        self._short_names = names
        self._misses = misses
        self._body = article.body
        self._published = article.published
        self._mentions = mentions
        self._retrieval = candidate.score - best
        self._near = candidate.closeness / asked.unit
        self._is_first = is_first
        self._filed = length_of_dateline(article.body)
        around = self._terms_of(article.headline) | self._terms_of(candidate.span.of(article.body))
        self._context = self._covered(around, asked.question.terms)
        self._names = self._covered(around, asked.question.names)

    def features_of(self, span: Span) -> tuple[Features, TimeAnswer | None, tuple[TimeMention, ...]]:
        """Look at the sentence at these offsets of the body.

        Returns:
            The features; if a time is asked for, the one that answers; and those that may.
        """
        question, sentence = self._asked.question, span.of(self._body)
        inside = [one for one in self._mentions if span.start <= one.start and one.end <= span.end]
        inside = [one for one in inside if one.end > self._filed] or inside
        if self._misses:
            inside = [*self._misses.times_of_the_step(sentence, span.start, inside)]
        if question.side:
            verb = self._misses.verb if self._misses else ()
            inside = on_the_side(self._body, span, inside, question.side, self._published, verb)
        elif question.time_asked:
            verb = self._misses.verb if self._misses else ()
            inside = as_planned(question.text, self._body, span, inside, verb)
        when = (
            answering_time(self._body, span, inside, question.terms, question.time_asked)
            if question.time_asked
            else None
        )
        kind = question.expected
        typed = kind is not AnswerType.TIME and bool(
            typed_spans(kind, sentence, question.terms, inside, span.start)
        )
        return (
            Features(
                retrieval=self._retrieval,
                passage=self._near,
                sentence=self._near,
                coverage=self._covered(self._terms_of(sentence), question.terms),
                context=self._context,
                names=self._names,
                time=_time(question, inside, when),
                figure=float(typed and kind.is_figure),
                name=float(typed and kind in {AnswerType.PERSON, AnswerType.PLACE, AnswerType.OTHER}),
                speech=_speech(sentence, typed=typed) if kind is AnswerType.STATEMENT else 0.0,
                reason=float(typed and kind is AnswerType.REASON),
                length=math.log(1 + len(sentence.split())),
                asks=float(sentence.rstrip("\"'”’) ").endswith("?")),
                first=float(self._is_first),
                answers=0.0,
            ),
            when,
            tuple(inside) if question.time_asked else (),
        )

    def _terms_of(self, text: str) -> set[str]:
        """The terms of a text, with those of the question that it has in another form."""
        found = set(terms(text))
        if self._article.language in {None, "en"}:
            if self._short_names:
                found |= self._short_names.standing_in(text, self._article)
            if self._misses:
                found |= self._misses.terms_of_steps(text)
        return found

    def _covered(self, present: set[str], wanted: Sequence[str]) -> float:
        """Share of wanted terms that are present, weighted by rarity; 1 when none are wanted."""
        rarity = self._asked.rarity
        total = sum(rarity[term] for term in wanted)
        return sum(rarity[term] for term in wanted if term in present) / total if total else 1.0


def _time(question: Question, inside: Sequence[TimeMention], when: TimeAnswer | None) -> float:
    if question.expected is not AnswerType.TIME or not inside:
        return 0.0
    if when and when.fitness >= _LEAST_FITNESS:
        return 1.0
    lasting = question.text.casefold().startswith("how long") and any(
        mention.type is TimexType.DURATION for mention in inside
    )
    return 1.0 if lasting else _UNFIT_TIME


def _speech(sentence: str, *, typed: bool) -> float:
    return 0.5 * typed + 0.5 * bool(QUOTATION_MARK.search(sentence))

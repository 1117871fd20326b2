"""Questions that an archive can answer, found from its own articles and kept only when it answers them.

A sentence of an article is turned into the question that it answers, or somebody who speaks in it is asked for
what they say; then the question is asked, and it is kept when its answer is sure and is that very sentence.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import chain, zip_longest

from search.archive.protocol import Snapshot
from search.archive.records import Dossier
from search.article import Span
from search.asking.engine import Engine
from search.asking.evidence.short_answer import ShortAnswer
from search.asking.question import AnswerType
from search.asking.results import Answer
from search.asking.tier import Tier
from search.english.sentences import sentences
from search.english.turning import how_many, is_person, topic_of, when, who
from search.filters import Filter
from search.statements import Standing

WANTED = 6
"""How many questions are looked for."""

_NEWEST, _OF_A_YEAR = 40, 8
_YEARS = 8
_MOST_ASKED = 60
_MOST_CHARS = 90
_LEAST_SAID = 4  # words, fewer than which are no statement


class Kind(StrEnum):
    """What a question asks for."""

    TIME = "time"
    FIGURE = "figure"
    PERSON = "person"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question that a sentence ought to answer.

    Attributes:
        question: In plain words.
        kind: What it asks for.
        article_id: The article of the sentence.
        span: Offsets of the sentence in its body.
        about: Who or what it is about: two questions about the same are one too many.
        time: Offsets of the time that answers; None when none is asked for.
    """

    question: str
    kind: Kind
    article_id: str
    span: Span
    about: str
    time: Span | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that the archive answers.

    Attributes:
        question: In plain words.
        kind: What it asks for.
        answer: The words that answer; empty where only the whole quote does.
        article_id: The article that answers.
    """

    question: str
    kind: Kind
    answer: str
    article_id: str


def suggest(
    engine: Engine, wanted: int = WANTED, go_on: Callable[[], bool] = lambda: True
) -> tuple[Suggestion, ...]:
    """Find questions that the archive answers, of different kinds, articles and years; fewer where there are none.

    The same snapshot has the same questions. Each is asked, so this takes as long as some dozens of questions.

    Args:
        engine: Asks them.
        wanted: How many.
        go_on: Asked before each question; what was found until it says no is given.
    """
    with engine.archive.snapshot() as snapshot:
        candidates = _mixed(
            candidate
            for dossier in _looked_at(snapshot)
            for candidate in candidates_of(dossier, engine.knows_word)
        )
    found: list[Suggestion] = []
    used: set[str] = set()
    for candidate in candidates[:_MOST_ASKED]:
        if len(found) == wanted or not go_on():
            break
        if used & {candidate.article_id, candidate.about}:
            continue
        answer = engine.ask(candidate.question, 1)
        if answers(answer, candidate):
            short = answer.citations[0].answer
            words = short.words if short else ""
            found.append(Suggestion(candidate.question, candidate.kind, words, candidate.article_id))
            used |= {candidate.article_id, candidate.about}
    return tuple(found)


def answers(answer: Answer, candidate: Candidate) -> bool:
    """Tell whether an answer is sure, and is the sentence that the question was made from."""
    if answer.tier is not Tier.ANSWER or answer.parts:
        return False
    best = answer.citations[0]
    return (
        best.article_id == candidate.article_id
        and best.answer is not None
        and _overlap(Span(best.start, best.end), candidate.span)
        and _is_of(candidate, best.answer)
    )


def _is_of(candidate: Candidate, answer: ShortAnswer) -> bool:
    """Whether the words that answer are of the kind that is asked for, and the time that it was made of."""
    match candidate.kind:
        case Kind.TIME:
            return candidate.time is None or _overlap(Span(answer.start, answer.end), candidate.time)
        case Kind.FIGURE:
            return answer.kind.is_figure
        case Kind.PERSON:
            return answer.kind is AnswerType.PERSON
        case Kind.STATEMENT:
            return len(answer.words.split()) >= _LEAST_SAID


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def candidates_of(dossier: Dossier, is_word: Callable[[str], bool]) -> Iterator[Candidate]:
    """Turn what an article says into questions; what one in another language than English says is left alone.

    Args:
        dossier: The article.
        is_word: Whether a verb so spelt is known.
    """
    if dossier.article.language not in {None, "en"}:
        return
    body = dossier.article.body
    persons = {one.speaker.name for one in dossier.statements if one.speaker and one.speaker.role}
    for span in sentences(body):
        for kind, question, time in _turned(span.of(body), span, dossier, persons, is_word):
            if question and len(question) <= _MOST_CHARS:
                yield Candidate(question, kind, dossier.article.id, span, question, time)
    for statement in dossier.statements:
        speaker = statement.speaker
        if speaker is None or statement.standing is not Standing.ASSERTED:
            continue
        span = Span(statement.start, statement.end)
        topic = topic_of(span.of(body), f"{speaker.name} {speaker.role or ''}")
        if topic and is_person(speaker.name, has_role=speaker.role is not None):
            question = f"What did {speaker.name} say about {topic}?"
            yield Candidate(question, Kind.STATEMENT, dossier.article.id, span, speaker.name)


def _turned(
    sentence: str, span: Span, dossier: Dossier, persons: set[str], is_word: Callable[[str], bool]
) -> Iterator[tuple[Kind, str | None, Span | None]]:
    """The questions that a sentence is turned into; of one for a time, with the offsets of that in the body."""
    yield Kind.FIGURE, how_many(sentence), None
    yield Kind.PERSON, who(sentence, persons), None
    for time in dossier.mentions:
        if span.start <= time.start and time.end <= span.end and time.interval is not None:
            inside = Span(time.start - span.start, time.end - span.start)
            yield Kind.TIME, when(sentence, inside, is_word), Span(time.start, time.end)


def _looked_at(snapshot: Snapshot) -> Iterator[Dossier]:
    """The newest articles, and some of each year before, the newest years first."""
    days = sorted({day for _, day in snapshot.facts.days}, reverse=True)
    years = sorted({day.year for day in days}, reverse=True)[:_YEARS]
    newest = days[: _NEWEST // 4 + 1]
    conditions = [(Filter(published_from=newest[-1]), _NEWEST)] if newest else [(Filter(), _NEWEST)]
    for year in years:
        of_year = [day for day in days if day.year == year]
        middle = of_year[len(of_year) // 2]
        conditions.append((Filter(published_from=middle, published_to=of_year[0]), _OF_A_YEAR))
    seen: set[str] = set()
    for condition, most in conditions:
        ids = [id_ for id_ in snapshot.find(condition, most=most).ids if id_ not in seen]
        seen.update(ids)
        dossiers = snapshot.read(ids)
        yield from (dossiers[id_] for id_ in ids if id_ in dossiers)


def _mixed(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Put candidates of different kinds by turns, each kind in its order, one of an article at a time."""
    by_kind: dict[Kind, dict[str, list[Candidate]]] = {kind: {} for kind in Kind}
    for candidate in candidates:
        by_kind[candidate.kind].setdefault(candidate.article_id, []).append(candidate)
    turns = [chain.from_iterable(zip_longest(*by_article.values())) for by_article in by_kind.values()]
    present = ([one for one in turn if one is not None] for turn in turns)
    return [one for row in zip_longest(*present) for one in row if one is not None]

"""Judged questions: what is asked, and which articles and words are known to answer it.

Files of such questions are JSON Lines. A line is an object with `_id`, `question`, `answerable`, and for an
answerable question `gold`: a list of objects `article` (an id), `evidence` (a verbatim sentence) and `answer` (the
words that answer). `type` names the kind of question; `filter` (`from` and `to`, inclusive ISO dates, either may
be missing) says which days of publication the question's own words mean; `time` (`start` and `end`, inclusive)
which days the answer to a "when" question means. Other fields are not read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from api.evaluation.lines import LineError, objects_of, records, text_of
from indexer.renewal import all_ids
from search.archive.protocol import Archive
from search.article import Article, Span
from search.errors import InputError, QueryError
from search.filters import Filter, Period


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that is known to answer a question.

    Attributes:
        article: Id of the article.
        evidence: The sentence or sentences that answer, verbatim; empty when the judges did not say.
        span: Offsets of the answer in the article's body; None when the judges did not say.
    """

    article: str
    evidence: str = ""
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class JudgedQuestion:
    """A question with what is known of its answer.

    Attributes:
        id: Its id in its file.
        text: As it is asked.
        answerable: Whether the articles answer it.
        relevance: Grade by article id; 1 and more is relevant.
        gold: Where the answer stands; empty when that is not known.
        answers: Any of these words, in an article that answers, is the answer.
        kind: Type of the question, as its file names it; empty when it does not.
        condition: What the question's own words say of the articles' dates; empty when they say nothing.
        time: The days that the answer to a question of time means; None when that is not known.
    """

    id: str
    text: str
    answerable: bool
    relevance: Mapping[str, int]
    gold: tuple[Gold, ...] = ()
    answers: tuple[str, ...] = ()
    kind: str = ""
    condition: Filter = field(default_factory=Filter)
    time: Period | None = None

    @property
    def relevant(self) -> frozenset[str]:
        """Ids of the articles that answer."""
        return frozenset(article for article, grade in self.relevance.items() if grade > 0)


@dataclass(frozen=True, slots=True)
class JudgedSet:
    """Articles and the judged questions that are put to them.

    Attributes:
        name: For people.
        articles: What is indexed.
        questions: In the order of their file.
        empty_articles: How many records of the corpus have no text and cannot be found.
    """

    name: str
    articles: tuple[Article, ...]
    questions: tuple[JudgedQuestion, ...]
    empty_articles: int = 0


def evenly(questions: tuple[JudgedQuestion, ...], limit: int | None) -> tuple[JudgedQuestion, ...]:
    """At most `limit` of the questions, evenly spaced over their order."""
    if limit is None or limit >= len(questions):
        return questions
    return tuple(questions[index * len(questions) // limit] for index in range(limit))


def read_questions(path: Path) -> tuple[JudgedQuestion, ...]:
    """Read a question file.

    Raises:
        InputError: If it cannot be read or a line is not a question.
    """
    questions: dict[str, JudgedQuestion] = {}
    for number, record in records(path):
        question = _question(record, path, number)
        if question.id in questions:
            raise LineError(path, number, f"the question {question.id!r} is there already.")
        questions[question.id] = question
    if not questions:
        raise InputError(f"{path} has no questions.")
    return tuple(questions.values())


def is_question_file(path: Path) -> bool:
    """Whether a JSON Lines file has questions of this form, judged by its first record.

    Raises:
        InputError: If it cannot be read.
    """
    return any("question" in record for _, record in [next(records(path), (0, {}))])


def check_gold(questions: tuple[JudgedQuestion, ...], archive: Archive) -> None:
    """Make sure that an archive holds every article that is known to answer.

    Raises:
        InputError: Naming a question and an article that is missing.
    """
    with archive.snapshot() as snapshot:
        held, place = set(all_ids(snapshot)), snapshot.card.place
    for question in questions:
        for article in sorted(question.relevance):
            if article not in held:
                raise InputError(
                    f"The question {question.id!r} is answered by the article {article!r}, which the archive in "
                    f"{place} does not hold.",
                    "Index the articles that the questions were written for.",
                )


def _question(record: Mapping[str, Any], path: Path, number: int) -> JudgedQuestion:
    answerable = record.get("answerable")
    if not isinstance(answerable, bool):
        raise LineError(path, number, "the field 'answerable' is neither true nor false.")
    places = objects_of(record, "gold", path, number)
    if answerable != bool(places):
        raise LineError(path, number, "'gold' must have a place if and only if the question is answerable.")
    gold = tuple(
        Gold(text_of(place, "article", path, number), text_of(place, "evidence", path, number)) for place in places
    )
    return JudgedQuestion(
        id=text_of(record, "_id", path, number),
        text=text_of(record, "question", path, number),
        answerable=answerable,
        relevance={place.article: 1 for place in gold},
        gold=gold,
        answers=tuple(dict.fromkeys(text_of(place, "answer", path, number) for place in places)),
        kind=str(record.get("type") or ""),
        condition=_condition(record.get("filter"), path, number),
        time=_time(record.get("time"), path, number),
    )


def _time(stated: Any, path: Path, number: int) -> Period | None:
    if stated is None:
        return None
    try:
        return Period(date.fromisoformat(stated["start"]), date.fromisoformat(stated["end"]))
    except (KeyError, TypeError, ValueError, QueryError) as error:
        raise LineError(path, number, f"the field 'time' is not an interval of ISO dates: {error}") from error


def _condition(stated: Any, path: Path, number: int) -> Filter:
    if stated is None:
        return Filter()
    try:
        first, last = (
            date.fromisoformat(stated[end]) if stated.get(end) is not None else None for end in ("from", "to")
        )
        return Filter(published_from=first, published_to=last)
    except (AttributeError, TypeError, ValueError, QueryError) as error:
        raise LineError(path, number, f"the field 'filter' is not an interval of ISO dates: {error}") from error

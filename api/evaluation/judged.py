"""Judged questions: what is asked, and which articles and words are known to answer it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from search.article import Article, Span
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

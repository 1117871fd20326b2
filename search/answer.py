"""The whole trip of a question: `Engine.ask`, `Engine.search` and `Engine.timeline`."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from search.archive import Archive
from search.citation import Citation, Trail, cite
from search.embedding import Embedder
from search.errors import QueryError
from search.evidence import PASSAGES_READ, Evidence, read_evidence
from search.filters import Filter
from search.question import Question, read_question
from search.question_time import TimeAsked
from search.retrieval import (
    Candidate,
    Method,
    best_of_each_article,
    favour_published_in,
    favour_the_latest,
    retrieve,
    unit_of_closeness,
)
from search.settings import Settings
from search.timeline import Grouping, TimelineGroup, grouped

_LEAST_DEPTH = 100
_TIMELINE_PASSAGES = 40


@dataclass(frozen=True, slots=True)
class Searched:
    """What a question was put to.

    Attributes:
        articles: How many articles the archive holds.
        first_published: First day of publication among them; None when none says.
        last_published: Last such day.
        condition: The filter that was applied.
        snapshot: The archive's snapshot.
    """

    articles: int
    first_published: date | None
    last_published: date | None
    condition: Filter
    snapshot: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Ranked passages for a question.

    Attributes:
        question: The question, white space collapsed.
        reading: What was read out of it.
        method: How passages were ranked.
        passages: Each cited whole, best first.
        searched: What was searched.
    """

    question: str
    reading: Question
    method: Method
    passages: tuple[Citation, ...]
    searched: Searched


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says to a question, or that it says nothing.

    Attributes:
        question: The question, white space collapsed.
        reading: What was read out of it.
        found: Whether the evidence supports an answer.
        citations: The evidence, best first; empty when not found.
        reason: Why nothing was found; empty when something was.
        nearest: When nothing was found, what came nearest; None when nothing came near at all.
        searched: What was searched.
    """

    question: str
    reading: Question
    found: bool
    citations: tuple[Citation, ...]
    reason: str
    nearest: Citation | None
    searched: Searched


@dataclass(frozen=True, slots=True)
class Timeline:
    """Evidence on a subject, in the order of the time that it speaks of.

    Attributes:
        question: The subject, white space collapsed.
        reading: What was read out of it.
        grouping: The unit that entries are grouped by.
        groups: Each with the first day of its unit and its entries, in order.
        searched: What was searched.
    """

    question: str
    reading: Question
    grouping: Grouping
    groups: tuple[TimelineGroup, ...]
    searched: Searched


@dataclass(frozen=True, slots=True)
class _Reading:
    question: Question
    condition: Filter
    vector: npt.NDArray[np.float32]
    unit: float


class Engine:
    """Answers questions from one archive. Safe to share between threads.

    The same snapshot, question, day and options give the same result, byte for byte.
    """

    def __init__(
        self,
        archive: Archive,
        embedder: Embedder,
        settings: Settings,
        today: Callable[[], date] = date.today,
    ) -> None:
        """Join an archive and the model that it was made with.

        Args:
            archive: What to answer from.
            embedder: The model that it was made with.
            settings: Limits and thresholds.
            today: Tells the day from which a question's relative words are reckoned when it states no other.

        Raises:
            ArchiveMismatchError: If the archive was made with another model.
        """
        archive.check_model(embedder.card)
        self.archive = archive
        self._embedder = embedder
        self._settings = settings
        self._today = today

    def search(
        self,
        question: str,
        k: int = 10,
        condition: Filter = Filter(),  # noqa: B008 - frozen
        *,
        as_of: date | None = None,
        method: Method = Method.FUSED,
        every_passage: bool = False,
    ) -> SearchResult:
        """Rank passages for a question.

        Args:
            question: In plain words; a time that it restricts itself to is applied unless the filter has one.
            k: How many results; if as many articles pass the filter, as many come back (by words alone: if as
                many share a word with the question).
            condition: Which articles and passages count.
            as_of: Ask the archive as it stood on this day, from which relative words are reckoned.
            method: How to rank.
            every_passage: Give every matching passage instead of the best one of each article.

        Raises:
            QueryError: If the question or `k` is out of bounds.
        """
        self._check_k(k)
        with self.archive.reading():
            reading = self._read(question, condition, as_of)
            candidates = self._candidates(reading, k, method, every_passage=every_passage)
            articles = self.archive.fetch_articles({candidate.article for candidate in candidates})
            mentions = self.archive.mentions(articles)
            searched = self._searched(reading.condition)
        passages = tuple(
            cite(
                articles[candidate.article],
                candidate.span,
                _rounded(candidate.score),
                _trail(candidate),
                mentions[candidate.article],
            )
            for candidate in candidates
        )
        return SearchResult(reading.question.text, reading.question, method, passages, searched)

    def ask(
        self,
        question: str,
        k: int = 3,
        condition: Filter = Filter(),  # noqa: B008 - frozen
        *,
        as_of: date | None = None,
    ) -> Answer:
        """Answer a question with the sentences that support the answer.

        Args:
            question: In plain words; a time that it restricts itself to is applied unless the filter has one.
            k: How many citations at most.
            condition: Which articles and passages count.
            as_of: Ask the archive as it stood on this day, from which relative words are reckoned.

        Raises:
            QueryError: If the question or `k` is out of bounds.
        """
        self._check_k(k)
        with self.archive.reading():
            reading = self._read(question, condition, as_of)
            searched = self._searched(reading.condition)
            citations, best = self._evidence(reading, k)
        reason = self._why_not_found(reading.question, best, searched)
        return Answer(
            question=reading.question.text,
            reading=reading.question,
            found=not reason,
            citations=() if reason else citations,
            reason=reason,
            nearest=citations[0] if reason and citations else None,
            searched=searched,
        )

    def timeline(
        self,
        subject: str,
        k: int = 30,
        condition: Filter = Filter(),  # noqa: B008 - frozen
        *,
        as_of: date | None = None,
        grouping: Grouping | None = None,
    ) -> Timeline:
        """Put the evidence on a subject in the order of the time that it speaks of.

        Args:
            subject: In plain words.
            k: How many entries at most; the best ones are taken, then put in order.
            condition: Which articles and passages count.
            as_of: Ask the archive as it stood on this day.
            grouping: Day, month or year; None chooses by the stretch of time that the entries cover.

        Raises:
            QueryError: If the subject or `k` is out of bounds.
        """
        self._check_k(k)
        with self.archive.reading():
            reading = self._read(subject, condition, as_of)
            dated = replace(reading, question=replace(reading.question, time_asked=TimeAsked.WHEN))
            citations, _ = self._evidence(dated, None, passages=_TIMELINE_PASSAGES)
            searched = self._searched(reading.condition)
        close = [
            citation
            for citation in citations
            if (citation.trail.sentence_closeness or 0.0) >= self._settings.least_closeness
        ]
        groups, chosen = grouped(close, k, grouping)
        return Timeline(reading.question.text, reading.question, chosen, groups, searched)

    def _read(self, question: str, condition: Filter, as_of: date | None) -> _Reading:
        """Read a question, let its time steer the filter where the filter leaves that open, and embed it."""
        read = read_question(question, as_of=as_of or self._today(), longest=self._settings.max_question_chars)
        condition = self.archive.resolve(condition)
        named = read.constraint
        if named and not condition.restricts_time and not named.lies_outside(*self.archive.published_range()):
            condition = replace(condition, from_or_about=named.period)
        if as_of is not None:
            condition = condition.until(as_of)
        vector = self._embedder.embed_question(read.text)
        return _Reading(
            read, condition, vector, unit_of_closeness(self.archive, vector, self._embedder.card.spread)
        )

    def _evidence(
        self, reading: _Reading, k: int | None, passages: int = PASSAGES_READ
    ) -> tuple[tuple[Citation, ...], Evidence | None]:
        """Cite the `k` best pieces of evidence (None: all of them), and name the best."""
        candidates = retrieve(
            self.archive,
            reading.question,
            reading.vector,
            reading.unit,
            depth=_LEAST_DEPTH,
            condition=reading.condition,
        )
        articles = self.archive.fetch_articles({candidate.article for candidate in candidates})
        if reading.question.latest:
            candidates = favour_the_latest(candidates, articles)
        if reading.condition.from_or_about:
            candidates = favour_published_in(candidates, articles, reading.condition.from_or_about)
        candidates = candidates[:passages]
        mentions = self.archive.mentions({candidate.article for candidate in candidates})
        evidence = read_evidence(
            reading.question,
            candidates,
            articles,
            mentions,
            self._embedder,
            reading.vector,
            unit=reading.unit,
            rarity=self.archive.rarity(reading.question.terms),
        )
        citations = tuple(
            cite(
                articles[piece.candidate.article],
                piece.span,
                _rounded(piece.score),
                _trail(piece.candidate, piece),
                mentions[piece.candidate.article],
                piece.when,
            )
            for piece in evidence[:k]
        )
        return citations, evidence[0] if evidence else None

    def _why_not_found(self, question: Question, best: Evidence | None, searched: Searched) -> str:
        """Say why the evidence does not support an answer; empty when it does."""
        if not searched.articles:
            return "The archive is empty."
        if best is None and question.constraint and searched.condition.from_or_about:
            period = question.constraint.period
            return (
                f'Nothing was published in, or speaks of, "{question.constraint.words}" '
                f"({period.first or '...'} to {period.last or '...'})."
            )
        if best is None:
            return f"None of the {searched.articles} articles passes the filter."
        if best.closeness < self._settings.least_closeness:
            return (
                f"Nothing in the archive comes close enough: the best sentence has a closeness of "
                f"{best.closeness:.2f}, and {self._settings.least_closeness:.2f} is asked for."
            )
        return ""

    def _check_k(self, k: int) -> None:
        if not 1 <= k <= self._settings.max_k:
            raise QueryError(f"{k} results were asked for; k is from 1 to {self._settings.max_k}.")

    def _candidates(
        self,
        reading: _Reading,
        k: int,
        method: Method,
        *,
        every_passage: bool,
    ) -> list[Candidate]:
        """Retrieve ever deeper until there are `k` results, or no more passages."""
        depth = max(_LEAST_DEPTH, k)
        while True:
            candidates = retrieve(
                self.archive,
                reading.question,
                reading.vector,
                reading.unit,
                depth=depth,
                condition=reading.condition,
                method=method,
            )
            results = candidates if every_passage else best_of_each_article(candidates)
            if len(results) >= k or len(candidates) < depth:
                return results[:k]
            depth *= 4

    def _searched(self, condition: Filter) -> Searched:
        articles, _ = self.archive.counts()
        first, last = self.archive.published_range()
        return Searched(articles, first, last, condition, self.archive.snapshot)


def _trail(candidate: Candidate, evidence: Evidence | None = None) -> Trail:
    return Trail(
        passage=candidate.span,
        closeness=_rounded(candidate.closeness),
        dense_rank=candidate.dense_rank,
        lexical=_rounded(candidate.lexical),
        lexical_rank=candidate.lexical_rank,
        retrieval_score=_rounded(candidate.score),
        sentence_closeness=_rounded(evidence.closeness) if evidence else None,
    )


def _rounded(value: float) -> float:
    """Six decimals: more would be noise of the arithmetic."""
    return round(float(value), 6)

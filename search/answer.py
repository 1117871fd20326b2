"""The whole trip of a question: `Engine.search` and `Engine.ask`."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from search.archive import Archive
from search.citation import Citation, Trail, cite
from search.embedding import Embedder
from search.errors import QueryError
from search.evidence import Evidence, read_evidence
from search.filters import Filter
from search.question import Question, read_question
from search.retrieval import Candidate, Method, best_of_each_article, retrieve, unit_of_closeness
from search.settings import Settings

_LEAST_DEPTH = 100


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
        question: The question as it was read.
        method: How passages were ranked.
        passages: Each cited whole, best first.
        searched: What was searched.
    """

    question: str
    method: Method
    passages: tuple[Citation, ...]
    searched: Searched


@dataclass(frozen=True, slots=True)
class Answer:
    """What the archive says to a question, or that it says nothing.

    Attributes:
        question: The question as it was read.
        found: Whether the evidence supports an answer.
        citations: The evidence, best first; empty when not found.
        reason: Why nothing was found; empty when something was.
        nearest: When nothing was found, what came nearest; None when nothing came near at all.
        searched: What was searched.
    """

    question: str
    found: bool
    citations: tuple[Citation, ...]
    reason: str
    nearest: Citation | None
    searched: Searched


class Engine:
    """Answers questions from one archive. Safe to share between threads.

    The same snapshot, question and options give the same result, byte for byte.
    """

    def __init__(self, archive: Archive, embedder: Embedder, settings: Settings) -> None:
        """Join an archive and the model that it was made with.

        Raises:
            ArchiveMismatchError: If the archive was made with another model.
        """
        archive.check_model(embedder.card)
        self.archive = archive
        self._embedder = embedder
        self._settings = settings

    def search(
        self,
        question: str,
        k: int = 10,
        condition: Filter = Filter(),  # noqa: B008 - frozen
        *,
        method: Method = Method.FUSED,
        every_passage: bool = False,
    ) -> SearchResult:
        """Rank passages for a question.

        Args:
            question: In plain words.
            k: How many results; if as many articles pass the filter, as many come back (by words alone: if as
                many share a word with the question).
            condition: Which articles count.
            method: How to rank.
            every_passage: Give every matching passage instead of the best one of each article.

        Raises:
            QueryError: If the question or `k` is out of bounds.
        """
        self._check_k(k)
        read = read_question(question, longest=self._settings.max_question_chars)
        condition = self.archive.resolve(condition)
        vector = self._embedder.embed_question(read.text)
        candidates = self._candidates(read, vector, k, condition, method, every_passage=every_passage)
        articles = self.archive.fetch_articles({candidate.article for candidate in candidates})
        passages = tuple(
            cite(articles[candidate.article], candidate.span, _rounded(candidate.score), _trail(candidate))
            for candidate in candidates
        )
        return SearchResult(read.text, method, passages, self._searched(condition))

    def ask(self, question: str, k: int = 3, condition: Filter = Filter()) -> Answer:  # noqa: B008 - frozen
        """Answer a question with the sentences that support the answer.

        Args:
            question: In plain words.
            k: How many citations at most.
            condition: Which articles count.

        Raises:
            QueryError: If the question or `k` is out of bounds.
        """
        self._check_k(k)
        read = read_question(question, longest=self._settings.max_question_chars)
        condition = self.archive.resolve(condition)
        searched = self._searched(condition)
        vector = self._embedder.embed_question(read.text)
        unit = unit_of_closeness(self.archive, vector, self._embedder.card.spread)
        candidates = retrieve(self.archive, read, vector, unit, depth=_LEAST_DEPTH, condition=condition)
        articles = self.archive.fetch_articles({candidate.article for candidate in candidates})
        evidence = read_evidence(
            candidates,
            articles,
            self._embedder,
            vector,
            unit=unit,
            rarity=self.archive.rarity(read.terms),
        )
        if not evidence:
            reason = _why_empty(searched)
            return Answer(read.text, found=False, citations=(), reason=reason, nearest=None, searched=searched)
        citations = tuple(
            cite(
                articles[piece.candidate.article],
                piece.span,
                _rounded(piece.score),
                _trail(piece.candidate, piece),
            )
            for piece in evidence[:k]
        )
        best = evidence[0]
        if best.closeness < self._settings.least_closeness:
            reason = (
                f"Nothing in the archive comes close enough: the nearest sentence has a closeness of "
                f"{best.closeness:.2f}, and {self._settings.least_closeness:.2f} is asked for."
            )
            return Answer(
                read.text, found=False, citations=(), reason=reason, nearest=citations[0], searched=searched
            )
        return Answer(read.text, found=True, citations=citations, reason="", nearest=None, searched=searched)

    def _check_k(self, k: int) -> None:
        if not 1 <= k <= self._settings.max_k:
            raise QueryError(f"{k} results were asked for; k is from 1 to {self._settings.max_k}.")

    def _candidates(
        self,
        question: Question,
        vector: npt.NDArray[np.float32],
        k: int,
        condition: Filter,
        method: Method,
        *,
        every_passage: bool,
    ) -> list[Candidate]:
        """Retrieve ever deeper until there are `k` results, or no more passages."""
        unit = unit_of_closeness(self.archive, vector, self._embedder.card.spread)
        depth = max(_LEAST_DEPTH, k)
        while True:
            candidates = retrieve(
                self.archive, question, vector, unit, depth=depth, condition=condition, method=method
            )
            results = candidates if every_passage else best_of_each_article(candidates)
            if len(results) >= k or len(candidates) < depth:
                return results[:k]
            depth *= 4

    def _searched(self, condition: Filter) -> Searched:
        status = self.archive.status()
        return Searched(
            articles=status.articles,
            first_published=status.first_published,
            last_published=status.last_published,
            condition=condition,
            snapshot=status.snapshot,
        )


def _why_empty(searched: Searched) -> str:
    if not searched.articles:
        return "The archive is empty."
    return f"None of the {searched.articles} articles passes the filter."


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

"""The whole trip of a question: `Engine.ask`, `Engine.search` and `Engine.timeline`."""

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import numpy as np
import numpy.typing as npt

from search.archive.protocol import Archive, Snapshot, check_model
from search.archive.scoring import inverse_document_frequency
from search.asking.citation import Citation
from search.asking.citing import cite_evidence, cite_passages, mark_copies, verify_against
from search.asking.conclusion import Weighed, conclude
from search.asking.evidence import PASSAGES_READ, SENTENCES_EMBEDDED, Evidence, read_evidence
from search.asking.evidence.joining import pieces_to_cite
from search.asking.phrases import holders, phrases_in
from search.asking.question import Question, read_question
from search.asking.question_time import TimeAsked
from search.asking.results import (
    Answer,
    Searched,
    SearchResult,
    Timeline,
    identities,
    joined_answer,
)
from search.asking.retrieval import (
    Asked,
    Candidate,
    Material,
    Method,
    Sorting,
    best_of_each_article,
    favour_published_in,
    favour_the_latest,
    in_order,
    material_of,
    one_member_of_each_family,
    retrieve,
    unit_of_closeness,
)
from search.asking.shapes import parts_of
from search.asking.spelling import respelt, written_anew
from search.asking.timeline import Grouping, grouped
from search.errors import QueryError
from search.filters import Filter, resolved
from search.models import Models
from search.models.embedding import Embedder
from search.quoting.alignment import CitationStatus
from search.settings import Settings

_LEAST_DEPTH = 100
_TIMELINE_PASSAGES = 40
_TIMELINE_SENTENCES = 120
_WITNESSES = 10


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
        models: Models = Models(),  # noqa: B008 - frozen
    ) -> None:
        """Join an archive and the models that read for it.

        Args:
            archive: What to answer from.
            embedder: The model that it was made with.
            settings: Limits and thresholds.
            today: Tells the day from which a question's relative words are reckoned when it states no other.
            models: Models that read what was found.

        Raises:
            ArchiveMismatchError: If the archive was made with another model.
        """
        check_model(archive.card, embedder.card)
        self.archive = archive
        self._verified: Counter[CitationStatus] = Counter()
        self._guard = threading.Lock()
        self._embedder = embedder
        self._settings = settings
        self._today = today
        self._models = models

    def search(
        self,
        question: str,
        k: int = 10,
        condition: Filter = Filter(),  # noqa: B008 - frozen
        *,
        as_of: date | None = None,
        method: Method = Method.FUSED,
        sorting: Sorting = Sorting.RELEVANCE,
        every_passage: bool = False,
        copies: bool = False,
    ) -> SearchResult:
        """Rank passages for a question.

        A phrase in double quotation marks is held to the text: only articles that have it come back, each with the
        passage that does.

        Args:
            question: In plain words; a time that it restricts itself to is applied unless the filter has one.
            k: How many results; if as many families of articles pass the filter, as many come back (by words
                alone: if as many share a word with the question).
            condition: Which articles and passages count.
            as_of: Ask the archive as it stood on this day, from which relative words are reckoned.
            method: How to rank; phrases are found by their words whatever it is.
            sorting: The order in which the `k` best come back; with a phrase, the first `k` in this order.
            every_passage: Give every matching passage instead of the best one of each family.
            copies: Give the copies of an article (its family) as results of their own.

        Raises:
            QueryError: If the question or `k` is out of bounds.
        """
        self._check_k(k)
        reading, vector = self._read(question, as_of)
        with self.archive.snapshot() as snapshot:
            asked = self._applied(snapshot, reading, vector, condition, as_of)
            phrases, held = phrases_in(question), None
            if phrases:
                candidates, held = holders(snapshot, asked, phrases)
                candidates = candidates if copies else one_member_of_each_family(candidates)
                candidates = in_order(candidates, sorting)[:k]
            else:
                candidates = self._candidates(
                    snapshot, asked, k, method, every_passage=every_passage, copies=copies
                )
                candidates = in_order(candidates, sorting)
            material = material_of(snapshot, asked, candidates)
            searched = Searched.of(snapshot, asked.condition)
        verified, _ = self._verify(material, cite_passages(material))
        passages = mark_copies(material, [passage for passage in verified if passage])
        return SearchResult(asked.question.text, asked.question, method, tuple(passages), searched, sorting, held)

    def ask(
        self,
        question: str,
        k: int = 3,
        condition: Filter = Filter(),  # noqa: B008 - frozen
        *,
        as_of: date | None = None,
        explain: bool = False,
    ) -> Answer:
        """Answer a question with the sentences that support the answer.

        Args:
            question: In plain words; a time that it restricts itself to is applied unless the filter has one.
            k: How many citations at most.
            condition: Which articles and passages count.
            as_of: Ask the archive as it stood on this day, from which relative words are reckoned.
            explain: Give the receipt, too: the whole trail of the answer.

        Raises:
            QueryError: If the question or `k` is out of bounds.
        """
        self._check_k(k)
        reading, vector = self._read(question, as_of)
        if len(parts := parts_of(reading.text)) > 1:
            answers = [self._ask(*self._read(part, as_of), k, condition, as_of, explain=explain) for part in parts]
            return joined_answer(reading, answers[0].searched, answers)
        return self._ask(reading, vector, k, condition, as_of, explain=explain)

    def _ask(
        self,
        reading: Question,
        vector: npt.NDArray[np.float32],
        k: int,
        condition: Filter,
        as_of: date | None,
        *,
        explain: bool,
    ) -> Answer:
        """Answer one question."""
        with self.archive.snapshot() as snapshot:
            asked = self._applied(snapshot, reading, vector, condition, as_of)
            material = self.gather(snapshot, asked)
            if pairs := self._misspelt(asked, material):
                anew, vector = self._read(written_anew(reading.text, pairs), as_of)
                asked = self._applied(snapshot, replace(anew, respelt=pairs), vector, condition, as_of)
                material = self.gather(snapshot, asked)
            searched = Searched.of(snapshot, asked.condition)
            archive_id = snapshot.card.archive_id
        embedded = max(k, SENTENCES_EMBEDDED)
        evidence = self.weigh(asked, material, embedded) if asked.question.can_be_understood else []
        cited, outcomes = self.cite(asked, material, pieces_to_cite(evidence, max(k, _WITNESSES)))
        answer = conclude(
            Weighed(asked, material, evidence, cited, outcomes, searched),
            k,
            wanted_precision=self._settings.wanted_precision,
            archive=self.archive,
            archive_id=archive_id,
            models=identities(self._embedder.card, self._models, closely=any(piece.closely for piece in evidence)),
            explain=explain,
        )
        return replace(answer, question=reading.text)

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
        reading, vector = self._read(subject, as_of)
        with self.archive.snapshot() as snapshot:
            asked = self._applied(snapshot, reading, vector, condition, as_of)
            dated = replace(asked, question=replace(asked.question, time_asked=TimeAsked.WHEN, side=None))
            material = self.gather(snapshot, dated, _TIMELINE_PASSAGES)
            searched = Searched.of(snapshot, asked.condition)
        evidence = self.weigh(dated, material, _TIMELINE_SENTENCES, closely=False, pairs=False)
        cited, _ = self.cite(dated, material, evidence)
        close = [citation for piece, citation in cited if piece.closeness >= self._settings.least_closeness]
        groups, chosen = grouped(close, k, grouping)
        return Timeline(asked.question.text, asked.question, chosen, groups, searched)

    def counts_of_verification(self) -> dict[CitationStatus, int]:
        """Citations by the outcome of their verification since this engine was made; each answer's all or none."""
        with self._guard:
            return dict(self._verified)

    def read(
        self,
        snapshot: Snapshot,
        question: str,
        condition: Filter = Filter(),  # noqa: B008 - frozen
        as_of: date | None = None,
    ) -> Asked:
        """Read a question, let its time steer the filter where the filter leaves that open, and embed it.

        Raises:
            QueryError: If the question is out of bounds.
        """
        return self._applied(snapshot, *self._read(question, as_of), condition, as_of)

    def _read(self, question: str, as_of: date | None) -> tuple[Question, npt.NDArray[np.float32]]:
        """Read a question and embed it; needs nothing of the archive."""
        read = read_question(question, as_of=as_of or self._today(), longest=self._settings.max_question_chars)
        return read, self._embedder.embed_question(read.text)

    def _applied(
        self,
        snapshot: Snapshot,
        question: Question,
        vector: npt.NDArray[np.float32],
        condition: Filter,
        as_of: date | None,
    ) -> Asked:
        """Apply a question to a state of the archive."""
        facts = snapshot.facts
        condition = resolved(condition, facts)
        named = question.constraint
        if (
            named
            and not condition.restricts_time
            and not named.lies_outside(facts.first_published, facts.last_published)
        ):
            condition = replace(condition, from_or_about=named.period)
        if as_of is not None:
            condition = condition.until(as_of)
        frequencies = snapshot.rarity(question.terms)
        rarity = {
            term: inverse_document_frequency(frequencies.passages, frequencies.passages_with[term])
            for term in question.terms
        }
        unit = unit_of_closeness(snapshot, vector, self._embedder.card.spread)
        return Asked(question, condition, vector, unit, rarity, frequencies)

    def _misspelt(self, asked: Asked, material: Material) -> tuple[tuple[str, str], ...]:
        """The words of a question that nothing in the archive has and what comes nearest spells otherwise."""
        unknown = {term for term in asked.question.terms if not asked.frequencies.passages_with[term]}
        if not unknown:
            return ()
        texts = [
            f"{material.article(one.article).headline} {material.text_of(one)}" for one in material.candidates
        ]
        of_a_word = self._embedder.count_tokens(["a"])[0]
        return respelt(
            asked.question.text,
            unknown,
            texts,
            lambda word: self._embedder.count_tokens([word])[0] <= of_a_word,
        )

    def gather(self, snapshot: Snapshot, asked: Asked, passages: int = PASSAGES_READ) -> Material:
        """Collect the best candidates for a question with what is read to judge them.

        Of each family only the passages of one member are read, or copies would crowd out everything else.
        """
        depth = _LEAST_DEPTH
        while True:
            candidates = retrieve(snapshot, asked, depth=depth)
            exhausted = len(candidates) < depth
            if asked.question.latest:
                candidates = favour_the_latest(candidates)
            if asked.condition.from_or_about:
                candidates = favour_published_in(candidates, asked.condition.from_or_about)
            candidates = one_member_of_each_family(candidates)
            if len(candidates) >= passages or exhausted:
                return material_of(snapshot, asked, candidates[:passages])
            depth *= 4

    def weigh(
        self,
        asked: Asked,
        material: Material,
        sentences: int = SENTENCES_EMBEDDED,
        *,
        closely: bool = True,
        pairs: bool = True,
    ) -> list[Evidence]:
        """Find the evidence in what was material, best first; a subject is no question to be read closely."""
        return read_evidence(
            asked,
            material,
            self._embedder,
            close_reader=self._models.close_reader if closely else None,
            embedded=sentences,
            pairs=pairs,
            reranker=self._models.reranker,
        )

    def cite(
        self, asked: Asked, material: Material, evidence: list[Evidence]
    ) -> tuple[list[tuple[Evidence, Citation]], Counter[CitationStatus]]:
        """Cite evidence and verify the citations; those that do not stand up are dropped and counted."""
        citations = cite_evidence(asked.question, evidence, material, self._models.answer_marker)
        verified, outcomes = self._verify(material, citations)
        standing = [(piece, cited) for piece, cited in zip(evidence, verified, strict=True) if cited]
        marked = mark_copies(material, [cited for _, cited in standing])
        return [(piece, cited) for (piece, _), cited in zip(standing, marked, strict=True)], outcomes

    def _verify(
        self, material: Material, citations: list[Citation]
    ) -> tuple[list[Citation | None], Counter[CitationStatus]]:
        verified, outcomes = verify_against(material, citations)
        with self._guard:
            self._verified.update(outcomes)
        return verified, outcomes

    def _candidates(
        self, snapshot: Snapshot, asked: Asked, k: int, method: Method, *, every_passage: bool, copies: bool
    ) -> list[Candidate]:
        """Retrieve ever deeper until there are `k` results, or no more passages."""
        depth = max(_LEAST_DEPTH, k)
        while True:
            candidates = retrieve(snapshot, asked, depth=depth, method=method)
            results = candidates if every_passage else best_of_each_article(candidates)
            if not every_passage and not copies:
                results = one_member_of_each_family(results)
            if len(results) >= k or len(candidates) < depth:
                return results[:k]
            depth *= 4

    def _check_k(self, k: int) -> None:
        if not 1 <= k <= self._settings.max_k:
            raise QueryError(f"{k} results were asked for; k is from 1 to {self._settings.max_k}.")

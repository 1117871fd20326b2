"""The whole trip of a question: `Engine.ask`, `Engine.search` and `Engine.timeline`."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date

from search.archive import Archive
from search.asking.citation import Citation
from search.asking.citing import cite_evidence, cite_passages, mark_copies, rounded, trail_of, verify_against
from search.asking.corroboration import corroborate
from search.asking.evidence import PASSAGES_READ, SENTENCES_EMBEDDED, Evidence, read_evidence
from search.asking.evidence.features import NAMES
from search.asking.evidence.weights import Parameters, least_probability, load_parameters, probability
from search.asking.not_found import why_not_found
from search.asking.question import read_question
from search.asking.question_time import TimeAsked
from search.asking.results import (
    Answer,
    CandidateLine,
    EvidenceLine,
    Receipt,
    Searched,
    SearchResult,
    Timeline,
    identity,
)
from search.asking.retrieval import (
    Asked,
    Candidate,
    Material,
    Method,
    best_of_each_article,
    favour_published_in,
    favour_the_latest,
    one_member_of_each_family,
    retrieve,
    unit_of_closeness,
)
from search.asking.timeline import Grouping, grouped
from search.errors import QueryError
from search.filters import Filter
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
        archive.check_model(embedder.card)
        self.archive = archive
        self.verified: Counter[CitationStatus] = Counter()
        """Citations by the outcome of their verification, since this engine was made."""
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
        every_passage: bool = False,
        copies: bool = False,
    ) -> SearchResult:
        """Rank passages for a question.

        Args:
            question: In plain words; a time that it restricts itself to is applied unless the filter has one.
            k: How many results; if as many families of articles pass the filter, as many come back (by words
                alone: if as many share a word with the question).
            condition: Which articles and passages count.
            as_of: Ask the archive as it stood on this day, from which relative words are reckoned.
            method: How to rank.
            every_passage: Give every matching passage instead of the best one of each family.
            copies: Give the copies of an article (its family) as results of their own.

        Raises:
            QueryError: If the question or `k` is out of bounds.
        """
        self._check_k(k)
        with self.archive.reading():
            asked = self.read(question, condition, as_of)
            candidates = self._candidates(asked, k, method, every_passage=every_passage, copies=copies)
            material = self._material(asked, candidates)
            searched = self._searched(asked.condition)
            verified, _ = self._verify(cite_passages(material))
            passages = mark_copies(self.archive, [passage for passage in verified if passage])
        return SearchResult(asked.question.text, asked.question, method, tuple(passages), searched)

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
        with self.archive.reading():
            asked = self.read(question, condition, as_of)
            searched = self._searched(asked.condition)
            material = self.gather(asked)
            embedded = max(k, SENTENCES_EMBEDDED)
            evidence = self.weigh(asked, material, embedded) if asked.question.says_something else []
            cited, outcomes = self.cite(asked, material, evidence[: max(k, _WITNESSES)])
            confidence = _parameters(evidence).confidence
            threshold = least_probability(self._settings.wanted_precision, confidence)
            best = cited[0][0] if cited else None
            sureness = probability(best.signals, confidence) if best else 0.0
            reason = why_not_found(
                asked.question,
                best,
                sureness,
                searched,
                material,
                threshold,
                lambda condition: bool(self.archive.dense(asked.vector, 1, condition)),
            )
            receipt = self._receipt(asked, material, evidence, outcomes, threshold) if explain else None
        citations = tuple(citation for _, citation in cited[:k])
        origins = {
            material.articles[key].id: family.origin.article_id for key, family in material.families.items()
        }
        return Answer(
            question=asked.question.text,
            reading=asked.question,
            found=not reason,
            probability=rounded(sureness),
            citations=() if reason else citations,
            corroboration=None if reason else corroborate(asked.question, cited, origins, threshold, confidence),
            reason=reason,
            nearest=citations[0] if reason and citations else None,
            searched=searched,
            receipt=receipt,
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
            asked = self.read(subject, condition, as_of)
            dated = replace(asked, question=replace(asked.question, time_asked=TimeAsked.WHEN))
            material = self.gather(dated, _TIMELINE_PASSAGES)
            evidence = self.weigh(dated, material, _TIMELINE_SENTENCES, closely=False, pairs=False)
            cited, _ = self.cite(dated, material, evidence)
            searched = self._searched(asked.condition)
        close = [citation for piece, citation in cited if piece.closeness >= self._settings.least_closeness]
        groups, chosen = grouped(close, k, grouping)
        return Timeline(asked.question.text, asked.question, chosen, groups, searched)

    # The steps of the trip

    def read(self, question: str, condition: Filter = Filter(), as_of: date | None = None) -> Asked:  # noqa: B008
        """Read a question, let its time steer the filter where the filter leaves that open, and embed it.

        Raises:
            QueryError: If the question is out of bounds.
        """
        read = read_question(question, as_of=as_of or self._today(), longest=self._settings.max_question_chars)
        condition = self.archive.resolve(condition)
        named = read.constraint
        if named and not condition.restricts_time and not named.lies_outside(*self.archive.published_range()):
            condition = replace(condition, from_or_about=named.period)
        if as_of is not None:
            condition = condition.until(as_of)
        vector = self._embedder.embed_question(read.text)
        unit = unit_of_closeness(self.archive, vector, self._embedder.card.spread)
        return Asked(read, condition, vector, unit, self.archive.rarity(read.terms))

    def gather(self, asked: Asked, passages: int = PASSAGES_READ) -> Material:
        """Collect the best candidates for a question with what is read to judge them.

        Of each family only the passages of one member are read, or copies would crowd out everything else.
        """
        depth = _LEAST_DEPTH
        while True:
            candidates = retrieve(
                self.archive, asked.question, asked.vector, asked.unit, depth=depth, condition=asked.condition
            )
            exhausted = len(candidates) < depth
            articles = self.archive.fetch_articles({candidate.article for candidate in candidates})
            if asked.question.latest:
                candidates = favour_the_latest(candidates, articles)
            if asked.condition.from_or_about:
                candidates = favour_published_in(candidates, articles, asked.condition.from_or_about)
            candidates = one_member_of_each_family(candidates, self._families(asked, candidates))
            if len(candidates) >= passages or exhausted:
                return self._material(asked, candidates[:passages])
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
        verified, outcomes = self._verify(citations)
        standing = [(piece, cited) for piece, cited in zip(evidence, verified, strict=True) if cited]
        marked = mark_copies(self.archive, [cited for _, cited in standing])
        return [(piece, cited) for (piece, _), cited in zip(standing, marked, strict=True)], outcomes

    def _verify(self, citations: list[Citation]) -> tuple[list[Citation | None], Counter[CitationStatus]]:
        verified, outcomes = verify_against(self.archive, citations)
        self.verified.update(outcomes)
        return verified, outcomes

    def _material(self, asked: Asked, candidates: list[Candidate]) -> Material:
        keys = {candidate.article for candidate in candidates}
        return Material(
            candidates=candidates,
            articles=self.archive.fetch_articles(keys),
            mentions=self.archive.mentions(keys),
            statements=self.archive.statements(keys),
            families=self.archive.families(keys, asked.condition.as_of),
        )

    def _candidates(
        self, asked: Asked, k: int, method: Method, *, every_passage: bool, copies: bool
    ) -> list[Candidate]:
        """Retrieve ever deeper until there are `k` results, or no more passages."""
        depth = max(_LEAST_DEPTH, k)
        while True:
            candidates = retrieve(
                self.archive,
                asked.question,
                asked.vector,
                asked.unit,
                depth=depth,
                condition=asked.condition,
                method=method,
            )
            results = candidates if every_passage else best_of_each_article(candidates)
            if not every_passage and not copies:
                results = one_member_of_each_family(results, self._families(asked, results))
            if len(results) >= k or len(candidates) < depth:
                return results[:k]
            depth *= 4

    def _families(self, asked: Asked, candidates: list[Candidate]) -> dict[int, str]:
        """The id of the origin of each candidate's family, by article key."""
        families = self.archive.families({candidate.article for candidate in candidates}, asked.condition.as_of)
        return {key: family.origin.article_id for key, family in families.items()}

    def _receipt(
        self,
        asked: Asked,
        material: Material,
        evidence: list[Evidence],
        outcomes: Counter[CitationStatus],
        threshold: float,
    ) -> Receipt:
        parameters = _parameters(evidence)
        articles = material.articles
        models = {"embedding": identity(self._embedder.card)}
        if self._models.close_reader is not None and any(piece.closely for piece in evidence):
            models["close_reader"] = identity(self._models.close_reader.card)
        for part, model in (("reranker", self._models.reranker), ("reader", self._models.answer_marker)):
            if model is not None:
                models[part] = f"{model.identity.name} {model.identity.fingerprint[:16]}"
        return Receipt(
            reading=asked.question,
            expected=asked.question.expected,
            snapshot=self.archive.snapshot,
            archive_id=self.archive.archive_id,
            models=models,
            parameters=parameters.provenance,
            unit=rounded(asked.unit),
            candidates=tuple(
                CandidateLine(articles[candidate.article].id, trail_of(candidate))
                for candidate in material.candidates
            ),
            evidence=tuple(
                EvidenceLine(
                    article_id=articles[piece.candidate.article].id,
                    span=piece.best,
                    features=piece.features,
                    contributions={
                        name: rounded(parameters.evidence[name] * value)
                        for name, value in zip(NAMES, piece.features.values, strict=True)
                    },
                    weighed=rounded(piece.weighed),
                    score=rounded(piece.score),
                    share=rounded(piece.share),
                    probability=rounded(piece.probability),
                )
                for piece in evidence
            ),
            verified=dict(outcomes),
            wanted_precision=self._settings.wanted_precision,
            least_probability=rounded(threshold),
        )

    def _check_k(self, k: int) -> None:
        if not 1 <= k <= self._settings.max_k:
            raise QueryError(f"{k} results were asked for; k is from 1 to {self._settings.max_k}.")

    def _searched(self, condition: Filter) -> Searched:
        articles, _ = self.archive.counts()
        first, last = self.archive.published_range()
        return Searched(articles, first, last, self.archive.sources(), condition, self.archive.snapshot)


def _parameters(evidence: Sequence[Evidence]) -> Parameters:
    """The parameters that the evidence was weighed with."""
    return load_parameters(closely=any(piece.closely for piece in evidence))

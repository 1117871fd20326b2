"""The whole trip of a question: `Engine.ask`, `Engine.search` and `Engine.timeline`."""

import copy
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from search.archive.protocol import Archive, ScopedArchive, Snapshot, check_model
from search.archive.records import Dossier
from search.archive.scope import Scope
from search.asking.citation import Citation
from search.asking.citing import cite_evidence, cite_passages, mark_copies, verify_against
from search.asking.conclusion import Found, Weighed, conclude, judged
from search.asking.evidence import EFFORTS, Effort, Evidence, read_evidence
from search.asking.evidence.joining import pieces_to_cite
from search.asking.follow_up import read_with
from search.asking.not_found import why_no_passage
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
    Material,
    Method,
    Sorting,
    applied,
    gather,
    in_order,
    material_of,
    one_member_of_each_family,
    ranked,
)
from search.asking.shapes import parts_of
from search.asking.spelling import respelt, written_anew
from search.asking.state import AskedState, StateChangedError
from search.asking.timeline import Grouping, grouped
from search.errors import QueryError
from search.filters import Filter
from search.models import Models
from search.models.embedding import Embedder
from search.quoting.alignment import CitationStatus
from search.settings import Settings
from search.stages import Stage, stage, tell_verified

_TIMELINE = Effort(passages=40, closely=0, sentences=120)
_WITNESSES = 10
_QUESTIONS_REMEMBERED = 1_024


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
        self._embed = lru_cache(_QUESTIONS_REMEMBERED)(stage(Stage.EMBED)(embedder.embed_question))
        self._settings = settings
        self.effort = EFFORTS[settings.profile]
        self._today = today
        self._models = models

    def within(self, scope: Scope) -> "Engine":
        """This engine, answering from what lies inside of a scope; their citations are counted together."""
        scoped = copy.copy(self)
        scoped.archive = ScopedArchive(self.archive, scope)
        return scoped

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
                alone: if as many share a word with the question), or none if no word of it stands anywhere.
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
        reading = self._read(question, as_of)
        self._embed(reading.text)  # outside of the state that is held
        phrases, held = phrases_in(question), None
        as_found = phrases or method is not Method.FUSED or sorting is not Sorting.RELEVANCE
        reader = self._models.close_reader if self._settings.search_reads and not as_found else None
        with self._state().hold() as snapshot:
            asked = self._applied(snapshot, reading, condition, as_of)
            if phrases:
                candidates, held = holders(snapshot, asked, phrases)
                candidates = candidates if copies else one_member_of_each_family(candidates)
                candidates = in_order(candidates, sorting)[:k]
            else:
                deep = max(k, self._settings.search_reads) if reader else k
                candidates = ranked(snapshot, asked, deep, method, every_passage=every_passage, copies=copies)
                candidates = in_order(candidates, sorting)
            least = self._settings.least_closeness
            why = why_no_passage(asked, snapshot.facts, method, phrases, candidates, least)
            material = material_of(snapshot, asked, [] if why else candidates)
            searched = Searched.of(snapshot, asked.condition)
        if reader is not None:
            with stage(Stage.READ):
                material = judged(asked, material, reader, self._settings.search_reads, k)
        with stage(Stage.CITE):
            verified, _ = self._verify(material, cite_passages(material))
            passages = mark_copies(material, [passage for passage in verified if passage])
        return SearchResult(reading.text, asked.question, method, tuple(passages), searched, sorting, held, why)

    def ask(
        self,
        question: str,
        k: int = 3,
        condition: Filter = Filter(),  # noqa: B008 - frozen
        *,
        as_of: date | None = None,
        explain: bool = False,
        previous: Sequence[str] = (),
        answered: str = "",
    ) -> Answer:
        """Answer a question with the sentences that support the answer.

        Args:
            question: In plain words; a time that it restricts itself to is applied unless the filter has one.
            k: How many citations at most.
            condition: Which articles and passages count.
            as_of: Ask the archive as it stood on this day, from which relative words are reckoned.
            explain: Give the receipt, too: the whole trail of the answer.
            previous: The questions before it, the last one last, with which one that hangs on them is read.
            answered: The short answer to the last of them, where there was one.

        Raises:
            QueryError: If the question or `k` is out of bounds.
        """
        self._check_k(k)
        longest = self._settings.max_question_chars
        follow_up = read_with(question, previous, as_of or self._today(), answered, longest=longest)
        reading = replace(self._read(follow_up.text, as_of), readings=follow_up.possible)
        parts = parts_of(reading.text) if not follow_up.possible else ()
        readings = [self._read(part, as_of) for part in parts] if len(parts) > 1 else [reading]

        for part in readings:
            self._embed(part.text)  # outside of the state that is held

        def answers(state: AskedState) -> list[Answer]:
            with state.hold() as snapshot:
                found = [self._found(snapshot, part, condition, as_of, state.dossiers) for part in readings]
            return [self._answer(state, one, k, explain=explain) for one in found]

        try:
            told = answers(self._state())
        except StateChangedError:
            with (state := self._state()).hold():
                told = answers(state)
        answer = told[0] if len(told) == 1 else joined_answer(reading, told[0].searched, told)
        return replace(answer, follow_up=follow_up if follow_up.hangs else None)

    def _found(
        self,
        snapshot: Snapshot,
        reading: Question,
        condition: Filter,
        as_of: date | None,
        known: dict[str, Dossier],
    ) -> Found:
        """Find what one question may be answered from; a misspelt one is put as the archive has its words."""
        asked = self._applied(snapshot, reading, condition, as_of)
        material = self.gather(snapshot, asked, known=known)
        if pairs := self._misspelt(asked, material):
            anew = self._read(written_anew(reading.text, pairs), as_of)
            anew = replace(anew, respelt=pairs, readings=reading.readings)
            asked = self._applied(snapshot, anew, condition, as_of)
            material = self.gather(snapshot, asked, known=known)
        searched = Searched.of(snapshot, asked.condition)
        return Found(reading.text, asked, material, searched, snapshot.card.archive_id)

    def _answer(self, state: AskedState, found: Found, k: int, *, explain: bool) -> Answer:
        """Answer one question from what was found."""
        asked, material, searched = found.asked, found.material, found.searched
        effort = replace(self.effort, sentences=max(k, self.effort.sentences))
        evidence = self.weigh(asked, material, effort) if asked.question.can_be_understood else []
        cited, outcomes = self.cite(asked, material, pieces_to_cite(evidence, max(k, _WITNESSES)))
        answer = conclude(
            Weighed(asked, material, evidence, cited, outcomes, searched),
            k,
            wanted_precision=self._settings.wanted_precision,
            state=state,
            archive_id=found.archive_id,
            models=identities(self._embedder.card, self._models, closely=any(piece.read_by for piece in evidence)),
            explain=explain,
        )
        return replace(answer, question=found.text)

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
        reading = self._read(subject, as_of)
        self._embed(reading.text)  # outside of the state that is held
        with self._state().hold() as snapshot:
            asked = self._applied(snapshot, reading, condition, as_of)
            dated = replace(asked, question=replace(asked.question, time_asked=TimeAsked.WHEN, side=None))
            material = self.gather(snapshot, dated, _TIMELINE.passages)
            searched = Searched.of(snapshot, asked.condition)
        evidence = self.weigh(dated, material, _TIMELINE, closely=False, pairs=False)
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
        return self._applied(snapshot, self._read(question, as_of), condition, as_of)

    def _read(self, question: str, as_of: date | None) -> Question:
        """Read a question; needs neither archive nor model."""
        return read_question(question, as_of=as_of or self._today(), longest=self._settings.max_question_chars)

    def _state(self) -> AskedState:
        return AskedState(self.archive, self._embedder.card)

    def _applied(self, snapshot: Snapshot, question: Question, condition: Filter, as_of: date | None) -> Asked:
        vector, spread = self._embed(question.text), self._embedder.card.spread
        return applied(snapshot, question, vector, spread, condition, as_of)

    def _misspelt(self, asked: Asked, material: Material) -> tuple[tuple[str, str], ...]:
        """The words of a question that nothing in the archive has and what comes nearest spells otherwise."""
        unknown = {term for term in asked.question.terms if not asked.frequencies.passages_with[term]}
        if not unknown:
            return ()
        texts = [
            f"{material.article(one.article).headline} {material.text_of(one)}" for one in material.candidates
        ]
        return respelt(asked.question.text, unknown, texts, self.knows_word)

    def knows_word(self, word: str) -> bool:
        """Tell whether the embedding model knows a word, so spelt, as one."""
        one, other = self._embedder.count_tokens(["a", word])
        return other <= one

    def gather(
        self,
        snapshot: Snapshot,
        asked: Asked,
        passages: int | None = None,
        known: dict[str, Dossier] | None = None,
    ) -> Material:
        """Collect the best candidates for a question with what is read to judge them; see `retrieval.gather`."""
        return material_of(snapshot, asked, gather(snapshot, asked, passages or self.effort.passages), known)

    @stage(Stage.READ)
    def weigh(
        self,
        asked: Asked,
        material: Material,
        effort: Effort | None = None,
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
            effort=effort or self.effort,
            pairs=pairs,
            reranker=self._models.reranker,
        )

    @stage(Stage.CITE)
    def cite(
        self, asked: Asked, material: Material, evidence: list[Evidence]
    ) -> tuple[list[tuple[Evidence, Citation]], Counter[CitationStatus]]:
        """Cite evidence and verify the citations; those that do not stand up are dropped and counted."""
        reader = self._models.close_reader
        citations = cite_evidence(
            asked.question, evidence, material, self._models.answer_marker, reader.second if reader else None
        )
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
        tell_verified(outcomes)
        return verified, outcomes

    def _check_k(self, k: int) -> None:
        if not 1 <= k <= self._settings.max_k:
            raise QueryError(f"{k} results were asked for; k is from 1 to {self._settings.max_k}.")

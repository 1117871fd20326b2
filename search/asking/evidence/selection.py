"""From candidates to evidence: the sentence, or two, that answer best.

All sentences of the best passages are looked at without a model; the passages with the most promising ones are
read closely, and the most promising sentences of those are embedded under their headline. After each look the
sentences are weighed again. The weights are fitted (`benchmarks/evidence.py`).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from search.archive.records import Passage
from search.article import Article, Span
from search.asking.evidence.features import Surroundings
from search.asking.evidence.joining import Evidence, Sentence, is_miss, joined
from search.asking.evidence.near_misses import DECIDING, LACKS, UNKNOWN, NearMisses
from search.asking.evidence.short_names import ShortNames
from search.asking.evidence.time_answer import TimeAnswer, answering_time
from search.asking.evidence.weights import Parameters, load_parameters
from search.asking.evidence.whose_words import (
    are_their_words,
    are_unattributed_words,
    as_named,
    is_by_name,
    whose_words,
)
from search.asking.question import Question
from search.asking.retrieval import Asked, Material
from search.english.sentences import sentences
from search.models.close_reading import CloseReader, Reading, heading
from search.models.embedding import Embedder
from search.models.embedding.embedder import in_context
from search.models.reranker import Reranker
from search.statements import Statement, speaks


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is read to answer a question.

    Attributes:
        passages: How many of the best candidates are read sentence by sentence.
        closely: How many of the passages with the most promising sentences are read together with the question.
        sentences: How many of the most promising sentences are embedded.
    """

    passages: int
    closely: int
    sentences: int


EFFORTS = {
    "careful": Effort(passages=12, closely=5, sentences=8),
    "fast": Effort(passages=12, closely=3, sentences=4),
}
"""By profile; 12, 16 and 24 sentences found no more evidence than 8, nor 7 passages read closely more than 5."""

CAREFUL = EFFORTS["careful"]

AS_GOOD = 2.0
"""Less in the weighed sum of features at which a sentence with the step or the time asked for is preferred."""

_AS_MUCH_COVERED = 0.6
_CLOSE_READERS_LANGUAGE = "en"
_NO_VECTOR: npt.NDArray[np.float32] = np.empty(0, dtype=np.float32)


def read_evidence(
    asked: Asked,
    material: Material,
    embedder: Embedder,
    *,
    close_reader: CloseReader | None = None,
    effort: Effort = CAREFUL,
    pairs: bool = True,
    reranker: Reranker | None = None,
) -> list[Evidence]:
    """Rank the sentences of candidates.

    Args:
        asked: The question; where its filter names speakers, only what they say is read.
        material: The candidates to read, best first, and their articles.
        embedder: The model that the archive was made with.
        close_reader: Reads the most promising passages together with the question; where there is none, or the
            most promising one is known to be in another language than English, other weights are used.
        effort: How much to read.
        pairs: Whether a sentence may be cited with its neighbour.
        reranker: Orders the embedded sentences instead of the weights; optional.

    Returns:
        Evidence, best first; a sentence that stands in two articles appears once, where it ranks best.
    """
    parameters = load_parameters(None)
    found = promising(glance(asked, material), parameters)
    read_by = None
    if close_reader is not None and found and has_its_language(material.article(found[0].candidate.article)):
        read_by = close_reader.card.profile
        parameters = load_parameters(read_by)
        best = in_the_best_passages(found, effort)
        found = promising(read_closely(best, asked, material, close_reader), parameters)
    found = promising(closer_look(_to_embed(found, effort.sentences), asked, material, embedder), parameters)
    if asked.question.time_asked:
        found = _in_time_first(found, parameters)
    scores: list[float] | None = None
    if reranker is not None and found:
        texts = [piece.span.of(material.article(piece.candidate.article).body) for piece in found]
        given = reranker.score(asked.question.text, texts).tolist()
        order = sorted(range(len(found)), key=lambda place: (is_miss(found[place]), -given[place], place))
        found, scores = [found[place] for place in order], [given[place] for place in order]
    return joined(found, material, parameters, read_by=read_by, scores=scores, pairs=pairs)


def glance(asked: Asked, material: Material) -> list[Sentence]:
    """Look at every sentence of the candidates without a model; one that stands twice counts where it is first.

    Where the question's filter names speakers, what nobody of them says is left out; where the question asks for
    somebody's words, what is not theirs.
    """
    said_by = asked.condition.said_by
    theirs = None if said_by else _their_words(asked, material)
    best = max((candidate.score for candidate in material.candidates), default=0.0)
    names = ShortNames(asked.question.text, [dossier.article for dossier in material.dossiers.values()])
    unknown = {term for term in asked.question.terms if not asked.frequencies.passages_with[term]}
    misses = NearMisses(asked.question, names, unknown)
    found: dict[str, Sentence] = {}
    for place, candidate in enumerate(material.candidates):
        article = material.article(candidate.article)
        mentions = material.dossiers[candidate.article].mentions
        passage = Surroundings(
            asked, candidate, article, mentions, best, is_first=place == 0, names=names, misses=misses
        )
        for inside in sentences(candidate.span.of(article.body)):
            span = Span(candidate.span.start + inside.start, candidate.span.start + inside.end)
            if said_by and not _is_said_by(span, material.dossiers[candidate.article].statements, said_by):
                continue
            if theirs is not None and not theirs.may_be(candidate.article, span):
                continue
            if (text := span.of(article.body)) in found:
                continue
            features, when, times = passage.features_of(span)
            if theirs is not None and theirs.are(candidate.article, span):
                features = replace(features, speech=1.0)
            near_miss = misses.in_sentence(text, article, mentions, span.start)
            found[text] = Sentence(
                candidate,
                span,
                features,
                when,
                candidate.closeness,
                _NO_VECTOR,
                near_miss=near_miss,
                tells_the_step=misses.tells_the_step(text),
                times=times,
            )
    return list(found.values())


def in_the_best_passages(ranked: Sequence[Sentence], effort: Effort = CAREFUL) -> list[Sentence]:
    """The sentences of the passages that come first: at least as many as are to be embedded, if there are.

    The passage of the first sentence that only comes near is among them, to be told from what answers.
    """
    chosen: dict[Passage, int] = {}
    by_passage = Counter(piece.candidate.passage for piece in ranked)
    for piece in ranked:
        if len(chosen) >= effort.closely and sum(chosen.values()) >= effort.sentences:
            break
        chosen[piece.candidate.passage] = by_passage[piece.candidate.passage]
    nearest = next((piece.candidate.passage for piece in ranked if is_miss(piece)), None)
    return [piece for piece in ranked if piece.candidate.passage in chosen or piece.candidate.passage == nearest]


def read_closely(
    found: Sequence[Sentence], asked: Asked, material: Material, close_reader: CloseReader
) -> list[Sentence]:
    """Read the passages of sentences together with the question, and note how far each sentence answers it."""
    passages = list({piece.candidate.passage: piece.candidate for piece in found}.values())
    texts = []
    for one in passages:
        article = material.article(one.article)
        texts.append((heading(article.headline, article.published), material.text_of(one)))
    read = close_reader.read(asked.question.text, texts)
    readings = {one.passage: reading for one, reading in zip(passages, read, strict=True)}
    closely = []
    for piece in found:
        begin = piece.candidate.span.start
        reading = readings[piece.candidate.passage]
        answers = reading.answers(Span(piece.span.start - begin, piece.span.end - begin))
        when = _time_read(piece, reading, asked.question, material) if piece.when else None
        features = replace(piece.features, answers=answers)
        closely.append(replace(piece, features=features, reading=reading, when=when))
    return closely


def _time_read(piece: Sentence, reading: Reading, question: Question, material: Material) -> TimeAnswer | None:
    """Choose the time of a sentence that answers once more, now that it has been read."""
    if question.time_asked is None:
        return piece.when
    begin = piece.candidate.span.start

    def marked(span: Span) -> float:
        return reading.marks(Span(span.start - begin, span.end - begin))

    body = material.article(piece.candidate.article).body
    return answering_time(body, piece.span, piece.times, question.terms, question.time_asked, marked)


def closer_look(found: Sequence[Sentence], asked: Asked, material: Material, embedder: Embedder) -> list[Sentence]:
    """Embed sentences under their headlines, and note how close they are."""
    texts = []
    for piece in found:
        article = material.article(piece.candidate.article)
        texts.append(in_context(article.headline, piece.span.of(article.body)))
    closer = []
    for piece, vector in zip(found, embedder.embed_passages(texts) if texts else (), strict=True):
        near = float(vector @ asked.vector)
        features = replace(piece.features, sentence=near / asked.unit)
        closer.append(replace(piece, closeness=near, features=features, vector=vector))
    return closer


def promising(found: Sequence[Sentence], parameters: Parameters) -> list[Sentence]:
    """Order sentences by the weighted sum of their features, best first; those that miss come last."""

    def order(piece: Sentence) -> tuple[bool, float, Passage, int]:
        return (
            is_miss(piece),
            -piece.features.weighed(parameters.evidence),
            piece.candidate.passage,
            piece.span.start,
        )

    return sorted(found, key=order)


def comes_nearer(miss: Evidence, best: Evidence) -> bool:
    """Tell whether what only comes near is so much nearer than the best of the rest that this is no answer either.

    It outweighs the rest, and says that what is asked for is not known, or has more of the question's names or
    words; but never where the best alone tells of the step of a chain of events that is asked about.
    """
    if miss.near_miss is None or best is miss or (best.tells_the_step and not miss.tells_the_step):
        return False
    return (
        (miss.near_miss.rule == UNKNOWN and not best.features.figure)
        or (miss.tells_the_step and not best.tells_the_step)
        or best.features.names < miss.features.names
        or (miss.near_miss.rule not in LACKS and best.features.coverage < miss.features.coverage)
        or best.features.context < _AS_MUCH_COVERED * miss.features.context
    )


def decides(miss: Evidence, best: Evidence) -> bool:
    """Tell whether what only comes near says outright that there is no answer, and has more of the question."""
    if miss.near_miss is None or miss.near_miss.rule not in DECIDING or best.features.names > miss.features.names:
        return False
    return best.features.coverage < miss.features.coverage


def _in_time_first(found: Sequence[Sentence], parameters: Parameters) -> list[Sentence]:
    """Put a sentence that tells of the step, or has a time, before the best one, which does not, if about as good.

    A time of something else that is said of the same person is no answer to when he died.
    """
    ordered = list(found)
    for has in (_has_a_time, _tells_the_step):
        if ordered and not has(ordered[0]):
            better = [one for one in ordered if has(one) and _is_about_as_good(one, ordered[0], parameters)]
            ordered = [*better[:1], *(one for one in ordered if one not in better[:1])]
    return ordered


def _has_a_time(piece: Sentence) -> bool:
    return piece.when is not None


def _tells_the_step(piece: Sentence) -> bool:
    return piece.tells_the_step


def _is_about_as_good(one: Sentence, best: Sentence, parameters: Parameters) -> bool:
    """Whether a sentence weighs little less than the best, or somewhat less and has more of the question."""
    if is_miss(one):
        return False
    less = best.features.weighed(parameters.evidence) - one.features.weighed(parameters.evidence)
    has_more = one.features.names >= best.features.names and one.features.coverage > best.features.coverage
    return less <= (2 * AS_GOOD if has_more else AS_GOOD)


def _to_embed(found: Sequence[Sentence], most: int) -> list[Sentence]:
    """The first sentences, and the first of those that miss: it may come nearest where nothing answers."""
    miss = next((place for place, piece in enumerate(found) if is_miss(piece)), len(found))
    return [*found[:most], *found[max(most, miss) : max(most, miss + 1)]]


def has_its_language(article: Article) -> bool:
    """Tell whether the close reader may read an article: one that is not known to be in another language."""
    return article.language in {None, _CLOSE_READERS_LANGUAGE}


@dataclass(frozen=True, slots=True)
class _TheirWords:
    """Where, by article, stand the words that a question asks for.

    Attributes:
        known: Offsets of the statements that are theirs.
        possible: Offsets of the sentences that may be their words.
    """

    known: Mapping[str, Sequence[tuple[int, int]]]
    possible: Mapping[str, Sequence[tuple[int, int]]]

    def are(self, article: str, span: Span) -> bool:
        """Whether something in a sentence is known to be theirs."""
        return _meets(span, self.known.get(article, ()))

    def may_be(self, article: str, span: Span) -> bool:
        """Whether a sentence may be theirs."""
        return _meets(span, self.possible.get(article, ()))


def _their_words(asked: Asked, material: Material) -> _TheirWords | None:
    """Find the sentences that may be the words a question asks for; None when it asks for none.

    Those of the articles in which they speak, but what somebody else says. Where none is known to be theirs, those
    that name them before a verb of saying and that nobody else says; of an office put in the question's own words
    ("California's governor") that cannot be told.
    """
    words = whose_words(asked.question.text)
    if words is None:
        return None
    dossiers = {candidate.article: material.dossiers[candidate.article] for candidate in material.candidates}
    whose = as_named(words, [one for dossier in dossiers.values() for one in dossier.statements])
    theirs = {
        id_: [(one.start, one.end) for one in dossier.statements if are_their_words(whose, one, dossier.article)]
        for id_, dossier in dossiers.items()
    }
    if any(_meets(candidate.span, theirs[candidate.article]) for candidate in material.candidates):
        around = {
            id_: [
                (span.start, span.end)
                for span in sentences(dossier.article.body)
                if _meets(span, theirs[id_])
                or (theirs[id_] and not any(one.speaker for one in dossier.statements if one.overlaps(span)))
            ]
            for id_, dossier in dossiers.items()
        }
        return _TheirWords(theirs, around)
    if not is_by_name(words):
        return None
    unattributed = {
        id_: [
            (span.start, span.end)
            for span in sentences(dossier.article.body)
            if are_unattributed_words(whose, span.of(dossier.article.body))
            and not any(one.speaker for one in dossier.statements if one.overlaps(span))
        ]
        for id_, dossier in dossiers.items()
    }
    return _TheirWords({}, unattributed)


def _meets(span: Span, others: Iterable[tuple[int, int]]) -> bool:
    """Whether a slice of a text shares a code point with any of some others, `[start, end)`."""
    return any(start < span.end and span.start < end for start, end in others)


def _is_said_by(sentence: Span, statements: Sequence[Statement], said_by: Sequence[str]) -> bool:
    return any(speaks(statement, said_by) for statement in statements if statement.overlaps(sentence))

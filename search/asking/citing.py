"""From evidence to verified citations: who says it and how, what in it answers, whether it really stands there."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from search.archive import Archive
from search.article import Article, Span
from search.asking.answer_type import AnswerType
from search.asking.asked import Material
from search.asking.citation import Citation, Trail, cite
from search.asking.evidence import Evidence
from search.asking.evidence.short_answer import ShortAnswer, short_answer
from search.asking.evidence.time_answer import TimeAnswer
from search.asking.question import Question
from search.asking.retrieval import Candidate
from search.english.terms import terms
from search.family import Family
from search.models.answer_marker import AnswerReader
from search.quoting.alignment import CitationStatus, verify_quote
from search.statements import Standing, Statement, standing_of


def cite_passages(material: Material) -> list[Citation]:
    """Cite candidates whole."""
    return [
        cite(
            material.articles[candidate.article],
            candidate.span,
            rounded(candidate.score),
            trail_of(candidate),
            material.mentions.get(candidate.article, ()),
            statements=tuple(
                statement
                for statement in material.statements.get(candidate.article, ())
                if candidate.span.start <= statement.start and statement.end <= candidate.span.end
            ),
            family=_copies(material, candidate.article),
        )
        for candidate in material.candidates
    ]


def cite_evidence(
    question: Question, evidence: Sequence[Evidence], material: Material, reader: AnswerReader | None = None
) -> list[Citation]:
    """Cite evidence, with the words in it that answer, and the standing and the speaker of each sentence."""
    answers = _short_answers(question, evidence, material, reader)
    return [
        _cite_piece(question, piece, material, answer) for piece, answer in zip(evidence, answers, strict=True)
    ]


def verify_against(
    archive: Archive, citations: Sequence[Citation]
) -> tuple[list[Citation | None], Counter[CitationStatus]]:
    """Read each cited article once more and hold the quote against it.

    Returns:
        The citations with their status, None in the place of each that does not stand there; and how many there
        were of each outcome.
    """
    outcomes: Counter[CitationStatus] = Counter()
    bodies = archive.bodies({citation.article_id for citation in citations})
    verified: list[Citation | None] = []
    for citation in citations:
        body = bodies.get(citation.article_id)
        status = (
            verify_quote(body, citation.quote, Span(citation.start, citation.end)).status
            if body is not None
            else CitationStatus.ABSENT
        )
        outcomes[status] += 1
        verified.append(replace(citation, status=status) if status.verified else None)
    return verified, outcomes


def trail_of(candidate: Candidate, evidence: Evidence | None = None) -> Trail:
    """Tell how a passage, or evidence in it, came to be where it is."""
    return Trail(
        passage=candidate.span,
        closeness=rounded(candidate.closeness),
        dense_rank=candidate.dense_rank,
        lexical=rounded(candidate.lexical),
        lexical_rank=candidate.lexical_rank,
        retrieval_score=rounded(candidate.score),
        sentence_closeness=rounded(evidence.closeness) if evidence else None,
    )


def rounded(value: float) -> float:
    """Six decimals: more would be noise of the arithmetic."""
    return round(float(value), 6)


def _cite_piece(question: Question, piece: Evidence, material: Material, answer: ShortAnswer | None) -> Citation:
    key = piece.candidate.article
    article = material.articles[key]
    stored = material.statements.get(key, ())
    statements = tuple(_statement(question, sentence, article, stored, piece.when) for sentence in piece.sentences)
    answers_at = answer.start if answer else piece.best.start
    answering = next(one for one in statements if one.start <= answers_at < one.end)
    return cite(
        article,
        piece.span,
        rounded(piece.score),
        trail_of(piece.candidate, piece),
        material.mentions.get(key, ()),
        when=piece.when,
        standing=answering.standing,
        speaker=answering.speaker,
        statements=statements,
        answer=answer,
        probability=rounded(piece.probability),
        family=_copies(material, key),
    )


def _statement(
    question: Question, sentence: Span, article: Article, stored: Sequence[Statement], when: TimeAnswer | None
) -> Statement:
    """Tell how what answers stands in a sentence, and who says it.

    What answers is the clause with the time that does, or else the one that the question is about. Standing and
    speaker are read in English only.
    """
    if article.language not in {None, "en"}:
        return Statement(Standing.ASSERTED, None, sentence.start, sentence.end)
    read = next((one for one in stored if one.overlaps(sentence)), None)
    in_time = when is not None and sentence.start <= when.start and when.end <= sentence.end
    standing = standing_of(sentence.of(article.body), terms(when.words) if when and in_time else question.terms)
    return Statement(standing, read.speaker if read else None, sentence.start, sentence.end)


def _short_answers(
    question: Question, evidence: Sequence[Evidence], material: Material, reader: AnswerReader | None
) -> list[ShortAnswer | None]:
    marked: list[ShortAnswer | None] = [None] * len(evidence)
    if reader is not None and question.expected is not AnswerType.TIME:
        texts = [piece.span.of(material.articles[piece.candidate.article].body) for piece in evidence]
        for place, (piece, text, found) in enumerate(
            zip(evidence, texts, reader.mark(question.text, texts), strict=True)
        ):
            if found is not None:
                start, end = piece.span.start + found.start, piece.span.start + found.end
                marked[place] = ShortAnswer(
                    text[found.start : found.end], start, end, question.expected, reader.identity.name
                )
    return [found or _by_rules(question, piece, material) for found, piece in zip(marked, evidence, strict=True)]


def _by_rules(question: Question, piece: Evidence, material: Material) -> ShortAnswer | None:
    key = piece.candidate.article
    body, mentions = material.articles[key].body, material.mentions.get(key, ())
    return short_answer(question, body, piece.span, piece.when, mentions)


def _copies(material: Material, article: int) -> Family | None:
    """The family of an article, if it has other members."""
    family = material.families.get(article)
    return family if family and family.copies else None

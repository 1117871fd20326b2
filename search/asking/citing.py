"""From evidence to verified citations: speaker, standing, short answer, the check of the quote, its copies."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from search.article import Article, Span
from search.asking.citation import Citation, Trail, cite
from search.asking.evidence import Evidence
from search.asking.evidence.short_answer import ReadPassage, ShortAnswer, short_answer
from search.asking.evidence.time_answer import TimeAnswer
from search.asking.question import AnswerType, Question
from search.asking.retrieval import Candidate, Material
from search.english.terms import terms
from search.family import Copy, Family
from search.models.answer_marker import AnswerMarker
from search.models.close_reading import CloseReader, heading
from search.quoting.alignment import CitationStatus, verify_quote
from search.statements import Standing, Statement, speaker_of, standing_of


def cite_passages(material: Material) -> list[Citation]:
    """Cite candidates whole."""
    return [
        cite(
            material.article(candidate.article),
            candidate.span,
            rounded(candidate.score),
            trail_of(candidate),
            material.dossiers[candidate.article].mentions,
            statements=tuple(
                statement
                for statement in material.dossiers[candidate.article].statements
                if candidate.span.start <= statement.start and statement.end <= candidate.span.end
            ),
            family=_copies(material, candidate.article),
        )
        for candidate in material.candidates
    ]


def cite_evidence(
    question: Question,
    evidence: Sequence[Evidence],
    material: Material,
    answer_marker: AnswerMarker | None = None,
    second_reader: CloseReader | None = None,
) -> list[Citation]:
    """Cite evidence, with the words in it that answer, and the standing and the speaker of each sentence.

    Args:
        question: The question.
        evidence: What is cited.
        material: The articles that it stands in.
        answer_marker: Marks the words that answer; optional.
        second_reader: Reads evidence once more where those words are the close reader's to mark; optional.
    """
    answers = (
        [None] * len(evidence)
        if question.shape.is_answered_whole
        else _short_answers(question, evidence, material, answer_marker, second_reader)
    )
    return [
        _cite_piece(question, piece, material, answer) for piece, answer in zip(evidence, answers, strict=True)
    ]


def verify_against(
    material: Material, citations: Sequence[Citation]
) -> tuple[list[Citation | None], Counter[CitationStatus]]:
    """Hold each quote against its article as it was read from the archive.

    Returns:
        The citations with their status, None in the place of each that does not stand there; and how many there
        were of each outcome.
    """
    outcomes: Counter[CitationStatus] = Counter()
    verified: list[Citation | None] = []
    for citation in citations:
        body = material.article(citation.article_id).body
        status = verify_quote(body, citation.quote, Span(citation.start, citation.end)).status
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
    article = material.article(key)
    stored = material.dossiers[key].statements
    answers = Span(answer.start, answer.end) if answer else None
    statements = tuple(
        _statement(question, sentence, article, stored, piece.when, answers) for sentence in piece.sentences
    )
    answers_at = answer.start if answer else piece.best.start
    answering = next(one for one in statements if one.start <= answers_at < one.end)
    return cite(
        article,
        piece.span,
        rounded(piece.score),
        trail_of(piece.candidate, piece),
        material.dossiers[key].mentions,
        when=piece.when,
        standing=answering.standing,
        speaker=answering.speaker,
        statements=statements,
        answer=answer,
        probability_alone=rounded(piece.probability_alone),
        family=_copies(material, key),
    )


def _statement(
    question: Question,
    sentence: Span,
    article: Article,
    stored: Sequence[Statement],
    when: TimeAnswer | None,
    answers: Span | None,
) -> Statement:
    """Tell how what answers stands in a sentence, and who says it.

    What answers is the clause with the time that does, or else the one that the question is about. Who says it is
    who says the part of the sentence in which the short answer stands. Standing and speaker are read in English
    only.
    """
    if article.language not in {None, "en"}:
        return Statement(Standing.ASSERTED, None, sentence.start, sentence.end)
    read = next((one for one in stored if one.overlaps(sentence)), None)
    in_time = when is not None and sentence.start <= when.start and when.end <= sentence.end
    standing = standing_of(sentence.of(article.body), terms(when.words) if when and in_time else question.terms)
    speaker = None
    if read is not None:
        speaker = speaker_of(read, answers) if answers else read.speaker
    return Statement(standing, speaker, sentence.start, sentence.end)


def _short_answers(
    question: Question,
    evidence: Sequence[Evidence],
    material: Material,
    answer_marker: AnswerMarker | None,
    second_reader: CloseReader | None,
) -> list[ShortAnswer | None]:
    marked: list[ShortAnswer | None] = [None] * len(evidence)
    if answer_marker is not None and question.expected is not AnswerType.TIME:
        texts = [piece.span.of(material.article(piece.candidate.article).body) for piece in evidence]
        for place, (piece, text, found) in enumerate(
            zip(evidence, texts, answer_marker.mark(question.text, texts), strict=True)
        ):
            if found is not None:
                start, end = piece.span.start + found.start, piece.span.start + found.end
                marked[place] = ShortAnswer(
                    text[found.start : found.end], start, end, question.expected, answer_marker.identity.name
                )
    left = [piece for found, piece in zip(marked, evidence, strict=True) if found is None]
    read = iter(read_for_marks(question, left, material, second_reader))
    return [
        found or _without_marker(question, piece, material, next(read))
        for found, piece in zip(marked, evidence, strict=True)
    ]


READ_AGAIN = 3
"""How many pieces of evidence, the first ones, a second reader reads: as many as an answer shows unless told."""


def read_for_marks(
    question: Question, evidence: Sequence[Evidence], material: Material, second_reader: CloseReader | None
) -> list[ReadPassage | None]:
    """Give what was read around evidence, for the words in it that answer to be marked.

    A second reader reads the first pieces once more, alone under their headings, and the mean of both readings is
    taken; not where the rules have found the time that is asked for.

    Args:
        question: The question.
        evidence: What is cited.
        material: The articles that it stands in.
        second_reader: Reads evidence once more; None for none.

    Returns:
        One for each piece, in order; None for what no close reader has read.
    """
    read = [
        ReadPassage(piece.reading, piece.candidate.span.start, piece.sentences) if piece.reading else None
        for piece in evidence
    ]
    if second_reader is None:
        return read
    again = [
        place
        for place, piece in enumerate(evidence[:READ_AGAIN])
        if read[place] and not _has_its_time(question, piece)
    ]
    texts = []
    for piece in (evidence[place] for place in again):
        article = material.article(piece.candidate.article)
        texts.append((heading(article.headline, article.published), piece.span.of(article.body)))
    for place, second in zip(again, second_reader.read(question.text, texts) if texts else (), strict=True):
        if (first := read[place]) is not None:
            begin = evidence[place].span.start - first.begin
            read[place] = replace(first, reading=first.reading.averaged(second, begin))
    return read


def _has_its_time(question: Question, piece: Evidence) -> bool:
    return question.expected is AnswerType.TIME and piece.when is not None


def _without_marker(
    question: Question, piece: Evidence, material: Material, read: ReadPassage | None
) -> ShortAnswer | None:
    key = piece.candidate.article
    body, mentions = material.article(key).body, material.dossiers[key].mentions
    answer = short_answer(question, body, piece.span, piece.when, mentions, read)
    if answer is not None and body[answer.start : answer.end] != answer.words:
        raise AssertionError(f"the short answer {answer.words!r} does not stand at {answer.start}")
    return answer


def _copies(material: Material, article: str) -> Family | None:
    """The family of an article, if it has other members."""
    dossier = material.dossiers[article]
    return dossier.family if dossier.copies else None


MOST_COMPARED = 200
"""Texts that are looked at for the quotes of one answer, those of the best citations first."""


def mark_copies(material: Material, citations: Sequence[Citation]) -> list[Citation]:
    """Note of the copies of each cited article whether their own texts have the quote.

    Word for word, or the same but for how it is set (`search.quoting.alignment.verify_quote`).
    """
    left, compared = MOST_COMPARED, list[set[str]]()
    for citation in citations:
        others = [copy.article_id for copy in _members(citation) if copy.article_id != citation.article_id]
        compared.append(set(others[:left]))
        left -= len(others[:left])
    bodies = {copy.id: copy.body for dossier in material.dossiers.values() for copy in dossier.copies}
    return [
        _marked(citation, {id_: bodies[id_] for id_ in ids if id_ in bodies})
        for citation, ids in zip(citations, compared, strict=True)
    ]


def _members(citation: Citation) -> tuple[Copy, ...]:
    return (citation.family.origin, *citation.family.copies) if citation.family else ()


def _marked(citation: Citation, bodies: Mapping[str, str]) -> Citation:
    if citation.family is None:
        return citation
    has_quote = {id_: verify_quote(body, citation.quote).status.verified for id_, body in bodies.items()}
    has_quote[citation.article_id] = True
    origin, *copies = (replace(copy, has_quote=has_quote.get(copy.article_id)) for copy in _members(citation))
    return replace(citation, family=Family(origin, tuple(copies), citation.family.first_is_known))

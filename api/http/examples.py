"""Examples for the OpenAPI description, made by the same code as real answers."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal

from api.http.incoming import Fault, RefusedArticleError
from api.http.problems import problem_of_article
from api.http.shapes import BatchItemOut, BatchResponse, Health, Status, StoredResponse
from api.schemas import (
    AnswerResponse,
    ArchiveOut,
    ArticleResponse,
    CitedQuoteResponse,
    FacetsResponse,
    SearchResponse,
    Shape,
    StatusResponse,
    TimelineResponse,
    VerificationResponse,
)
from indexer.dossier import tag_article
from search.archive.records import Facets
from search.article import Article, Precision, Publication, Span
from search.asking.citation import Citation, Trail, cite
from search.asking.corroboration import Corroboration
from search.asking.evidence.short_answer import short_answer
from search.asking.evidence.time_answer import answering_time
from search.asking.question import Question, read_question
from search.asking.question_time import TimeAsked
from search.asking.results import Answer, Searched, SearchResult, Timeline
from search.asking.retrieval import Method
from search.asking.tier import Bounds, Tier
from search.asking.timeline import Grouping, grouped
from search.filters import Filter
from search.models.embedding import ModelCard
from search.quoting.citation_id import CitedQuote, citation_id
from search.quoting.claims import Checked, Report, read_claims
from search.quoting.verification import Verification, verify_quote
from search.statements import Standing, read_statements

Examples = dict[str, tuple[str, Shape]]

ARTICLE = Article(
    id="desk/2024/iran-missiles",
    headline="Blinken accuses Tehran of arming Moscow",
    body="LONDON - Iran has sent short-range ballistic missiles to Russia, Antony Blinken said on Tuesday.\n\n"
    "Russia will likely use them within weeks in Ukraine, he told reporters.",
    published=Publication(datetime(2024, 9, 10, 12, 31), Precision.MINUTE, "front matter: date"),  # noqa: DTZ001 - the article states no zone
    byline="A. Reporter",
    dateline="LONDON",
    source="Example Wire",
    url="https://wire.example/2024/iran-missiles",
    language="en",
    section="World",
    origin="articles/iran-missiles.md",
)
_PASSAGES = (Span(0, ARTICLE.body.index("\n\n")), Span(ARTICLE.body.index("Russia will"), len(ARTICLE.body)))
_CONDITION = Filter(published_from=date(2024, 9, 1), sources=("Example Wire",))
_SEARCHED = Searched(
    articles=40,
    first_published=date(2022, 5, 18),
    last_published=date(2025, 9, 23),
    sources={"Example Wire": 25, "Example Ledger": 14},
    condition=_CONDITION,
    snapshot=3,
)
_TRAIL = Trail(
    passage=_PASSAGES[1],
    closeness=0.612043,
    dense_rank=1,
    lexical=7.251,
    lexical_rank=2,
    retrieval_score=9.613,
    sentence_closeness=0.662118,
)
_QUESTION = "When will missiles be used?"
_MODEL = "all-MiniLM-L6-v2"
_FINGERPRINT = "0f3d6f1c0d9f4a52a1f1c1be9f4f6cf2ad3e6e2f1d7a1a20f0d1c2b3a4958677"

QUESTIONS: dict[str, Any] = {
    "plain": {"summary": "A question", "value": {"q": "When will missiles be used?"}},
    "filtered": {
        "summary": "A question to some of the archive",
        "value": {"q": "When will missiles be used?", "k": 1, "from": "2024-09-01", "source": ["Example Wire"]},
    },
}

SENT: dict[str, Any] = {
    "full": {
        "summary": "An article with all that is known of it",
        "value": {
            "id": ARTICLE.id,
            "headline": ARTICLE.headline,
            "body": ARTICLE.body,
            "published": "2024-09-10T12:31",
            "byline": ARTICLE.byline,
            "dateline": ARTICLE.dateline,
            "source": ARTICLE.source,
            "url": ARTICLE.url,
            "language": "en",
            "section": ARTICLE.section,
            "version": 1,
        },
    },
    "least": {"summary": "The least there must be", "value": {"body": "The talks ended without a date."}},
}

_QUOTED = Span(ARTICLE.body.index("Russia will"), ARTICLE.body.index(" in Ukraine"))
CITATION_ID = citation_id(ARTICLE.id, _QUOTED.start, _QUOTED.end, _QUOTED.of(ARTICLE.body))
_TEXT = f"Of the missiles he said: “Russia will likely use them  within weeks” [{CITATION_ID}]."
CLAIMS: dict[str, Any] = {
    "text": {"summary": "A text with quotes", "value": {"text": _TEXT}},
    "claims": {
        "summary": "A list of claims",
        "value": {"claims": [{"quote": "Russia will likely use them within days", "article_id": ARTICLE.id}]},
    },
}


_BOUNDS = Bounds(answer=0.62, perhaps=0.32)


def answers() -> Examples:
    """An answer, and none."""
    found = Answer(
        _QUESTION,
        _read(_QUESTION),
        Tier.ANSWER,
        probability=0.71,
        bounds=_BOUNDS,
        citations=(_citation(),),
        corroboration=Corroboration(1),
        reason="",
        nearest=None,
        searched=_SEARCHED,
    )
    unknown = "Who won the chess Olympiad?"
    none = Answer(
        unknown,
        _read(unknown),
        Tier.NOT_FOUND,
        probability=0.12,
        bounds=_BOUNDS,
        citations=(),
        corroboration=None,
        reason="The best evidence answers with a probability of 12%, and 32% is asked for.",
        nearest=_citation(),
        searched=_SEARCHED,
    )
    return {"found": ("An answer", AnswerResponse.of(found)), "not found": ("No answer", AnswerResponse.of(none))}


def search_results() -> Examples:
    """A search result."""
    passage = cite(ARTICLE, _PASSAGES[1], 9.613, replace(_TRAIL, sentence_closeness=None))
    result = SearchResult(_QUESTION, _read(_QUESTION), Method.FUSED, (passage,), _SEARCHED)
    return {"passages": ("One passage", SearchResponse.of(result))}


def timelines() -> Examples:
    """A timeline."""
    subject = "missiles for Russia"
    groups, grouping = grouped([_citation()], 1, Grouping.MONTH)
    timeline = Timeline(subject, _read(subject), grouping, groups, _SEARCHED)
    return {"timeline": ("One entry", TimelineResponse.of(timeline))}


def articles() -> Examples:
    """An article."""
    return {"article": ("An article", ArticleResponse.of(ARTICLE, _PASSAGES))}


def stored(status: Status) -> Examples:
    """What became of an article."""
    response = StoredResponse(id=ARTICLE.id, status=status, content_hash=ARTICLE.content_hash, snapshot=4)
    return {status.value: (status.value.capitalize(), response)}


def batches() -> Examples:
    """What became of a batch."""
    refused = RefusedArticleError(Fault("published", "It is no time that can be read without guessing."))
    items = (
        BatchItemOut(
            index=0, id=ARTICLE.id, status=Status.CREATED, content_hash=ARTICLE.content_hash, problem=None
        ),
        BatchItemOut(
            index=1,
            id=None,
            status=Status.FAILED,
            content_hash=None,
            problem=problem_of_article("/v1/articles#1", refused),
        ),
    )
    return {"partly": ("One stored, one refused", BatchResponse.of(items, 4))}


def verifications() -> Examples:
    """A report on a text."""
    read = read_claims(_TEXT)
    located = read.claims[0]
    verdict = verify_quote(ARTICLE.body, located.claim.quote or "", _QUOTED)
    verification = Verification(verdict.status, verdict.reason, ARTICLE, verdict.span)
    report = Report((Checked(located, verification),), read.refused, read.unchecked_words, _SEARCHED.snapshot)
    return {"report": ("A quote that was set differently", VerificationResponse.of(report))}


def cited_quotes() -> Examples:
    """The quote of a citation id."""
    return {"quote": ("A quote", CitedQuoteResponse.of(CitedQuote(ARTICLE, _QUOTED, moved=False)))}


def statuses() -> Examples:
    """An archive's status."""
    card = ModelCard(
        name=_MODEL,
        fingerprint=_FINGERPRINT,
        dimension=384,
        window=256,
        backend="openvino",
        precision="bf16",
        agreement=0.99994,
        spread=0.07,
    )
    held = ArchiveOut(
        folder=".dateline",
        archive_id="6f1c2b8e0d6b4f7a9c3e5d2a1b0f4e6d",
        snapshot=3,
        schema_version=2,
        model=_MODEL,
        fingerprint=_FINGERPRINT,
        dimension=384,
        articles=40,
        superseded=0,
        withdrawn=0,
        families=0,
        passages=172,
        first_published=date(2022, 5, 18),
        last_published=date(2025, 9, 23),
        undated=1,
        sources={"Example Wire": 25, "Example Ledger": 14},
        sections={"World": 20, "Business": 6},
        languages={"en": 39, "fr": 1},
        bytes_on_disk=2_097_152,
        outdated_readings=0,
    )
    return {"status": ("An archive and its model", StatusResponse.of(held, card))}


def facets() -> Examples:
    """What an archive could be filtered by."""
    counted = Facets(
        articles=40,
        sources={"Example Wire": 25, "Example Ledger": 14},
        sections={"World": 20, "Business": 6},
        languages={"en": 39, "fr": 1},
        years={2022: 4, 2023: 11, 2024: 20, 2025: 4},
        speakers={"antony blinken": 3, "police": 2},
    )
    return {"facets": ("A whole archive", FacetsResponse.of(counted, {}, 3))}


def health(status: Literal["alive", "ready"]) -> Examples:
    """How the server is."""
    return {status: (status.capitalize(), Health(status=status))}


def _citation() -> Citation:
    sentence = _PASSAGES[1]
    mentions = tag_article(ARTICLE)
    question = _read(_QUESTION)
    when = answering_time(ARTICLE.body, sentence, mentions, question.terms, TimeAsked.WHEN)
    return cite(
        ARTICLE,
        sentence,
        9.613,
        _TRAIL,
        mentions,
        when=when,
        standing=Standing.PREDICTED,
        speaker=read_statements(ARTICLE.body)[-1].speaker,
        statements=(replace(read_statements(ARTICLE.body)[-1], standing=Standing.PREDICTED),),
        answer=short_answer(question, ARTICLE.body, sentence, when, mentions),
        probability_alone=0.71,
    )


def _read(question: str) -> Question:
    return read_question(question, as_of=date(2024, 9, 12), longest=100)
